import type { PackageStep, PackageView } from '../../../shared/contract/package.ts';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { countPackage, type CountLine, type CountSide, type PackageCount } from '../../../shared/rules/package-counts.ts';
import { decidePackageTransition, type PackageFacts, type PackageSide } from '../../../shared/rules/package-states.ts';
import type { PackageState, Permission } from '../../../shared/rules/vocabulary.ts';
import type { Reader } from '../../storage/database.ts';
import {
  findPackage,
  listScans,
  type PackageDecision,
  type StoredPackage,
  type StoredPackageItem,
} from '../../storage/repositories/package-repository.ts';
import { isPrinted, receiptOf, type PackageContext } from './context.ts';

/** A line of the package with what was counted and decided about it. */
export interface LoadedLine extends CountLine {
  readonly item: StoredPackageItem;
  readonly decision: PackageDecision | undefined;
}
export interface Surplus {
  readonly side: CountSide;
  readonly code: string;
  readonly decision: PackageDecision | undefined;
}

/** A package with everything that its rules look at. */
export interface LoadedPackage {
  readonly stored: StoredPackage;
  readonly count: PackageCount;
  readonly lines: readonly LoadedLine[];
  readonly surplus: readonly Surplus[];
  readonly act: readonly PaperView[];
  readonly mismatch: readonly PaperView[];
  readonly unpaired: readonly PaperView[];
}

export function loadPackage(context: PackageContext, db: Reader, packageNumber: string): LoadedPackage | undefined {
  const stored = findPackage(db, packageNumber);
  if (stored === undefined) return undefined;
  const count = countPackage(stored.items, listScans(db, packageNumber));
  const decided = (side: PackageDecision['side'], subject: string): PackageDecision | undefined =>
    stored.decisions.find((each) => each.side === side && each.subject === subject);
  const surplusOf = (side: CountSide, codes: readonly string[]): Surplus[] =>
    codes.map((code) => ({ side, code, decision: decided(side, code) }));
  return {
    stored,
    count,
    lines: stored.items.flatMap((item, index) => {
      const line = count.lines[index];
      return line === undefined ? [] : [{ ...line, item, decision: decided('line', item.id) }];
    }),
    surplus: [...surplusOf('card', count.surplusCards), ...surplusOf('envelope', count.surplusEnvelopes)],
    act: context.papers.listOwn(db, 'F-24', receiptOf(packageNumber)),
    mismatch: context.papers.listOwn(db, 'F-26', packageNumber),
    unpaired: context.papers.listOwn(db, 'F-27', packageNumber),
  };
}

/** With which register a red line, or what does not belong here, goes back. Source: PKG-09, PKG-10 */
export function returnFormOf(what: Pick<LoadedLine, 'card' | 'envelope'> | Pick<Surplus, 'side'>): 'F-26' | 'F-27' {
  if ('side' in what) return what.side === 'card' ? 'F-26' : 'F-27';
  if (what.card === 'seen' && what.envelope !== 'seen') return 'F-27';
  return what.card === 'missing' && what.envelope === 'seen' ? 'F-27' : 'F-26';
}

export type ReturnReason = 'serial_mismatch' | 'envelope_missing' | 'envelope_damaged' | 'card_missing';
export function returnReasonOf(line: Pick<LoadedLine, 'card' | 'envelope'>): ReturnReason {
  if (returnFormOf(line) === 'F-26') return 'serial_mismatch';
  if (line.card === 'missing') return 'card_missing';
  return line.envelope === 'damaged' ? 'envelope_damaged' : 'envelope_missing';
}

/** Nothing stands against registering this card, or a person wrote why it is right after all. Source: PKG-09 */
export function isToRegister(line: LoadedLine): boolean {
  return line.isGreen || line.decision?.decision === 'removed';
}

export function countOpenLines({ lines, surplus }: Pick<LoadedPackage, 'lines' | 'surplus'>): number {
  return (
    lines.filter((line) => !line.isGreen && line.decision === undefined).length + surplus.filter((one) => one.decision === undefined).length
  );
}

/** Registers that must be printed before what stands on them may leave. */
export function listNeededRegisters({ lines, surplus }: Pick<LoadedPackage, 'lines' | 'surplus'>): ('F-26' | 'F-27')[] {
  const returned = [
    ...lines.filter((line) => !line.isGreen && line.decision?.decision === 'returned'),
    ...surplus.filter((one) => one.decision?.decision === 'returned'),
  ].map(returnFormOf);
  return (['F-26', 'F-27'] as const).filter((form) => returned.includes(form));
}

export function registerOf(loaded: LoadedPackage, form: 'F-26' | 'F-27'): readonly PaperView[] {
  return form === 'F-26' ? loaded.mismatch : loaded.unpaired;
}

/** Where from and to are one office (training), a package on its way is received. */
export function sideOf(context: PackageContext, { fromOfficeId, toOfficeId, state }: StoredPackage): PackageSide {
  const { officeId } = context.desk.identity;
  if (toOfficeId === officeId && (state !== 'PREPARED' || fromOfficeId !== officeId)) return 'to';
  return fromOfficeId === officeId ? 'from' : 'none';
}

export function factsOf(context: PackageContext, loaded: LoadedPackage, permissions: ReadonlySet<Permission>): PackageFacts {
  const { stored } = loaded;
  const hasRegisters = listNeededRegisters(loaded).every((form) => isPrinted(registerOf(loaded, form)));
  return {
    permissions: [...permissions],
    side: sideOf(context, stored),
    isAddressChecked: stored.registerNumber !== '',
    // The register of the sending before it left, that of the return when it goes back.
    hasRegister: stored.state === 'PREPARED' ? stored.registerNumber !== '' : isPrinted(loaded.mismatch),
    hasCourier: stored.courierName !== '' && stored.courierFin !== '',
    isCourierRight: true,
    hasAnswerOfCentre: stored.centreAnswer !== '',
    isDamaged: stored.isDamaged,
    isActSigned: isPrinted(loaded.act),
    isCourierNamed: stored.receivedCourierName !== '',
    isEveryLineDecided: countOpenLines(loaded) === 0 && hasRegisters,
  };
}

const order: Readonly<Record<PackageStep, { readonly from: readonly PackageState[]; readonly to: PackageState }>> = {
  arrive: { from: ['WITH_COURIER'], to: 'AT_OFFICE' },
  answer_centre: { from: ['ID_FAILED'], to: 'AT_OFFICE' },
  return_all: { from: ['DAMAGED'], to: 'RETURNED' },
  sign_act: { from: ['AT_OFFICE'], to: 'ACT_SIGNED' },
  record: { from: ['ACT_SIGNED'], to: 'RECORDED' },
  scan: { from: ['RECORDED'], to: 'CHECKED' },
  check: { from: ['RECORDED'], to: 'CHECKED' },
  confirm: { from: ['CHECKED'], to: 'CONFIRMED' },
};
const rank: readonly PackageState[] = [
  'PREPARED',
  'WITH_COURIER',
  'ID_FAILED',
  'AT_OFFICE',
  'DAMAGED',
  'ACT_SIGNED',
  'RECORDED',
  'CHECKED',
  'CONFIRMED',
  'RETURNED',
];

/** Each step of the receipt: done, open (with the reason why it is not offered now, if there is one), or later. Source: procedures.md §14.4 */
export function listSteps(context: PackageContext, loaded: LoadedPackage, permissions: ReadonlySet<Permission>): PackageView['steps'] {
  const { state } = loaded.stored;
  const facts = factsOf(context, loaded, permissions);
  const sideways: readonly PackageStep[] = ['answer_centre', 'return_all'];
  return (Object.keys(order) as PackageStep[]).flatMap((step): PackageView['steps'] => {
    const { from, to } = order[step];
    if (from.includes(state)) {
      // What the step itself brings is taken as given: the reason is about everything else.
      const wished: PackageFacts = {
        ...facts,
        ...(step === 'sign_act' ? { permissions: [...facts.permissions, 'package.sign'] } : {}),
        ...(step === 'scan' ? { isEveryLineDecided: true } : {}),
        ...(step === 'record' ? { isCourierNamed: true } : {}),
        ...(step === 'answer_centre' ? { hasAnswerOfCentre: true } : {}),
      };
      const decided = decidePackageTransition(state, to, wished);
      return [{ step, state: 'open', reason: decided.ok ? '' : decided.error }];
    }
    if (sideways.includes(step)) return [];
    const isPast = state === 'RETURNED' ? false : rank.indexOf(state) >= rank.indexOf(to);
    return [{ step, state: isPast ? 'done' : 'later', reason: '' }];
  });
}
