import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../src/core/storage/open-database.ts';
import type { SqliteDatabase } from '../src/core/storage/sqlite-database.ts';
import { atMost, median, quantile, ratioAtLeast, type Figure } from './bench.ts';
import { openBenchCore, type BenchCore } from './support/bench-core.ts';

const rounds = 7;
const perRound = 200;
const rowBytes = 1200;

/**
 * A registrar's refusal through the dispatcher (session, permission, schemas; case, search terms, act, audit link, signed command, remembered id)
 * against one bare insert of a row of a command's size with the same profile, taken in turns in the same run.
 */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-'));
  const core = await openBenchCore(path.join(folder, 'desk'));
  const raw = await openRaw(path.join(folder, 'raw', 'raw.db'));
  try {
    const ratios: number[] = [];
    const actRates: number[] = [];
    const latencies: number[] = [];
    const processorUs: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const cases = await createCases(core, perRound);
      const inserts = rateOf(perRound, (index) => insertRaw(raw, index));
      const acts: number[] = [];
      const fromProcessor = process.cpuUsage();
      const fromMs = performance.now();
      for (const applicationId of cases) {
        const actFromMs = performance.now();
        await refuse(core, applicationId);
        acts.push(performance.now() - actFromMs);
      }
      const rate = (perRound * 1000) / (performance.now() - fromMs);
      const used = process.cpuUsage(fromProcessor);
      // The first round warms the code up.
      if (round === 0) continue;
      processorUs.push((used.user + used.system) / perRound);
      latencies.push(...acts);
      actRates.push(rate);
      ratios.push(rate / inserts);
    }
    return [
      ratioAtLeast(
        'local act ÷ raw durable insert',
        median(actRates),
        'acts/s',
        median(ratios),
        0.3,
        `${Math.round(median(processorUs))} µs of processor time an act`,
      ),
      atMost(
        'local act p99',
        quantile(latencies, 0.99),
        'ms',
        10,
        `p50 ${quantile(latencies, 0.5).toFixed(2)} ms, max ${Math.max(...latencies).toFixed(1)} ms`,
      ),
    ];
  } finally {
    await core.close();
    raw.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createCases(core: BenchCore, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const view = await core.client.application.create({ commandId: core.desk.random.uuid(), category: 'K1' });
    ids.push(view.applicationId);
  }
  return ids;
}

async function refuse(core: BenchCore, applicationId: string): Promise<void> {
  await core.client.application.refuse({
    commandId: core.desk.random.uuid(),
    applicationId,
    reasonCode: 'documents_missing',
    note: '',
    returnedDocuments: [{ document: 'citizen_card', note: '' }],
  });
}

async function openRaw(file: string): Promise<SqliteDatabase> {
  const opened = await openDatabase({ file, keyHex: '5c'.repeat(32), clock: { nowMs: () => Date.now() } });
  if (!opened.ok) throw new Error(opened.failure.code);
  opened.value.transact((tx) => tx.run('CREATE TABLE raw(id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT'));
  return opened.value;
}

const body = Buffer.alloc(rowBytes, 7);
function insertRaw(raw: SqliteDatabase, index: number): void {
  body.writeUInt32LE(index);
  raw.transact((tx) => tx.run('INSERT INTO raw(body) VALUES (@body)', { body }));
}

function rateOf(count: number, run: (index: number) => void): number {
  const fromMs = performance.now();
  for (let index = 0; index < count; index += 1) run(index);
  return (count * 1000) / (performance.now() - fromMs);
}
