import type { z } from 'zod';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { endpoints, registryErrorSchema } from '../../shared/registry-api/endpoints.ts';
import type { RegistryPort } from '../desk.ts';
import { isSuccess } from './classify.ts';
import { parseJson, requestTimeoutMs, type Exchange } from './exchange.ts';
import type { RegistryReply } from './transport.ts';

const answerLimitBytes = 2 * 1024 * 1024;

/**
 * The questions that need an answer now. Each is asked once: the operator decides whether to ask again. An answer that breaks its schema is
 * no answer (REGISTRY_ANSWER_INVALID); what did not come whole is REGISTRY_UNREACHABLE; a refusal carries the registry's own code.
 */
export function createRegistryClient(exchange: Exchange): RegistryPort {
  const ask = async <Schema extends z.ZodType>(
    endpoint: { readonly method: 'GET' | 'POST'; readonly path: string; readonly answer: Schema },
    body: unknown,
    query = '',
  ): Promise<Result<z.infer<Schema>, Failure>> => {
    const reply = await exchange.send({
      method: endpoint.method,
      path: `${endpoint.path}${query}`,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: requestTimeoutMs,
      maxAnswerBytes: answerLimitBytes,
    });
    if (!isSuccess(reply)) return { ok: false, failure: failureOf(reply) };
    const parsed = endpoint.answer.safeParse(parseJson(reply.body));
    if (parsed.success) return succeed(parsed.data);
    exchange.log.warn('registry.answer_invalid', { path: endpoint.path });
    return fail('REGISTRY_ANSWER_INVALID', {}, true);
  };
  return {
    info: () => exchange.knownInfo(),
    lookUpPerson: (query) => ask(endpoints.lookUpPerson, query),
    lookUpOrganisation: (query) => ask(endpoints.lookUpOrganisation, query),
    lookUpSim: (query) => ask(endpoints.lookUpSim, query),
    lookUpEntitlement: (query) => ask(endpoints.lookUpEntitlement, query),
    cardPhoto: (applicationId) => ask(endpoints.cardPhoto, { applicationId }),
    async signIn(login, password) {
      const answer = await ask(endpoints.signIn, { login, password, officeId: exchange.identity.officeId });
      return answer.ok ? succeed(answer.value.operator) : answer;
    },
    cardChallenge: () => ask(endpoints.cardChallenge, { officeId: exchange.identity.officeId }),
    signInWithCard: (answer) => ask(endpoints.cardSignIn, { ...answer, officeId: exchange.identity.officeId }),
    async certificateStatus(serials) {
      const answer = await ask(endpoints.certificateStatus, { serials });
      return answer.ok ? succeed({ certificates: answer.value.certificates, atMs: answer.value.server_time_ms }) : answer;
    },
    async lease(applicationId, operatorLogin, release) {
      const answer = await ask(endpoints.lease, { applicationId, operatorLogin, release });
      if (!answer.ok) return answer;
      const { deskId, token, untilMs, rev } = answer.value;
      return succeed({ deskId, token, untilMs, rev });
    },
    async dayCounts(on) {
      const answer = await ask(endpoints.dayCounts, undefined, `?on=${encodeURIComponent(on)}`);
      return answer.ok ? succeed({ counts: answer.value.counts, commandIds: answer.value.commandIds }) : answer;
    },
  };
}

function failureOf(reply: RegistryReply): Failure {
  if (reply.kind === 'failed') {
    if (reply.reason === 'tls') return { code: 'REGISTRY_REFUSED_DESK', retryable: true };
    if (reply.reason === 'too_large') return { code: 'REGISTRY_ANSWER_INVALID', retryable: true };
    return { code: 'REGISTRY_UNREACHABLE', retryable: true };
  }
  const isPassing = reply.status >= 500 || reply.status === 429 || reply.status === 408;
  const body = registryErrorSchema.safeParse(parseJson(reply.body));
  if (!body.success) return { code: isPassing ? 'REGISTRY_UNREACHABLE' : 'REGISTRY_ANSWER_INVALID', retryable: isPassing };
  const { code, until_ms: untilMs, holder } = body.data;
  return {
    code,
    params: { ...(untilMs === undefined ? {} : { untilMs }), ...(holder === undefined ? {} : { holder }) },
    retryable: isPassing,
  };
}
