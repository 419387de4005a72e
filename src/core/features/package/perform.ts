import type { Notice } from '../../../shared/contract/base.ts';
import type { PackageView } from '../../../shared/contract/package.ts';
import type { DeskEvent } from '../../../shared/contract/system.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CardCommandKind } from '../../../shared/registry-api/card-commands.ts';
import type { CommandPayload } from '../../../shared/registry-api/envelope.ts';
import type { CardStopCode } from '../../../shared/rules/card-codes.ts';
import { decidePackageTransition, type PackageFacts } from '../../../shared/rules/package-states.ts';
import type { PackageState } from '../../../shared/rules/vocabulary.ts';
import type { Actor, CommandDraft } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import type { Reader, Tx } from '../../storage/database.ts';
import { insertCarriageAct, savePackage, summariseCarriage, type StoredPackage } from '../../storage/repositories/package-repository.ts';
import type { PackageContext } from './context.ts';
import { factsOf, loadPackage, type LoadedPackage } from './loaded.ts';
import { viewOf } from './view.ts';

export type PackageAnswer = { package: PackageView; notices: Notice[] };

export interface PackageRequest {
  readonly commandId: string;
  readonly packageNumber: string;
}

/** What a use case decided; everything here is committed together or not at all. */
export interface PackageAct {
  readonly package: StoredPackage;
  /** Absent for what is no act of the procedure (a scan, a mark on a line): audited, and not in the timeline. */
  readonly act?: string;
  readonly auditAct: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly notices?: readonly Notice[];
  readonly note?: Notice;
  /** The package's own command comes first and carries the act's id. */
  readonly outbox?: readonly CommandDraft[];
  readonly events?: readonly DeskEvent[];
}

/** Runs one act on one package in the act's transaction; the same id again answers what it answered before. */
export function performOnPackage<Input extends PackageRequest>(
  context: PackageContext,
  call: Call,
  operation: string,
  input: Input,
  decide: (loaded: LoadedPackage, tx: Tx, facts: PackageFacts) => Result<PackageAct, Failure>,
  actor: Actor | null = call.actor,
): Result<PackageAnswer, Failure> {
  const { desk } = context;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const performed = desk.acts.perform<{ notices: readonly Notice[] }>({ commandId: input.commandId, operation, actor, input }, (tx) => {
    const loaded = loadPackage(context, tx, input.packageNumber);
    if (loaded === undefined) return fail('PACKAGE_NOT_FOUND');
    const decided = decide(loaded, tx, factsOf(context, loaded, call.permissions));
    if (!decided.ok) return decided;
    const { act, auditAct, detail = {}, notices = [], note, outbox = [], events = [] } = decided.value;
    const aggregate = `package:${input.packageNumber}`;
    if (act !== undefined)
      insertCarriageAct(tx, {
        aggregate,
        commandId: input.commandId,
        act,
        atMs: desk.clock.nowMs(),
        registryAtMs: null,
        operatorLogin: actor.login,
        operatorName: actor.fullName,
        deskId: desk.identity.deskId,
        sync: outbox.length === 0 ? 'saved' : 'queued',
        note: note ?? null,
      });
    savePackage(tx, { ...decided.value.package, sync: summariseCarriage(tx, aggregate), updatedAtMs: desk.clock.nowMs() });
    return succeed({
      value: { notices },
      audit: { act: auditAct, detail: { package: input.packageNumber, state: decided.value.package.state, ...detail } },
      ...(outbox.length === 0 ? {} : { outbox }),
      events: [{ type: 'package.changed' as const, packageNumber: input.packageNumber }, ...events],
    });
  });
  return performed.ok ? answerOf(context, desk.db, call, input.packageNumber, performed.value.notices) : performed;
}

export function answerOf(
  context: PackageContext,
  db: Reader,
  call: Call,
  packageNumber: string,
  notices: readonly Notice[],
): Result<PackageAnswer, Failure> {
  const loaded = loadPackage(context, db, packageNumber);
  if (loaded === undefined) return fail('PACKAGE_NOT_FOUND');
  return succeed({ package: viewOf(context, db, loaded, call.permissions), notices: [...notices] });
}

/** A command about a package, under the revision that was seen. */
export function commandFor<K extends Extract<CardCommandKind, `package.${string}`>>(
  stored: StoredPackage,
  kind: K,
  payload: CommandPayload<K>,
): CommandDraft {
  const draft = { kind, payload, aggregate: { type: 'package', key: stored.packageNumber }, baseRev: stored.rev, leaseToken: 0 } as const;
  // Kind and payload belong together by the signature; the union cannot see it through a type parameter.
  return draft as unknown as CommandDraft;
}

/** The next state by the rule, or why the step is not offered now. */
export function moveTo(from: PackageState, to: PackageState, facts: PackageFacts): Result<PackageState, Failure> {
  const decided = decidePackageTransition(from, to, facts);
  return decided.ok ? succeed(decided.value.to) : failStop(decided.error, from);
}

export function failStop(stop: CardStopCode, state: string): Result<never, Failure> {
  if (stop === 'NOT_YOUR_RIGHT') return fail('FORBIDDEN');
  if (/^M-\d\d$/u.test(stop)) return fail(stop);
  return fail('STEP_NOT_POSSIBLE', { reason: stop === 'STATE' ? 'PACKAGE_STATE' : stop, state });
}
