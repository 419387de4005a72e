import { useCallback, useRef, useState } from 'react';
import { v7 as uuidv7 } from 'uuid';
import { failureOf, isOutcomeOpen, type Failure } from './failure.ts';

export interface Act {
  /** Runs the work under one command id. Answers undefined when it failed; the failure then stands in `failure`. */
  readonly run: <Answer>(work: (commandId: string) => Promise<Answer>) => Promise<Answer | undefined>;
  readonly failure: Failure | null;
  /** Null when nothing runs. */
  readonly startedAtMs: number | null;
  readonly clear: () => void;
}

/**
 * One act of the operator. The same id is used again after a failure whose outcome is open, so that a repeated try can never do the thing
 * twice; after an answer, good or bad, the next act has a new id. A second call while one runs does nothing.
 */
export function useAct(): Act {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [startedAtMs, setStartedAtMs] = useState<number | null>(null);
  const commandId = useRef<string | undefined>(undefined);
  const isRunning = useRef(false);

  const run = useCallback(async <Answer>(work: (commandId: string) => Promise<Answer>): Promise<Answer | undefined> => {
    if (isRunning.current) return undefined;
    isRunning.current = true;
    commandId.current ??= uuidv7();
    setFailure(null);
    setStartedAtMs(Date.now());
    try {
      const answer = await work(commandId.current);
      commandId.current = undefined;
      return answer;
    } catch (error) {
      const why = failureOf(error);
      if (!isOutcomeOpen(why)) commandId.current = undefined;
      setFailure(why);
      return undefined;
    } finally {
      isRunning.current = false;
      setStartedAtMs(null);
    }
  }, []);
  const clear = useCallback(() => {
    setFailure(null);
  }, []);
  return { run, failure, startedAtMs, clear };
}
