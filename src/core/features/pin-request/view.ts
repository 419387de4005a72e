import { pinRequestSteps, type PinRequestRow, type PinRequestStep, type PinRequestView } from '../../../shared/contract/pin-request.ts';
import { pinCodesDueAtMs, pinPapersDueAtMs } from '../../../shared/rules/deadlines.ts';
import { maskFin } from '../../../shared/rules/mask.ts';
import { decidePinRequestTransition, emptyPinRequestFacts, type PinRequestFacts } from '../../../shared/rules/pin-request-states.ts';
import { pinRequestStates, type Permission, type PinRequestState } from '../../../shared/rules/vocabulary.ts';
import type { Reader } from '../../storage/database.ts';
import { findPackage, listCarriageActs } from '../../storage/repositories/package-repository.ts';
import { countPinAttempts, type StoredPinRequest } from '../../storage/repositories/pin-request-repository.ts';
import { maskName } from '../application/index.ts';
import { centreOfficeId, type PinContext } from './context.ts';

const beforeSending: readonly PinRequestState[] = ['REQUESTED', 'VERIFIED', 'CONTRACT_SIGNED', 'SCANNED'];

/** T-04 runs until the papers left, T-05 from the courier's arrival at the centre until the codes are ready. */
function dueAtMsOf(db: Reader, stored: StoredPinRequest): number | null {
  if (beforeSending.includes(stored.state)) return pinPapersDueAtMs(stored.filedAtMs);
  if (stored.state !== 'SENT_TO_CENTRE') return null;
  const arrivedAtMs = findPackage(db, stored.packageNumber)?.arrivedAtMs ?? 0;
  return arrivedAtMs > 0 ? pinCodesDueAtMs(arrivedAtMs) : null;
}

export function rowOf(context: PinContext, db: Reader, stored: StoredPinRequest): PinRequestRow {
  const dueAtMs = dueAtMsOf(db, stored);
  const { requestId, state, cardSerial, officeName, filedAtMs, isPukSpent, packageNumber, backPackageNumber, sync } = stored;
  return {
    requestId,
    state,
    cardSerial,
    personMasked: maskName(stored.person),
    officeName,
    filedAtMs,
    dueAtMs,
    isBreached: dueAtMs !== null && context.desk.clock.nowMs() > dueAtMs,
    isAtCentre: state === 'SENT_TO_CENTRE' && centreOfficeId(context) === context.desk.identity.officeId,
    isPukSpent,
    packageNumber,
    backPackageNumber,
    sync,
  };
}

export function hasScan(context: PinContext, db: Reader, requestId: string): boolean {
  return context.scans.listOfApplication(db, requestId).some(({ document }) => document === 'contract');
}

export function factsOf(context: PinContext, db: Reader, stored: StoredPinRequest, permissions: ReadonlySet<Permission>): PinRequestFacts {
  return {
    ...emptyPinRequestFacts,
    permissions: [...permissions],
    isHolderIdentified: stored.state === 'BACK_AT_OFFICE' ? stored.holderCheckedAtMs > 0 : stored.isPersonFound,
    isCardFound: stored.cardSerial !== '',
    isCardOfHolder: stored.cardSerial !== '',
    isContractSigned: stored.isCentreSigned && stored.isHolderSigned,
    isContractScanned: hasScan(context, db, stored.requestId),
    hasRegister: stored.registerNumber !== '',
    areCodesReady: stored.envelopeNumber !== '',
    isEnvelopeHere: stored.backPackageNumber !== '',
    hasArchiveList: stored.archiveListNumber !== '',
  };
}

/** The edge that each step walks, and what the step itself brings: the reason is about everything else. */
const edges: Readonly<Record<PinRequestStep, readonly [PinRequestState, PinRequestState, Partial<PinRequestFacts>]>> = {
  find_person: ['REQUESTED', 'VERIFIED', { isHolderIdentified: true, isCardFound: true, isCardOfHolder: true }],
  find_card: ['REQUESTED', 'VERIFIED', { isCardFound: true, isCardOfHolder: true }],
  sign_contract: ['VERIFIED', 'CONTRACT_SIGNED', { isContractSigned: true }],
  scan: ['CONTRACT_SIGNED', 'SCANNED', { isContractScanned: true }],
  send: ['SCANNED', 'SENT_TO_CENTRE', { hasRegister: true }],
  renew: ['SENT_TO_CENTRE', 'READY_AT_CENTRE', { areCodesReady: true }],
  back: ['READY_AT_CENTRE', 'BACK_AT_OFFICE', { isEnvelopeHere: true }],
  check_holder: ['BACK_AT_OFFICE', 'HANDED', { isHolderIdentified: true }],
  hand_over: ['BACK_AT_OFFICE', 'HANDED', {}],
  archive: ['HANDED', 'ARCHIVED', { hasArchiveList: true }],
};

/** Source: procedures.md §14.5 */
export function listSteps(stored: StoredPinRequest, facts: PinRequestFacts): PinRequestView['steps'] {
  const isPast = (state: PinRequestState): boolean =>
    stored.state !== 'REFUSED' && pinRequestStates.indexOf(stored.state) >= pinRequestStates.indexOf(state);
  return pinRequestSteps.map((step): PinRequestView['steps'][number] => {
    const [from, to, brings] = edges[step];
    const isDone =
      isPast(to) || (step === 'find_person' && stored.isPersonFound) || (step === 'check_holder' && stored.holderCheckedAtMs > 0);
    if (isDone) return { step, state: 'done', reason: '' };
    if (stored.state !== from) return { step, state: 'later', reason: '' };
    const decided = decidePinRequestTransition(from, to, { ...facts, ...brings });
    return { step, state: 'open', reason: decided.ok ? '' : decided.error };
  });
}

export function viewOf(context: PinContext, db: Reader, stored: StoredPinRequest, permissions: ReadonlySet<Permission>): PinRequestView {
  const { requestId, applicationId, isPersonFound, isBlocked, isCentreSigned, isHolderSigned } = stored;
  return {
    ...rowOf(context, db, stored),
    applicationId,
    finMasked: maskFin(stored.person.fin),
    isPersonFound,
    isBlocked,
    isCentreSigned,
    isHolderSigned,
    isHolderChecked: stored.holderCheckedAtMs > 0,
    isScanned: hasScan(context, db, requestId),
    registerNumber: stored.registerNumber,
    envelopeNumber: stored.envelopeNumber,
    refusalReason: stored.refusalReason,
    archiveListNumber: stored.archiveListNumber,
    attempts: {
      person: countPinAttempts(db, requestId, 'person'),
      card: countPinAttempts(db, requestId, 'card'),
      holder: countPinAttempts(db, requestId, 'holder'),
    },
    steps: listSteps(stored, factsOf(context, db, stored, permissions)),
    contract: context.papers.listOwn(db, 'F-21', requestId),
    timeline: listCarriageActs(db, `pin_request:${requestId}`).map(({ aggregate: _aggregate, operatorLogin: _login, ...act }) => act),
  };
}
