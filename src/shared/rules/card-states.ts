import type { CardStopCode } from './card-codes.ts';
import { fail, ok, type Decision } from './decision.ts';
import type { CardState, Permission } from './vocabulary.ts';

/** Who makes a card move. Source: procedures.md §14.3 */
export const cardActors = ['operator', 'officer', 'registrar', 'holder'] as const;
export type CardActor = (typeof cardActors)[number];

/** Names of the conditions in square brackets of procedures.md §14.3. */
export type CardGuard =
  | 'verified'
  | 'serial_equals_envelope'
  | 'spoilt'
  | 'package_dispatched'
  | 'act_signed'
  | 'package_damaged'
  | 'serial_and_envelope_right'
  | 'serial_wrong'
  | 'envelope_wrong'
  | 'problem_removed'
  | 'return_register'
  | 'case_ended_or_register'
  | 'handed_over'
  | 'pins_spent'
  | 'puk_used'
  | 'pin_request'
  | 'new_envelope_given';

export type CardTransition = {
  readonly from: CardState;
  readonly to: CardState;
  readonly actor: CardActor;
  readonly guard: CardGuard;
  readonly source: string;
};

const spoilt = (from: CardState): CardTransition => ({ from, to: 'SPOILED', actor: 'operator', guard: 'spoilt', source: '[D]' });

/**
 * A card leaves the centre matched or not at all: until then it may be spoilt in any state (a failed chip, a failed print, a case that ended meanwhile).
 * A card that waits at the office goes back when its case ends, or with a register when it fails on the desk's reader before the contract.
 * Source: procedures.md §14.3, PRS-07, PRS-13
 */
export const cardTransitions: readonly CardTransition[] = [
  { from: 'BLANK', to: 'PERSONALISED', actor: 'operator', guard: 'verified', source: 'T §11.1.5' },
  spoilt('BLANK'),
  { from: 'PERSONALISED', to: 'MATCHED', actor: 'operator', guard: 'serial_equals_envelope', source: 'T §11.1.7' },
  spoilt('PERSONALISED'),
  { from: 'MATCHED', to: 'DISPATCHED', actor: 'operator', guard: 'package_dispatched', source: 'T §11.1.13' },
  spoilt('MATCHED'),
  { from: 'DISPATCHED', to: 'RECEIVED', actor: 'officer', guard: 'act_signed', source: 'T §9.5.1.6' },
  { from: 'DISPATCHED', to: 'RETURNED', actor: 'registrar', guard: 'package_damaged', source: 'T §9.5.1.5' },
  { from: 'RECEIVED', to: 'REGISTERED', actor: 'registrar', guard: 'serial_and_envelope_right', source: 'T §9.5.1.11' },
  { from: 'RECEIVED', to: 'MISMATCH', actor: 'registrar', guard: 'serial_wrong', source: 'T §9.5.1.9' },
  { from: 'RECEIVED', to: 'NO_ENVELOPE', actor: 'registrar', guard: 'envelope_wrong', source: 'T §9.5.1.10' },
  { from: 'MISMATCH', to: 'REGISTERED', actor: 'registrar', guard: 'problem_removed', source: 'T §9.5.1.9' },
  { from: 'MISMATCH', to: 'RETURNED', actor: 'registrar', guard: 'return_register', source: 'T §9.5.1.9' },
  { from: 'NO_ENVELOPE', to: 'RETURNED', actor: 'registrar', guard: 'return_register', source: 'T §9.5.1.10' },
  { from: 'REGISTERED', to: 'HANDED', actor: 'registrar', guard: 'handed_over', source: 'T §9.6.1.13' },
  { from: 'REGISTERED', to: 'RETURNED', actor: 'registrar', guard: 'case_ended_or_register', source: '[D]' },
  { from: 'HANDED', to: 'BLOCKED', actor: 'holder', guard: 'pins_spent', source: 'T §5.1.1' },
  { from: 'HANDED', to: 'PIN_REISSUE', actor: 'registrar', guard: 'pin_request', source: 'T §9.7.1.1' },
  { from: 'BLOCKED', to: 'HANDED', actor: 'holder', guard: 'puk_used', source: 'T §5.1.1' },
  { from: 'BLOCKED', to: 'PIN_REISSUE', actor: 'registrar', guard: 'pin_request', source: 'T §9.7.1.1' },
  { from: 'PIN_REISSUE', to: 'HANDED', actor: 'registrar', guard: 'new_envelope_given', source: 'T §9.7.1.12' },
];

/** The card is out for good: another one is made. HANDED is where a card rests, but not an end. Source: procedures.md §14.3 */
export const finalCardStates: readonly CardState[] = ['RETURNED', 'SPOILED'];

const permissionOfActor: Readonly<Record<CardActor, readonly Permission[]>> = {
  operator: ['card.personalise', 'card.dispatch'],
  officer: ['package.sign'],
  registrar: ['package.receive', 'application.edit', 'pin.reissue'],
  holder: ['card.service'],
};

/** What is known about the act on one card. */
export type CardFacts = {
  readonly permissions: readonly Permission[];
  /** Certificates written and read back, both keys signed a challenge, tries full, envelope printed. */
  readonly isVerified: boolean;
  /** Serial and envelope number were both read and belong together. Source: PRS-07, PKG-09 */
  readonly isSerialRight: boolean;
  /** The envelope is there and whole. Source: PKG-10 */
  readonly isEnvelopeSound: boolean;
  /** Address checked, register signed, courier named. */
  readonly isPackageDispatched: boolean;
  readonly isPackageDamaged: boolean;
  readonly isActSigned: boolean;
  /** Number of the register with which the card goes back is known. */
  readonly hasReturnRegister: boolean;
  /** Why the card is spoilt, or why it may be registered after all, is written down. */
  readonly hasReason: boolean;
  readonly isCaseEnded: boolean;
  readonly isHolderIdentified: boolean;
  readonly isContractSigned: boolean;
  readonly isActivated: boolean;
  /** No PIN try is left on the card. Source: CR-05 */
  readonly arePinsSpent: boolean;
  readonly hasPinRequest: boolean;
  /** The envelope with the new codes came back to the office. Source: PIN-12 */
  readonly isNewEnvelopeHere: boolean;
};

export const emptyCardFacts: CardFacts = {
  permissions: [],
  isVerified: false,
  isSerialRight: false,
  isEnvelopeSound: false,
  isPackageDispatched: false,
  isPackageDamaged: false,
  isActSigned: false,
  hasReturnRegister: false,
  hasReason: false,
  isCaseEnded: false,
  isHolderIdentified: false,
  isContractSigned: false,
  isActivated: false,
  arePinsSpent: false,
  hasPinRequest: false,
  isNewEnvelopeHere: false,
};

export function listNextCardStates(state: CardState): CardState[] {
  return [...new Set(cardTransitions.filter((edge) => edge.from === state).map((edge) => edge.to))];
}

/** May the card go from `from` to `to`? The failure says why the act is not offered now. Source: procedures.md §14.3 */
export function decideCardTransition(from: CardState, to: CardState, facts: CardFacts): Decision<CardTransition, CardStopCode> {
  const edge = cardTransitions.find((each) => each.from === from && each.to === to);
  if (edge === undefined) return fail('STATE');
  if (!permissionOfActor[edge.actor].some((permission) => facts.permissions.includes(permission))) return fail('NOT_YOUR_RIGHT');
  const stop = guards[edge.guard](facts);
  return stop === null ? ok(edge) : fail(stop);
}

const guards: Readonly<Record<CardGuard, (facts: CardFacts) => CardStopCode | null>> = {
  verified: (facts) => (facts.isVerified ? null : 'CARD_NOT_VERIFIED'),
  serial_equals_envelope: (facts) => (facts.isSerialRight ? null : 'M-18'),
  spoilt: (facts) => (facts.hasReason ? null : 'REASON_NEEDED'),
  package_dispatched: (facts) => (facts.isPackageDispatched ? null : 'PACKAGE_NOT_DISPATCHED'),
  act_signed: (facts) => (facts.isPackageDamaged ? 'M-17' : facts.isActSigned ? null : 'ACT_NOT_SIGNED'),
  package_damaged: (facts) => (facts.isPackageDamaged ? null : 'PACKAGE_NOT_DAMAGED'),
  serial_and_envelope_right: (facts) => (!facts.isSerialRight ? 'M-18' : facts.isEnvelopeSound ? null : 'M-19'),
  serial_wrong: (facts) => (facts.isSerialRight ? 'SERIAL_RIGHT' : null),
  envelope_wrong: (facts) => (facts.isEnvelopeSound ? 'ENVELOPE_SOUND' : null),
  problem_removed: (facts) => (!facts.hasReason ? 'REASON_NEEDED' : facts.isEnvelopeSound ? null : 'M-19'),
  return_register: (facts) => (facts.hasReturnRegister ? null : 'REGISTER_NEEDED'),
  case_ended_or_register: (facts) => (facts.isCaseEnded || facts.hasReturnRegister ? null : 'CASE_NOT_ENDED'),
  handed_over: (facts) => {
    if (!facts.isHolderIdentified) return 'HOLDER_NOT_IDENTIFIED';
    if (!facts.isContractSigned) return 'CONTRACT_NOT_SIGNED';
    if (!facts.isActivated) return 'NOT_ACTIVATED';
    return facts.isEnvelopeSound ? null : 'M-19';
  },
  pins_spent: (facts) => (facts.arePinsSpent ? null : 'PINS_NOT_SPENT'),
  puk_used: (facts) => (facts.arePinsSpent ? 'PUK_NOT_USED' : null),
  pin_request: (facts) => (facts.hasPinRequest ? null : 'PIN_REQUEST_MISSING'),
  new_envelope_given: (facts) => {
    if (!facts.isHolderIdentified) return 'HOLDER_NOT_IDENTIFIED';
    return facts.isNewEnvelopeHere ? null : 'PIN_ENVELOPE_NOT_HERE';
  },
};
