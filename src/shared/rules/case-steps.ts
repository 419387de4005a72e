import {
  areAttemptsSpent,
  contractFormOf,
  findCardStop,
  findContractStop,
  findSendStop,
  isContractLost,
  mayReceive,
  maxActivationAttempts,
  needsPaperCertificate,
} from './application-states.ts';
import { maxAttempts } from './attempts.ts';
import { isFoundNow, type CaseFacts, type LookUpFact } from './case-facts.ts';
import type { StepReasonCode } from './rule-codes.ts';
import { firstScanStates } from './scan-sight.ts';
import type { ApplicationState, CarrierKind, Permission, SignablePaper } from './vocabulary.ts';

/** Steps of both flows in the order in which the desk shows them. Source: procedures.md §6.1, §6.5, §6.7 */
export const stepCodes = [
  'identity',
  'form',
  'person',
  'representative',
  'organisation',
  'sim',
  'entitlement',
  'photo',
  'send',
  'acceptance',
  'card',
  'holder',
  'contract',
  'certificate_paper',
  'activation',
  'notice',
  'card_check',
  'hand_over',
  'scans',
  'archive',
] as const;
export type StepCode = (typeof stepCodes)[number];

/** Steps that only one carrier has; the other's list does not name them. */
const carrierOfStep: Partial<Record<StepCode, CarrierKind>> = {
  sim: 'sim',
  entitlement: 'asan_id',
  photo: 'asan_id',
  acceptance: 'asan_id',
  card: 'asan_id',
  holder: 'asan_id',
  card_check: 'asan_id',
};

export const stepStatuses = ['done', 'current', 'possible', 'unavailable', 'not_needed'] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** `reason` stands exactly with status `unavailable`. */
export type Step = { readonly code: StepCode; readonly status: StepStatus; readonly reason: StepReasonCode | null };

/** What the operator does next with the case, as a verb of the home page. */
export const nextActions = [
  'fill',
  'check',
  'send',
  'take_photo',
  'ask_outcome',
  'correct',
  'refuse',
  'print_acceptance',
  'confirm_holder',
  'print_contract',
  'confirm_signed',
  'print_certificate',
  'activate',
  'renew_activation',
  'print_notice',
  'check_card',
  'hand_over',
  'scan',
  'send_scans',
  'enter_scans',
  'archive',
  'none',
] as const;
export type NextAction = (typeof nextActions)[number];

/** An open step may be done now when nothing stops it. */
type StepVerdict = { readonly is: 'done' } | { readonly is: 'not_needed' } | { readonly is: 'open'; readonly stop: StepReasonCode | null };

const done: StepVerdict = { is: 'done' };
const notNeeded: StepVerdict = { is: 'not_needed' };
const open = (stop: StepReasonCode | null = null): StepVerdict => ({ is: 'open', stop });

/**
 * The steps with their status. At most one is `current`: the one that the next action belongs to. A step that another state has passed
 * is done; one that the state does not reach any more says STATE.
 * Source: procedures.md §6.1, §14.1; M-44
 */
export function listSteps(facts: CaseFacts): Step[] {
  const current = stepOfAction(decideNextAction(facts), facts);
  const codes = stepCodes.filter((code) => (carrierOfStep[code] ?? facts.carrierKind) === facts.carrierKind);
  return codes.map((code) => {
    const verdict = verdicts[code](facts);
    if (verdict.is !== 'open') return { code, status: verdict.is, reason: null };
    const stop = findOperatorStop(code, facts) ?? verdict.stop;
    if (stop !== null) return { code, status: 'unavailable', reason: stop };
    return { code, status: code === current ? 'current' : 'possible', reason: null };
  });
}

/**
 * The one act that moves the case on, for whoever has the right to it; an operator without the right gets `none`.
 * An unknown outcome comes before everything else. Source: procedures.md §14.1, COM-12, COM-13
 */
export function decideNextAction(facts: CaseFacts): NextAction {
  const action = findNextAction(facts);
  return action === 'none' || facts.permissions.includes(permissionOfAction(action, facts)) ? action : 'none';
}

function findNextAction(facts: CaseFacts): NextAction {
  if (facts.unknownOutcome !== 'none') return 'ask_outcome';
  if (isContractLost(facts)) return findContractAction(facts);
  switch (facts.state) {
    case 'DRAFT':
    case 'CHECKING':
      return findEntryAction(facts);
    case 'SENT':
      return 'ask_outcome';
    case 'INVALID':
      return 'correct';
    // The card is made, or on its way, elsewhere.
    case 'PERSONALISING':
    case 'DISPATCHED':
      return facts.isAcceptancePrinted ? findScanAction(facts) : 'print_acceptance';
    case 'READY':
      return facts.card.state === 'REGISTERED' ? 'confirm_holder' : findScanAction(facts);
    case 'CONTRACT':
      return findContractAction(facts);
    case 'CERT_PRINTED':
      return needsPaperCertificate(facts) && !facts.areCertificatesPrinted ? 'print_certificate' : 'activate';
    case 'ACTIVATING':
      if (facts.activation.outcome === 'failed') return 'renew_activation';
      if (facts.activation.outcome === 'none') return 'activate';
      if (!facts.isNoticePrinted) return 'print_notice';
      return findCardStop(facts) === null ? 'hand_over' : 'check_card';
    case 'ACT_FAILED':
      return 'renew_activation';
    case 'HANDED':
      return findScanAction(facts);
    case 'SCANNED':
      return 'archive';
    case 'ARCHIVED':
    case 'REFUSED':
    case 'WITHDRAWN':
      return 'none';
  }
}

/** Of the set that is open now. Source: COM-10, AID-12, HND-13 */
function findScanAction({ scans }: CaseFacts): NextAction {
  if (scans.areEntered) return 'none';
  if (!scans.areCaptured) return 'scan';
  return scans.areSent ? 'enter_scans' : 'send_scans';
}

function findContractAction(facts: CaseFacts): NextAction {
  return facts.contract.isPrinted ? 'confirm_signed' : 'print_contract';
}

function findEntryAction(facts: CaseFacts): NextAction {
  if (areAttemptsSpent(facts)) return 'refuse';
  switch (findSendStop(facts)) {
    case null:
    case 'NEEDS_REGISTRY':
      return 'send';
    case 'NEEDS_PERSON_FOUND':
    case 'NEEDS_REPRESENTATIVE_FOUND':
    case 'NEEDS_ORGANISATION_FOUND':
    case 'NEEDS_SIM_ANSWER':
    case 'NEEDS_ENTITLEMENT':
      return 'check';
    case 'NEEDS_PHOTO':
      return 'take_photo';
    default:
      return 'fill';
  }
}

function permissionOfAction(action: Exclude<NextAction, 'none'>, facts: CaseFacts): Permission {
  switch (action) {
    case 'print_contract':
    case 'print_certificate':
    case 'print_notice':
    case 'print_acceptance':
      return 'paper.print';
    case 'take_photo':
      return 'scan.capture';
    case 'renew_activation':
      return facts.state === 'ACT_FAILED' ? 'activation.support' : 'application.edit';
    case 'scan':
      return 'scan.capture';
    case 'send_scans':
      return 'scan.send';
    case 'enter_scans':
      return 'scan.enter';
    default:
      return 'application.edit';
  }
}

function stepOfAction(action: NextAction, facts: CaseFacts): StepCode | null {
  switch (action) {
    case 'fill':
      return facts.isIdentityAccepted ? 'form' : 'identity';
    case 'check':
      if (!isFoundNow(facts.lookUps.person)) return 'person';
      if (facts.needsRepresentative && !isFoundNow(facts.lookUps.representative)) return 'representative';
      if (facts.needsOrganisation && !isFoundNow(facts.lookUps.organisation)) return 'organisation';
      return facts.carrierKind === 'sim' ? 'sim' : 'entitlement';
    case 'take_photo':
      return 'photo';
    case 'print_acceptance':
      return 'acceptance';
    case 'confirm_holder':
      return 'holder';
    case 'check_card':
      return 'card_check';
    case 'send':
      return 'send';
    case 'ask_outcome':
      return facts.unknownOutcome === 'activate' ? 'activation' : 'send';
    case 'correct':
      return 'form';
    case 'print_contract':
    case 'confirm_signed':
      return 'contract';
    case 'print_certificate':
      return 'certificate_paper';
    case 'activate':
    case 'renew_activation':
      return 'activation';
    case 'print_notice':
      return 'notice';
    case 'hand_over':
      return 'hand_over';
    case 'scan':
    case 'send_scans':
    case 'enter_scans':
      return 'scans';
    case 'archive':
      return 'archive';
    case 'refuse':
    case 'none':
      return null;
  }
}

/** Rights, the lease and a sending whose outcome is unknown stop any open step. */
function findOperatorStop(code: StepCode, facts: CaseFacts): StepReasonCode | null {
  if (!permissionsOfStep(code, facts).some((permission) => facts.permissions.includes(permission))) return 'NOT_YOUR_RIGHT';
  // An ended case is held by nobody: what stops its steps is that it ended.
  if (facts.lease === 'held_by_other' && facts.state !== 'REFUSED' && facts.state !== 'WITHDRAWN') return 'LEASE_HELD';
  if (facts.unknownOutcome === 'send' && code !== 'send') return 'OUTCOME_UNKNOWN';
  if (facts.unknownOutcome === 'activate' && code !== 'activation') return 'OUTCOME_UNKNOWN';
  return null;
}

function permissionsOfStep(code: StepCode, facts: CaseFacts): readonly Permission[] {
  switch (code) {
    case 'contract':
      return facts.contract.isPrinted ? ['application.edit'] : ['paper.print'];
    case 'certificate_paper':
    case 'notice':
    case 'acceptance':
      return ['paper.print'];
    case 'photo':
      return ['scan.capture'];
    case 'activation':
      return facts.state === 'ACT_FAILED' ? ['activation.support'] : ['application.edit'];
    case 'scans':
      if (!facts.scans.areCaptured) return ['scan.capture'];
      return facts.scans.areSent ? ['scan.enter'] : ['scan.send', 'scan.capture'];
    default:
      return ['application.edit'];
  }
}

const entryStates: readonly ApplicationState[] = ['DRAFT', 'CHECKING'];
const flowOrder: readonly ApplicationState[] = [
  'DRAFT',
  'CHECKING',
  'SENT',
  'PERSONALISING',
  'DISPATCHED',
  'READY',
  'CONTRACT',
  'CERT_PRINTED',
  'ACTIVATING',
  'HANDED',
  'SCANNED',
  'ARCHIVED',
];

function placeOf(state: ApplicationState): number {
  return flowOrder.indexOf(state === 'ACT_FAILED' ? 'ACTIVATING' : state);
}

/** The case left `state` behind on the good path; a refused, withdrawn or invalid case has left nothing behind. */
function isPast(facts: CaseFacts, state: ApplicationState): boolean {
  return placeOf(facts.state) > placeOf(state);
}

/** A step that belongs to exactly these states: before them it waits for `waitsFor`, outside the path it is over. */
function inStates(facts: CaseFacts, states: readonly ApplicationState[], waitsFor: StepReasonCode): StepReasonCode | null {
  if (states.includes(facts.state)) return null;
  return placeOf(facts.state) < 0 && facts.state !== 'INVALID' ? 'STATE' : waitsFor;
}

function entryStop(facts: CaseFacts): StepReasonCode | null {
  return entryStates.includes(facts.state) || facts.state === 'INVALID' ? null : 'STATE';
}

function lookUpVerdict(facts: CaseFacts, lookUp: LookUpFact, isCounted: boolean): StepVerdict {
  if (isPast(facts, 'CHECKING') || isFoundNow(lookUp)) return done;
  if (!entryStates.includes(facts.state)) return open('STATE');
  if (isCounted && lookUp.attempts >= maxAttempts) return open('ATTEMPTS_SPENT');
  if (!lookUp.isQueryReady) return open('NEEDS_FIELDS');
  return open(facts.isOnline ? null : 'NEEDS_REGISTRY');
}

const verdicts: Readonly<Record<StepCode, (facts: CaseFacts) => StepVerdict>> = {
  identity: (facts) => (facts.isIdentityAccepted || isPast(facts, 'CHECKING') ? done : open(entryStop(facts))),
  form: (facts) => {
    const isFilled = facts.isDataComplete && facts.areDocumentsComplete && facts.state !== 'INVALID';
    return isFilled || isPast(facts, 'CHECKING') ? done : open(entryStop(facts));
  },
  person: (facts) => lookUpVerdict(facts, facts.lookUps.person, true),
  representative: (facts) => (facts.needsRepresentative ? lookUpVerdict(facts, facts.lookUps.representative, true) : notNeeded),
  organisation: (facts) => (facts.needsOrganisation ? lookUpVerdict(facts, facts.lookUps.organisation, true) : notNeeded),
  sim: (facts) => lookUpVerdict(facts, facts.lookUps.sim, false),
  entitlement: (facts) => {
    // With the body's paper on the desk its service need not be asked.
    const isOnPaper = facts.kinds !== 'unknown' && !facts.lookUps.entitlement.isCurrent;
    return isOnPaper && !isPast(facts, 'CHECKING') ? notNeeded : lookUpVerdict(facts, facts.lookUps.entitlement, false);
  },
  photo: (facts) => (facts.hasPhoto || isPast(facts, 'CHECKING') ? done : open(entryStop(facts))),
  send: (facts) => {
    if (isPast(facts, 'SENT')) return done;
    // A sending under way, or one whose outcome is unknown, is asked again: that needs no more than the step itself.
    if (facts.state === 'SENT' || facts.unknownOutcome === 'send') return open(facts.isOnline ? null : 'NEEDS_REGISTRY');
    return open(entryStates.includes(facts.state) ? findSendStop(facts) : 'STATE');
  },
  // Source: AID-13
  acceptance: (facts) => {
    if (facts.isAcceptancePrinted || isPast(facts, 'READY')) return done;
    return open(inStates(facts, ['PERSONALISING', 'DISPATCHED', 'READY'], 'NOT_SENT'));
  },
  card: (facts) => {
    if (isPast(facts, 'DISPATCHED')) return done;
    return open(inStates(facts, [], isPast(facts, 'SENT') ? 'CARD_UNDER_WAY' : 'NOT_SENT'));
  },
  // Source: HND-01..HND-06
  holder: (facts) => {
    if (isPast(facts, 'READY')) return done;
    return open(inStates(facts, ['READY'], 'CARD_NOT_READY') ?? (facts.card.state === 'REGISTERED' ? null : 'CARD_NOT_READY'));
  },
  contract: (facts) => {
    const form = contractFormOf(facts.carrierKind);
    if (isContractLost(facts)) return open(signerStop(facts, form));
    if (isPast(facts, 'CONTRACT')) return done;
    return open(inStates(facts, ['CONTRACT'], waitOfContract(facts)) ?? signerStop(facts, form));
  },
  certificate_paper: (facts) => {
    if (!needsPaperCertificate(facts)) return notNeeded;
    if (isPast(facts, 'CERT_PRINTED') || (facts.state === 'CERT_PRINTED' && facts.areCertificatesPrinted)) return done;
    if (isContractLost(facts)) return open(contractReason(facts));
    return open(inStates(facts, ['CERT_PRINTED'], contractReason(facts)) ?? signerStop(facts, 'F-20'));
  },
  activation: (facts) => {
    if (facts.activation.outcome === 'activated') return done;
    const stop = inStates(facts, ['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'], contractReason(facts));
    if (stop !== null) return open(stop);
    if (isContractLost(facts)) return open(contractReason(facts));
    if (facts.state === 'CERT_PRINTED' && needsPaperCertificate(facts) && !facts.areCertificatesPrinted)
      return open('CERTIFICATE_NOT_PRINTED');
    if (facts.state === 'ACTIVATING' && facts.activation.attempts >= maxActivationAttempts) return open('SUPPORT_ONLY');
    return open(facts.isOnline ? null : 'NEEDS_REGISTRY');
  },
  notice: (facts) => {
    if (facts.isNoticePrinted) return done;
    const stop = inStates(facts, ['ACTIVATING'], 'NOT_ACTIVATED') ?? (facts.activation.outcome === 'activated' ? null : 'NOT_ACTIVATED');
    return open(stop ?? signerStop(facts, 'appendix-10'));
  },
  // Source: HND-11, HND-12
  card_check: (facts) => {
    if (isPast(facts, 'ACTIVATING') || (facts.card.isMatched && facts.card.isTested)) return done;
    const states: readonly ApplicationState[] = ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'];
    return open(inStates(facts, states, waitOfContract(facts)) ?? (facts.card.state === 'REGISTERED' ? null : 'CARD_NOT_READY'));
  },
  hand_over: (facts) => {
    if (isPast(facts, 'ACTIVATING')) return done;
    const stop = inStates(facts, ['ACTIVATING'], 'NOT_ACTIVATED');
    if (stop !== null) return open(stop);
    if (facts.activation.outcome !== 'activated') return open('NOT_ACTIVATED');
    if (isContractLost(facts)) return open(contractReason(facts));
    if (!facts.isNoticePrinted) return open('NOTICE_NOT_PRINTED');
    const cardStop = findCardStop(facts);
    if (cardStop !== null) return open(cardStop);
    return open(mayReceive(facts) ? null : 'SIGNER_NOT_ALLOWED');
  },
  scans: (facts) => {
    if (facts.scans.areEntered) return done;
    if (firstScanStates.includes(facts.state)) return open(null);
    const captureStates: readonly ApplicationState[] = ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED'];
    const stop = inStates(facts, captureStates, 'NOT_HANDED_OVER');
    if (stop !== null) return open(stop);
    return open(facts.scans.areCaptured && facts.state !== 'HANDED' ? 'NOT_HANDED_OVER' : null);
  },
  archive: (facts) => {
    if (facts.state === 'ARCHIVED') return done;
    return open(inStates(facts, ['SCANNED'], facts.scans.areSent ? 'SCANS_NOT_ENTERED' : 'SCANS_NOT_SENT'));
  },
};

/** A SIM's contract waits for the registry alone, a card's for the card and for its holder. Source: HND-06, M-21 */
function waitOfContract(facts: CaseFacts): StepReasonCode {
  if (facts.carrierKind === 'sim') return 'NOT_ISSUED';
  return facts.state === 'READY' && facts.card.state === 'REGISTERED' ? 'HOLDER_NOT_CONFIRMED' : 'CARD_NOT_READY';
}

/** Who stands at the desk may not sign this paper: the applicant himself is waited for. Source: COM-16 */
function signerStop(facts: CaseFacts, paper: SignablePaper): StepReasonCode | null {
  return facts.maySign[paper] ? null : 'SIGNER_NOT_ALLOWED';
}

/** What the steps after the contract wait for. Source: M-44 */
function contractReason(facts: CaseFacts): StepReasonCode {
  return facts.state === 'CONTRACT' || isContractLost(facts) ? (findContractStop(facts) ?? 'CONTRACT_NOT_SIGNED') : waitOfContract(facts);
}
