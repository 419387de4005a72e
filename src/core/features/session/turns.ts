/** Runs what belongs to one name one after the other; other names do not wait for it. */
export type TakeTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): TakeTurn {
  const lastOf = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = lastOf.get(name) ?? Promise.resolve();
    // One that failed ends its turn too.
    const turn = before.then(work, work);
    lastOf.set(name, turn);
    try {
      return await turn;
    } finally {
      if (lastOf.get(name) === turn) lastOf.delete(name);
    }
  };
}
