import { fail, ok, type Decision } from './decision.ts';
import type { CertificateState } from './vocabulary.ts';

/** Who makes a certificate move. Source: procedures.md §14.2 */
export const certificateActors = ['centre', 'user', 'call_centre', 'body', 'clock'] as const;
export type CertificateActor = (typeof certificateActors)[number];

export type CertificateGuard =
  | 'activation'
  | 'in_person'
  | 'secret_answer_and_date'
  | 'request_of_body'
  | 'founded_doubt'
  | 'same_body'
  | 'within_48_hours'
  | 'after_48_hours'
  | 'ground_given'
  | 'case_ended'
  | 'validity_ended'
  | 'expiry_recorded';

export type CertificateTransition = {
  readonly from: CertificateState;
  readonly to: CertificateState;
  readonly actor: CertificateActor;
  readonly guard: CertificateGuard;
  readonly source: string;
};

/** Source: T-06, T §9.12 */
export const centreSuspensionMaxMs = 48 * 60 * 60 * 1000;

const liveStates = ['ACTIVE', 'SUSPENDED_USER', 'SUSPENDED_CALL', 'SUSPENDED_BODY', 'SUSPENDED_CENTRE'] as const;

function fromEach(to: CertificateState, actor: CertificateActor, guard: CertificateGuard, source: string): CertificateTransition[] {
  return liveStates.map((from) => ({ from, to, actor, guard, source }));
}

/**
 * Only ACTIVE may be suspended and two suspensions are never stacked, so no edge leads from one suspension to another.
 * Source: procedures.md §14.2
 */
export const certificateTransitions: readonly CertificateTransition[] = [
  { from: 'GENERATED', to: 'ACTIVE', actor: 'centre', guard: 'activation', source: 'T §9.6.1.11' },
  { from: 'GENERATED', to: 'REVOKED', actor: 'centre', guard: 'case_ended', source: '[D]' },
  { from: 'GENERATED', to: 'EXPIRED', actor: 'clock', guard: 'validity_ended', source: '[D]' },
  { from: 'ACTIVE', to: 'SUSPENDED_USER', actor: 'user', guard: 'in_person', source: 'T §9.10.1.11' },
  { from: 'ACTIVE', to: 'SUSPENDED_CALL', actor: 'call_centre', guard: 'secret_answer_and_date', source: 'T §9.21.9' },
  { from: 'ACTIVE', to: 'SUSPENDED_BODY', actor: 'body', guard: 'request_of_body', source: 'T §9.11.1.4' },
  { from: 'ACTIVE', to: 'SUSPENDED_CENTRE', actor: 'centre', guard: 'founded_doubt', source: 'T §9.12' },
  { from: 'SUSPENDED_USER', to: 'ACTIVE', actor: 'user', guard: 'in_person', source: 'T §9.14.1.8, §9.16.2' },
  { from: 'SUSPENDED_CALL', to: 'ACTIVE', actor: 'user', guard: 'in_person', source: 'T §9.14.1.8, §9.16.2' },
  { from: 'SUSPENDED_BODY', to: 'ACTIVE', actor: 'body', guard: 'same_body', source: 'T §9.15.1.5' },
  { from: 'SUSPENDED_CENTRE', to: 'ACTIVE', actor: 'centre', guard: 'within_48_hours', source: 'T §9.16.1' },
  { from: 'SUSPENDED_CENTRE', to: 'ACTIVE', actor: 'clock', guard: 'after_48_hours', source: 'T §9.13.1.4' },
  ...fromEach('REVOKED', 'user', 'in_person', 'T §9.17.1.1'),
  ...fromEach('REVOKED', 'body', 'request_of_body', 'T §9.17.1.2'),
  ...fromEach('REVOKED', 'centre', 'ground_given', 'T §9.17.1'),
  ...fromEach('EXPIRED', 'clock', 'validity_ended', 'T §9.17.1.3'),
  { from: 'EXPIRED', to: 'REVOKED_EXPIRY', actor: 'clock', guard: 'expiry_recorded', source: 'T §9.17.1.3' },
];

/** What is known about the act on one certificate. Times are the registry's. */
export type CertificateFacts = {
  readonly actor: CertificateActor;
  readonly nowMs: number;
  readonly notAfterMs: number;
  /** When the present suspension began; the state's own time is not needed otherwise. */
  readonly suspendedAtMs: number;
  /** The person stands at the desk with a written application and a document in force. Source: RES-00 */
  readonly isInPersonInWriting: boolean;
  readonly doesSecretAnswerMatch: boolean;
  readonly isDateReached: boolean;
  /** The body's request with its number and legal ground is recorded. */
  readonly hasRequestOfBody: boolean;
  readonly isSameBody: boolean;
  /** The centre's doubt or ground of revocation is recorded. */
  readonly hasGround: boolean;
  /** The case was refused or withdrawn before activation. */
  readonly isCaseEnded: boolean;
};

export type CertificateStop = 'M-25' | 'M-27' | 'STATE' | 'ACTOR' | 'GUARD';

/**
 * May the certificate go from `from` to `to`? M-25: only an active certificate may be suspended. M-27: another body suspended it.
 * The times a certificate is valid between are never moved by any edge. Source: CR-31, procedures.md §14.2
 */
export function decideCertificateTransition(
  from: CertificateState,
  to: CertificateState,
  facts: CertificateFacts,
): Decision<CertificateTransition, CertificateStop> {
  const edges = certificateTransitions.filter((edge) => edge.from === from && edge.to === to);
  if (edges.length === 0) return fail(to.startsWith('SUSPENDED_') ? 'M-25' : 'STATE');
  const edge = edges.find((each) => each.actor === facts.actor);
  if (edge === undefined) return fail('ACTOR');
  if (guards[edge.guard](facts)) return ok(edge);
  return fail(edge.guard === 'same_body' ? 'M-27' : 'GUARD');
}

const guards: Readonly<Record<CertificateGuard, (facts: CertificateFacts) => boolean>> = {
  activation: (facts) => facts.nowMs <= facts.notAfterMs,
  in_person: (facts) => facts.isInPersonInWriting,
  secret_answer_and_date: (facts) => facts.doesSecretAnswerMatch && facts.isDateReached,
  request_of_body: (facts) => facts.hasRequestOfBody,
  founded_doubt: (facts) => facts.hasGround,
  same_body: (facts) => facts.isSameBody && facts.hasRequestOfBody,
  within_48_hours: (facts) => facts.nowMs - facts.suspendedAtMs < centreSuspensionMaxMs,
  after_48_hours: (facts) => facts.nowMs - facts.suspendedAtMs >= centreSuspensionMaxMs,
  ground_given: (facts) => facts.hasGround,
  case_ended: (facts) => facts.isCaseEnded,
  validity_ended: (facts) => facts.nowMs > facts.notAfterMs,
  expiry_recorded: () => true,
};

/** Counts on the SIM: not revoked and not expired. A suspended or not yet activated certificate counts. Source: CR-22..CR-24 */
export function isCertificateLive(state: CertificateState): boolean {
  return state !== 'EXPIRED' && state !== 'REVOKED' && state !== 'REVOKED_EXPIRY';
}
