import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { openAuthority } from '../src/registry/certification/authority.ts';
import { takeCommands } from '../src/registry/intake/intake.ts';
import { seedTrainingOperators } from '../src/registry/operators/training-operators.ts';
import { provisionRegistry } from '../src/registry/provision/provision-registry.ts';
import type { Desk, Registry } from '../src/registry/registry.ts';
import { makeFaultSwitch } from '../src/registry/server/faults.ts';
import { postgresDialect } from '../src/registry/store/dialect.ts';
import { openStore } from '../src/registry/store/store.ts';
import type { Envelope } from '../src/shared/registry-api/envelope.ts';
import { measurePeer } from '../tests/faults/peer-transaction.ts';
import { signCommand } from '../tests/faults/storm-desk.ts';
import { startPrivatePostgres } from '../tests/integration/registry/private-postgres.ts';
import { median, ratioAtLeast, type Figure } from './bench.ts';

const officeId = 'telim-1';
const deskCount = 64;
const perBatch = 50;
const batchesPerDesk = 4;
const runs = 3;
const peerSeconds = 8;

/**
 * Commands a second that the registry's intake puts on record on PostgreSQL, durable, with signatures checked and receipts signed, held against pgbench
 * running the same rows of one command as one transaction on the same server in the same minute.
 */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-intake-'));
  const postgres = await startPrivatePostgres({ isDurable: true });
  try {
    const { registry, close } = await openRegistry(folder, await postgres.createDatabase('registry'));
    await warmUp(registry);
    const rates: number[] = [];
    const peers: number[] = [];
    const cpu: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const backlog = Array.from({ length: deskCount }, (_, index) => makeBacklog(`desk-${run}-${index}`));
      const cpuBefore = process.cpuUsage();
      const fromMs = performance.now();
      await Promise.all(backlog.map(({ desk, batches }) => drain(registry, desk, batches)));
      const seconds = (performance.now() - fromMs) / 1000;
      const used = process.cpuUsage(cpuBefore);
      const commands = deskCount * perBatch * batchesPerDesk;
      rates.push(commands / seconds);
      cpu.push((used.user + used.system) / commands);
      peers.push(await measurePeer(postgres, 'registry', peerSeconds));
    }
    await close();
    const rate = median(rates);
    const peer = median(peers);
    const ratio = median(rates.map((each, index) => each / (peers[index] ?? NaN)));
    const note = `pgbench of the same transaction ${Math.round(peer)}/s; ${Math.round(median(cpu))} µs of the registry's processor a command`;
    return [ratioAtLeast('registry intake on PostgreSQL', rate, 'commands/s', ratio, 0.5, note)];
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openRegistry(folder: string, database: string): Promise<{ registry: Registry; close: () => Promise<void> }> {
  const paths = await provisionRegistry(folder);
  const store = await openStore(postgresDialect(database));
  const registry: Registry = {
    paths,
    store,
    authority: await openAuthority(paths, () => ''),
    faults: makeFaultSwitch(),
    receiptKey: generateKeyPairSync('ed25519').privateKey,
    attachmentKey: Buffer.alloc(32),
    cursorKey: Buffer.alloc(32),
    epoch: 'bench',
    passwordCost: { memoryKib: 1024, passes: 1 },
    nowMs: Date.now,
    log: (message, error) => process.stderr.write(`${message} ${String(error)}\n`),
  };
  await seedTrainingOperators(registry, officeId);
  return { registry, close: () => store.close() };
}

interface Backlog {
  readonly desk: Desk;
  readonly batches: readonly (readonly Envelope[])[];
}

/** Cases of two acts: refused without having been sent, then corrected. */
function makeBacklog(deskId: string): Backlog {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = createPrivateKey(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const commands: Envelope[] = [];
  while (commands.length < perBatch * batchesPerDesk) {
    const applicationId = uuidv7();
    const [first, second] = [uuidv7(), uuidv7()];
    const seq = commands.length + 1;
    commands.push(
      signCommand(
        key,
        deskId,
        'application.refuse',
        {
          applicationId,
          reasonCode: 'M-04',
          note: '',
          invalidityNote: false,
          returnedDocuments: [{ document: 'identity', note: '' }],
          summary: { category: 'K1', fin: 'QYD0099', surname: 'SINAQ', givenName: 'SINAQ' },
          lookUps: [],
        },
        { commandId: first, after: '', seq },
      ),
      signCommand(
        key,
        deskId,
        'register.correct',
        { applicationId, actCommandId: first, note: 'düzəliş' },
        { commandId: second, after: first, seq: seq + 1 },
      ),
    );
  }
  const batches = Array.from({ length: batchesPerDesk }, (_, index) => commands.slice(index * perBatch, (index + 1) * perBatch));
  return { desk: { deskId, officeId, publicKey: createPublicKey(key) }, batches };
}

async function drain(registry: Registry, desk: Desk, batches: Backlog['batches']): Promise<void> {
  for (const batch of batches) {
    const { results } = await takeCommands(registry, desk, batch);
    const bad = results.find(({ result }) => result.outcome !== 'applied');
    if (bad !== undefined) throw new Error(JSON.stringify(bad.result));
  }
}

/** Every connection has seen every partition. */
async function warmUp(registry: Registry): Promise<void> {
  const backlog = Array.from({ length: 16 }, (_, index) => makeBacklog(`warm-${index}`));
  await Promise.all(backlog.map(({ desk, batches }) => drain(registry, desk, batches.slice(0, 2))));
}
