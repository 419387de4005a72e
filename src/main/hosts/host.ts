import type { HostReport } from '../../shared/platform/host-messages.ts';

/** One running host process (core, paper host, maintenance or card host), however the platform starts it: a Node child or an Electron utility process. */
export interface Host {
  /** Structured-clone data; secrets go this way and no other. */
  send(message: unknown): void;
  onReport(listener: (report: HostReport) => void): void;
  /** Fires once; `code` is null when a signal ended it. */
  onExit(listener: (code: number | null) => void): void;
  /** Ends it at once. */
  kill(): void;
}

export type SpawnHost<H extends Host = Host> = () => H;

/** How a start came out: `recovery` is a core that serves the recovery page only. */
export type StartReport = Extract<HostReport, { type: 'ready' | 'recovery' | 'failed' }>;

/** Waits for the first `ready` or `recovery`; an exit or a long silence before it is a failure. */
export function waitUntilReady(host: Host, timeoutMs: number): Promise<StartReport> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ type: 'failed', code: 'HOST_TIMEOUT', params: { timeoutMs } });
    }, timeoutMs);
    const settle = (report: StartReport) => {
      clearTimeout(timer);
      resolve(report);
    };
    host.onReport((report) => {
      if (report.type === 'ready' || report.type === 'recovery' || report.type === 'failed') settle(report);
    });
    host.onExit((code) => {
      settle({ type: 'failed', code: 'HOST_EXITED', params: { exitCode: code ?? -1 } });
    });
  });
}

/** Asks, waits at most `graceMs`, then kills. */
export function stopHost(host: Host, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      host.kill();
    }, graceMs);
    host.onExit(() => {
      clearTimeout(timer);
      resolve();
    });
    host.send({ type: 'stop' });
  });
}
