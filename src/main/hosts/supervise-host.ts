import { stopHost, waitUntilReady, type Host, type SpawnHost } from './host.ts';
import { StartFailure } from '../../shared/platform/start-failure.ts';
import type { CoreState } from '../shell.ts';

const startTimeoutMs = 60_000;
const restartLimit = 5;
const restartWindowMs = 60_000;

export interface HostSupervisor<H extends Host> {
  readonly parts: Readonly<Record<string, number>>;
  /** Why the process that answers now serves the recovery page only; undefined when it does its work. */
  recovery(): StartFailure | undefined;
  /** The process that answers now; undefined while it is being restarted or after it failed for good. */
  current(): H | undefined;
  onState(listener: (state: CoreState, host: H | undefined) => void): void;
  stop(graceMs: number): Promise<void>;
}

/**
 * Keeps one host process running (core, paper host or maintenance). The first start must succeed or StartFailure is thrown and nothing is left running; a later exit restarts it with a
 * growing pause, at most `restartLimit` times a minute, then the state is `failed`: for good, or for `retryAfterMs` where what holds it up may pass (a
 * driver). `begin` hands the secrets to every new process.
 */
export async function superviseHost<H extends Host>(
  spawn: SpawnHost<H>,
  begin: (host: H) => void,
  retryAfterMs?: number,
): Promise<HostSupervisor<H>> {
  const listeners: ((state: CoreState, host: H | undefined) => void)[] = [];
  const exits: number[] = [];
  let current: H | undefined;
  let starting: H | undefined;
  let recovery: StartFailure | undefined;
  let isStopping = false;

  const hasStopped = (): boolean => isStopping;

  const announce = (state: CoreState) => {
    for (const listener of listeners) listener(state, current);
  };
  const launch = async () => {
    const host = spawn();
    starting = host;
    begin(host);
    const report = await waitUntilReady(host, startTimeoutMs);
    starting = undefined;
    if (report.type === 'failed') {
      host.kill();
      throw new StartFailure(report.code, report.params);
    }
    if (hasStopped()) {
      // Stopped while it was being started again: nobody else would end it.
      host.kill();
      throw new StartFailure('HOST_EXITED');
    }
    host.onExit(() => {
      if (current !== host) return;
      current = undefined;
      if (!isStopping) void restart();
    });
    current = host;
    recovery = report.type === 'recovery' ? new StartFailure(report.code, report.params) : undefined;
    return report;
  };
  const restart = async (): Promise<void> => {
    const now = Date.now();
    exits.push(now);
    while (exits[0] !== undefined && exits[0] < now - restartWindowMs) exits.shift();
    if (exits.length > restartLimit) {
      announce('failed');
      if (retryAfterMs === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs).unref());
      exits.splice(0, exits.length, Date.now());
      if (hasStopped()) return;
    }
    announce('restarting');
    await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** (exits.length - 1)));
    if (hasStopped()) return;
    try {
      await launch();
      announce(recovery === undefined ? 'running' : 'recovery');
    } catch {
      if (!hasStopped()) await restart();
    }
  };

  const first = await launch();
  return {
    parts: first.type === 'ready' ? first.parts : {},
    recovery: () => (current === undefined ? undefined : recovery),
    current: () => current,
    onState: (listener) => {
      listeners.push(listener);
    },
    async stop(graceMs) {
      isStopping = true;
      const host = current;
      current = undefined;
      if (host !== undefined) await stopHost(host, graceMs);
      // One that is being started again has nothing to finish, and must not outlive who started it.
      else if (starting !== undefined) await endNow(starting);
    },
  };
}

function endNow(host: Host): Promise<void> {
  return new Promise((resolve) => {
    host.onExit(() => {
      resolve();
    });
    host.kill();
  });
}
