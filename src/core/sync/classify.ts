import { errorCodes } from '../../shared/contract/base.ts';
import { decideSyncAnswer, findClassOfAnswer, parseRetryAfter, type SyncAction, type SyncClass } from '../../shared/rules/sync-answers.ts';
import type { RegistryReply } from './transport.ts';

type Answer = Extract<RegistryReply, { kind: 'answer' }>;
export type SuccessReply = Answer & { readonly status: 200 | 201 | 204 };

export function isSuccess(reply: RegistryReply): reply is SuccessReply {
  return reply.kind === 'answer' && reply.status >= 200 && reply.status < 300;
}

/** What one reply that is no success means, by the shared table. */
export interface Verdict {
  readonly class: SyncClass;
  readonly action: SyncAction;
  /** What the sync page shows: the registry's own code, `HTTP_503`, or the kind of failure. */
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly isServerError: boolean;
  /** No word of the registry itself: the wire failed, or a gateway answered in its place. Counts for the breaker. */
  readonly isFromNobody: boolean;
}

/** Classifies a reply that is not a success. `nowMs` resolves a Retry-After date. */
export function classifyReply(reply: RegistryReply, nowMs: number): Verdict {
  if (reply.kind === 'failed') {
    const row = decideSyncAnswer({ kind: 'failed', reason: reply.reason });
    return {
      class: row.class,
      action: row.action,
      code: codeOfFailure(reply),
      retryAfterMs: null,
      isServerError: false,
      isFromNobody: row.class === 'transport',
    };
  }
  const errorCode = errorCodeOf(reply.body);
  const retryAfterMs = parseRetryAfter(reply.headers['retry-after'], nowMs);
  const row = decideSyncAnswer({ kind: 'answer', status: reply.status, code: errorCode, hasRetryAfter: retryAfterMs !== null });
  return {
    class: row.class,
    action: row.action,
    // A 503 alone says that nobody is there; one that names a time comes from a registry that is busy.
    code: canBeSaid(errorCode) ? errorCode : row.class === 'backpressure' ? 'BUSY' : `HTTP_${reply.status}`,
    retryAfterMs,
    isServerError: reply.status >= 500,
    isFromNobody: row.class === 'transport' && (reply.status === 502 || reply.status === 503 || reply.status === 504),
  };
}

/** A body that came but says nothing that can be believed: nothing is known. */
export const unreadable: Verdict = {
  ...rowOf(decideSyncAnswer({ kind: 'unreadable' })),
  code: 'REGISTRY_ANSWER_INVALID',
  retryAfterMs: null,
  isServerError: false,
  isFromNobody: false,
};

/** A proof that does not hold: a matter of security. */
export function falseProof(of: 'receipt' | 'batch' | 'policy' | 'audit_anchor', code: string): Verdict {
  return { ...unreadable, ...rowOf(decideSyncAnswer({ kind: 'proof', of })), code };
}

function rowOf(row: { readonly class: SyncClass; readonly action: SyncAction }): Pick<Verdict, 'class' | 'action'> {
  return { class: row.class, action: row.action };
}

/**
 * What a refused handshake is about, by the code of the TLS library; the first that fits. A certificate that is too old or too young for this clock
 * may mean that the clock is wrong: the words say so. Source: F-16, F-19
 */
const tlsMatters: readonly (readonly [RegExp, string])[] = [
  [/ALERT_(?:.*CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/u, 'TLS_DESK'],
  [/EXPIRED|NOT_YET_VALID/u, 'TLS_TIME'],
  [/ALTNAME|HOSTNAME/u, 'TLS_NAME'],
  [/^(?:ERR_SSL|EPROTO)/u, 'TLS_PROTOCOL'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|^INVALID_|PATH_LENGTH/u, 'TLS_AUTHORITY'],
];

function codeOfFailure({ reason, detail }: Extract<RegistryReply, { kind: 'failed' }>): string {
  if (reason === 'too_large') return 'ANSWER_TOO_LARGE';
  if (reason !== 'tls') return reason.toUpperCase();
  return tlsMatters.find(([pattern]) => pattern.test(detail))?.[1] ?? 'TLS';
}

/** A code that nobody has words for is less than its status, which has the words of its class. */
function canBeSaid(code: string): boolean {
  return code in errorCodes || findClassOfAnswer(code) !== undefined;
}

function errorCodeOf(body: Uint8Array): string {
  if (body.length === 0 || body.length > 64 * 1024) return '';
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const value = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? parsed.code : '';
    return typeof value === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(value) ? value : '';
  } catch {
    return '';
  }
}
