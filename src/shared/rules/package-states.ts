import type { CardStopCode } from './card-codes.ts';
import { fail, ok, type Decision } from './decision.ts';
import type { PackageState, Permission } from './vocabulary.ts';

/** What travels in a package and which way. `returns` and `pin_documents` go to the centre. Source: PRS-11, PKG-10, COU-04 */
export const packagePurposes = ['cards', 'pin_envelopes', 'pin_documents', 'returns'] as const;
export type PackagePurpose = (typeof packagePurposes)[number];

/** 0 items make no package. Source: PRS-11 */
export const maxPackageItems = 500;

/** Who makes a package move. Source: procedures.md §14.4 */
export const packageActors = ['sender', 'receiver', 'officer'] as const;
export type PackageActor = (typeof packageActors)[number];

/** Names of the conditions in square brackets of procedures.md §14.4. */
export type PackageGuard =
  | 'address_and_register'
  | 'courier_identified'
  | 'document_not_couriers'
  | 'centre_answered'
  | 'damage'
  | 'officer_signs'
  | 'goes_back'
  | 'number_and_courier'
  | 'every_line_decided'
  | 'registration_confirmed';

export type PackageTransition = {
  readonly from: PackageState;
  readonly to: PackageState;
  readonly actor: PackageActor;
  readonly guard: PackageGuard;
  readonly source: string;
};

/** Source: procedures.md §14.4 */
export const packageTransitions: readonly PackageTransition[] = [
  { from: 'PREPARED', to: 'WITH_COURIER', actor: 'sender', guard: 'address_and_register', source: 'T §9.5.1.2, §11.1.16' },
  { from: 'WITH_COURIER', to: 'AT_OFFICE', actor: 'receiver', guard: 'courier_identified', source: 'T §9.5.1.4' },
  { from: 'WITH_COURIER', to: 'ID_FAILED', actor: 'receiver', guard: 'document_not_couriers', source: 'T §9.5.1.4' },
  { from: 'ID_FAILED', to: 'AT_OFFICE', actor: 'receiver', guard: 'centre_answered', source: '[D]' },
  { from: 'ID_FAILED', to: 'RETURNED', actor: 'receiver', guard: 'centre_answered', source: '[D]' },
  { from: 'AT_OFFICE', to: 'DAMAGED', actor: 'receiver', guard: 'damage', source: 'T §9.5.1.5' },
  { from: 'AT_OFFICE', to: 'ACT_SIGNED', actor: 'officer', guard: 'officer_signs', source: 'T §9.5.1.6' },
  { from: 'DAMAGED', to: 'RETURNED', actor: 'receiver', guard: 'goes_back', source: 'T §9.5.1.5' },
  { from: 'ACT_SIGNED', to: 'RECORDED', actor: 'receiver', guard: 'number_and_courier', source: 'T §9.5.1.8' },
  { from: 'RECORDED', to: 'CHECKED', actor: 'receiver', guard: 'every_line_decided', source: 'T §9.5.1.9, §9.5.1.10' },
  { from: 'CHECKED', to: 'CONFIRMED', actor: 'receiver', guard: 'registration_confirmed', source: 'T §9.5.1.11' },
];

export const finalPackageStates: readonly PackageState[] = ['CONFIRMED', 'RETURNED'];

/** The centre sends and receives by its personalisation operators, an office by registrar and authorised officer. Source: procedures.md §16, COU-04 */
const permissionsOfActor: Readonly<Record<PackageActor, readonly Permission[]>> = {
  sender: ['card.dispatch', 'package.receive'],
  receiver: ['package.receive', 'card.dispatch'],
  officer: ['package.sign', 'card.dispatch'],
};

/** Which side of the package the desk's office is. */
export const packageSides = ['from', 'to', 'none'] as const;
export type PackageSide = (typeof packageSides)[number];

/** What is known about the act on one package. */
export type PackageFacts = {
  readonly permissions: readonly Permission[];
  readonly side: PackageSide;
  /** The address on the package was read and is that of the receiving office. Source: PKG-02 */
  readonly isAddressChecked: boolean;
  /** The register F-25 (or F-28, F-29, F-26, F-27) has a number. Source: PRS-14 */
  readonly hasRegister: boolean;
  /** Courier's name and FİN of the dispatch record. Source: PRS-12 */
  readonly hasCourier: boolean;
  /** The document shown is the courier's own and its FİN that of the dispatch record. Source: PKG-04 */
  readonly isCourierRight: boolean;
  /** What the centre said about the courier is written down. */
  readonly hasAnswerOfCentre: boolean;
  readonly isDamaged: boolean;
  readonly isActSigned: boolean;
  readonly isCourierNamed: boolean;
  /** Every card is registered or stands on a return register, no red line left. Source: PKG-12 */
  readonly isEveryLineDecided: boolean;
};

export const emptyPackageFacts: PackageFacts = {
  permissions: [],
  side: 'none',
  isAddressChecked: false,
  hasRegister: false,
  hasCourier: false,
  isCourierRight: false,
  hasAnswerOfCentre: false,
  isDamaged: false,
  isActSigned: false,
  isCourierNamed: false,
  isEveryLineDecided: false,
};

export function listNextPackageStates(state: PackageState): PackageState[] {
  return [...new Set(packageTransitions.filter((edge) => edge.from === state).map((edge) => edge.to))];
}

/** May the package go from `from` to `to`? The failure says why the act is not offered now. Source: procedures.md §14.4 */
export function decidePackageTransition(
  from: PackageState,
  to: PackageState,
  facts: PackageFacts,
): Decision<PackageTransition, CardStopCode> {
  const edge = packageTransitions.find((each) => each.from === from && each.to === to);
  if (edge === undefined) return fail('STATE');
  if (!permissionsOfActor[edge.actor].some((permission) => facts.permissions.includes(permission))) return fail('NOT_YOUR_RIGHT');
  if (facts.side !== (edge.actor === 'sender' ? 'from' : 'to')) return fail('NOT_YOUR_PACKAGE');
  const stop = guards[edge.guard](facts);
  return stop === null ? ok(edge) : fail(stop);
}

const guards: Readonly<Record<PackageGuard, (facts: PackageFacts) => CardStopCode | null>> = {
  address_and_register: (facts) => {
    if (!facts.isAddressChecked) return 'ADDRESS_NOT_CHECKED';
    if (!facts.hasRegister) return 'REGISTER_NEEDED';
    return facts.hasCourier ? null : 'COURIER_MISSING';
  },
  courier_identified: (facts) => (facts.isCourierRight ? null : 'M-16'),
  document_not_couriers: (facts) => (facts.isCourierRight ? 'COURIER_IDENTIFIED' : null),
  centre_answered: (facts) => (facts.hasAnswerOfCentre ? null : 'CENTRE_NOT_ASKED'),
  damage: (facts) => (facts.isDamaged ? null : 'PACKAGE_NOT_DAMAGED'),
  officer_signs: (facts) => (facts.isDamaged ? 'M-17' : facts.isActSigned ? null : 'ACT_NOT_SIGNED'),
  goes_back: (facts) => (facts.hasRegister ? null : 'REGISTER_NEEDED'),
  number_and_courier: (facts) => (facts.isCourierNamed ? null : 'COURIER_NAME_MISSING'),
  every_line_decided: (facts) => (facts.isEveryLineDecided ? null : 'LINES_OPEN'),
  registration_confirmed: (facts) => (facts.isEveryLineDecided ? null : 'LINES_OPEN'),
};
