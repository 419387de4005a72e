import { describe, expect, it } from 'vitest';
import type { HostReport } from '../../shared/platform/host-messages.ts';
import type { Host } from './host.ts';
import { superviseHost } from './supervise-host.ts';

interface PlayedHost extends Host {
  report(report: HostReport): void;
  exit(): void;
  isOver: boolean;
}

function createPlayedHost(): PlayedHost {
  const reports: ((report: HostReport) => void)[] = [];
  const exits: ((code: number | null) => void)[] = [];
  const host: PlayedHost = {
    isOver: false,
    send: (message) => {
      if ((message as { type: string }).type === 'stop') host.exit();
    },
    onReport: (listener) => void reports.push(listener),
    onExit: (listener) => {
      if (host.isOver) listener(0);
      else exits.push(listener);
    },
    kill: () => {
      host.exit();
    },
    report: (report) => {
      for (const listener of reports) listener(report);
    },
    exit: () => {
      if (host.isOver) return;
      host.isOver = true;
      for (const listener of exits) listener(0);
    },
  };
  return host;
}

/** Hands out hosts that begin with the given reports, one after the other. */
function play(...beginnings: (HostReport | 'silent')[]) {
  const hosts: PlayedHost[] = [];
  return {
    hosts,
    spawn: () => {
      const host = createPlayedHost();
      const report = beginnings[hosts.length] ?? 'silent';
      hosts.push(host);
      if (report !== 'silent')
        queueMicrotask(() => {
          host.report(report);
        });
      return host;
    },
  };
}
const ready: HostReport = { type: 'ready', tookMs: 1, parts: {} };
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('a supervised host', () => {
  it('that has no database is there all the same, and says why', async () => {
    const { hosts, spawn } = play({ type: 'recovery', code: 'DATABASE_DAMAGED', params: {} }, ready);
    const supervisor = await superviseHost(spawn, () => undefined);
    const states: string[] = [];
    supervisor.onState((state) => states.push(state));
    expect(supervisor.recovery()?.code).toBe('DATABASE_DAMAGED');
    hosts[0]?.exit();
    await until(() => states.includes('running'));
    expect([states, supervisor.recovery()]).toEqual([['restarting', 'running'], undefined]);
    await supervisor.stop(100);
  });

  it('that loses its database under way comes back as recovery', async () => {
    const { hosts, spawn } = play(ready, { type: 'recovery', code: 'DATABASE_DAMAGED', params: {} });
    const supervisor = await superviseHost(spawn, () => undefined);
    const states: string[] = [];
    supervisor.onState((state) => states.push(state));
    hosts[0]?.exit();
    await until(() => states.includes('recovery'));
    expect(supervisor.current()).toBe(hosts[1]);
    await supervisor.stop(100);
  });

  it('that dies again and again is given up, or tried again later where that was asked for', async () => {
    for (const retryAfterMs of [undefined, 50]) {
      const { hosts, spawn } = play(...new Array<HostReport>(10).fill(ready));
      const supervisor = await superviseHost(spawn, () => undefined, retryAfterMs);
      const states: string[] = [];
      supervisor.onState((state, host) => {
        states.push(state);
        if (state === 'running' && !states.includes('failed')) queueMicrotask(() => (host as PlayedHost).exit());
      });
      hosts[0]?.exit();
      await until(() => states.includes('failed'));
      if (retryAfterMs !== undefined) await until(() => states.at(-1) === 'running');
      else await new Promise((resolve) => setTimeout(resolve, 200));
      expect([hosts.length, supervisor.current() !== undefined]).toEqual(retryAfterMs === undefined ? [6, false] : [7, true]);
      await supervisor.stop(100);
    }
  }, 20_000);

  it('stopped while it is being started again leaves nobody behind', async () => {
    const { hosts, spawn } = play(ready, 'silent');
    const supervisor = await superviseHost(spawn, () => undefined);
    hosts[0]?.exit();
    await until(() => hosts.length === 2);
    await supervisor.stop(100);
    expect(hosts.map(({ isOver }) => isOver)).toEqual([true, true]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(hosts).toHaveLength(2);
  });
});
