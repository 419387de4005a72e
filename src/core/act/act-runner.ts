import type { DeskEvent } from '../../shared/contract/system.ts';
import type { Clock, Randomness } from '../../shared/platform/ports.ts';
import { mustBeSigned } from '../../shared/registry-api/actor-signature.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { appendAudit, type AuditHead } from '../audit/chain.ts';
import type { DeskIdentity } from '../desk.ts';
import { canonicalJson, sha256 } from '../platform/canonical.ts';
import type { Database, Reader, Tx } from '../storage/database.ts';
import { StorageFault } from '../storage/failures.ts';
import type { ActEffects, ActRunner, Actor, CommandDraft } from './act.ts';
import { aggregateKeyOf, signCommand, type CommandSigner } from './envelope.ts';

export interface ActRunnerParts {
  readonly db: Database;
  readonly identity: DeskIdentity;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly signer: CommandSigner;
  readonly bootId: string;
  readonly schemaVersion: number;
  readonly publish: (event: DeskEvent) => void;
  /** Called after a commit that queued a command or wrote an intent. */
  readonly onQueued: () => void;
  readonly clockOffsetMs: () => number | null;
  /** How far that may be from the truth; null when nothing was measured since the start. */
  readonly clockErrorMs?: () => number | null;
  /** Looks whether the device clock has jumped, before the act's transaction opens. */
  readonly checkClock?: () => void;
  /** Why these commands may not be made now (limits of working offline, a wrong clock); null while they may. Urgent ones always may. */
  readonly findStop?: (drafts: readonly CommandDraft[]) => Failure | null;
}

type Request = Parameters<ActRunner['perform']>[0];

/** Leaves a transaction without a trace; the failure is the answer. */
class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

const nobody: Pick<Actor, 'operatorId' | 'login' | 'sessionId'> & { role: string; authMethod: string } = {
  operatorId: '',
  login: '',
  role: '',
  sessionId: '',
  authMethod: '',
};

export function createActRunner(parts: ActRunnerParts): ActRunner {
  const { db, clock } = parts;
  return {
    perform<T>(request: Request, decide: (tx: Tx) => Result<ActEffects<T>, Failure>): Result<T, Failure> {
      if (db.isSpaceShort) return fail('DISK_FULL', {}, true);
      parts.checkClock?.();
      const fingerprint = sha256(canonicalJson({ operation: request.operation, input: request.input ?? null }));
      let effects: ActEffects<T> | undefined;
      try {
        const remembered = db.transact((tx) => {
          const known = findRemembered<T>(tx, request.commandId, fingerprint);
          if (known !== undefined) return known;
          const decided = decide(tx);
          if (!decided.ok) throw new Refusal(decided.failure);
          const isUnsigned = draftsOf(decided.value).some(
            (draft) => draft.actorSignature === undefined && mustBeSigned(draft.kind, request.actor.authMethod),
          );
          if (isUnsigned) throw new Refusal({ code: 'SIGNATURE_MISSING' });
          const stop = parts.findStop?.(draftsOf(decided.value)) ?? null;
          if (stop !== null) throw new Refusal(stop);
          effects = decided.value;
          writeEffects(tx, parts, request.actor, request.commandId, effects);
          remember(tx, request, fingerprint, effects.value, clock.nowMs());
          return undefined;
        });
        if (remembered !== undefined) return remembered;
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, failure: error.failure };
        if (!(error instanceof StorageFault)) throw error;
        // The commit may or may not have reached the disk: only the reopened file knows.
        const known = error.isReopened ? findRemembered<T>(db, request.commandId, fingerprint) : undefined;
        if (known === undefined) return fail(error.code, {}, error.isReopened);
        if (effects === undefined || !known.ok) return known;
      }
      if (effects === undefined) throw new Error('An act ended without effects');
      announce(parts, effects);
      return succeed(effects.value);
    },
    isKnown: (commandId) => db.get('SELECT 1 FROM remembered_commands WHERE command_id = @commandId', { commandId }) !== undefined,
    record<T>(actor: Actor | null, decide: (tx: Tx) => ActEffects<T>): T {
      const effects = db.transact((tx) => {
        const decided = decide(tx);
        writeEffects(tx, parts, actor, '', decided);
        return decided;
      });
      announce(parts, effects);
      return effects.value;
    },
  };
}

function draftsOf({ intent, outbox = [] }: Pick<ActEffects<unknown>, 'intent' | 'outbox'>): readonly CommandDraft[] {
  return intent === undefined ? outbox : [intent, ...outbox];
}

function findRemembered<T>(db: Reader, commandId: string, fingerprint: Buffer): Result<T, Failure> | undefined {
  const row = db.get('SELECT fingerprint, value FROM remembered_commands WHERE command_id = @commandId', { commandId });
  if (row === undefined) return undefined;
  if (!fingerprint.equals(row['fingerprint'] as Buffer)) return fail('COMMAND_REUSED');
  return succeed(JSON.parse(String(row['value'])) as T);
}

function remember(tx: Tx, request: Request, fingerprint: Buffer, value: unknown, atMs: number): void {
  tx.run(
    'INSERT INTO remembered_commands(command_id, operation, fingerprint, value, at_ms) VALUES (@commandId, @operation, @fingerprint, @value, @atMs)',
    { commandId: request.commandId, operation: request.operation, fingerprint, value: JSON.stringify(value ?? null), atMs },
  );
}

function writeEffects<T>(tx: Tx, parts: ActRunnerParts, actor: Actor | null, commandId: string, effects: ActEffects<T>): void {
  const atMs = parts.clock.nowMs();
  const who = actor ?? nobody;
  const deskEpoch = Number(tx.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch'] ?? 1);
  const head = appendAudit(
    tx,
    { deskId: parts.identity.deskId, deskEpoch },
    {
      atMs,
      monoMs: Math.round(parts.clock.monotonicMs()),
      bootId: parts.bootId,
      act: effects.audit.act,
      operatorId: who.operatorId,
      operatorLogin: who.login,
      role: who.role,
      authMethod: who.authMethod,
      sessionId: who.sessionId,
      applicationId: effects.audit.applicationId ?? '',
      commandId,
      detail: effects.audit.detail,
    },
  );
  const drafts = effects.outbox ?? [];
  if (drafts.length === 0 && effects.intent === undefined) return;
  if (actor === null) throw new Error('A command for the registry needs an actor');
  const writer = createCommandWriter(tx, parts, actor, { atMs, deskEpoch, head });
  let nextId = commandId === '' ? parts.random.uuid() : commandId;
  if (effects.intent !== undefined) {
    writer.intent(effects.intent, nextId);
    nextId = parts.random.uuid();
  }
  for (const draft of drafts) {
    writer.outbox(draft, draft.commandId ?? nextId);
    nextId = parts.random.uuid();
  }
}

function createCommandWriter(
  tx: Tx,
  parts: ActRunnerParts,
  actor: Actor,
  moment: { readonly atMs: number; readonly deskEpoch: number; readonly head: AuditHead },
) {
  const last = tx.get('SELECT seq, desk_seq, epoch FROM outbox ORDER BY seq DESC LIMIT 1');
  let seq = Number(last?.['seq'] ?? 0);
  let deskSeq = last?.['epoch'] === moment.deskEpoch ? Number(last['desk_seq']) : 0;
  const context = {
    deskId: parts.identity.deskId,
    deskEpoch: moment.deskEpoch,
    bootId: parts.bootId,
    appVersion: parts.identity.appVersion,
    schemaVersion: parts.schemaVersion,
    occurredAtMs: moment.atMs,
    monoMs: parts.clock.monotonicMs(),
    clockOffsetMs: parts.clockOffsetMs(),
    clockErrorMs: parts.clockErrorMs?.() ?? null,
    auditSeq: moment.head.seq,
    auditHead: moment.head.h,
  };
  const chain = (aggregate: string, commandId: string): string => {
    const after = tx.get('SELECT command_id FROM aggregate_heads WHERE aggregate = @aggregate', { aggregate })?.['command_id'];
    tx.run(
      'INSERT INTO aggregate_heads(aggregate, command_id) VALUES (@aggregate, @commandId) ON CONFLICT(aggregate) DO UPDATE SET command_id = excluded.command_id',
      { aggregate, commandId },
    );
    return after === undefined ? '' : String(after);
  };
  const common = (draft: CommandDraft, aggregate: string, envelope: Buffer) => ({
    aggregate,
    kind: draft.kind,
    queuedAtMs: moment.atMs,
    sizeBytes: envelope.length,
    operatorName: actor.fullName,
    auditSeq: moment.head.seq,
  });
  /** Who acts on the revision that a conflict showed has resolved it: the old command stays as evidence and holds nothing any more. */
  const supersede = (aggregate: string, baseRev: number | null, commandId: string): string => {
    if (baseRev === null) return '';
    const met = tx.get(
      'SELECT command_id FROM outbox WHERE state = 2 AND aggregate = @aggregate AND conflict_rev <= @baseRev ORDER BY seq LIMIT 1',
      {
        aggregate,
        baseRev,
      },
    );
    if (met === undefined) return '';
    tx.run(
      'UPDATE outbox SET state = 4, superseded_by = @commandId WHERE state = 2 AND aggregate = @aggregate AND conflict_rev <= @baseRev',
      {
        aggregate,
        baseRev,
        commandId,
      },
    );
    return String(met['command_id']);
  };
  return {
    outbox(draft: CommandDraft, commandId: string): void {
      const aggregate = aggregateKeyOf(draft.aggregate);
      const supersedes = supersede(aggregate, draft.baseRev, commandId);
      seq += 1;
      deskSeq += 1;
      const signed = signCommand(
        draft,
        { commandId, deskSeq, after: chain(aggregate, commandId), supersedes },
        actor,
        context,
        parts.signer,
      );
      const envelope = Buffer.from(signed.text, 'utf8');
      tx.run(
        `INSERT INTO outbox(seq, epoch, desk_seq, command_id, aggregate, kind, lane, state, queued_at_ms, size_bytes, operator_name, audit_seq)
         VALUES (@seq, @epoch, @deskSeq, @commandId, @aggregate, @kind, @lane, 0, @queuedAtMs, @sizeBytes, @operatorName, @auditSeq)`,
        { seq, epoch: moment.deskEpoch, deskSeq, commandId, lane: draft.lane === 'urgent' ? 0 : 1, ...common(draft, aggregate, envelope) },
      );
      tx.run('INSERT INTO outbox_envelopes(seq, envelope) VALUES (@seq, @envelope)', { seq, envelope });
    },
    intent(draft: CommandDraft, commandId: string): void {
      const aggregate = aggregateKeyOf(draft.aggregate);
      const supersedes = supersede(aggregate, draft.baseRev, commandId);
      const signed = signCommand(
        draft,
        { commandId, deskSeq: 0, after: chain(aggregate, commandId), supersedes },
        actor,
        context,
        parts.signer,
      );
      const envelope = Buffer.from(signed.text, 'utf8');
      tx.run(
        `INSERT INTO intents(command_id, aggregate, kind, state, after_outbox_seq, queued_at_ms, size_bytes, operator_name, audit_seq, envelope)
         VALUES (@commandId, @aggregate, @kind, 0, @afterOutboxSeq, @queuedAtMs, @sizeBytes, @operatorName, @auditSeq, @envelope)`,
        { commandId, afterOutboxSeq: seq, ...common(draft, aggregate, envelope), envelope },
      );
    },
  };
}

function announce<T>(parts: ActRunnerParts, effects: ActEffects<T>): void {
  for (const event of effects.events ?? []) parts.publish(event);
  if (effects.intent !== undefined || (effects.outbox?.length ?? 0) > 0) parts.onQueued();
}
