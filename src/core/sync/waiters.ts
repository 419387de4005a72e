import type { Clock } from '../../shared/platform/ports.ts';
import { fail, type Failure, type Result } from '../../shared/platform/result.ts';
import type { CommandResult } from '../../shared/registry-api/envelope.ts';

export type Outcome = Result<CommandResult, Failure>;

/** Those who wait for the outcome of an online act. Whatever they are told, the act itself is asked again until its outcome is known. */
export interface Waiters {
  /** Resolves with the recorded outcome, or with why it is not known. */
  waitFor(commandId: string): Promise<Outcome>;
  isAwaited(commandId: string): boolean;
  awaited(): ReadonlySet<string>;
  tell(commandId: string, outcome: Outcome): void;
  /** The outcome stays unknown for now: of one command, or of all. */
  giveUp(code: string, commandId?: string): void;
}

/** An operator does not wait longer than this for the outcome of an online act. */
const longestWaitMs = 45_000;

export function createWaiters(clock: Pick<Clock, 'schedule'>): Waiters {
  const resolversOf = new Map<string, ((outcome: Outcome) => void)[]>();
  const tell = (commandId: string, outcome: Outcome): void => {
    const resolvers = resolversOf.get(commandId) ?? [];
    resolversOf.delete(commandId);
    for (const resolve of resolvers) resolve(outcome);
  };
  const giveUp = (code: string, commandId?: string): void => {
    for (const id of commandId === undefined ? [...resolversOf.keys()] : [commandId]) tell(id, fail(code, {}, true));
  };
  return {
    waitFor: (commandId) =>
      new Promise((resolve) => {
        const cancel = clock.schedule(longestWaitMs, () => {
          giveUp('OUTCOME_UNKNOWN', commandId);
        });
        const resolvers = resolversOf.get(commandId) ?? [];
        resolvers.push((outcome) => {
          cancel();
          resolve(outcome);
        });
        resolversOf.set(commandId, resolvers);
      }),
    isAwaited: (commandId) => resolversOf.has(commandId),
    awaited: () => new Set(resolversOf.keys()),
    tell,
    giveUp,
  };
}
