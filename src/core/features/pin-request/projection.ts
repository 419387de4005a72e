import type { Notice } from '../../../shared/contract/base.ts';
import type { DeskEvent } from '../../../shared/contract/system.ts';
import { pinRequestEntitySchema, type PinRequestEntity } from '../../../shared/registry-api/card-entities.ts';
import type { CommandOutcome, CommandResult } from '../../../shared/registry-api/envelope.ts';
import { personSchema } from '../../../shared/rules/application-data.ts';
import { pinRequestStates, type SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Desk, Projection } from '../../desk.ts';
import { hasUnknownKeys } from '../../platform/unknown-keys.ts';
import type { Tx } from '../../storage/database.ts';
import { findOperatorByLogin } from '../../storage/repositories/operator-repository.ts';
import { insertCarriageAct, settleCarriageAct, summariseCarriage } from '../../storage/repositories/package-repository.ts';
import { findPinRequest, savePinRequest, type StoredPinRequest } from '../../storage/repositories/pin-request-repository.ts';

/** What the registry answered or published about requests for new codes. Source: sync-and-reliability (b2, b3) */
export function createPinRequestProjection(desk: Desk): Projection {
  return {
    entities: ['pin_request'],
    onCommandResult(tx, command, result) {
      if (!command.kind.startsWith('pin.')) return [];
      const stored = findPinRequest(tx, command.aggregateKey);
      if (stored === undefined) return [];
      const aggregate = `pin_request:${stored.requestId}`;
      settleCarriageAct(
        tx,
        { aggregate, commandId: command.commandId },
        { ...wordOf(result.result), registryAtMs: result.receipt?.at_ms ?? null },
      );
      return [save(desk, tx, { ...stored, ...afterAnswer(stored, result) })];
    },
    onChange(tx, change) {
      if (change.entity !== 'pin_request' || change.op === 'tombstone') return [];
      const parsed = pinRequestEntitySchema.safeParse(change.body);
      if (!parsed.success) throw new Error('a request for new codes breaks its schema');
      if (hasUnknownKeys(change.body, parsed.data)) change.keepForUpgrade();
      return applyEntity(desk, tx, parsed.data, change);
    },
  };
}

function wordOf(outcome: CommandOutcome): { readonly sync: SyncWord; readonly note: Notice | null } {
  if (outcome.outcome === 'applied') return { sync: 'registered', note: null };
  if (outcome.outcome === 'rejected') return { sync: 'refused', note: { code: 'REGISTRY_REJECTED', params: { code: outcome.code } } };
  if (outcome.outcome === 'conflict') return { sync: 'attention', note: { code: 'CONFLICT', params: {} } };
  if (outcome.outcome === 'invalid') return { sync: 'attention', note: { code: outcome.code, params: {} } };
  return { sync: 'queued', note: null };
}

/** A refused act did not happen: the request is where the registry says it is. */
function afterAnswer(stored: StoredPinRequest, { result }: CommandResult): Partial<StoredPinRequest> {
  if (result.outcome === 'applied') return { rev: Math.max(stored.rev ?? 0, result.rev) };
  if (result.outcome === 'conflict') {
    const current = pinRequestEntitySchema.safeParse(result.current);
    return { ...(current.success ? contentOf(stored, current.data) : {}), rev: result.rev };
  }
  if (result.outcome !== 'rejected') return {};
  const state = pinRequestStates.find((each) => each === result.state) ?? stored.state;
  return { state, rev: result.rev === undefined || result.rev === 0 ? stored.rev : Math.max(stored.rev ?? 0, result.rev) };
}

function applyEntity(
  desk: Desk,
  tx: Tx,
  entity: PinRequestEntity,
  { rev, isAnew }: { readonly rev: number; readonly isAnew: boolean },
): DeskEvent[] {
  const aggregate = `pin_request:${entity.requestId}`;
  const known = findPinRequest(tx, entity.requestId);
  if (!isAnew && known !== undefined && known.rev !== null && known.rev > rev) return [];
  const base = known ?? newFrom(desk, entity, rev);
  for (const act of entity.acts) {
    insertCarriageAct(tx, {
      aggregate,
      commandId: act.commandId,
      act: act.kind,
      atMs: act.occurredAtMs,
      registryAtMs: act.atMs,
      operatorLogin: act.operatorLogin,
      operatorName: findOperatorByLogin(tx, act.operatorLogin)?.record.fullName ?? act.operatorLogin,
      deskId: act.deskId,
      sync: 'registered',
      note: null,
    });
  }
  // An act of this desk that is still on its way is not undone by older news.
  const word = summariseCarriage(tx, aggregate);
  const isUnderWay = word === 'queued' || word === 'unknown';
  return [save(desk, tx, { ...base, ...(isUnderWay ? {} : contentOf(base, entity)), rev })];
}

function contentOf(base: StoredPinRequest, entity: PinRequestEntity): Partial<StoredPinRequest> {
  const { state, applicationId, cardSerial, chipSerial, paperNumber, registerNumber, packageNumber, archiveListNumber } = entity;
  return {
    state,
    applicationId,
    cardSerial,
    chipSerial,
    paperNumber,
    registerNumber,
    packageNumber: packageNumber === '' ? base.packageNumber : packageNumber,
    archiveListNumber,
    sentAtMs: entity.sentAtMs ?? 0,
    envelopeNumber: entity.envelopeNumber,
    isPukSpent: entity.isPukSpent || base.isPukSpent,
    backPackageNumber: entity.backPackageNumber === '' ? base.backPackageNumber : entity.backPackageNumber,
    refusalReason: entity.refusalReason,
    isCentreSigned: base.isCentreSigned || paperNumber !== '',
    isHolderSigned: base.isHolderSigned || paperNumber !== '',
    isPersonFound: base.isPersonFound || cardSerial !== '',
  };
}

/** A request of another desk: what was shown there stays there. */
function newFrom(desk: Desk, entity: PinRequestEntity, rev: number): StoredPinRequest {
  const { requestId, state, cardSerial, applicationId, chipSerial, officeId, officeName, filedAtMs, fin, surname, givenName } = entity;
  return {
    requestId,
    state,
    cardSerial,
    rev,
    sync: 'registered',
    updatedAtMs: desk.clock.nowMs(),
    applicationId,
    chipSerial,
    officeId,
    officeName,
    deskId: entity.acts[0]?.deskId ?? '',
    filedAtMs,
    person: personSchema.parse({ fin, surname, givenName }),
    document: { kind: 'citizen_card', number: '', validUntilOn: '', isUnlimited: false },
    isPersonFound: true,
    isBlocked: false,
    isCentreSigned: false,
    isHolderSigned: false,
    paperNumber: '',
    registerNumber: '',
    packageNumber: '',
    sentAtMs: 0,
    envelopeNumber: '',
    isPukSpent: false,
    backPackageNumber: '',
    holderCheckedAtMs: 0,
    refusalReason: '',
    archiveListNumber: '',
  };
}

function save(desk: Desk, tx: Tx, stored: StoredPinRequest): DeskEvent {
  savePinRequest(tx, { ...stored, sync: summariseCarriage(tx, `pin_request:${stored.requestId}`), updatedAtMs: desk.clock.nowMs() });
  return { type: 'pin_request.changed', requestId: stored.requestId };
}
