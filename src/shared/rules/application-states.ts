import { maxAttempts } from './attempts.ts';
import { isFoundNow, type CaseFacts } from './case-facts.ts';
import { fail, ok, type Decision } from './decision.ts';
import type { StepReasonCode } from './rule-codes.ts';
import { papersOfHandOver } from './signers.ts';
import type { ApplicationState, CarrierKind, Permission } from './vocabulary.ts';

/** Who makes a case move. Source: procedures.md §14.1 */
export const caseActors = ['registrar', 'system', 'back_end', 'support', 'document_entry', 'applicant', 'personalisation_centre'] as const;
export type CaseActor = (typeof caseActors)[number];

/** Names of the conditions in square brackets of procedures.md §14.1. */
export type CaseGuard =
  | 'mandatory_fields'
  | 'checks_passed'
  | 'attempts_spent'
  | 'reason_given'
  | 'error_answered'
  | 'status_good'
  | 'correction'
  | 'card_dispatched'
  | 'card_registered'
  | 'card_returned'
  | 'holder_confirmed'
  | 'contract_signed'
  | 'certificates_printed'
  | 'one_renewal'
  | 'second_error'
  | 'activated_and_notice'
  | 'support_renewal'
  | 'scans_entered'
  | 'archive_handover';

export type CaseTransition = {
  readonly from: ApplicationState;
  readonly to: ApplicationState;
  readonly actor: CaseActor;
  readonly guard: CaseGuard;
  readonly source: string;
  /** The only carrier that goes this way; every carrier where nothing stands. */
  readonly carrier?: CarrierKind;
};

/**
 * A SIM goes from SENT to CONTRACT at once; an Asan ID only through PERSONALISING, DISPATCHED and READY. CERT_PRINTED begins with the last signature on the contract: the papers are printed in it and must all be there before
 * activation, so a desk that loses power between two papers comes back to the right place.
 * Look-ups are allowed in DRAFT too, hence the system's refusal from DRAFT; a shortcoming found while checking is refused on the spot,
 * hence the registrar's refusal from CHECKING. Nobody refuses or takes back an application while its card is being made or carried: it waits
 * for READY. A card that fails on the desk's reader before the contract goes back to the centre as one of a package does.
 * Source: procedures.md §14.1, COM-04, COM-14
 */
export const caseTransitions: readonly CaseTransition[] = [
  { from: 'DRAFT', to: 'CHECKING', actor: 'registrar', guard: 'mandatory_fields', source: 'T §9.1.1.1.7' },
  { from: 'DRAFT', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: 'T §9.2.1.1.2' },
  { from: 'DRAFT', to: 'REFUSED', actor: 'system', guard: 'attempts_spent', source: 'T §9.1.1.1.8' },
  { from: 'DRAFT', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]' },
  { from: 'CHECKING', to: 'DRAFT', actor: 'registrar', guard: 'correction', source: '[D]' },
  { from: 'CHECKING', to: 'SENT', actor: 'registrar', guard: 'checks_passed', source: 'T §9.1.1.1.8, §9.1.1.1.9' },
  { from: 'CHECKING', to: 'REFUSED', actor: 'system', guard: 'attempts_spent', source: 'T §9.1.1.1.8' },
  { from: 'CHECKING', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: 'T §8.2' },
  { from: 'CHECKING', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]' },
  { from: 'SENT', to: 'INVALID', actor: 'back_end', guard: 'error_answered', source: 'T §9.1.1.1.10' },
  { from: 'SENT', to: 'CONTRACT', actor: 'back_end', guard: 'status_good', source: 'T §9.1.1.1.11', carrier: 'sim' },
  { from: 'SENT', to: 'PERSONALISING', actor: 'back_end', guard: 'status_good', source: 'T §9.5.1.1', carrier: 'asan_id' },
  { from: 'SENT', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D] COM-14' },
  { from: 'SENT', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]' },
  { from: 'INVALID', to: 'DRAFT', actor: 'registrar', guard: 'correction', source: '[D] COM-12' },
  { from: 'INVALID', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D] COM-14' },
  {
    from: 'PERSONALISING',
    to: 'DISPATCHED',
    actor: 'personalisation_centre',
    guard: 'card_dispatched',
    source: 'T §11.1.13',
    carrier: 'asan_id',
  },
  { from: 'DISPATCHED', to: 'READY', actor: 'registrar', guard: 'card_registered', source: 'T §9.5.1.11', carrier: 'asan_id' },
  { from: 'DISPATCHED', to: 'PERSONALISING', actor: 'registrar', guard: 'card_returned', source: 'T §9.5.1.9', carrier: 'asan_id' },
  { from: 'READY', to: 'CONTRACT', actor: 'registrar', guard: 'holder_confirmed', source: 'T §9.6.1.7', carrier: 'asan_id' },
  { from: 'READY', to: 'PERSONALISING', actor: 'registrar', guard: 'card_returned', source: '[D] T §9.5.1.9', carrier: 'asan_id' },
  { from: 'READY', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D] COM-14', carrier: 'asan_id' },
  { from: 'READY', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]', carrier: 'asan_id' },
  { from: 'CONTRACT', to: 'CERT_PRINTED', actor: 'registrar', guard: 'contract_signed', source: 'T §9.1.1.1.13' },
  { from: 'CONTRACT', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D] COM-14' },
  { from: 'CONTRACT', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]' },
  { from: 'CERT_PRINTED', to: 'ACTIVATING', actor: 'registrar', guard: 'certificates_printed', source: 'T §9.6.1.11' },
  { from: 'CERT_PRINTED', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D] COM-14' },
  { from: 'CERT_PRINTED', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]' },
  { from: 'ACTIVATING', to: 'ACTIVATING', actor: 'registrar', guard: 'one_renewal', source: 'T §9.6.1.11' },
  { from: 'ACTIVATING', to: 'ACT_FAILED', actor: 'system', guard: 'second_error', source: '[D] COM-13' },
  { from: 'ACTIVATING', to: 'HANDED', actor: 'registrar', guard: 'activated_and_notice', source: 'T §9.1.1.1.15' },
  { from: 'ACT_FAILED', to: 'ACTIVATING', actor: 'support', guard: 'support_renewal', source: '[D]' },
  { from: 'ACT_FAILED', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D] COM-14' },
  { from: 'ACT_FAILED', to: 'WITHDRAWN', actor: 'applicant', guard: 'reason_given', source: '[D]' },
  { from: 'HANDED', to: 'SCANNED', actor: 'document_entry', guard: 'scans_entered', source: 'T §9.1.1.1.16' },
  { from: 'SCANNED', to: 'ARCHIVED', actor: 'registrar', guard: 'archive_handover', source: 'T §9.20.1.5' },
];

/** States that nothing follows. */
export const finalCaseStates: readonly ApplicationState[] = ['ARCHIVED', 'REFUSED', 'WITHDRAWN'];

/** Which right lets an operator make the actor's move; the system and the back end need none. Source: procedures.md §16 */
const permissionOfActor: Readonly<Record<CaseActor, Permission | null>> = {
  registrar: 'application.edit',
  applicant: 'application.edit',
  support: 'activation.support',
  document_entry: 'scan.enter',
  system: null,
  back_end: null,
  personalisation_centre: 'card.dispatch',
};

/** The states that may follow, refusal and withdrawal included, whether or not a guard holds now. */
export function listNextStates(state: ApplicationState, carrierKind: CarrierKind): ApplicationState[] {
  return [...new Set(caseTransitions.filter((edge) => edge.from === state && isEdgeOf(edge, carrierKind)).map((edge) => edge.to))];
}

function isEdgeOf({ carrier }: CaseTransition, carrierKind: CarrierKind): boolean {
  return carrier === undefined || carrier === carrierKind;
}

/**
 * May the case go from `state` to `to` with these facts? An edge of the back end is decided by its answer alone. The failure is the
 * reason that stops the first edge of the table.
 */
export function decideTransition(
  state: ApplicationState,
  to: ApplicationState,
  facts: CaseFacts,
): Decision<CaseTransition, StepReasonCode> {
  let reason: StepReasonCode = 'STATE';
  for (const edge of caseTransitions) {
    if (edge.from !== state || edge.to !== to || !isEdgeOf(edge, facts.carrierKind)) continue;
    const stop = findStop(edge, facts);
    if (stop === null) return ok(edge);
    if (reason === 'STATE') reason = stop;
  }
  return fail(reason);
}

function findStop(edge: CaseTransition, facts: CaseFacts): StepReasonCode | null {
  const permission = permissionOfActor[edge.actor];
  if (permission !== null) {
    if (!facts.permissions.includes(permission)) return 'NOT_YOUR_RIGHT';
    if (facts.lease === 'held_by_other') return 'LEASE_HELD';
    if (facts.unknownOutcome !== 'none') return 'OUTCOME_UNKNOWN';
  }
  return guards[edge.guard](facts);
}

/** Each guard gives the reason that it is not met, or null. */
const guards: Readonly<Record<CaseGuard, (facts: CaseFacts) => StepReasonCode | null>> = {
  mandatory_fields: (facts) => (facts.isDataComplete ? null : 'NEEDS_FIELDS'),
  checks_passed: findSendStop,
  attempts_spent: (facts) => (areAttemptsSpent(facts) ? null : 'ATTEMPTS_LEFT'),
  reason_given: (facts) => (facts.hasReason ? null : 'REASON_NEEDED'),
  error_answered: () => null,
  status_good: () => null,
  correction: () => null,
  card_dispatched: () => null,
  // The package's own record says that the card was registered or goes back. Source: PKG-09..PKG-11
  card_registered: () => null,
  card_returned: () => null,
  holder_confirmed: findHandOverStop,
  contract_signed: (facts) => findContractStop(facts) ?? (facts.maySign[contractFormOf(facts.carrierKind)] ? null : 'SIGNER_NOT_ALLOWED'),
  certificates_printed: (facts) => {
    if (isContractLost(facts)) return lostContractStop(facts);
    if (needsPaperCertificate(facts) && !facts.areCertificatesPrinted) return 'CERTIFICATE_NOT_PRINTED';
    return facts.isOnline ? null : 'NEEDS_REGISTRY';
  },
  one_renewal: (facts) => {
    if (isContractLost(facts)) return lostContractStop(facts);
    if (facts.activation.outcome !== 'failed') return 'ACTIVATION_NOT_TRIED';
    if (facts.activation.attempts >= maxActivationAttempts) return 'SUPPORT_ONLY';
    return facts.isOnline ? null : 'NEEDS_REGISTRY';
  },
  second_error: (facts) =>
    facts.activation.outcome === 'failed' && facts.activation.attempts >= maxActivationAttempts ? null : 'ACTIVATION_NOT_TRIED',
  activated_and_notice: (facts) => {
    if (isContractLost(facts)) return lostContractStop(facts);
    if (facts.activation.outcome !== 'activated') return 'NOT_ACTIVATED';
    if (!facts.isNoticePrinted) return 'NOTICE_NOT_PRINTED';
    return findCardStop(facts) ?? (mayReceive(facts) ? null : 'SIGNER_NOT_ALLOWED');
  },
  support_renewal: (facts) => (isContractLost(facts) ? lostContractStop(facts) : facts.isOnline ? null : 'NEEDS_REGISTRY'),
  scans_entered: (facts) => {
    if (!facts.scans.areSent) return 'SCANS_NOT_SENT';
    return facts.scans.areEntered ? null : 'SCANS_NOT_ENTERED';
  },
  archive_handover: () => null,
};

/** One try and one renewal; the next is support's. Source: COM-13 */
export const maxActivationAttempts = 2;

/** Source: SIM-15, C-10 */
export function needsPaperCertificate(facts: Pick<CaseFacts, 'certificateForm'>): boolean {
  return facts.certificateForm === 'paper';
}

/** Source: COM-04, COM-05, COM-16 */
export function areAttemptsSpent(facts: Pick<CaseFacts, 'lookUps' | 'needsOrganisation' | 'needsRepresentative'>): boolean {
  const { person, representative, organisation } = facts.lookUps;
  return (
    person.attempts >= maxAttempts ||
    (facts.needsRepresentative && representative.attempts >= maxAttempts) ||
    (facts.needsOrganisation && organisation.attempts >= maxAttempts)
  );
}

/** The one at the desk may sign for what is handed over. Source: COM-16, SIM-15, SIM-17 */
export function mayReceive({ maySign, certificateForm }: Pick<CaseFacts, 'maySign' | 'certificateForm'>): boolean {
  return papersOfHandOver(certificateForm).every((paper) => maySign[paper]);
}

/** What still stops the sending, in the order in which a registrar meets it. Source: SIM-07..SIM-10, AID-03..AID-11, procedures.md §14.1 */
export function findSendStop(facts: CaseFacts): StepReasonCode | null {
  if (areAttemptsSpent(facts)) return 'ATTEMPTS_SPENT';
  if (!facts.isIdentityAccepted) return 'NEEDS_IDENTITY';
  if (!facts.areDocumentsComplete) return 'NEEDS_DOCUMENTS';
  if (!facts.isDataComplete) return 'NEEDS_FIELDS';
  if (!isFoundNow(facts.lookUps.person)) return 'NEEDS_PERSON_FOUND';
  if (facts.needsRepresentative && !isFoundNow(facts.lookUps.representative)) return 'NEEDS_REPRESENTATIVE_FOUND';
  if (facts.needsOrganisation && !isFoundNow(facts.lookUps.organisation)) return 'NEEDS_ORGANISATION_FOUND';
  if (facts.carrierKind === 'asan_id') {
    if (facts.kinds === 'unknown') return 'NEEDS_ENTITLEMENT';
    if (!facts.hasPhoto) return 'NEEDS_PHOTO';
  } else if (!isFoundNow(facts.lookUps.sim) || facts.kinds === 'unknown') return 'NEEDS_SIM_ANSWER';
  if (facts.kinds === 'refused') return 'KINDS_REFUSED';
  return facts.isOnline ? null : 'NEEDS_REGISTRY';
}

/** What stops the hand-over of a card that is READY before its contract. Source: HND-01..HND-06, M-21 */
export function findHandOverStop(facts: Pick<CaseFacts, 'card'>): StepReasonCode | null {
  if (facts.card.state !== 'REGISTERED') return 'CARD_NOT_READY';
  return facts.card.isHolderConfirmed ? null : 'HOLDER_NOT_CONFIRMED';
}

/** The right card in the right envelope, and a card that works; a SIM is brought by its holder. Source: HND-11, HND-12 */
export function findCardStop(facts: Pick<CaseFacts, 'carrierKind' | 'card'>): StepReasonCode | null {
  if (facts.carrierKind === 'sim') return null;
  if (facts.card.state !== 'REGISTERED') return 'CARD_NOT_READY';
  if (!facts.card.isMatched) return 'CARD_NOT_MATCHED';
  return facts.card.isTested ? null : 'CARD_NOT_TESTED';
}

/** Source: COM-08, HND-07 */
export function contractFormOf(carrierKind: CarrierKind): 'appendix-5' | 'appendix-6' {
  return carrierKind === 'sim' ? 'appendix-5' : 'appendix-6';
}

/** The centre signs and seals both copies first, then the holder signs both. Source: COM-08, M-44 */
export function findContractStop(facts: Pick<CaseFacts, 'contract'>): StepReasonCode | null {
  if (!facts.contract.isPrinted) return 'CONTRACT_NOT_PRINTED';
  if (!facts.contract.isSignedByCentre) return 'CENTRE_NOT_SIGNED';
  return facts.contract.isSignedByHolder ? null : 'CONTRACT_NOT_SIGNED';
}

/** From the signatures to the hand-over: a contract that becomes void here is printed and signed again where the case stands. */
export const signedStates: readonly ApplicationState[] = ['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'];

/**
 * The signed contract became void before the hand-over and its number's signatures with it. Signatures that another desk took count
 * although its paper is not here. Source: COM-08, M-44; ADR 0009
 */
export function isContractLost({ state, contract }: Pick<CaseFacts, 'state' | 'contract'>): boolean {
  return signedStates.includes(state) && !(contract.isSignedByCentre && contract.isSignedByHolder);
}

function lostContractStop(facts: Pick<CaseFacts, 'contract'>): StepReasonCode {
  return findContractStop(facts) ?? 'CONTRACT_NOT_SIGNED';
}

/**
 * Where the case stands once both have signed; `before` says what was signed so far, `facts` what is signed now. The first contract moves
 * the case on, the next one after a void one leaves it where it is. Source: SIM-13, SIM-14, COM-08
 */
export function decideSigning(before: CaseFacts['contract'], facts: CaseFacts): Decision<ApplicationState, StepReasonCode> {
  const { state } = facts;
  if (!isContractLost({ state, contract: before })) {
    const moved = decideTransition(state, 'CERT_PRINTED', facts);
    return moved.ok ? ok(moved.value.to) : moved;
  }
  const stop = findStop({ from: state, to: state, actor: 'registrar', guard: 'contract_signed', source: 'COM-08' }, facts);
  return stop === null ? ok(state) : fail(stop);
}
