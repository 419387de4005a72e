import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendAudit, readAuditHead } from '../src/core/audit/chain.ts';
import { systemClock } from '../src/core/platform/clock.ts';
import { systemRandomness } from '../src/core/platform/randomness.ts';
import type { Tx } from '../src/core/storage/database.ts';
import { openDatabase } from '../src/core/storage/open-database.ts';
import { findWitness, writeWitness } from '../src/core/storage/recovery/witness.ts';
import { atMost, median, type Figure } from './bench.ts';

const acts = 100_000;
const perTransaction = 5_000;
const envelopeBytes = 1_200;
const repeats = 5;
const keyHex = '2f'.repeat(32);
const deskId = 'bench-1-01';

/** What a start asks of the storage of a desk of years: the log, the check of every page, the witness, and the connection. Source: I-18 */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-full-'));
  const file = path.join(folder, 'desk.db');
  const open = async () => {
    const opened = await openDatabase({ file, keyHex, clock: systemClock, deskId });
    if (!opened.ok) throw new Error(opened.failure.code);
    return opened.value;
  };
  try {
    const db = await open();
    for (let from = 0; from < acts; from += perTransaction) db.transact((tx) => writeActs(tx, from));
    const witness = findWitness(db);
    if (witness !== null) writeWitness(file, witness);
    db.close();
    const tookMs: number[] = [];
    for (let run = 0; run < repeats; run += 1) {
      const fromMs = performance.now();
      const again = await open();
      tookMs.push(performance.now() - fromMs);
      again.close();
    }
    const megabytes = Math.round(statSync(file).size / 1024 / 1024);
    return [atMost('start of the storage with 100,000 acts, check included', median(tookMs) / 1000, 's', 3, `${megabytes} MB`)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows that an act of the queue leaves, of their sizes. */
function writeActs(tx: Tx, from: number): void {
  let head = readAuditHead(tx);
  const envelope = Buffer.alloc(envelopeBytes, 0x61);
  for (let seq = from + 1; seq <= from + perTransaction; seq += 1) {
    const commandId = systemRandomness.uuid();
    head = appendAudit(tx, { deskId, deskEpoch: 1 }, entryOf(seq, commandId), head);
    tx.run(
      `INSERT INTO outbox(seq, epoch, desk_seq, command_id, aggregate, kind, lane, state, queued_at_ms, size_bytes, operator_name, audit_seq)
       VALUES (@seq, 1, @seq, @commandId, @aggregate, 'application.withdraw', 1, 1, @atMs, @sizeBytes, 'Leyla', @auditSeq)`,
      { seq, commandId, aggregate: `application:${systemRandomness.uuid()}`, atMs: seq, sizeBytes: envelopeBytes, auditSeq: head.seq },
    );
    tx.run('INSERT INTO outbox_envelopes(seq, envelope) VALUES (@seq, @envelope)', { seq, envelope });
    tx.run(
      'INSERT INTO remembered_commands(command_id, operation, fingerprint, value, at_ms) VALUES (@commandId, @operation, @fingerprint, @value, @atMs)',
      { commandId, operation: 'application.withdraw', fingerprint: head.h, value: '{}', atMs: seq },
    );
  }
}

function entryOf(seq: number, commandId: string) {
  return {
    atMs: 1_790_000_000_000 + seq,
    monoMs: seq,
    bootId: '0192f000-0000-7000-8000-00000000b007',
    act: 'application.withdraw',
    operatorId: '0192f000-0000-7000-8000-000000000001',
    operatorLogin: 'leyla',
    role: 'registrar',
    authMethod: 'password_online',
    sessionId: '0192f000-0000-7000-8000-000000005e55',
    applicationId: commandId,
    commandId,
    detail: {},
  };
}
