import { describe, expect, it } from 'vitest';
import type { Projection } from '../../../src/core/desk.ts';
import { countFor, seededFraction } from '../../support/counts.ts';
import { createFakeRegistry, type FakeRegistry } from '../../support/fake-registry.ts';
import { createSyncDesk, syncIdentity, type SyncDesk } from '../../support/sync-desk.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

const caseId = (index: number): string => `0197a000-0000-7000-8000-0000000000${String(index).padStart(2, '0')}`;
/** What a person would see: one row for each thing, gone with its tombstone. */
const mirror: Projection = {
  entities: ['thing'],
  onChange: (tx, change) => {
    const name = `thing ${change.id}`;
    if (change.op === 'tombstone') tx.run('DELETE FROM settings WHERE name = @name', { name });
    else {
      tx.run('INSERT INTO settings(name, value) VALUES (@name, @value) ON CONFLICT(name) DO UPDATE SET value = excluded.value', {
        name,
        value: JSON.stringify(change.body),
      });
    }
    return [];
  },
};
const seenBy = (desk: SyncDesk): Record<string, string> =>
  Object.fromEntries(
    desk.db
      .all("SELECT name, value FROM settings WHERE name LIKE 'thing %' ORDER BY name")
      .map((row) => [String(row['name']), String(row['value'])]),
  );

interface World {
  readonly clock: TestClock;
  readonly registry: FakeRegistry;
  readonly desk: SyncDesk;
}
async function begin(): Promise<World> {
  const clock = createTestClock();
  const registry = createFakeRegistry({ clock, deskId: syncIdentity.deskId });
  const desk = await createSyncDesk({ clock, transport: registry.transport, projections: [mirror], fraction: () => 0.5 });
  await clock.advance(100);
  return { clock, registry, desk };
}

describe('reading everything anew', () => {
  it('fault 24 I-8: broken off anywhere ends as a desk that never knew anything, keeps what both have in sight all the time, and keeps the queue', async () => {
    const seeds = countFor({ test: 25, prove: 500 });
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = seededFraction(seed);
      const { clock, registry, desk } = await begin();
      const ids = Array.from({ length: 12 }, (_unused, index) => `t${index}`);
      const revs = new Map<string, number>();
      const change = (id: string): void => {
        const rev = (revs.get(id) ?? 0) + 1;
        revs.set(id, rev);
        registry.publish({ entity: 'thing', id, rev, body: { rev }, ...(random() < 0.15 ? { op: 'tombstone' } : {}) });
      };
      for (const id of ids) change(id);
      await clock.advance(60_000);
      const before = seenBy(desk);
      for (const id of ids) {
        if (random() < 0.25) registry.forget('thing', id);
        else if (random() < 0.4) change(id);
      }
      const fresh = await createSyncDesk({ clock, transport: registry.transport, projections: [mirror], fraction: () => 0.5 });
      await clock.advance(60_000);
      const after = seenBy(fresh);
      await fresh.close();
      const always = Object.keys(before).filter((name) => name in after);
      const queued = desk.queue(caseId(1));
      if (seed % 2 === 0) registry.restart();
      else registry.expireCursors();
      registry.setFate(() => ({ isAnswerLost: random() < 0.2, answerDelayMs: Math.floor(random() * 300) }));
      for (let step = 0; step < 15; step += 1) {
        await clock.advance(Math.floor(random() * 4000));
        if (random() < 0.3) desk.crash();
        for (const name of always) expect(seenBy(desk), `seed ${seed}`).toHaveProperty([name]);
      }
      registry.setFate(() => ({}));
      await clock.advance(300_000);
      expect(seenBy(desk), `seed ${seed}`).toEqual(after);
      expect(desk.db.get('SELECT is_resyncing FROM sync_state')).toEqual({ is_resyncing: 0 });
      expect(desk.db.get('SELECT count(*) AS n FROM entity_revs WHERE is_stale = 1')).toEqual({ n: 0 });
      expect(registry.effects.filter(({ commandId }) => commandId === queued)).toHaveLength(1);
      await desk.close();
    }
  }, 600_000);
});

describe('a registry that came back from an older copy', () => {
  it('fault 26 I-19: is healed by the desk: every act that it lost goes again in its order, and both tell the same at the end', async () => {
    const seeds = countFor({ test: 15, prove: 200 });
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = seededFraction(seed);
      const { clock, registry, desk } = await begin();
      const made: { readonly id: string; readonly key: string }[] = [];
      for (let index = 0; index < 20; index += 1) {
        const key = caseId(Math.floor(random() * 4));
        made.push({ id: random() < 0.3 ? desk.intent(key) : desk.queue(key), key });
        await clock.advance(Math.floor(random() * 3000));
      }
      await clock.advance(30_000);
      expect(registry.effects).toHaveLength(20);
      const kept = Math.floor(random() * 20);
      registry.restore(kept);
      made.push({ id: desk.queue(caseId(0)), key: caseId(0) });
      registry.setFate(() => ({ isAnswerLost: random() < 0.2 }));
      for (let step = 0; step < 10; step += 1) {
        await clock.advance(20_000);
        if (random() < 0.4) desk.crash();
      }
      registry.setFate(() => ({}));
      await clock.advance(300_000);
      desk.worker().wake(true);
      await clock.advance(60_000);
      for (const key of new Set(made.map((act) => act.key))) {
        const happened = registry.effects.filter((effect) => effect.aggregate === key).map(({ commandId }) => commandId);
        expect(happened, `seed ${seed}`).toEqual(made.filter((act) => act.key === key).map(({ id }) => id));
      }
      const { places } = desk.worker().page();
      expect(places, `seed ${seed}`).toMatchObject({ sentAgain: 20 - kept, different: 0, open: 0 });
      expect(desk.db.all('SELECT command_id FROM receipts')).toHaveLength(21);
      expect(desk.db.get('SELECT count(*) AS n FROM intents WHERE state <> 1')).toEqual({ n: 0 });
      await desk.close();
    }
  }, 600_000);

  it('that decides otherwise than before is shown to a person, with both receipts kept', async () => {
    const clock = createTestClock();
    let isStrict = false;
    const registry = createFakeRegistry({
      clock,
      deskId: syncIdentity.deskId,
      decide: () => (isStrict ? { outcome: 'rejected', code: 'M-05', params: {} } : { outcome: 'applied', rev: 1, state: '' }),
    });
    const desk = await createSyncDesk({ clock, transport: registry.transport, projections: [mirror], fraction: () => 0.5 });
    await clock.advance(100);
    const commandId = desk.queue(caseId(1));
    await clock.advance(30_000);
    isStrict = true;
    registry.restore(0);
    await clock.advance(120_000);
    expect(desk.worker().page().places).toMatchObject({ sentAgain: 1, different: 1 });
    expect(desk.db.get('SELECT difference, result FROM receipt_history')).toMatchObject({ difference: 'outcome' });
    expect(desk.db.get('SELECT state FROM outbox WHERE command_id = @commandId', { commandId })).toEqual({ state: 5 });
    await desk.close();
  });
});

describe('the places of a desk', () => {
  it('are proven at rest: taken without a gap here, and every one of them in the registry’s own list', async () => {
    const { clock, registry, desk } = await begin();
    for (let index = 0; index < 7; index += 1) desk.queue(caseId(index));
    await clock.advance(1000);
    expect(desk.worker().page().places).toMatchObject({ taken: 7, open: 0, proven: 0 });
    await clock.advance(120_000);
    expect(desk.worker().page().places).toMatchObject({ taken: 7, proven: 7, sentAgain: 0 });
    registry.setFate((request) => (request.path === '/v1/sync/commands' ? { status: 413 } : {}));
    const held = desk.queue(caseId(1));
    await clock.advance(120_000);
    expect(desk.worker().page().places).toMatchObject({ taken: 8, open: 1, proven: 7 });
    registry.setFate(() => ({}));
    desk.db.transact((tx) => desk.worker().reopen(tx, held));
    desk.worker().wake(true);
    await clock.advance(120_000);
    expect(desk.worker().page().places).toMatchObject({ taken: 8, open: 0, proven: 8 });
    await desk.close();
  });
});
