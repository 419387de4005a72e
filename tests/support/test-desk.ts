import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createActRunner } from '../../src/core/act/act-runner.ts';
import type { Actor } from '../../src/core/act/act.ts';
import { createSigner } from '../../src/core/act/envelope.ts';
import type { Desk, DeskIdentity, Log, Projection, RegistryPort } from '../../src/core/desk.ts';
import { canonicalJson } from '../../src/core/platform/canonical.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import type { DeskEvent } from '../../src/shared/contract/system.ts';
import { fail, succeed, type Failure, type Result } from '../../src/shared/platform/result.ts';
import { envelopeSchema, type CommandOutcome, type CommandResult, type Envelope } from '../../src/shared/registry-api/envelope.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export interface TestDeskOptions {
  readonly clock?: TestClock;
  /** What the registry answers to look-ups and sign-in; what is left out is unreachable. */
  readonly registry?: Partial<RegistryPort>;
  /** What the registry answers to an intent; `'lost'` = no answer. Without it every intent's answer is lost. */
  readonly answerCommand?: (envelope: Envelope) => CommandOutcome | 'lost' | Promise<CommandOutcome | 'lost'>;
  readonly projections?: readonly Projection[];
  readonly identity?: Partial<DeskIdentity>;
  /** Reuses the folder of an earlier test desk (a restart). */
  readonly restartOf?: TestDesk;
}

export interface TestDesk extends Desk {
  readonly clock: TestClock;
  /** Everything published so far. */
  readonly events: DeskEvent[];
  readonly folder: string;
  readonly databaseKeyHex: string;
  /** Closes the database and removes the folder. */
  close(): void;
  /** Closes the database and keeps the folder, as a stopped program does. */
  stop(): void;
}

export const testActor: Actor = {
  operatorId: '0197a000-0000-7000-8000-000000000001',
  login: 'registrar1',
  fullName: 'Təlim Qeydiyyatçısı',
  role: 'registrar',
  sessionId: 'session-1',
  authMethod: 'password_online',
};

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A real desk engine on a real encrypted file database in a temporary folder; only time and the registry are played. */
export async function createTestDesk(options: TestDeskOptions = {}): Promise<TestDesk> {
  const clock = options.clock ?? options.restartOf?.clock ?? createTestClock();
  const folder = options.restartOf?.folder ?? mkdtempSync(path.join(tmpdir(), 'qeyd-desk-'));
  const databaseKeyHex = options.restartOf?.databaseKeyHex ?? randomBytes(32).toString('hex');
  const opened = await openDatabase({ file: path.join(folder, 'desk.db'), keyHex: databaseKeyHex, clock });
  if (!opened.ok) throw new Error(`The test database did not open: ${opened.failure.code}`);
  const db = opened.value;
  const identity: DeskIdentity = {
    mode: 'training',
    officeId: 'BAK1',
    officeCode: 'BAK1',
    officeName: 'Bakı 1 saylı mərkəz',
    deskId: 'desk-01',
    deskCode: '01',
    appVersion: '0.1.0',
    ...options.identity,
  };
  const events: DeskEvent[] = [];
  const publish = (event: DeskEvent): void => void events.push(event);
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const acts = createActRunner({
    db,
    identity,
    clock,
    random: systemRandomness,
    signer: createSigner(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    bootId: 'boot-1',
    schemaVersion: 10,
    publish,
    onQueued: () => undefined,
    clockOffsetMs: () => 0,
  });
  const unreachable = (): Promise<Result<never, Failure>> => Promise.resolve(fail('REGISTRY_UNREACHABLE', {}, true));
  const settleIntent = async (commandId: string): Promise<Result<CommandResult, Failure>> => {
    const row = db.get('SELECT envelope, kind, aggregate FROM intents WHERE command_id = @commandId', { commandId });
    if (row === undefined) throw new Error(`No intent ${commandId}`);
    const envelope = envelopeSchema.parse(JSON.parse(Buffer.from(row['envelope'] as Uint8Array).toString('utf8')));
    const outcome = (await options.answerCommand?.(envelope)) ?? 'lost';
    if (outcome === 'lost') return fail('OUTCOME_UNKNOWN', {}, true);
    const result: CommandResult = {
      command_id: commandId,
      result: outcome,
      receipt: {
        command_id: commandId,
        desk_id: identity.deskId,
        result_sha256: createHash('sha256').update(canonicalJson(outcome)).digest('hex'),
        pos: 1,
        at_ms: clock.nowMs(),
        registry_epoch: 'test',
        sig: 'test',
      },
    };
    const told = db.transact((tx) => {
      const state = outcome.outcome === 'applied' ? 1 : outcome.outcome === 'conflict' ? 2 : 5;
      tx.run('UPDATE intents SET state = @state, settled_at_ms = @atMs WHERE command_id = @commandId', {
        state,
        atMs: clock.nowMs(),
        commandId,
      });
      const command = { commandId, kind: String(row['kind']), aggregateKey: envelope.aggregate.key, payload: envelope.payload };
      return (options.projections ?? []).flatMap((projection) => projection.onCommandResult?.(tx, command, result) ?? []);
    });
    told.forEach(publish);
    return succeed(result);
  };
  const stop = (): void => db.close();
  return {
    identity,
    clock,
    random: systemRandomness,
    log: silentLog,
    db,
    acts,
    registry: {
      info: () => null,
      lookUpPerson: unreachable,
      lookUpOrganisation: unreachable,
      lookUpSim: unreachable,
      lookUpEntitlement: unreachable,
      signIn: unreachable,
      cardChallenge: unreachable,
      signInWithCard: unreachable,
      certificateStatus: unreachable,
      lease: unreachable,
      dayCounts: unreachable,
      cardPhoto: unreachable,
      ...options.registry,
    },
    sync: {
      link: () => ({ state: 'online', sinceMs: clock.nowMs(), lastAnswer: null }),
      queue: () => ({ queued: 0, attention: 0, unknown: 0, oldestAtMs: null, attachmentsBytes: 0 }),
      clockAlerts: () => 0,
      clockOffsetMs: () => 0,
      limits: () => ({ level: 'fine', uses: [] }),
      settleIntent,
      wake: () => undefined,
    },
    publish,
    events,
    folder,
    databaseKeyHex,
    stop,
    close: () => {
      stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
