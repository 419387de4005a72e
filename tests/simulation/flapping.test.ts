import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandDraft } from '../../src/core/act/act.ts';
import { countFor } from '../support/counts.ts';
import { createConduct } from './conduct.ts';
import { createSimulatedDesk, type SimulatedDesk } from './simulated-desk.ts';
import { createNetwork } from './simulated-network.ts';
import { createRegistryWorkshop, type RegistryWorkshop } from './simulated-registry.ts';
import { createChance, createWorld } from './world.ts';

const upMs = 3_000;
const downMs = 20_000;
const hours = countFor({ test: 2, prove: 8 });
const runs = countFor({ test: 1, prove: 20 });
const seed = 20_261_122;

let workshop: RegistryWorkshop;
beforeAll(async () => {
  workshop = await createRegistryWorkshop();
});
afterAll(() => workshop.close());

const unsent = (desk: SimulatedDesk): number => Number(desk.db.get('SELECT count(*) AS n FROM outbox WHERE state = 0')?.['n']);

/** A refused application is a case of its own: no act waits for another. */
function refuse(desk: SimulatedDesk, number: number): void {
  const caseId = `0197a000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const payload = {
    applicationId: caseId,
    reasonCode: 'document_expired',
    note: '',
    invalidityNote: false,
    returnedDocuments: [],
    summary: { category: 'K1', fin: 'QYD0001', surname: 'Sınaq', givenName: 'Sınaq' },
    lookUps: [],
  } as CommandDraft['payload'];
  const done = desk.perform({ kind: 'application.refuse', caseId, payload, isIntent: false, login: 'leyla' });
  expect(done.ok).toBe(true);
}

it(`fault 18 I-9: over a link that is there for three seconds and gone for twenty, all through a day, acts keep going out and nothing is set aside`, async () => {
  const told = { seed, runs, windows: 0, windowsWithQueue: 0, windowsWithProgress: 0, longestWaitMinutes: 0, acts: 0 };
  for (let run = 0; run < runs; run += 1) {
    const world = createWorld(seed + run);
    const registry = await workshop.open(world);
    const conduct = createConduct(world);
    const network = createNetwork(world, createChance(seed - run), registry, conduct);
    const credentials = workshop.credentialsOf(0);
    const line = network.line(credentials.deskId);
    const desk = await createSimulatedDesk({ world, chance: createChance(seed + run), credentials, line, conduct });
    await world.advance(10_000);
    let emptyAtMs = world.nowMs();
    for (let passedMs = 0; passedMs < hours * 3_600_000; passedMs += upMs + downMs) {
      line.setReachable(false);
      // One act a minute, as at a busy desk.
      if (world.chance.hits(0.4)) refuse(desk, told.acts++);
      await world.advance(downMs);
      const before = unsent(desk);
      line.setReachable(true);
      await world.advance(upMs);
      told.windows += 1;
      if (before > 0) told.windowsWithQueue += 1;
      if (unsent(desk) < before) told.windowsWithProgress += 1;
      if (unsent(desk) === 0) emptyAtMs = world.nowMs();
      told.longestWaitMinutes = Math.max(told.longestWaitMinutes, (world.nowMs() - emptyAtMs) / 60_000);
    }
    const states = desk.db.all('SELECT state, count(*) AS n FROM outbox GROUP BY state').map((row) => [row['state'], row['n']]);
    expect(states.filter(([state]) => state !== 0 && state !== 1)).toEqual([]);
    expect(desk.worker().link().state).not.toBe('frozen');
    line.setReachable(true);
    await world.advance(60_000);
    expect(unsent(desk)).toBe(0);
    await desk.close();
    await registry.close();
  }
  console.info(`flapping ${JSON.stringify(told)}`);
  expect(told.windowsWithQueue).toBeGreaterThan(0);
  expect(told.windowsWithProgress).toBe(told.windowsWithQueue);
  expect(told.longestWaitMinutes).toBeLessThan(1);
}, 600_000);
