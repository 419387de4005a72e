import type { Notice } from '../../../shared/contract/base.ts';
import type { DeskEvent } from '../../../shared/contract/system.ts';
import { packageEntitySchema, type PackageEntity } from '../../../shared/registry-api/card-entities.ts';
import type { CommandOutcome, CommandResult } from '../../../shared/registry-api/envelope.ts';
import { applicationStates, packageStates, type PackageState, type SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Desk, Projection } from '../../desk.ts';
import { hasUnknownKeys } from '../../platform/unknown-keys.ts';
import type { Tx } from '../../storage/database.ts';
import { settleAct, summariseSync } from '../../storage/repositories/act-repository.ts';
import { findApplication, updateApplication } from '../../storage/repositories/application-repository.ts';
import { findOperatorByLogin } from '../../storage/repositories/operator-repository.ts';
import {
  emptyPackageBody,
  findPackage,
  insertCarriageAct,
  savePackage,
  settleCarriageAct,
  summariseCarriage,
  type StoredPackage,
} from '../../storage/repositories/package-repository.ts';

/** The word for a command that was answered, and what the registry said where it did not agree. */
function wordOf(outcome: CommandOutcome): { readonly sync: SyncWord; readonly note: Notice | null } {
  switch (outcome.outcome) {
    case 'applied':
      return { sync: 'registered', note: null };
    case 'rejected':
      return { sync: 'refused', note: { code: 'REGISTRY_REJECTED', params: { code: outcome.code } } };
    case 'conflict':
      return { sync: 'attention', note: { code: 'CONFLICT', params: {} } };
    case 'invalid':
      return { sync: 'attention', note: { code: outcome.code, params: {} } };
    case 'deferred':
    case 'blocked':
      return { sync: 'queued', note: null };
  }
}

/** The word on a card stands in the timeline of its case; one that the registry refused moved nothing. Source: ADR-0027 */
const cardKinds: readonly string[] = ['card.receive', 'card.return', 'card.block', 'card.pin_reissue'];
function settleCard(
  desk: Desk,
  tx: Tx,
  { commandId, aggregateKey }: { readonly commandId: string; readonly aggregateKey: string },
  { result, receipt }: CommandResult,
): DeskEvent[] {
  const application = findApplication(tx, aggregateKey);
  if (application === undefined) return [];
  settleAct(tx, { applicationId: aggregateKey, commandId }, { ...wordOf(result), registryAtMs: receipt?.at_ms ?? null });
  const isRefused = result.outcome === 'rejected';
  const state = (isRefused ? applicationStates.find((each) => each === result.state) : undefined) ?? application.state;
  const rev = result.outcome === 'applied' ? Math.max(application.rev ?? 0, result.rev) : application.rev;
  updateApplication(tx, { ...application, state, rev, sync: summariseSync(tx, aggregateKey), updatedAtMs: desk.clock.nowMs() });
  return [{ type: 'application.changed', applicationId: aggregateKey, state }];
}

/** What the registry answered or published about packages, in the exchange's own transaction. Source: sync-and-reliability (b2, b3) */
export function createPackageProjection(desk: Desk): Projection {
  return {
    entities: ['package'],
    onCommandResult(tx, command, result) {
      if (cardKinds.includes(command.kind)) return settleCard(desk, tx, command, result);
      if (!command.kind.startsWith('package.')) return [];
      const stored = findPackage(tx, command.aggregateKey);
      if (stored === undefined) return [];
      const aggregate = `package:${stored.packageNumber}`;
      settleCarriageAct(
        tx,
        { aggregate, commandId: command.commandId },
        { ...wordOf(result.result), registryAtMs: result.receipt?.at_ms ?? null },
      );
      return [save(desk, tx, { ...stored, ...afterAnswer(stored, result) })];
    },
    onChange(tx, change) {
      if (change.entity !== 'package') return [];
      // A package is never taken out of the world: what happened to it stays.
      if (change.op === 'tombstone') return [];
      const parsed = packageEntitySchema.safeParse(change.body);
      if (!parsed.success) throw new Error('a package entity breaks its schema');
      if (hasUnknownKeys(change.body, parsed.data)) change.keepForUpgrade();
      return applyEntity(desk, tx, parsed.data, change);
    },
  };
}

/** A refused act did not happen: the package is where the registry says it is. */
function afterAnswer(stored: StoredPackage, { result }: CommandResult): Partial<StoredPackage> {
  if (result.outcome === 'applied') return { rev: Math.max(stored.rev ?? 0, result.rev) };
  if (result.outcome === 'conflict') {
    const current = packageEntitySchema.safeParse(result.current);
    return { ...(current.success ? contentOf(stored, current.data) : {}), rev: result.rev };
  }
  if (result.outcome !== 'rejected') return {};
  const state: PackageState = packageStates.find((each) => each === result.state) ?? stored.state;
  return { state, rev: Math.max(stored.rev ?? 0, result.rev ?? 0) };
}

function applyEntity(
  desk: Desk,
  tx: Tx,
  entity: PackageEntity,
  { rev, isAnew }: { readonly rev: number; readonly isAnew: boolean },
): DeskEvent[] {
  const { packageNumber, purpose } = entity;
  const aggregate = `package:${packageNumber}`;
  const known = findPackage(tx, packageNumber);
  if (!isAnew && known !== undefined && known.rev !== null && known.rev > rev) return [];
  const base: StoredPackage = known ?? {
    ...emptyPackageBody,
    packageNumber,
    purpose,
    state: entity.state,
    rev,
    sync: 'registered',
    updatedAtMs: desk.clock.nowMs(),
  };
  if (known === undefined) savePackage(tx, base);
  for (const act of entity.acts) {
    const operatorName = findOperatorByLogin(tx, act.operatorLogin)?.record.fullName ?? act.operatorLogin;
    insertCarriageAct(tx, {
      aggregate,
      commandId: act.commandId,
      act: act.kind,
      atMs: act.occurredAtMs,
      registryAtMs: act.atMs,
      operatorLogin: act.operatorLogin,
      operatorName,
      deskId: act.deskId,
      sync: 'registered',
      note: null,
    });
  }
  // An act of this desk that is still on its way is not undone by older news.
  const isUnderWay = summariseCarriage(tx, aggregate) === 'queued' || summariseCarriage(tx, aggregate) === 'unknown';
  return [save(desk, tx, { ...base, ...(isUnderWay ? {} : contentOf(base, entity)), rev })];
}

function contentOf(base: StoredPackage, entity: PackageEntity): Partial<StoredPackage> {
  return {
    state: entity.state,
    fromOfficeId: entity.fromOfficeId,
    fromOfficeName: entity.fromOfficeName,
    toOfficeId: entity.toOfficeId,
    toOfficeName: entity.toOfficeName,
    courierName: entity.courierName,
    courierFin: entity.courierFin,
    registerNumber: entity.registerNumber,
    actNumber: entity.actNumber === '' ? base.actNumber : entity.actNumber,
    isDamaged: entity.isDamaged,
    preparedAtMs: entity.preparedAtMs,
    dispatchedAtMs: entity.dispatchedAtMs ?? 0,
    arrivedAtMs: entity.arrivedAtMs ?? 0,
    items: entity.items.map(({ id, cardSerial, envelopeNumber }) => ({ id, cardSerial, envelopeNumber })),
  };
}

function save(desk: Desk, tx: Tx, stored: StoredPackage): DeskEvent {
  savePackage(tx, { ...stored, sync: summariseCarriage(tx, `package:${stored.packageNumber}`), updatedAtMs: desk.clock.nowMs() });
  return { type: 'package.changed', packageNumber: stored.packageNumber };
}
