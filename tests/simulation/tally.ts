/** How often what went wrong. */
export interface Tally {
  note(what: string, times?: number): void;
  counts(): Readonly<Record<string, number>>;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    note(what, times = 1) {
      counts.set(what, (counts.get(what) ?? 0) + times);
    },
    counts: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

export function sumOf(tallies: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum = createTally();
  for (const each of tallies) for (const [what, times] of Object.entries(each)) sum.note(what, times);
  return sum.counts();
}
