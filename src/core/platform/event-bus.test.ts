import { expect, it } from 'vitest';
import type { DeskEvent } from '../../shared/contract/system.ts';
import { createEventBus, streamEvents } from './event-bus.ts';

const event = (on: string): DeskEvent => ({ type: 'register.changed', on });

it('a listener that throws does not stop the others', () => {
  const errors: unknown[] = [];
  const bus = createEventBus((error) => errors.push(error));
  const seen: DeskEvent[] = [];
  bus.subscribe(() => {
    throw new Error('mine');
  });
  const unsubscribe = bus.subscribe((each) => seen.push(each));
  bus.publish(event('1'));
  unsubscribe();
  bus.publish(event('2'));
  expect(seen).toEqual([event('1')]);
  expect(errors).toHaveLength(2);
});

it('a reader that sleeps loses the oldest events and none of the newest', async () => {
  const bus = createEventBus(() => undefined);
  const stop = new AbortController();
  const stream = streamEvents(bus, stop.signal);
  const first = stream.next();
  for (let index = 0; index < 1500; index += 1) bus.publish(event(String(index)));
  await first;
  const seen: string[] = [];
  for (let count = 0; count < 999; count += 1) {
    const { value } = await stream.next();
    if (value?.type === 'register.changed') seen.push(value.on);
  }
  expect(seen.at(-1)).toBe('1499');
  stop.abort();
  expect((await stream.next()).done).toBe(true);
});
