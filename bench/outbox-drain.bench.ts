import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandDraft } from '../src/core/act/act.ts';
import { openDesk, type OpenDesk } from '../src/core/open-desk.ts';
import { systemClock } from '../src/core/platform/clock.ts';
import { systemRandomness } from '../src/core/platform/randomness.ts';
import { createEventBus } from '../src/core/platform/event-bus.ts';
import { createHttpsTransport } from '../src/core/sync/https-transport.ts';
import type { Row } from '../src/core/storage/database.ts';
import type { RegistryTransport } from '../src/core/sync/transport.ts';
import { provisionDesk, provisionRegistry, type DeskCredentials } from '../src/registry/index.ts';
import { succeed } from '../src/shared/platform/result.ts';
import { atLeast, median, ratioAtLeast, type Figure } from './bench.ts';
import { benchActor, silentLog } from './support/bench-actor.ts';

const commandsPerRun = 5000;
const perBatch = 50;
const runs = 5;

/** A day's backlog of a desk goes out in batches of 50 over mutual TLS; receipts are verified and stored durably. */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-'));
  const paths = await provisionRegistry(path.join(folder, 'registry'));
  const credentials = await provisionDesk(path.join(folder, 'registry'), { deskId: 'desk-bench', officeId: 'B1' });
  const registry = fork(path.join(import.meta.dirname, 'support', 'ack-registry.ts'), [paths.serverKey, paths.server, paths.deskCa], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const port = await new Promise<string>((resolve) => registry.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim())));
  const transport = (): RegistryTransport =>
    createHttpsTransport({
      url: `https://127.0.0.1:${port}`,
      caPem: credentials.registryCaPem,
      certificatePem: credentials.certificatePem,
      keyPem: credentials.privateKeyPem,
    });
  const drains: number[] = [];
  const ratios: number[] = [];
  const limits: number[] = [];
  try {
    for (let run = 0; run <= runs; run += 1) {
      const desk = await openBenchDesk(path.join(folder, `desk-${run}`), credentials, transport());
      fill(desk);
      const body = bodyOf(desk);
      const posts = (await measurePosts(transport(), body)) * perBatch;
      const drained = await measureDrain(desk);
      const other = await openBenchDesk(path.join(folder, `other-${run}`), credentials, transport());
      fill(other);
      const transactions = measureTransactions(desk, other) * perBatch;
      await Promise.all([desk.close(), other.close()]);
      // The first run warms the code up.
      if (run === 0) continue;
      const limit = 1 / (1 / posts + 1 / transactions);
      drains.push(drained);
      limits.push(limit);
      ratios.push(drained / limit);
    }
  } finally {
    registry.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  const note = `1/(1/P + 1/T) = ${Math.round(median(limits))} commands/s`;
  return [
    atLeast('outbox drain', median(drains), 'commands/s', 5000),
    ratioAtLeast('outbox drain ÷ 1/(1/P+1/T)', median(drains), 'commands/s', median(ratios), 0.4, note),
  ];
}

async function openBenchDesk(folder: string, credentials: DeskCredentials, transport: RegistryTransport): Promise<OpenDesk> {
  const opened = await openDesk({
    identity: {
      mode: 'training',
      officeId: 'B1',
      officeCode: 'B1',
      officeName: 'B',
      deskId: credentials.deskId,
      deskCode: '01',
      appVersion: '0.1.0',
    },
    databaseFile: path.join(folder, 'desk.db'),
    databaseKeyHex: randomBytes(32).toString('hex'),
    signingKeyPem: credentials.privateKeyPem,
    transport,
    bus: createEventBus(() => undefined),
    clock: systemClock,
    random: systemRandomness,
    log: silentLog,
    // More than a desk may keep without a link: the road is measured, not the policy.
    defaultLimits: { maxOfflineHours: 72, maxOfflineCommands: 10_000_000, minFreeBytes: 0 },
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

function fill({ desk }: OpenDesk): void {
  for (let queued = 0; queued < commandsPerRun; queued += 500) {
    const commandId = desk.random.uuid();
    const outbox = Array.from({ length: 500 }, () => refusal(desk.random.uuid()));
    const done = desk.acts.perform({ commandId, operation: 'fill', actor: benchActor, input: null }, () =>
      succeed({ value: null, audit: { act: 'fill', detail: {} }, outbox }),
    );
    if (!done.ok) throw new Error(done.failure.code);
  }
}

const refusal = (applicationId: string): CommandDraft => ({
  kind: 'application.refuse',
  payload: {
    applicationId,
    reasonCode: 'M-05',
    note: '',
    invalidityNote: false,
    returnedDocuments: [{ document: 'identity', note: '' }],
    summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  },
  aggregate: { type: 'application', key: applicationId },
  baseRev: null,
  leaseToken: 0,
});

function bodyOf({ db }: OpenDesk): Buffer {
  const rows = db
    .all('SELECT envelope FROM outbox_envelopes ORDER BY seq LIMIT 50')
    .map((row) => Buffer.from(row['envelope'] as Uint8Array).toString('utf8'));
  return Buffer.from(`{"commands":[${rows.join(',')}]}`);
}

/** P: bodies of one batch a second, one at a time, read and answered with nothing. */
async function measurePosts(transport: RegistryTransport, body: Buffer): Promise<number> {
  const post = () => transport.send({ method: 'POST', path: '/raw', body, timeoutMs: 10_000, maxAnswerBytes: 1000 });
  for (let index = 0; index < 20; index += 1) await post();
  const count = 150;
  const fromMs = performance.now();
  for (let index = 0; index < count; index += 1) await post();
  const rate = (count * 1000) / (performance.now() - fromMs);
  await transport.close();
  return rate;
}

/**
 * T: durable encrypted transactions a second of the rows that one batch leaves behind: what the drained desk wrote (settled commands, receipts,
 * links of the audit chain, the note of the exchange) goes row by row into the same tables of a desk with the same queue.
 */
function measureTransactions(drained: OpenDesk, fresh: OpenDesk): number {
  const settled = drained.db.all('SELECT seq, state, settled_at_ms, last_answer FROM outbox ORDER BY seq');
  const receipts = drained.db.all(
    'SELECT command_id, result, receipt, at_ms FROM receipts JOIN outbox USING (command_id) ORDER BY outbox.seq',
  );
  const links = drained.db.all("SELECT seq, at_ms, act, operator_login, rec, prev, h FROM audit WHERE act LIKE 'sync.%' ORDER BY seq");
  const notes = drained.db.all('SELECT at_ms, what, commands, outcome, http, took_ms FROM outbox_attempt');
  const count = commandsPerRun / perBatch;
  const fromMs = performance.now();
  for (let batch = 0; batch < count; batch += 1) {
    fresh.db.transact((tx) => {
      for (let index = batch * perBatch; index < (batch + 1) * perBatch; index += 1) {
        tx.run(
          'UPDATE outbox SET state = @state, settled_at_ms = @settled_at_ms, last_answer = @last_answer WHERE seq = @seq',
          rowAt(settled, index),
        );
        tx.run(
          'INSERT INTO receipts(command_id, result, receipt, at_ms) VALUES (@command_id, @result, @receipt, @at_ms)',
          rowAt(receipts, index),
        );
        tx.run(
          'INSERT INTO audit(seq, at_ms, act, operator_login, rec, prev, h) VALUES (@seq, @at_ms, @act, @operator_login, @rec, @prev, @h)',
          rowAt(links, index),
        );
      }
      tx.run(
        'INSERT INTO outbox_attempt(at_ms, what, commands, outcome, http, took_ms) VALUES (@at_ms, @what, @commands, @outcome, @http, @took_ms)',
        rowAt(notes, batch % notes.length),
      );
    });
  }
  return (count * 1000) / (performance.now() - fromMs);
}

function rowAt(rows: readonly Row[], index: number): Row {
  const row = rows[index];
  if (row === undefined) throw new Error(`The drained desk has no row ${index}`);
  return row;
}

async function measureDrain({ worker, db }: OpenDesk): Promise<number> {
  const fromMs = performance.now();
  worker.start({ projections: [] });
  while (db.get('SELECT seq FROM outbox WHERE state IN (0, 2, 3) LIMIT 1') !== undefined)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const rate = (commandsPerRun * 1000) / (performance.now() - fromMs);
  const applied = Number(db.get('SELECT count(*) AS n FROM outbox WHERE state = 1')?.['n']);
  if (applied !== commandsPerRun) throw new Error(`${applied} of ${commandsPerRun} applied`);
  return rate;
}
