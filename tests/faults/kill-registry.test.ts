import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provisionDesk, provisionRegistry, registryPaths, type RunningRegistry } from '../../src/registry/index.ts';
import { postgresDialect, sqliteDialect, type Dialect } from '../../src/registry/store/dialect.ts';
import type { RegistryInfo } from '../../src/shared/registry-api/endpoints.ts';
import { envelopeSchema, type CommandResult, type Envelope } from '../../src/shared/registry-api/envelope.ts';
import { startPrivatePostgres, type PrivatePostgres } from '../integration/registry/private-postgres.ts';
import { TestDesk } from '../integration/registry/test-desk.ts';
import { listApplicants } from '../support/applicants.ts';
import { count, seededFraction } from '../support/counts.ts';
import { realOfficeId, until } from '../support/real-desk.ts';
import { openBusyDesk, type BusyDesk } from './busy-desk.ts';
import { createRegistryProcess, type RegistryProcess } from './registry-process.ts';
import { expectSameAtRegistry } from './same-at-registry.ts';

const seed = Number(process.env['QEYD_KILL_SEED'] ?? 20_261_124);
const deskCount = 2;
const actEveryMs = 15;
/** They work for a while and rest for a while, in which scans are uploaded. */
const burstMs = 800;
const settleWithinMs = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function killAtRandomMoments(name: string, kills: number, dialectOf: (folder: string) => Dialect, database?: string): Promise<void> {
  const random = seededFraction(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const where = `${name}, seed ${seed}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-kill-registry-'));
  await provisionRegistry(folder);
  const registry = await createRegistryProcess({
    folder,
    officeId: realOfficeId,
    compileCache: path.join(folder, 'compiled'),
    ...(database === undefined ? {} : { database }),
  });
  expect(await registry.start(), where).toBe('serves');
  // Only who ends in order keeps what it compiled: every later start is quicker for it.
  await registry.stop();
  expect(await registry.start(), where).toBe('serves');
  const applicants = listApplicants(deskCount * count(20, 150));
  const desks: BusyDesk[] = [];
  for (let index = 0; index < deskCount; index += 1) {
    const credentials = await provisionDesk(folder, { deskId: `desk-${index}`, officeId: realOfficeId });
    const own = applicants.filter((_, place) => place % deskCount === index);
    desks.push(await openBusyDesk(registry, credentials, { applicants: own, random: seededFraction(seed + index) }));
  }
  const beganMs = performance.now();
  const acting = setInterval(() => {
    if (Math.floor((performance.now() - beganMs) / burstMs) % 2 === 0) for (const desk of desks) desk.act();
  }, actEveryMs);
  try {
    const first = desks[0];
    if (first === undefined) throw new Error('no desk');
    const infoBefore = await readInfo(registry, first);
    const died = { starting: 0, answering: 0 };
    for (let kill = 0; kill < kills; kill += 1) {
      if (kill % 8 === 7) {
        // Somewhere in its start.
        await registry.kill();
        const started = registry.start();
        await pause(below(900));
        await registry.kill();
        await started;
        died.starting += 1;
      } else {
        await untilAnswered(desks);
        await pause(below(60));
        await registry.kill();
        died.answering += 1;
      }
      expect(await registry.start(), `start after kill ${kill}, ${where}`).toBe('serves');
      // As a person at each desk would press "send now".
      for (const { desk } of desks) desk.worker.wake(true);
    }
    clearInterval(acting);
    for (const desk of desks) desk.rest();
    for (const { desk } of desks) desk.worker.wake(true);
    await until(() => desks.every((desk) => desk.isAtRest()), `empty queues, ${where}`, settleWithinMs);
    // The feed brings the last of it.
    await until(() => new Set(desks.map(({ desk }) => placesOf(desk.db))).size === 1, `the same feed at all desks, ${where}`, 60_000);
    await pause(500);
    const info = await readInfo(registry, first);
    expect({ epoch: info.registry_epoch, key: info.receipt_key }, where).toEqual({
      epoch: infoBefore.registry_epoch,
      key: infoBefore.receipt_key,
    });
    const again = await askAgain(registry, first);
    await registry.stop();
    const found = await expectSameAtRegistry(
      desks,
      {
        dialect: dialectOf(folder),
        folder,
        receiptKey: info.receipt_key,
        epoch: info.registry_epoch,
      },
      where,
    );
    const sum = (pick: (desk: BusyDesk) => number): number => desks.reduce((total, desk) => total + pick(desk), 0);
    const figures = {
      seed,
      kills,
      'while starting': died.starting,
      ...found,
      'online acts': sum(({ made }) => made.sent),
      scans: sum(({ uploaded }) => uploaded.length),
      'asked again': again,
      lost: 0,
      doubled: 0,
      misreported: 0,
      seconds: Math.round((performance.now() - beganMs) / 1000),
    };
    process.stdout.write(`kill-registry-${name} ${JSON.stringify(figures)}\n`);
    expect(found.commands).toBeGreaterThan(kills);
    expect(found.certificates).toBeGreaterThan(0);
  } finally {
    clearInterval(acting);
    for (const { desk } of desks) await desk.remove();
    await registry.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const placesOf = (db: BusyDesk['desk']['db']): string =>
  JSON.stringify(db.all("SELECT id, rev FROM entity_revs WHERE entity = 'application' ORDER BY id"));

/** Until a desk has an answer of this life of the registry, so that a death does not always fall between two exchanges. */
async function untilAnswered(desks: readonly BusyDesk[]): Promise<void> {
  const receipts = (): number => desks.reduce((sum, { desk }) => sum + Number(desk.db.get('SELECT count(*) AS n FROM receipts')?.['n']), 0);
  const before = receipts();
  const untilMs = performance.now() + 3000;
  while (receipts() === before && performance.now() < untilMs) await pause(2);
}

async function readInfo(registry: RegistryProcess, { credentials }: BusyDesk): Promise<RegistryInfo> {
  const desk = new TestDesk({ url: registry.url } as RunningRegistry, credentials);
  const { body } = await desk.call<RegistryInfo>('GET', '/v1/registry');
  await desk.close();
  return body;
}

/** The very same bytes once more, long after: the recorded outcome and nothing else. */
async function askAgain(registry: RegistryProcess, { desk, credentials }: BusyDesk): Promise<number> {
  const asker = new TestDesk({ url: registry.url } as RunningRegistry, credentials);
  const envelopeOf = (row: { readonly [column: string]: unknown }): Envelope =>
    envelopeSchema.parse(JSON.parse(Buffer.from(row['envelope'] as Uint8Array).toString('utf8')));
  const queued = desk.db.all('SELECT envelope FROM outbox_envelopes ORDER BY seq DESC LIMIT 40').map(envelopeOf);
  const intents = desk.db.all('SELECT envelope FROM intents ORDER BY seq DESC LIMIT 10').map(envelopeOf);
  const results: CommandResult[] = await asker.push(queued.reverse());
  for (const intent of intents) results.push(await asker.intent(intent));
  await asker.close();
  for (const { command_id, result, receipt } of results) {
    const held = desk.db.get('SELECT result, receipt FROM receipts WHERE command_id = @commandId', { commandId: command_id });
    expect({ result, receipt }).toEqual({
      result: JSON.parse(String(held?.['result'])) as unknown,
      receipt: JSON.parse(String(held?.['receipt'])) as unknown,
    });
  }
  return results.length;
}

describe('a registry that is killed at random moments while desks push and pull', () => {
  it(
    'fault 13 I-3 I-4: on the embedded database no act is lost, doubled or misreported, and receipts hold',
    () => killAtRandomMoments('sqlite', count(4, 100), (folder) => sqliteDialect(registryPaths(folder).database)),
    count(300_000, 900_000),
  );

  describe('on PostgreSQL', () => {
    let postgres: PrivatePostgres;
    beforeAll(async () => {
      postgres = await startPrivatePostgres();
    });
    afterAll(() => postgres.stop());
    it(
      'fault 13 I-3 I-4: no act is lost, doubled or misreported, and receipts hold',
      async () => {
        const database = await postgres.createDatabase('registry');
        await killAtRandomMoments('postgres', count(2, 40), () => postgresDialect(database), database);
      },
      count(300_000, 900_000),
    );
  });
});
