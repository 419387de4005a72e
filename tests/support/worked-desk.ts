import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createActRunner } from '../../src/core/act/act-runner.ts';
import { createSigner } from '../../src/core/act/envelope.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { makeBackup, type CheckedBackup } from '../../src/core/storage/recovery/backups.ts';
import { loadSqlite } from '../../src/core/storage/native.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import type { Migration } from '../../src/core/storage/migrations/migration.ts';
import type { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';
import { succeed, type Failure, type Result } from '../../src/shared/platform/result.ts';
import { createTestClock } from './test-clock.ts';
import { syncIdentity } from './sync-desk.ts';
import { testActor } from './test-desk.ts';

export const workedKeyHex = '5a'.repeat(32);
export const workedDeskId = syncIdentity.deskId;
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A desk on a file that has done some work: queued commands, an intent, receipts of none. */
export interface WorkedDesk {
  readonly db: SqliteDatabase;
  readonly clock: ReturnType<typeof createTestClock>;
  /** Does acts, each with one queued command; answers their command ids. */
  act(count: number): string[];
  intent(): string;
  /** One act that may be refused; again under the same id it is the same act. */
  attempt(kind: 'outbox' | 'intent', commandId: string): Result<unknown, Failure>;
}

export interface WorkedDeskOptions {
  readonly onTailDropped?: () => void;
  readonly onDamaged?: (sqliteCode: string) => void;
  readonly migrations?: readonly Migration[];
  readonly ballastBytes?: number;
  readonly freeAfterBackupBytes?: number;
}

export async function openWorkedDesk(file: string, options: WorkedDeskOptions = {}): Promise<WorkedDesk> {
  const opened = await tryOpenWorkedDesk(file, options);
  if (!opened.ok) throw new Error(`${opened.failure.code} ${JSON.stringify(opened.failure.params)}`);
  return opened.value;
}

/** The same for files that may be refused. */
export async function tryOpenWorkedDesk(file: string, options: WorkedDeskOptions = {}): Promise<Result<WorkedDesk, Failure>> {
  const clock = createTestClock();
  const opened = await openDatabase({ file, keyHex: workedKeyHex, clock, deskId: workedDeskId, ...options });
  if (!opened.ok) return opened;
  const db = opened.value;
  const acts = createActRunner({
    db,
    identity: syncIdentity,
    clock,
    random: systemRandomness,
    signer: createSigner(pem),
    bootId: 'boot',
    schemaVersion: 90,
    publish: () => undefined,
    onQueued: () => undefined,
    clockOffsetMs: () => 0,
  });
  const attempt = (kind: 'outbox' | 'intent', commandId: string): Result<unknown, Failure> => {
    const key = systemRandomness.uuid();
    const draft = {
      kind: 'application.withdraw',
      payload: { applicationId: key, reason: 'sınaq' },
      aggregate: { type: 'application', key },
      baseRev: null,
      leaseToken: 0,
    } as const;
    return acts.perform({ commandId, operation: 'test', actor: testActor, input: commandId }, () =>
      succeed({ value: null, audit: { act: 'test', detail: {} }, ...(kind === 'outbox' ? { outbox: [draft] } : { intent: draft }) }),
    );
  };
  const perform = (kind: 'outbox' | 'intent'): string => {
    const commandId = systemRandomness.uuid();
    const done = attempt(kind, commandId);
    if (!done.ok) throw new Error(done.failure.code);
    return commandId;
  };
  const act = (count: number): string[] => Array.from({ length: count }, () => perform('outbox'));
  return succeed({ db, clock, act, intent: () => perform('intent'), attempt });
}

/** A copy made now, as the maintenance process makes it. */
export async function backUp(file: string, nowMs: number): Promise<CheckedBackup> {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const made = makeBackup(native.Sqlite, { file, keyHex: workedKeyHex, deskId: workedDeskId }, { nowMs, freeAfterBytes: 0 });
  if (!made.ok) throw new Error(`${made.failure.code} ${JSON.stringify(made.failure.params)}`);
  return made.value;
}

const parts = ['', '-wal', '-shm', '.witness'];

/** The bytes of a running desk's files, as a machine that stops now leaves them. */
export function snapshotFiles(file: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, path.join(folder, `desk.db${part}`));
}

/** Puts a snapshot in the place of the database. */
export function putSnapshot(folder: string, file: string): void {
  for (const part of [...parts, '.restored', '.restoring']) rmSync(`${file}${part}`, { force: true });
  for (const part of parts) {
    const from = path.join(folder, `desk.db${part}`);
    if (existsSync(from)) copyFileSync(from, `${file}${part}`);
  }
}

export function flipByte(file: string, offset: number, mask = 0xff): void {
  const bytes = readFileSync(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ mask;
  writeFileSync(file, bytes);
}

/** What a desk certainly knows, as text to compare: every command, its state, and the audit chain's head. */
export function fingerprintOf(db: SqliteDatabase): string {
  const outbox = db.all(
    'SELECT o.seq, o.command_id, o.state, e.envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq ORDER BY o.seq',
  );
  const intents = db.all('SELECT command_id, state, envelope FROM intents ORDER BY seq');
  const audit = db.all('SELECT seq, h FROM audit ORDER BY seq');
  return JSON.stringify(
    [outbox, intents, audit].map((rows) =>
      rows.map((row) => Object.values(row).map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value))),
    ),
  );
}
