/** `npm run prove` sets it: full counts, which may take an hour. `npm test` runs the same tests with small ones. */
export const isProving: boolean = process.env['QEYD_PROVE'] === '1';

export function count(small: number, full: number): number {
  return isProving ? full : small;
}

/** The same for callers that name the two. */
export function countFor(counts: { readonly test: number; readonly prove: number }): number {
  return count(counts.test, counts.prove);
}

/** A small seeded generator, so that a failing repetition can be run again: mulberry32. */
export function seededFraction(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
