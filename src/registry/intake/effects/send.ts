import type { ApplicationSubmission } from '../../../shared/registry-api/envelope.ts';
import { decideKinds } from '../../../shared/rules/certificate-kinds.ts';
import { isCertificateLive } from '../../../shared/rules/certificate-states.ts';
import type { CertificateKind } from '../../../shared/rules/vocabulary.ts';
import { listCertificatesOnPhone, toIssued, type CertificateRecord } from '../../certification/certificate-records.ts';
import { issueCertificates } from '../../certification/issue.ts';
import type { RegisteredSim } from '../../population/records.ts';
import { findSim, isCardOfSim } from '../../registers/registers.ts';
import type { Register } from '../../server/faults.ts';
import { bakuDayOf } from '../baku-day.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../effect.ts';
import { findCase, leaseAnswer, makeSentCase, withAct, withLease } from './case-entity.ts';
import {
  checkForm,
  checkPeople,
  isPassportLetPass,
  listNeededRegisters,
  refuse,
  toldRefusal,
  type PersonEvidence,
  type Refusal,
} from './check-application.ts';
import { findOpenAct, openAct } from './open-acts.ts';
import { sendAsanId } from './send-asan-id.ts';

const retryAfterOutageMs = 5_000;

/**
 * Checks the application against the registers by the shared rules and issues. A refusal says what is wrong and leaves nothing behind.
 * Source: SIM-10, SIM-11, COM-12, CR-20..CR-27
 */
export const sendApplication: Effect<'application.send'> = async (context) => {
  const { payload, registry, nowMs } = context;
  if (findCase(context) !== undefined) return rejected('STATE');
  if (payload.data.carrier.kind === 'asan_id') return await sendAsanId(context);
  if ([...simRegisters, ...listNeededRegisters(payload)].some((register) => registry.faults.isOut(register)))
    return { kind: 'deferred', retryAfterMs: retryAfterOutageMs };

  const formRefusal = checkForm(payload, bakuDayOf(nowMs), await isPassportLetPass(context));
  if (formRefusal !== null) return rejected(formRefusal.code, formRefusal.params, 'INVALID');
  const evidence = checkAgainstRegisters(payload, bakuDayOf(nowMs));
  if (!evidence.ok) return rejected(evidence.code, evidence.params, 'INVALID');
  if (await isActOpen(context, evidence)) return rejected('ALREADY_OPEN', {}, 'INVALID');
  const session = await context.openSession();
  const existing = await listCertificatesOnPhone(session, evidence.sim.phone);
  const kinds = decide(payload, evidence, existing, bakuDayOf(nowMs));
  // A case that was entered between the two looks is the better reason than the certificates that it has made.
  if (!kinds.ok && (await isActOpen(context, evidence))) return rejected('ALREADY_OPEN', {}, 'INVALID');
  if (!kinds.ok) return rejected(kinds.code, kinds.params, 'INVALID');
  if (!(await openActs(context, evidence, listActs(evidence, kinds)))) return rejected('ALREADY_OPEN', {}, 'INVALID');

  const records =
    kinds.kept.length > 0
      ? kinds.kept
      : await issueCertificates(session, registry.authority, {
          applicationId: payload.applicationId,
          data: payload.data,
          kinds: kinds.issue,
          alreadyOnPhone: existing.length,
          ...evidence,
          nowMs,
        });
  return await enterCase(context, records);
};

const simRegisters: readonly Register[] = ['CA', 'MO'];

async function enterCase(context: EffectContext<'application.send'>, records: readonly CertificateRecord[]): Promise<EffectResult> {
  const certificates = records.map(toIssued);
  const body = withLease(context, withAct(context, makeSentCase(context, { state: 'CONTRACT', certificates })));
  return { kind: 'applied', change: { state: body.state, body }, answer: { certificates, ...leaseAnswer(body) } };
}

interface Evidence extends PersonEvidence {
  readonly sim: RegisteredSim;
}

function checkAgainstRegisters(submission: ApplicationSubmission, todayOn: string): Evidence | Refusal {
  const { person: typed, carrier } = submission.data;
  const people = checkPeople(submission, todayOn);
  if (!people.ok) return people;
  const sim = findSim(carrier.phone);
  if (sim === null) return refuse('M-10', { səbəb: 'SIM_NOT_FOUND' });
  if (!isCardOfSim(sim, carrier.iccid)) return refuse('M-10', { səbəb: 'ICCID_DIFFERS' });
  if (sim.ownerFin !== typed.fin) return refuse('SIM_OF_ANOTHER_HOLDER');
  return { ...people, sim };
}

type Kinds = { readonly ok: true; readonly issue: readonly CertificateKind[]; readonly kept: readonly CertificateRecord[] };

/**
 * What is issued. A new card of a number keeps the number's certificates: they are bound to it and activated again instead of being
 * made a second time.
 */
function decide(
  { data }: ApplicationSubmission,
  evidence: Evidence,
  existing: readonly CertificateRecord[],
  todayOn: string,
): Kinds | Refusal {
  const decision = decideKinds({
    requested: data.kinds,
    purpose: data.purpose,
    category: data.category,
    standing: data.organisation.standing,
    bodyKind: evidence.organisation?.bodyKind ?? data.organisation.bodyKind,
    voen: data.organisation.voen,
    serviceType: evidence.sim.serviceType,
    existing,
    fin: data.person.fin,
    operator: evidence.sim.operator,
    serviceActivatedOn: evidence.sim.serviceActivatedOn,
    serviceUntilOn: evidence.sim.serviceUntilOn,
    todayOn,
  });
  if (!decision.ok) {
    return toldRefusal(decision.refusals);
  }
  const live = existing.filter((each) => isCertificateLive(each.state) && each.state !== 'GENERATED');
  if (data.purpose !== 'sim_replacement') return { ok: true, issue: decision.issue, kept: [] };
  if (live.some((each) => each.holderFin !== data.person.fin)) return refuse('SIM_OF_ANOTHER_HOLDER');
  return live.length > 0 ? { ok: true, issue: live.map((each) => each.kind), kept: live } : { ok: true, issue: decision.issue, kept: [] };
}

type OpenAct = { readonly kind: CertificateKind; readonly voen: string };

function listActs(evidence: Evidence, kinds: Kinds): OpenAct[] {
  if (kinds.kept.length > 0) return kinds.kept.map(({ kind, voen }) => ({ kind, voen }));
  return kinds.issue.map((kind) => ({ kind, voen: kind === 'BUS' || kind === 'STA' ? (evidence.organisation?.voen ?? '') : '' }));
}

/** Told before the rules of kinds speak: a case under way is the better reason than the certificates that it has made. */
async function isActOpen(context: EffectContext<'application.send'>, evidence: Evidence): Promise<boolean> {
  const { kinds } = context.payload.data;
  if (kinds.length === 0) return false;
  return await findOpenAct(await context.openSession(), {
    fin: evidence.person.fin,
    carrier: evidence.sim.phone,
    kinds,
    voen: evidence.organisation?.voen ?? '',
  });
}

async function openActs(context: EffectContext<'application.send'>, evidence: Evidence, acts: readonly OpenAct[]): Promise<boolean> {
  const session = await context.openSession();
  for (const { kind, voen } of acts) {
    const act = { fin: evidence.person.fin, carrier: evidence.sim.phone, kind, voen, applicationId: context.payload.applicationId };
    if (!(await openAct(session, act))) return false;
  }
  return true;
}
