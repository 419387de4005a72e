import type { CardStopCode } from './card-codes.ts';
import { fail, ok, type Decision } from './decision.ts';
import type { Permission, PinRequestState } from './vocabulary.ts';

/** Who makes a PIN re-issue request move. Source: procedures.md §14.5 */
export const pinRequestActors = ['registrar', 'centre'] as const;
export type PinRequestActor = (typeof pinRequestActors)[number];

export type PinRequestGuard =
  | 'holder_and_card_found'
  | 'reason_given'
  | 'contract_signed'
  | 'contract_scanned'
  | 'register_and_courier'
  | 'new_codes'
  | 'envelope_back'
  | 'holder_identified'
  | 'archive_handover';

export type PinRequestTransition = {
  readonly from: PinRequestState;
  readonly to: PinRequestState;
  readonly actor: PinRequestActor;
  readonly guard: PinRequestGuard;
  readonly source: string;
};

/** Until its papers leave for the centre the request may be given up. Source: procedures.md §14.5, PIN-01..PIN-12 */
export const pinRequestTransitions: readonly PinRequestTransition[] = [
  { from: 'REQUESTED', to: 'VERIFIED', actor: 'registrar', guard: 'holder_and_card_found', source: 'T §9.7.1.3, §9.7.1.6' },
  { from: 'REQUESTED', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: 'T §9.7.1.3, §9.7.1.6' },
  { from: 'VERIFIED', to: 'CONTRACT_SIGNED', actor: 'registrar', guard: 'contract_signed', source: 'T §9.7.1.9' },
  { from: 'VERIFIED', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D]' },
  { from: 'CONTRACT_SIGNED', to: 'SCANNED', actor: 'registrar', guard: 'contract_scanned', source: 'T §9.7.1.10' },
  { from: 'CONTRACT_SIGNED', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D]' },
  { from: 'SCANNED', to: 'SENT_TO_CENTRE', actor: 'registrar', guard: 'register_and_courier', source: 'T §9.7.1.11' },
  { from: 'SCANNED', to: 'REFUSED', actor: 'registrar', guard: 'reason_given', source: '[D]' },
  { from: 'SENT_TO_CENTRE', to: 'READY_AT_CENTRE', actor: 'centre', guard: 'new_codes', source: 'T §9.7.1.12' },
  { from: 'READY_AT_CENTRE', to: 'BACK_AT_OFFICE', actor: 'registrar', guard: 'envelope_back', source: 'T §9.7.1.12' },
  { from: 'BACK_AT_OFFICE', to: 'HANDED', actor: 'registrar', guard: 'holder_identified', source: '[D]' },
  { from: 'HANDED', to: 'ARCHIVED', actor: 'registrar', guard: 'archive_handover', source: 'T §9.20.1.5' },
];

export const finalPinRequestStates: readonly PinRequestState[] = ['REFUSED', 'ARCHIVED'];

const permissionOfActor: Readonly<Record<PinRequestActor, Permission>> = { registrar: 'pin.reissue', centre: 'card.personalise' };

/** What is known about the act on one request. */
export type PinRequestFacts = {
  readonly permissions: readonly Permission[];
  readonly isHolderIdentified: boolean;
  /** Found by its number, and the card of the person found. Source: PIN-06 */
  readonly isCardFound: boolean;
  readonly isCardOfHolder: boolean;
  readonly hasReason: boolean;
  readonly isContractSigned: boolean;
  readonly isContractScanned: boolean;
  /** The register F-28 has a number and the package a courier. */
  readonly hasRegister: boolean;
  /** New codes are on the card and in their envelope. */
  readonly areCodesReady: boolean;
  readonly isEnvelopeHere: boolean;
  readonly hasArchiveList: boolean;
};

export const emptyPinRequestFacts: PinRequestFacts = {
  permissions: [],
  isHolderIdentified: false,
  isCardFound: false,
  isCardOfHolder: false,
  hasReason: false,
  isContractSigned: false,
  isContractScanned: false,
  hasRegister: false,
  areCodesReady: false,
  isEnvelopeHere: false,
  hasArchiveList: false,
};

export function listNextPinRequestStates(state: PinRequestState): PinRequestState[] {
  return [...new Set(pinRequestTransitions.filter((edge) => edge.from === state).map((edge) => edge.to))];
}

/** May the request go from `from` to `to`? The failure says why the act is not offered now. Source: procedures.md §14.5 */
export function decidePinRequestTransition(
  from: PinRequestState,
  to: PinRequestState,
  facts: PinRequestFacts,
): Decision<PinRequestTransition, CardStopCode> {
  const edge = pinRequestTransitions.find((each) => each.from === from && each.to === to);
  if (edge === undefined) return fail('STATE');
  if (!facts.permissions.includes(permissionOfActor[edge.actor])) return fail('NOT_YOUR_RIGHT');
  const stop = guards[edge.guard](facts);
  return stop === null ? ok(edge) : fail(stop);
}

const guards: Readonly<Record<PinRequestGuard, (facts: PinRequestFacts) => CardStopCode | null>> = {
  holder_and_card_found: (facts) => {
    if (!facts.isHolderIdentified) return 'HOLDER_NOT_IDENTIFIED';
    if (!facts.isCardFound) return 'M-22';
    return facts.isCardOfHolder ? null : 'CARD_NOT_OF_HOLDER';
  },
  reason_given: (facts) => (facts.hasReason ? null : 'REASON_NEEDED'),
  contract_signed: (facts) => (facts.isContractSigned ? null : 'CONTRACT_NOT_SIGNED'),
  contract_scanned: (facts) => (facts.isContractScanned ? null : 'CONTRACT_NOT_SCANNED'),
  register_and_courier: (facts) => (facts.hasRegister ? null : 'REGISTER_NEEDED'),
  new_codes: (facts) => (facts.areCodesReady ? null : 'NEW_CODES_NOT_READY'),
  envelope_back: (facts) => (facts.isEnvelopeHere ? null : 'PIN_ENVELOPE_NOT_HERE'),
  holder_identified: (facts) => (facts.isHolderIdentified ? null : 'HOLDER_NOT_IDENTIFIED'),
  archive_handover: (facts) => (facts.hasArchiveList ? null : 'ARCHIVE_LIST_MISSING'),
};
