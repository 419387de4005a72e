/** A small generator of repeatable numbers: the same seed gives the same population on every machine. Not for secrets. */
export interface Prng {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Whole number in [0, count). */
  below(count: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export function makePrng(seed: number): Prng {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number) => Math.floor(fraction() * count);
  return { fraction, below, pick: (items) => items[below(items.length)] ?? items[0] };
}
