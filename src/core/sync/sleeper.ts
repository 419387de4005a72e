import type { Clock } from '../../shared/platform/ports.ts';

/** A wait that can be cut short. Only one at a time. */
export interface Sleeper {
  sleep(delayMs: number): Promise<void>;
  wake(): void;
}

export function createSleeper(clock: Clock): Sleeper {
  let end: (() => void) | null = null;
  let isAwake = false;
  return {
    sleep: (delayMs) =>
      new Promise((resolve) => {
        if (isAwake) {
          isAwake = false;
          resolve();
          return;
        }
        const cancel = clock.schedule(delayMs, () => end?.());
        end = () => {
          end = null;
          cancel();
          resolve();
        };
      }),
    wake: () => {
      if (end === null) isAwake = true;
      else end();
    },
  };
}
