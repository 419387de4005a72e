import { describe, expect, it } from 'vitest';
import { Cancelled, ReaderQueue, type Turn } from './reader-queue.ts';

const step = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('operations at readers', () => {
  it('run one after the other on one reader, and beside each other on two', async () => {
    const queue = new ReaderQueue();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await step();
      log.push(`${name} ends`);
    };
    await Promise.all([queue.run('a', work('1')), queue.run('a', work('2')), queue.run('b', work('3'))]);
    expect(log.filter((line) => !line.startsWith('3'))).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    expect(log.indexOf('3 begins')).toBeLessThan(log.indexOf('1 ends'));
  });

  it('that fail hold up nobody behind them', async () => {
    const queue = new ReaderQueue();
    const first = queue.run('a', () => Promise.reject(new Error('no')));
    const second = queue.run('a', () => Promise.resolve('done'));
    await expect(first).rejects.toThrow('no');
    expect(await second).toBe('done');
  });

  it('end when they are cancelled, only the one that runs, and not once the card is changed', async () => {
    const queue = new ReaderQueue();
    const told: string[] = [];
    let kept: Turn | undefined;
    const running = queue.run('a', async (turn) => {
      turn.onCancel(() => told.push('told'));
      await step();
      turn.check();
    });
    const next = queue.run('a', async (turn) => {
      kept = turn;
      turn.keep();
      await step();
      turn.check();
      return 'done';
    });
    await Promise.resolve();
    queue.cancel('a');
    queue.cancel('nobody');
    await expect(running).rejects.toThrow(Cancelled);
    queue.cancelAll();
    expect(await next).toBe('done');
    expect([told, kept === undefined]).toEqual([['told'], false]);
  });

  it('are refused when too many wait already', async () => {
    const queue = new ReaderQueue();
    const all = Array.from({ length: 17 }, () => queue.run('a', step));
    expect(all.map((each) => each === undefined)).toEqual([...new Array<boolean>(16).fill(false), true]);
    await Promise.all(all.map((each) => each ?? Promise.resolve()));
    expect(queue.run('a', step)).toBeDefined();
  });
});
