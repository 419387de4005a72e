import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBatchRunner, createPersonaliser } from '../../../src/core/cards/index.ts';
import { findRunOfRequest, listRuns } from '../../../src/core/storage/repositories/production-repository.ts';
import { createBlankState } from '../../../src/training/virtual-card/card-state.ts';
import { createInProcessReaders } from '../../../src/training/virtual-card/in-process.ts';
import { PlasticCard, VirtualReaders } from '../../../src/training/virtual-card/virtual-readers.ts';
import { count } from '../../support/counts.ts';
import { startInProcessHost } from '../../support/cards/in-process-host.ts';
import {
  createPersonalisationDesk,
  personaliser as tural,
  playRegistry,
  requestOf,
  serialOf,
  type PlayedRegistry,
} from '../../support/cards/personalisation-desk.ts';

const within = { timeout: 20_000 };
const [first, second] = ['Qeyd Virtual Reader 0', 'Oxuyucu № 2 «ə»'] as const;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

let registry: PlayedRegistry;
beforeAll(async () => {
  registry = await playRegistry();
});

async function stand(counts: { readonly requests: number; readonly blanks: number }) {
  registry.claims.clear();
  registry.next.clear();
  const virtual = new VirtualReaders([first, second]);
  const desk = await createPersonalisationDesk(registry, counts);
  const host = startInProcessHost(createInProcessReaders(virtual));
  const maker = createPersonaliser(desk, host.host);
  const open = () => createBatchRunner(desk, host.host, maker, () => 'p-256');
  closers.push(() => {
    host.close();
    desk.close();
  });
  const applicationIds = Array.from({ length: counts.requests }, (_, index) => requestOf(index + 1).applicationId);
  return { virtual, desk, host, maker, open, applicationIds };
}

const blank = (): PlasticCard => new PlasticCard(createBlankState());
const newId = (): string => crypto.randomUUID();

describe('a batch of cards', () => {
  it('PRS-03: rests overnight and goes on with the next card when a person says so', async () => {
    const { virtual, desk, open, applicationIds } = await stand({ requests: 2, blanks: 2 });
    const today = open();
    today.start(tural, { commandId: newId(), applicationIds, readerName: '' });
    await expect.poll(() => today.view()?.prompt.kind, within).toBe('insert');
    virtual.insert(first, blank());
    await expect.poll(() => today.view()?.prompt.kind, within).toBe('remove');
    today.close();
    virtual.eject(first);

    const tomorrow = open();
    closers.push(() => tomorrow.close());
    expect(tomorrow.view()).toMatchObject({ state: 'paused', items: [{ state: 'made' }, { state: 'waiting' }] });
    expect(tomorrow.start(tural, { commandId: newId(), applicationIds, readerName: '' })).toMatchObject({
      failure: { code: 'BATCH_OPEN' },
    });
    expect(tomorrow.resume(tural, newId())).toMatchObject({ ok: true });
    await expect.poll(() => tomorrow.view()?.prompt, within).toMatchObject({ kind: 'insert', serial: serialOf(2) });
    virtual.insert(first, blank());
    await expect.poll(() => tomorrow.view()?.state, within).toBe('done');
    expect(listRuns(desk.db, 'made')).toHaveLength(2);
  });

  it('a card that is not ours, two cards in two readers, an empty stock: each is said, and nothing is written', async () => {
    const { virtual, desk, open, applicationIds } = await stand({ requests: 1, blanks: 0 });
    const batch = open();
    closers.push(() => batch.close());
    batch.start(tural, { commandId: newId(), applicationIds, readerName: '' });
    await expect.poll(() => batch.view()?.prompt.kind, within).toBe('no_stock');
    desk.db.transact((tx) => {
      tx.run("INSERT INTO card_stock(serial, delivery_id, place, state, reason, note, at_ms) VALUES (@serial, 'D', 1, 'free', '', '', 0)", {
        serial: serialOf(9),
      });
    });
    batch.nudge();
    await expect.poll(() => batch.view()?.prompt, within).toMatchObject({ kind: 'insert', serial: serialOf(9) });
    const foreign = new PlasticCard(createBlankState({ atrHex: '3B021450' }));
    virtual.insert(first, foreign);
    await expect.poll(() => batch.view()?.prompt, within).toMatchObject({ kind: 'refused', failure: { code: 'CARD_NOT_OURS' } });
    virtual.insert(second, blank());
    await expect.poll(() => batch.view()?.prompt, within).toMatchObject({ kind: 'refused', failure: { code: 'CARD_TWO_READERS' } });
    expect(listRuns(desk.db, 'making')).toEqual([]);
    virtual.eject(first);
    await expect.poll(() => batch.view()?.state, within).toBe('done');
    expect(foreign.card.memory.writes).toBe(0);
    expect(findRunOfRequest(desk.db, applicationIds[0] ?? '')).toMatchObject({ readerName: second, cardSerial: serialOf(9) });
  });

  it('makes card after card with no growth of memory', async () => {
    const cards = count(12, 100);
    const { virtual, desk, open, applicationIds } = await stand({ requests: cards, blanks: cards });
    const batch = open();
    closers.push(() => batch.close());
    batch.start(tural, { commandId: newId(), applicationIds, readerName: first });
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used: number[] = [];
    for (let index = 1; index <= cards; index += 1) {
      await expect.poll(() => batch.view()?.prompt.kind, { interval: 5, ...within }).toBe('insert');
      virtual.insert(first, blank());
      await expect
        .poll(() => batch.view()?.items.filter(({ state }) => state === 'made').length, { interval: 5, timeout: 20_000 })
        .toBe(index);
      virtual.eject(first);
      collect();
      used.push(process.memoryUsage().heapUsed);
    }
    expect(listRuns(desk.db, 'made')).toHaveLength(cards);
    // The first few fill caches; what a card leaves behind would show in the rest.
    const early = used[Math.floor(cards / 4)] ?? 0;
    const late = used.at(-1) ?? 0;
    expect((late - early) / (cards - cards / 4)).toBeLessThan(200_000);
  }, 180_000);
});
