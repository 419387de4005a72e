/** A page is applied in one transaction with its cursor, and the core may not be held longer than 50 ms by it. */
const wantedMs = 15;
const smallest = 10;
const largest = 400;
/** A case costs up to 2 ms; what is cheaper is found out. */
const firstGuess = 20;

/** How many changes are asked for at once: as many as are applied in the time that the core may be held, by what the pages before cost. */
export interface PageSize {
  limit(): number;
  noteApplied(changes: number, tookMs: number): void;
}

export function createPageSize(): PageSize {
  let limit = firstGuess;
  return {
    limit: () => limit,
    noteApplied: (changes, tookMs) => {
      if (changes === 0) return;
      const fitting = Math.floor(wantedMs / Math.max(tookMs / changes, 0.001));
      // Down at once, up in steps: one cheap page says little of the next. A short page that was cheap says nothing of a full one.
      if (fitting < limit) limit = Math.max(smallest, fitting);
      else if (changes >= limit) limit = Math.min(largest, fitting, limit * 2);
    },
  };
}
