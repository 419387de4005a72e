import { cardCommandKinds, onlineOnlyCardKinds, type CardCommandKind } from '../registry-api/card-commands.ts';
import type { CommandKind } from '../registry-api/envelope.ts';
import type { Permission } from './vocabulary.ts';

/**
 * What happens when two desks want different things of one case. There is no "last one wins": the registry is the legal record, and what it has
 * recorded is changed by a new command of a person who saw both sides, never by editing what happened. Source: sync-and-reliability (b4)
 */
export const dataClasses = ['identity', 'contact', 'workflow', 'one_shot', 'monotone', 'remark'] as const;
export type DataClass = (typeof dataClasses)[number];

/** The class that judges each kind of command. A review or a correction only adds a remark and meets nobody. */
export const classOfKind: Readonly<Record<CommandKind, DataClass>> = {
  'application.send': 'one_shot',
  'application.activate': 'one_shot',
  'application.sign_contract': 'workflow',
  'application.begin_hand_over': 'workflow',
  'application.hand_over': 'workflow',
  'application.send_scans': 'workflow',
  'application.enter_scans': 'workflow',
  'application.archive': 'workflow',
  'application.refuse': 'workflow',
  'application.withdraw': 'workflow',
  'register.review': 'remark',
  'register.correct': 'remark',
  'incident.handle': 'remark',
  'operator.create': 'one_shot',
  'operator.appoint': 'workflow',
  'operator.disable': 'monotone',
  'operator.enable': 'workflow',
  'operator.reset_password': 'workflow',
  'operator.unlock': 'workflow',
  'operator.bind_card': 'workflow',
  'operator.change_password': 'workflow',
  ...classOfCardKind(),
};

/** What the registry has to answer first happens once; the others are judged by the state of the card, the package or the request. Source: ADR-0027 */
function classOfCardKind(): Readonly<Record<CardCommandKind, DataClass>> {
  return Object.fromEntries(
    cardCommandKinds.map((kind) => [kind, onlineOnlyCardKinds.includes(kind) ? 'one_shot' : 'workflow'] as const),
  ) as Record<CardCommandKind, DataClass>;
}

type Fields = Readonly<Record<string, string>>;
export interface FieldConflict {
  readonly field: string;
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}
export type Merge = { readonly ok: true; readonly merged: Fields } | { readonly ok: false; readonly conflicts: readonly FieldConflict[] };

/** Of the population register, by FİN: no desk writes them, so of three versions only the register's counts. */
export const identityFields: readonly string[] = [
  'fin',
  'surname',
  'givenName',
  'fatherName',
  'sex',
  'birthOn',
  'birthPlace',
  'citizenship',
];

/**
 * Contact data: what only one side changed is taken from that side, what both changed alike is agreed, and a field that both changed differently
 * goes to a person with both values. Identity is never merged: the registry's stands.
 */
export function mergeContact(base: Fields, mine: Fields, theirs: Fields): Merge {
  const names = [...new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])].sort();
  const merged: Record<string, string> = {};
  const conflicts: FieldConflict[] = [];
  for (const field of names) {
    const [was, here, there] = [base[field] ?? '', mine[field] ?? '', theirs[field] ?? ''];
    if (identityFields.includes(field) || here === was || here === there) merged[field] = there;
    else if (there === was) merged[field] = here;
    else conflicts.push({ field, base: was, mine: here, theirs: there });
  }
  return conflicts.length === 0 ? { ok: true, merged } : { ok: false, conflicts };
}

/** Compare and set: only who saw the newest state changes it. `ownRev` is the revision that this desk's own command before it had made. */
export function decideWorkflow(baseRev: number | null, ownRev: number | null, stateRev: number): 'apply' | 'conflict' {
  if (stateRev === 0) return baseRev === null || baseRev === 0 ? 'apply' : 'conflict';
  return (baseRev !== null && baseRev >= stateRev) || (ownRev !== null && ownRev >= stateRev) ? 'apply' : 'conflict';
}

/** What may stand open once. */
export interface OneShotKey {
  readonly fin: string;
  readonly carrier: string;
  readonly kind: string;
  readonly voen: string;
}

/** One open act for a person, carrier, kind of certificate and organisation; a second one is refused as `ALREADY_OPEN`. */
export function decideOneShot(open: readonly OneShotKey[], wanted: OneShotKey): 'apply' | 'ALREADY_OPEN' {
  const isSame = (each: OneShotKey): boolean =>
    each.fin === wanted.fin && each.carrier === wanted.carrier && each.kind === wanted.kind && each.voen === wanted.voen;
  return open.some(isSame) ? 'ALREADY_OPEN' : 'apply';
}

export const protections = ['none', 'suspended', 'revoked'] as const;
export type Protection = (typeof protections)[number];

/** Suspension and revocation only ever strengthen, so their order does not matter and nothing else undoes them on the way. */
export function strengthen(now: Protection, wanted: Protection): Protection {
  return protections.indexOf(wanted) > protections.indexOf(now) ? wanted : now;
}

export const conflictChoices = ['keep_theirs', 'send_again'] as const;
export type ConflictChoice = (typeof conflictChoices)[number];

/** Why a choice is not offered. */
export type ChoiceStop = 'NOT_YOUR_RIGHT' | 'LEASE_HELD' | 'ONLINE_ACT' | 'CASE_IS_OVER' | null;

/** Whoever may do the act at all. What another role does at the registry is its own to say: it judges the command anew. */
export const permissionOfKind: Readonly<Partial<Record<CommandKind, Permission>>> = {
  'application.sign_contract': 'application.edit',
  'application.hand_over': 'application.edit',
  'application.send_scans': 'scan.send',
  'application.enter_scans': 'scan.enter',
  'application.archive': 'application.edit',
  'application.refuse': 'application.edit',
  'application.withdraw': 'application.edit',
  'register.review': 'register.review',
  'register.correct': 'application.edit',
};

const endStates: readonly string[] = ['ARCHIVED', 'REFUSED', 'WITHDRAWN'];

/**
 * What a person may answer to a conflict. Theirs can be kept by whoever works at this queue; mine is sent again, as a new command on the state that
 * was shown, only by who may do that act, where no other desk holds the case, and while the case is not over.
 */
export function decideChoice(
  choice: ConflictChoice,
  facts: {
    readonly kind: CommandKind;
    readonly isIntent: boolean;
    readonly theirState: string;
    readonly isHeldByOther: boolean;
    readonly mayActOnQueue: boolean;
    readonly permissions: ReadonlySet<Permission>;
  },
): ChoiceStop {
  const permission = permissionOfKind[facts.kind];
  if (choice === 'keep_theirs') return facts.mayActOnQueue ? null : 'NOT_YOUR_RIGHT';
  if (facts.isIntent || permission === undefined) return 'ONLINE_ACT';
  if (!facts.permissions.has(permission)) return 'NOT_YOUR_RIGHT';
  if (facts.isHeldByOther) return 'LEASE_HELD';
  return classOfKind[facts.kind] === 'workflow' && endStates.includes(facts.theirState) ? 'CASE_IS_OVER' : null;
}
