/** Server errors on one command, each with a success of another since the one before, that mark it as the cause. */
const strikes = 8;

export interface PoisonWatch {
  /** Any other command got through. */
  noteSuccess(commandId: string): void;
  /** True when this command alone has failed often enough while others succeeded. */
  noteServerError(commandId: string): boolean;
}

/** Tells a command that the registry cannot digest from a registry that is down: only the first fails while the others get through. */
export function createPoisonWatch(): PoisonWatch {
  const counts = new Map<string, { strikes: number; successesSeen: number }>();
  let successes = 0;
  return {
    noteSuccess(commandId) {
      successes += 1;
      counts.delete(commandId);
    },
    noteServerError(commandId) {
      const count = counts.get(commandId) ?? { strikes: 0, successesSeen: -1 };
      if (successes > count.successesSeen) count.strikes += 1;
      count.successesSeen = successes;
      counts.set(commandId, count);
      if (count.strikes < strikes) return false;
      // Whoever sends it again begins to count anew.
      counts.delete(commandId);
      return true;
    },
  };
}
