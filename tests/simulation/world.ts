import { v7 } from 'uuid';
import type { Clock, Randomness } from '../../src/shared/platform/ports.ts';

/**
 * Time and chance of one simulated run. Everything that happens is an event of the world and happens alone: the next one starts when the one
 * before has come to rest. So a run is the same every time it is made from the same number.
 */
export interface World {
  /** True time, UTC epoch milliseconds; nobody in the world can see it. */
  nowMs(): number;
  readonly chance: Chance;
  /** Runs once after `delayMs` of true time; the returned function cancels. */
  schedule(delayMs: number, run: () => void | Promise<void>): () => void;
  /** Lets time pass, event after event. */
  advance(byMs: number): Promise<void>;
}

export interface Chance {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** True with the given probability. */
  hits(probability: number): boolean;
  /** Uniform integer in [0, end). */
  below(end: number): number;
  bytes(count: number): Uint8Array;
}

/** A Monday morning in Baku. */
export const beginningMs = Date.UTC(2026, 5, 22, 5, 0, 0);

interface Event {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
  isCancelled: boolean;
}

export function createWorld(seed: number): World {
  const events: Event[] = [];
  let nowMs = beginningMs;
  let order = 0;

  const insert = (event: Event): void => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = events[middle];
      if (other !== undefined && (other.dueMs < event.dueMs || (other.dueMs === event.dueMs && other.order < event.order)))
        low = middle + 1;
      else high = middle;
    }
    events.splice(low, 0, event);
  };

  return {
    nowMs: () => nowMs,
    chance: createChance(seed),
    schedule(delayMs, run) {
      const event: Event = { dueMs: nowMs + Math.max(0, Math.round(delayMs)), order: order++, run, isCancelled: false };
      insert(event);
      return () => {
        event.isCancelled = true;
      };
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      await rest();
      for (let next = events[0]; next !== undefined && next.dueMs <= untilMs; next = events[0]) {
        events.shift();
        if (next.isCancelled) continue;
        nowMs = Math.max(nowMs, next.dueMs);
        await next.run();
        await rest();
      }
      nowMs = untilMs;
    },
  };
}

/** Lets every promise that can settle do so; no time passes. */
async function rest(): Promise<void> {
  for (let round = 0; round < 2; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(fraction() * end);
  return {
    fraction,
    below,
    hits: (probability) => fraction() < probability,
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}

/** A device's own idea of time: it may be set wrong, jump or stand still, while its timers keep true time. */
export interface DeviceClock extends Clock {
  /** Sets the device clock so many milliseconds off the true time. */
  setOff(byMs: number): void;
  /** Every timer of the program is gone, as when its process ends. */
  dropTimers(): void;
}

/** `onThrow` gets what a timer of the device's program throws. */
export function createDeviceClock(world: World, onThrow: (error: unknown) => void): DeviceClock {
  let offMs = 0;
  let cancels = new Set<() => void>();
  const bootedMs = world.nowMs() - 1000;
  return {
    nowMs: () => world.nowMs() + offMs,
    monotonicMs: () => world.nowMs() - bootedMs,
    schedule(delayMs, run) {
      const mine = cancels;
      const cancel = world.schedule(delayMs, () => {
        mine.delete(cancel);
        try {
          run();
        } catch (error) {
          onThrow(error);
        }
      });
      mine.add(cancel);
      return () => {
        mine.delete(cancel);
        cancel();
      };
    },
    setOff(byMs) {
      offMs = byMs;
    },
    dropTimers() {
      for (const cancel of cancels) cancel();
      cancels = new Set();
    },
  };
}

/** Randomness of a device, drawn from the world's. Ids are strictly increasing, as the port promises. */
export function createDeviceRandomness(world: World, chance: Chance): Randomness {
  let seq = 0;
  return {
    bytes: (count) => chance.bytes(count),
    fraction: () => chance.fraction(),
    uuid: () => v7({ msecs: world.nowMs(), seq: seq++, random: chance.bytes(16) }),
  };
}
