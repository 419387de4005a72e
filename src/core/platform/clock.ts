import type { Clock } from '../../shared/platform/ports.ts';

/** The device clock and its timers. A waiting timer does not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
