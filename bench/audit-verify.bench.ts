import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendAudit, readAuditHead } from '../src/core/audit/chain.ts';
import { createFileSealKeys } from '../src/core/audit/seal-keys.ts';
import { sealAudit } from '../src/core/audit/seals.ts';
import { openDatabase } from '../src/core/storage/open-database.ts';
import { systemClock } from '../src/core/platform/clock.ts';
import { spawnNodeHost } from '../src/main/browser/node-host.ts';
import { joinMaintenance } from '../src/core/maintenance/index.ts';
import { atMost, median, type Figure } from './bench.ts';

const rows = 1_000_000;
const perTransaction = 20_000;
const repeats = 3;
const keyHex = '7c'.repeat(32);
const deskId = 'bench-1-01';

/** Every row and every seal of a journal of years, asked for as the auditor asks: in the maintenance process, beside a desk that is open. */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-audit-'));
  const file = path.join(folder, 'desk.db');
  const opened = await openDatabase({ file, keyHex, clock: systemClock });
  if (!opened.ok) throw new Error(opened.failure.code);
  const db = opened.value;
  const write = (count: number, act: string, detail: Readonly<Record<string, string>>): void => {
    db.transact((tx) => {
      let head = readAuditHead(tx);
      for (let index = 0; index < count; index += 1) head = appendAudit(tx, { deskId, deskEpoch: 1 }, entryOf(head.seq, act, detail), head);
    });
  };
  const seal = () =>
    sealAudit(
      {
        db,
        deskId,
        keys: createFileSealKeys(file, keyHex),
        nowMs: () => systemClock.nowMs(),
        noteBegun: (key) => write(1, 'audit.seals_begun', { key }),
      },
      false,
    );
  for (let written = 0; written < rows; written += perTransaction) {
    write(perTransaction, 'application.refuse', { reasonCode: 'documents_missing', from: 'DRAFT', to: 'REFUSED' });
    seal();
  }
  const host = spawnNodeHost(path.resolve(import.meta.dirname, '..', 'src', 'core', 'maintenance', 'maintenance-host-node.ts'));
  const ready = new Promise<void>((resolve) => {
    host.onReport(() => resolve());
  });
  const socketPath = path.join(folder, 'socket');
  host.send({ type: 'start', socketPath });
  await ready;
  const { maintenance } = joinMaintenance(socketPath, { file, keyHex, deskId }, systemClock);
  try {
    const tookMs: number[] = [];
    let note = '';
    for (let run = 0; run < repeats; run += 1) {
      const fromMs = performance.now();
      const verdict = await maintenance.verifyAudit();
      tookMs.push(performance.now() - fromMs);
      if (!verdict.ok) throw new Error(verdict.failure.code);
      if (verdict.value.firstBadSeq !== null) throw new Error(`row ${verdict.value.firstBadSeq} is bad`);
      note = `${verdict.value.rows} rows, ${verdict.value.seals} seals`;
    }
    return [atMost('verification of a million audit rows', median(tookMs) / 1000, 's', 5, note)];
  } finally {
    maintenance.close();
    host.kill();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function entryOf(seq: number, act: string, detail: Readonly<Record<string, string>>) {
  return {
    atMs: 1_790_000_000_000 + seq,
    monoMs: seq,
    bootId: '0192f000-0000-7000-8000-00000000b007',
    act,
    operatorId: '0192f000-0000-7000-8000-000000000001',
    operatorLogin: 'leyla',
    role: 'registrar',
    authMethod: 'password_online',
    sessionId: '0192f000-0000-7000-8000-000000005e55',
    applicationId: `0192f000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    commandId: `0192f000-0000-7000-9000-${String(seq).padStart(12, '0')}`,
    detail,
  };
}
