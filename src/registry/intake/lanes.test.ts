import { describe, expect, it } from 'vitest';
import type { RegistryError } from '../server/registry-error.ts';
import type { Store } from '../store/store.ts';
import { createLanes } from './lanes.ts';

/** Lanes ask a store only whether it has one writer. */
function storeWith(isSerial: boolean): Store {
  return { dialect: { isSerial } } as Store;
}

const answerAll = (items: readonly string[]): PromiseSettledResult<string>[] => items.map((value) => ({ status: 'fulfilled', value }));

describe('lanes', () => {
  it('I-5: items of one partition keep their order, and gather while one transaction is on its way', async () => {
    const groups: string[][] = [];
    const lanes = createLanes<string, string>(storeWith(false), async (items) => {
      groups.push([...items]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return answerAll(items);
    });
    const names = Array.from({ length: 30 }, (_, index) => `a${index}`);
    expect(await Promise.all(names.map((name) => lanes.put(7, name)))).toEqual(names);
    expect(groups.flat()).toEqual(names);
    expect(groups.length).toBe(2);
  });

  it('never has two transactions of one partition at once, nor more than four in all', async () => {
    let running = 0;
    let most = 0;
    const busy = new Set<string>();
    const lanes = createLanes<string, string>(storeWith(false), async (items) => {
      const partition = items[0]?.split('/')[0] ?? '';
      expect(items.every((item) => item.startsWith(`${partition}/`))).toBe(true);
      expect(busy.has(partition)).toBe(false);
      busy.add(partition);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      busy.delete(partition);
      return answerAll(items);
    });
    await Promise.all(Array.from({ length: 400 }, (_, index) => lanes.put(index % 64, `${index % 64}/${index}`)));
    expect(most).toBe(4);
  });

  it('one item that breaks its transaction takes no other with it', async () => {
    const lanes = createLanes<string, string>(storeWith(true), (items) =>
      items.includes('bad') ? Promise.reject(new Error('broken')) : Promise.resolve(answerAll(items)),
    );
    const answers = await Promise.allSettled(['first', 'bad', 'good', 'other'].map((item, partition) => lanes.put(partition, item)));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual([
      'first',
      'failed',
      'good',
      'other',
    ]);
  });

  it('fault 28: says how long to stay away when ten seconds of work are waiting, and takes work again when they are done', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const lanes = createLanes<number, number>(storeWith(true), async (items) => {
      await held;
      return items.map((value) => ({ status: 'fulfilled', value }));
    });
    const waiting = Array.from({ length: 10_000 }, (_, index) => lanes.put(0, index));
    const turnedAway = Array.from({ length: 60 }, () => {
      try {
        lanes.refuseOverload(50);
        return 0;
      } catch (error) {
        expect(error).toMatchObject({ status: 503, body: { code: 'BUSY' } });
        return (error as RegistryError).retryAfterS ?? 0;
      }
    });
    // One after the other, at the pace of a thousand a second.
    expect(turnedAway[0]).toBeGreaterThanOrEqual(5);
    expect(turnedAway).toEqual([...turnedAway].sort((one, other) => one - other));
    expect((turnedAway.at(-1) ?? 0) - (turnedAway[0] ?? 0)).toBeGreaterThanOrEqual(1);
    // Two answers of 500 leave a quarter of a second apart while so much is waiting.
    const heldFromMs = performance.now();
    await Promise.all([lanes.awaitTurn(500), lanes.awaitTurn(500)]);
    expect(performance.now() - heldFromMs).toBeGreaterThanOrEqual(450);
    release();
    await Promise.all(waiting);
    expect(() => {
      lanes.refuseOverload(50);
    }).not.toThrow();
  });
});
