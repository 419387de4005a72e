import { createActRunner } from '../../src/core/act/act-runner.ts';
import type { ActRunner, Actor, CommandDraft } from '../../src/core/act/act.ts';
import { createSigner } from '../../src/core/act/envelope.ts';
import type { DeskIdentity, Projection } from '../../src/core/desk.ts';
import type { Reader, Tx } from '../../src/core/storage/database.ts';
import { applyProfile } from '../../src/core/storage/connection.ts';
import { migrate } from '../../src/core/storage/migrate.ts';
import { migrations } from '../../src/core/storage/migrations/all.ts';
import { loadSqlite } from '../../src/core/storage/native.ts';
import { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';
import { createSyncWorker, type SyncWorker } from '../../src/core/sync/sync-worker.ts';
import { trainingOperators } from '../../src/registry/index.ts';
import type { DeskCredentials } from '../../src/registry/provision/provision-desk.ts';
import { succeed, type Result } from '../../src/shared/platform/result.ts';
import type { CommandKind, CommandResult } from '../../src/shared/registry-api/envelope.ts';
import type { Conduct } from './conduct.ts';
import { silentLog } from '../support/test-desk.ts';
import type { Line } from './simulated-network.ts';
import { officeId } from './simulated-registry.ts';
import { SimulatedFault, withFaults } from './simulated-faults.ts';
import { createDeviceClock, createDeviceRandomness, type Chance, type DeviceClock, type World } from './world.ts';

/** What a desk knows of one case: what the registry told it, and what it has done on top of that itself. */
export interface KnownCase {
  readonly rev: number | null;
  readonly state: string;
  readonly leaseToken: number;
  readonly leaseDesk: string;
  /** The state that the desk's own queued acts would bring. */
  readonly expected: string;
  readonly lastActId: string;
}

/** An act that was reported saved to the operator. */
export interface SavedAct {
  readonly commandId: string;
  readonly caseId: string;
  readonly kind: CommandKind;
  readonly isIntent: boolean;
}

export interface ActWish {
  readonly kind: CommandKind;
  readonly caseId: string;
  readonly payload: CommandDraft['payload'];
  readonly isIntent: boolean;
  readonly login: string;
  /** The state after the act, as the operator expects it; undefined = the act changes none. */
  readonly expected?: string;
}

export interface SimulatedDesk {
  readonly deskId: string;
  readonly clock: DeviceClock;
  readonly line: Line;
  readonly saved: readonly SavedAct[];
  readonly db: SqliteDatabase;
  worker(): SyncWorker;
  knownCase(caseId: string): KnownCase | undefined;
  perform(wish: ActWish): Result<null, unknown>;
  /** Asks for the lease of a case or gives it back; needs the link. */
  lease(caseId: string, login: string, release: boolean): void;
  /** The process dies where it stands and a new one starts on the same database. */
  crash(): void;
  /** A person asks for everything to be sent now. */
  sendNow(): void;
  /** A person answers one thing that waits for him, the way the product lets him: his act again on what the registry has, or theirs stands. */
  answer(commandId: string, choice: 'send_again' | 'theirs'): void;
  /** The next `count` transactions meet a storage error: before the commit, or after it with an unknown outcome. */
  spoilStorage(count: number, when: 'before' | 'after'): void;
  endStorageFaults(): void;
  /** Ends the program; its database can still be read. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

function actorOf(login: string): Actor {
  const operator = trainingOperators.find((each) => each.login === login);
  return {
    operatorId: operator?.operatorId ?? '',
    login,
    fullName: operator?.fullName ?? '',
    role: operator?.roles[0] ?? 'registrar',
    sessionId: 'session',
    authMethod: 'password_online',
  };
}

export async function createSimulatedDesk(parts: {
  readonly world: World;
  readonly chance: Chance;
  readonly credentials: DeskCredentials;
  readonly line: Line;
  readonly conduct: Conduct;
}): Promise<SimulatedDesk> {
  const { world, chance, line, credentials, conduct } = parts;
  const clock = createDeviceClock(world, (error) => {
    if (!(error instanceof SimulatedFault)) throw error;
    die();
  });
  const random = createDeviceRandomness(world, chance);
  const real = await openMemory();
  const identity: DeskIdentity = {
    mode: 'training',
    officeId,
    officeCode: 'TLM1',
    officeName: 'Təlim',
    deskId: credentials.deskId,
    deskCode: credentials.deskId.slice(-1).padStart(2, '0'),
    appVersion: '0.1.0',
  };
  const faults = { before: 0, after: 0 };
  const db = withFaults(
    real,
    faults,
    () => die(),
    () => {
      conduct.noteFailedWrite(credentials.deskId);
    },
  );
  conduct.watch(credentials.deskId, real);
  const signer = createSigner(credentials.privateKeyPem);
  const saved: SavedAct[] = [];
  const projection = createCaseProjection(credentials.deskId);

  let boots = 0;
  let worker: SyncWorker;
  let acts: ActRunner;
  const boot = (): void => {
    boots += 1;
    const bootId = `boot-${credentials.deskId}-${boots}`;
    const common = { db, identity, clock, random, bootId, publish: () => undefined };
    const started = createSyncWorker({ ...common, log: silentLog, transport: line.transport, verifyInline: true });
    started.start({ projections: [projection] });
    worker = started;
    acts = createActRunner({
      ...common,
      signer,
      schemaVersion: 10,
      onQueued: () => started.noteQueued(),
      clockOffsetMs: () => started.clockOffsetMs(),
    });
  };
  const die = (): void => {
    line.abandon();
    conduct.noteDeath(credentials.deskId);
    clock.dropTimers();
    void worker.stop();
    clock.dropTimers();
    faults.before = 0;
    faults.after = 0;
    boot();
  };
  boot();

  const stop = async (): Promise<void> => {
    line.abandon();
    await worker.stop();
    clock.dropTimers();
  };
  const knownCase = (caseId: string): KnownCase | undefined => findKnownCase(real, caseId);

  /** A new act; what it answers is superseded or reopened in its transaction. */
  const answerFor = (targetId: string, choice: 'send_again' | 'theirs'): void => {
    const commandId = random.uuid();
    const conflict = worker.findConflict(real, targetId);
    const isAgain = conflict !== undefined && choice === 'send_again';
    const caseId = conflict?.envelope.aggregate.key ?? '';
    const actor = actorOf(conflict?.envelope.actor.login ?? 'leyla');
    const done = acts.perform({ commandId, operation: 'sync.resolve', actor, input: { targetId, choice } }, (tx) => {
      if (conflict === undefined) worker.reopen(tx, targetId);
      else if (!isAgain) worker.letTheirsStand(tx, targetId, commandId);
      const known = knownCase(caseId);
      return succeed({
        value: null,
        audit: { act: isAgain ? conflict.envelope.kind : 'sync.resolve', applicationId: caseId, detail: {} },
        ...(isAgain
          ? {
              outbox: [
                {
                  kind: conflict.envelope.kind,
                  payload: conflict.envelope.payload,
                  aggregate: conflict.envelope.aggregate,
                  baseRev: conflict.rev,
                  leaseToken: known?.leaseDesk === credentials.deskId ? known.leaseToken : 0,
                } as CommandDraft,
              ],
            }
          : {}),
      });
    });
    if (done.ok && isAgain) saved.push({ commandId, caseId, kind: conflict.envelope.kind, isIntent: false });
  };

  return {
    deskId: credentials.deskId,
    clock,
    line,
    saved,
    db: real,
    worker: () => worker,
    knownCase,
    perform(wish) {
      const commandId = random.uuid();
      const known = knownCase(wish.caseId);
      const draft = {
        kind: wish.kind,
        payload: wish.payload,
        aggregate: { type: 'application', key: wish.caseId },
        baseRev: known?.rev ?? null,
        leaseToken: known?.leaseDesk === credentials.deskId ? known.leaseToken : 0,
      } as CommandDraft;
      const actor = actorOf(wish.login);
      const done = acts.perform({ commandId, operation: wish.kind, actor, input: { caseId: wish.caseId } }, (tx) => {
        if (wish.expected !== undefined || known === undefined) {
          tx.run(
            `INSERT INTO known_case(case_id, rev, state, lease_token, lease_desk, expected, last_act_id) VALUES (@caseId, NULL, '', 0, '', @expected, @commandId)
             ON CONFLICT(case_id) DO UPDATE SET expected = excluded.expected, last_act_id = excluded.last_act_id`,
            { caseId: wish.caseId, expected: wish.expected ?? '', commandId },
          );
        }
        return succeed({
          value: null,
          audit: { act: wish.kind, applicationId: wish.caseId, detail: {} },
          ...(wish.isIntent ? { intent: draft } : { outbox: [draft] }),
        });
      });
      if (!done.ok) return done;
      saved.push({ commandId, caseId: wish.caseId, kind: wish.kind, isIntent: wish.isIntent });
      if (wish.isIntent) void worker.settleIntent(commandId);
      return done;
    },
    lease(caseId, login, release) {
      const asked = worker.exchange.send({
        method: 'POST',
        path: '/v1/leases',
        body: JSON.stringify({ applicationId: caseId, operatorLogin: login, release }),
        timeoutMs: 15_000,
        maxAnswerBytes: 64 * 1024,
      });
      void asked;
    },
    crash: die,
    sendNow() {
      conduct.notePerson(credentials.deskId);
      void worker.sendNow();
    },
    answer(commandId, choice) {
      answerFor(commandId, choice);
      conduct.notePerson(credentials.deskId);
      worker.wake(true);
    },
    spoilStorage(count, when) {
      faults[when] += count;
    },
    endStorageFaults() {
      faults.before = 0;
      faults.after = 0;
    },
    stop,
    async close() {
      await stop();
      real.close();
    },
  };
}

function findKnownCase(db: Reader, caseId: string): KnownCase | undefined {
  const row = db.get('SELECT * FROM known_case WHERE case_id = @caseId', { caseId });
  if (row === undefined) return undefined;
  return {
    rev: row['rev'] === null ? null : Number(row['rev']),
    state: String(row['state']),
    leaseToken: Number(row['lease_token']),
    leaseDesk: String(row['lease_desk']),
    expected: String(row['expected']),
    lastActId: String(row['last_act_id']),
  };
}

interface CaseEntity {
  readonly state: string;
  readonly lease: { readonly deskId: string; readonly token: number } | null;
}

/** What a feature would keep of its cases, at its least. */
function createCaseProjection(deskId: string): Projection {
  const write = (tx: Tx, caseId: string, values: { rev: number; state: string; leaseToken: number; leaseDesk: string }): void => {
    tx.run(
      `INSERT INTO known_case(case_id, rev, state, lease_token, lease_desk, expected, last_act_id) VALUES (@caseId, @rev, @state, @leaseToken, @leaseDesk, @state, '')
       ON CONFLICT(case_id) DO UPDATE SET rev = excluded.rev, state = excluded.state, lease_token = excluded.lease_token, lease_desk = excluded.lease_desk`,
      { caseId, ...values },
    );
  };
  /** When nothing of the desk's own is on its way any more, the case is what the registry says. */
  const settleExpectation = (tx: Tx, caseId: string): void => {
    const isOpen = tx.get(
      `SELECT 1 AS found FROM outbox WHERE aggregate = @aggregate AND state = 0 UNION ALL SELECT 1 FROM intents WHERE aggregate = @aggregate AND state = 0 LIMIT 1`,
      { aggregate: `application:${caseId}` },
    );
    if (isOpen === undefined) tx.run('UPDATE known_case SET expected = state WHERE case_id = @caseId', { caseId });
  };
  return {
    entities: ['application', 'operator'],
    onCommandResult(tx, command, { result }: CommandResult) {
      const known = findKnownCase(tx, command.aggregateKey);
      if (result.outcome === 'applied' && result.rev > (known?.rev ?? 0)) {
        const lease =
          result.lease_token === undefined ? { leaseToken: 0, leaseDesk: '' } : { leaseToken: result.lease_token, leaseDesk: deskId };
        write(tx, command.aggregateKey, { rev: result.rev, state: result.state, ...lease });
      }
      settleExpectation(tx, command.aggregateKey);
      return [];
    },
    onChange(tx, change) {
      if (change.entity !== 'application') return [];
      const entity = change.body as CaseEntity;
      write(tx, change.id, {
        rev: change.rev,
        state: entity.state,
        leaseToken: entity.lease?.token ?? 0,
        leaseDesk: entity.lease?.deskId ?? '',
      });
      settleExpectation(tx, change.id);
      return [];
    },
  };
}

let image: Buffer | null = null;

/** The desk's database in memory, with the newest schema; the schema is made once for all runs of a process. */
async function openMemory(): Promise<SqliteDatabase> {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const { Sqlite } = native;
  if (image === null) {
    const first = new Sqlite(':memory:');
    applyProfile(first);
    migrate(first, migrations);
    first.exec(`CREATE TABLE known_case(case_id TEXT PRIMARY KEY, rev INTEGER, state TEXT NOT NULL, lease_token INTEGER NOT NULL, lease_desk TEXT NOT NULL,
      expected TEXT NOT NULL, last_act_id TEXT NOT NULL) STRICT`);
    image = first.serialize();
    first.close();
  }
  const content = image;
  return new SqliteDatabase({
    open: () => {
      const connection = new Sqlite(content);
      applyProfile(connection);
      return connection;
    },
    releaseBallast: () => undefined,
    isSpaceShort: () => false,
    onClosed: () => undefined,
  });
}
