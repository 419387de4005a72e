import type { Notice } from '../../../shared/contract/base.ts';
import type { DeskEvent } from '../../../shared/contract/system.ts';
import { applicationEntitySchema, type ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import type { CommandOutcome, CommandPayload, CommandResult } from '../../../shared/registry-api/envelope.ts';
import { archiveDueAtMs, cardsDueAtMs } from '../../../shared/rules/deadlines.ts';
import { filerOf } from '../../../shared/rules/signers.ts';
import { applicationStates, type ApplicationState, type SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Projection } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import { insertAct, settleAct, signedNumberNote } from '../../storage/repositories/act-repository.ts';
import {
  emptyCardHandOver,
  findApplication,
  markRemoved,
  insertApplication,
  type StoredApplication,
  type StoredRefusal,
} from '../../storage/repositories/application-repository.ts';
import { saveCertificates } from '../../storage/repositories/certificate-repository.ts';
import { findOperatorByLogin } from '../../storage/repositories/operator-repository.ts';
import { loadParts, type ApplicationContext } from './case.ts';
import { emptyApplication } from './draft.ts';
import { registryNotice } from './notices.ts';
import { writeCase } from './perform.ts';
import { hasUnknownKeys } from '../../platform/unknown-keys.ts';
import { saveSearchTerms } from '../../storage/repositories/search-repository.ts';

/** Whether a contract number of the case was declared void at this desk. */
type IsVoid = (number: string) => boolean;
function isVoidFor(context: ApplicationContext, tx: Tx, applicationId: string): IsVoid {
  return (number) =>
    context.papers.listOfApplication(tx, applicationId).some((paper) => paper.number === number && paper.state === 'spoilt');
}

type Applied = Extract<CommandOutcome, { outcome: 'applied' }>;

/**
 * What the registry answered or published, written in the sync worker's own transaction. Source: sync-and-reliability (b2, b3)
 */
export function createApplicationProjection(context: ApplicationContext): Projection {
  return {
    entities: ['application'],
    onCommandResult(tx, command, result) {
      if (!command.kind.startsWith('application.') && !command.kind.startsWith('register.')) return [];
      const application = findApplication(tx, command.aggregateKey);
      if (application === undefined) return [];
      const registryAtMs = result.receipt?.at_ms ?? null;
      const note = noteOf(result.result);
      settleAct(
        tx,
        { applicationId: application.applicationId, commandId: command.commandId },
        { sync: syncOf(result.result), registryAtMs, note },
      );
      const next = applyOutcome(tx, application, command, result, isVoidFor(context, tx, command.aggregateKey));
      return [saveAndTell(context, tx, next)];
    },
    onChange(tx, change) {
      if (change.entity !== 'application') return [];
      if (change.op === 'tombstone') return removeCase(context, tx, change.id);
      const parsed = applicationEntitySchema.safeParse(change.body);
      // What a newer registry says in another form is put aside by the sync worker and read again after the upgrade.
      if (!parsed.success) throw new Error('an application entity breaks its schema');
      if (hasUnknownKeys(change.body, parsed.data)) change.keepForUpgrade();
      return applyEntity(context, tx, parsed.data, change);
    },
  };
}

function syncOf(outcome: CommandOutcome): SyncWord {
  switch (outcome.outcome) {
    case 'applied':
      return 'registered';
    case 'rejected':
      return 'refused';
    case 'conflict':
    case 'invalid':
      return 'attention';
    case 'deferred':
    case 'blocked':
      return 'queued';
  }
}

function noteOf(outcome: CommandOutcome): Notice | null {
  if (outcome.outcome === 'rejected') return registryNotice(outcome.code, outcome.params);
  if (outcome.outcome === 'conflict') return { code: 'CONFLICT', params: {} };
  return outcome.outcome === 'invalid' ? { code: outcome.code, params: {} } : null;
}

/** The case after the answer to one of its commands. */
function applyOutcome(
  tx: Tx,
  application: StoredApplication,
  command: { readonly commandId: string; readonly kind: string; readonly payload: unknown },
  { result, receipt }: CommandResult,
  isVoid: IsVoid,
): StoredApplication {
  if (result.outcome === 'deferred' || result.outcome === 'blocked') return application;
  const settled: StoredApplication =
    application.pendingCommandId === command.commandId ? { ...application, pendingCommandId: '', pendingKind: 'none' } : application;
  if (result.outcome === 'conflict') return afterConflict(settled, result, isVoid);
  if (result.outcome === 'invalid') return settled;
  if (command.kind === 'application.send')
    return result.outcome === 'applied'
      ? issued(tx, settled, result, receipt?.at_ms ?? application.updatedAtMs)
      : { ...settled, state: 'INVALID' };
  if (command.kind === 'application.activate') {
    const { attempt } = command.payload as CommandPayload<'application.activate'>;
    return activated(tx, settled, attempt, result);
  }
  if (result.outcome === 'rejected') return afterRejection(withRev(settled, result.rev ?? null), result.state);
  return withLease(withRev(settled, result.rev), result);
}

/** Somebody else was quicker: the registry's case is the true one; the act stands in the timeline and asks for attention. */
function afterConflict(
  application: StoredApplication,
  result: Extract<CommandOutcome, { outcome: 'conflict' }>,
  isVoid: IsVoid,
): StoredApplication {
  const current = applicationEntitySchema.safeParse(result.current);
  if (!current.success) return withRev(application, result.rev);
  const followed = withRev(follow(application, current.data, isVoid), result.rev);
  return { ...followed, ...leaseOf(current.data, result.rev) };
}

/** A queued act that the registry refused did not happen: the case is where the registry says it is. */
function afterRejection(application: StoredApplication, state: string | undefined): StoredApplication {
  const known = applicationStates.find((each) => each === state);
  if (known === undefined || known === application.state) return application;
  const isBeforeSigning = known === 'CONTRACT';
  return {
    ...application,
    state: known,
    isCentreSigned: application.isCentreSigned && !isBeforeSigning,
    isApplicantSigned: application.isApplicantSigned && !isBeforeSigning,
    refusal: known === 'REFUSED' ? application.refusal : null,
    archiveDueAtMs: known === 'SCANNED' ? application.archiveDueAtMs : null,
  };
}

/** A SIM's certificates come with the answer; a card is made first, and they come with it. Source: SIM-11, SIM-12, AID-11; procedures.md §14.1 */
function issued(tx: Tx, application: StoredApplication, result: Applied, atMs: number): StoredApplication {
  if (application.data.carrier.kind === 'asan_id') {
    const sent: StoredApplication = {
      ...application,
      state: 'PERSONALISING',
      leaseDeskId: application.deskId,
      dueAtMs: cardsDueAtMs(atMs),
    };
    return withLease(withRev(sent, result.rev), result);
  }
  saveCertificates(tx, application.applicationId, result.certificates ?? []);
  return withLease(withRev({ ...application, state: 'CONTRACT', leaseDeskId: application.deskId }, result.rev), result);
}

/** Source: SIM-16, COM-13 */
function activated(
  tx: Tx,
  application: StoredApplication,
  attempt: number,
  result: Extract<CommandOutcome, { outcome: 'applied' | 'rejected' }>,
): StoredApplication {
  // The feed may have brought the same news already.
  const activationAttempts = Math.max(application.activationAttempts, attempt);
  if (result.outcome === 'applied') {
    saveCertificates(tx, application.applicationId, result.certificates ?? []);
    const done: StoredApplication = {
      ...application,
      state: 'ACTIVATING',
      activationAttempts,
      activationOutcome: 'activated',
      userId: result.userId ?? application.userId,
    };
    return withLease(withRev(done, result.rev), result);
  }
  const seen = withRev(application, result.rev ?? null);
  // A refusal that is no answer of the provider (lease, role, state) is not a failed activation.
  if (result.code !== 'M-12') return seen;
  const state: ApplicationState = result.state === 'ACT_FAILED' ? 'ACT_FAILED' : 'ACTIVATING';
  return { ...seen, state, activationAttempts, activationOutcome: 'failed' };
}

function withRev(application: StoredApplication, rev: number | null): StoredApplication {
  return rev === null || rev === 0 ? application : { ...application, rev: Math.max(application.rev ?? 0, rev) };
}

function withLease(application: StoredApplication, result: Applied): StoredApplication {
  if (result.lease_token === undefined) return application;
  return {
    ...application,
    leaseToken: result.lease_token,
    leaseUntilMs: result.lease_until_ms ?? application.leaseUntilMs,
    leaseRev: Math.max(application.leaseRev, result.rev),
  };
}

/**
 * The registry no longer has the case: it leaves the lists and is found by no search. Its row, acts, papers and certificates stay, because what
 * happened is not undone; its own address still opens it.
 */
function removeCase(context: ApplicationContext, tx: Tx, applicationId: string): DeskEvent[] {
  const application = findApplication(tx, applicationId);
  if (application === undefined) return [];
  markRemoved(tx, applicationId, context.desk.clock.nowMs());
  saveSearchTerms(tx, applicationId, []);
  return [{ type: 'application.changed', applicationId, state: application.state }];
}

/** A case as the registry has it now: new here, or further than here. An act of this desk that is still on its way is not undone by it. */
function applyEntity(
  context: ApplicationContext,
  tx: Tx,
  entity: ApplicationEntity,
  { rev, isAnew }: { readonly rev: number; readonly isAnew: boolean },
): DeskEvent[] {
  const before = findApplication(tx, entity.applicationId);
  markRemoved(tx, entity.applicationId, null);
  if (!isAnew && before !== undefined && before.rev !== null && before.rev > rev) return [];
  const base = withoutPending(before ?? insertFromEntity(context, tx, entity), entity);
  mergeActs(tx, entity);
  saveCertificates(tx, entity.applicationId, entity.certificates);
  const isUnderWay =
    tx.get("SELECT 1 AS found FROM application_act WHERE application_id = @id AND sync IN ('queued', 'unknown')", {
      id: entity.applicationId,
    }) !== undefined;
  const followed = isUnderWay ? base : follow(base, entity, isVoidFor(context, tx, entity.applicationId));
  const next: StoredApplication = {
    ...followed,
    rev,
    userId: entity.userId || followed.userId,
    // A page that was on its way while the lease was taken or given back tells of an older one.
    ...(!isAnew && rev < followed.leaseRev ? {} : leaseOf(entity, rev)),
  };
  mergeReviews(tx, entity);
  return [saveAndTell(context, tx, withReturned(tx, next))];
}

function leaseOf(
  { lease }: ApplicationEntity,
  rev: number,
): Pick<StoredApplication, 'leaseDeskId' | 'leaseToken' | 'leaseUntilMs' | 'leaseRev'> {
  return { leaseDeskId: lease?.deskId ?? '', leaseToken: lease?.token ?? 0, leaseUntilMs: lease?.untilMs ?? 0, leaseRev: rev };
}

/** The registry lists the act whose answer was lost: its outcome is known now, whatever becomes of the question. */
function withoutPending(application: StoredApplication, entity: ApplicationEntity): StoredApplication {
  const isKnown = entity.acts.some(({ commandId }) => commandId === application.pendingCommandId);
  return isKnown ? { ...application, pendingCommandId: '', pendingKind: 'none' } : application;
}

/** State and what belongs to it, as the registry says. */
function follow(base: StoredApplication, entity: ApplicationEntity, isVoid: IsVoid): StoredApplication {
  // The number under which both signed last; a void one is signed by nobody.
  const signedNumber = entity.acts.findLast(({ kind }) => kind === 'application.sign_contract')?.note;
  const isSigned = signedNumber !== undefined && !isVoid(signedNumber);
  const kinds = entity.acts.map(({ kind }) => kind);
  const enteredAtMs = entity.acts.findLast(({ kind }) => kind === 'application.enter_scans')?.occurredAtMs;
  const isOver =
    entity.state === 'HANDED' ||
    entity.state === 'SCANNED' ||
    entity.state === 'ARCHIVED' ||
    entity.state === 'REFUSED' ||
    entity.state === 'WITHDRAWN';
  return {
    ...base,
    state: entity.state,
    data: entity.sentAtMs === 0 ? base.data : entity.data,
    activationAttempts: Math.max(base.activationAttempts, entity.activationAttempts),
    activationOutcome: isActivated(entity) ? 'activated' : entity.activationAttempts > 0 ? 'failed' : 'none',
    isCentreSigned: isSigned || base.isCentreSigned,
    isApplicantSigned: isSigned || base.isApplicantSigned,
    contractSignedBy: entity.contractSignedBy ?? base.contractSignedBy,
    handedTo: entity.handedTo ?? base.handedTo,
    ...scansOf(base, entity, kinds),
    ...cardOfEntity(base, entity),
    dueAtMs: isOver ? null : dueOf(base, entity),
    archiveDueAtMs: entity.state === 'SCANNED' && enteredAtMs !== undefined ? archiveDueAtMs(enteredAtMs) : null,
    refusal: base.refusal ?? endOf(entity),
  };
}

/** A card's documents are sent and entered twice; the hand-over begins the second set. Source: AID-12, HND-13 */
function scansOf(
  base: StoredApplication,
  { data }: ApplicationEntity,
  kinds: readonly string[],
): Pick<StoredApplication, 'areScansSent' | 'areScansEntered'> {
  const isCard = data.carrier.kind === 'asan_id';
  const ofSet = isCard ? kinds.slice(kinds.lastIndexOf('application.hand_over') + 1) : kinds;
  return {
    areScansSent: ofSet.includes('application.send_scans') || (!isCard && base.areScansSent),
    areScansEntered: ofSet.includes('application.enter_scans') || (!isCard && base.areScansEntered),
  };
}

/** A card has no User ID: its certificates tell. Source: HND-10 */
function isActivated({ userId, data, certificates, state }: ApplicationEntity): boolean {
  if (data.carrier.kind === 'sim') return userId !== '';
  if (state === 'HANDED' || state === 'SCANNED' || state === 'ARCHIVED') return true;
  return certificates.some(({ kind, state }) => kind !== 'AUT' && state === 'ACTIVE');
}

/** What the hand-over did with a card at this desk counts while it is the same card and the hand-over is still going on. Source: HND-11 */
function cardOfEntity(base: StoredApplication, { card, state }: ApplicationEntity): Pick<StoredApplication, 'card' | 'cardHandOver'> {
  const isSame =
    card !== null && card.serial === base.card?.serial && state !== 'PERSONALISING' && state !== 'DISPATCHED' && state !== 'READY';
  return { card, cardHandOver: isSame ? base.cardHandOver : emptyCardHandOver };
}

/** While its card is made and carried a case runs under T-03; a card that lies ready waits for its holder. Source: T-01, T-03 */
function dueOf(base: StoredApplication, { data, state, personalisingSinceMs }: ApplicationEntity): number | null {
  if (data.carrier.kind === 'sim') return base.dueAtMs;
  return (state === 'PERSONALISING' || state === 'DISPATCHED') && personalisingSinceMs > 0 ? cardsDueAtMs(personalisingSinceMs) : null;
}

/** Why a case ended at another desk: the refusal's code, or what was written when the applicant took the application back. Source: COM-14 */
function endOf(entity: ApplicationEntity): StoredRefusal | null {
  const nothing = { returnedDocuments: [], invalidityNote: false };
  if (entity.refusal !== null) return { reasonCode: entity.refusal.reasonCode, note: '', atMs: entity.refusal.atMs, ...nothing };
  const withdrawal = entity.acts.findLast(({ kind }) => kind === 'application.withdraw');
  if (entity.state !== 'WITHDRAWN' || withdrawal === undefined) return null;
  return { reasonCode: 'withdrawn', note: withdrawal.note, atMs: withdrawal.occurredAtMs, ...nothing };
}

/** A case of another desk of the office; who filed it is known by his login. */
function insertFromEntity(context: ApplicationContext, tx: Tx, entity: ApplicationEntity): StoredApplication {
  const first = entity.acts[0];
  const login = first?.operatorLogin ?? '';
  const operator = findOperatorByLogin(tx, login);
  const application: StoredApplication = {
    ...emptyApplication(entity.deskId, entity.filedAtMs),
    applicationId: entity.applicationId,
    state: entity.state,
    data: entity.data,
    bearerConfirmed: 'is_bearer',
    attendee: filerOf(entity.data),
    operatorId: operator?.record.operatorId ?? '',
    operatorLogin: login,
    operatorName: operator?.record.fullName ?? login,
    updatedAtMs: context.desk.clock.nowMs(),
  };
  insertApplication(tx, application);
  return application;
}

function mergeActs(tx: Tx, entity: ApplicationEntity): void {
  const names = new Map<string, string>();
  for (const act of entity.acts) {
    // Only here the note is a word of the protocol; elsewhere it is what somebody wrote.
    const isFailed = act.kind === 'application.activate' && act.note === 'failed';
    const sync: SyncWord = isFailed ? 'refused' : 'registered';
    const note = act.kind === 'application.sign_contract' && act.note !== '' ? signedNumberNote(act.note) : null;
    const operatorName = names.get(act.operatorLogin) ?? findOperatorByLogin(tx, act.operatorLogin)?.record.fullName ?? act.operatorLogin;
    names.set(act.operatorLogin, operatorName);
    const isNew = insertAct(tx, {
      commandId: act.commandId,
      applicationId: entity.applicationId,
      act: act.kind,
      atMs: act.occurredAtMs,
      registryAtMs: act.atMs,
      operatorLogin: act.operatorLogin,
      operatorName,
      deskId: act.deskId,
      sync,
      note,
    });
    if (!isNew) settleAct(tx, { applicationId: entity.applicationId, commandId: act.commandId }, { sync, registryAtMs: act.atMs, note });
  }
}

/** A supervisor's verdict and the registrar's answer travel as acts of the case: `verdict act-id reason`. Source: R-31 */
function mergeReviews(tx: Tx, entity: ApplicationEntity): void {
  for (const act of entity.acts) {
    const words = act.note.split(' ');
    const [review, actCommandId] = act.kind === 'register.review' ? words : act.kind === 'register.correct' ? ['corrected', words[0]] : [];
    if (actCommandId === undefined || (review !== 'reviewed' && review !== 'returned' && review !== 'corrected')) continue;
    tx.run(
      `INSERT INTO act_review (act_command_id, application_id, review, reason, by_login, by_name, at_ms)
       VALUES (@actCommandId, @applicationId, @review, @reason, @byLogin, @byName, @atMs)
       ON CONFLICT (act_command_id) DO UPDATE SET review = @review, reason = CASE WHEN @review = 'corrected' THEN reason ELSE @reason END,
         by_login = CASE WHEN @review = 'corrected' THEN by_login ELSE @byLogin END, by_name = CASE WHEN @review = 'corrected' THEN by_name ELSE @byName END,
         at_ms = @atMs
       WHERE at_ms <= @atMs`,
      {
        actCommandId,
        applicationId: entity.applicationId,
        review,
        reason: act.kind === 'register.review' ? words.slice(2).join(' ') : '',
        byLogin: act.operatorLogin,
        byName: findOperatorByLogin(tx, act.operatorLogin)?.record.fullName ?? act.operatorLogin,
        atMs: act.occurredAtMs,
      },
    );
  }
}

/** The latest act that still waits for its correction stands on the case, so that it lands in its registrar's list. */
function withReturned(tx: Tx, application: StoredApplication): StoredApplication {
  const row = tx.get("SELECT * FROM act_review WHERE application_id = @id AND review = 'returned' ORDER BY at_ms DESC LIMIT 1", {
    id: application.applicationId,
  });
  if (row === undefined) return { ...application, returned: null };
  return {
    ...application,
    returned: {
      reason: String(row['reason']),
      byName: String(row['by_name']),
      atMs: Number(row['at_ms']),
      actCommandId: String(row['act_command_id']),
    },
  };
}

function saveAndTell(context: ApplicationContext, tx: Tx, application: StoredApplication): DeskEvent {
  const written = writeCase(context, tx, loadParts(context, tx, application), application);
  const known: readonly string[] = applicationStates;
  if (!known.includes(written.state)) throw new Error('a state that this program does not know');
  return { type: 'application.changed', applicationId: written.applicationId, state: written.state };
}
