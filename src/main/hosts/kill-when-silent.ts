import type { Host } from './host.ts';

/** Longer than the longest call that holds the card host's loop in health (a second), much shorter than a person's patience. */
const silenceMs = 8_000;

/**
 * Ends a host that says it hangs, or that has fallen silent: a driver holds it, and it cannot even end itself. The supervisor starts it again.
 * Counts from its `ready` on. Source: cards.md §6
 */
export function killWhenSilent(host: Host, limitMs = silenceMs): void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      host.kill();
    }, limitMs);
    timer.unref();
  };
  host.onReport((report) => {
    if (report.type === 'ready' || report.type === 'heartbeat') wait();
    if (report.type === 'hung') host.kill();
  });
  host.onExit(() => {
    clearTimeout(timer);
  });
}
