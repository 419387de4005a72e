import type { DeskConfig } from '../shared/platform/desk-config.ts';
import type { StartFailure } from '../shared/platform/start-failure.ts';

/**
 * What owns windows and the operating system. The core and the screen do not know which shell they run in; one contract suite
 * (`tests/integration/shell`) holds for every implementation. Source: ADR-0002
 */
export interface Shell {
  readonly kind: 'browser' | 'electron';
  /**
   * Starts the hosts and waits until the core answers. Fails with a `StartFailure` and leaves nothing running; a second instance on the same
   * data folder fails with DATABASE_IN_USE. Secrets reach the core by message only.
   */
  start(): Promise<StartedShell>;
  /** Ends screen, core, paper host and maintenance; waits at most `graceMs` for each, then kills. Calling it again does nothing. */
  stop(): Promise<void>;
}

export interface StartedShell {
  /** How long each part of the start took, in ms. */
  readonly parts: Readonly<Record<string, number>>;
  /** Opens the one window on the desk. Browser: answers the address with its single-use token. */
  openScreen(): Promise<{ readonly address: string }>;
  /** Fires on every change of the core: after a crash it is restarted (at most `restartLimit` times a minute) and the screen joined again. */
  onCoreState(listener: (state: CoreState) => void): void;
}

/** `recovery`: the core answers, but only the recovery page: the database is damaged. */
export type CoreState = 'running' | 'recovery' | 'restarting' | 'failed';

/** Where the recovery page says what happened; the values of its sentence stand behind the `#` and never leave the machine. */
export function recoveryPath(failure: StartFailure): string {
  const values = Object.fromEntries(Object.entries(failure.params).map(([name, value]) => [name, String(value)]));
  return `/recovery/index.html#${new URLSearchParams({ code: failure.code, ...values }).toString()}`;
}

/** Secrets of this desk, wrapped by what the platform has: safeStorage in Electron, an owner-only file in the browser shell (training only). */
export interface SecretStore {
  find(name: string): Promise<Uint8Array | undefined>;
  /** Durable when it resolves. */
  put(name: string, value: Uint8Array): Promise<void>;
}

/** A configuration read from its file: paths absolute, gaps already refused. */
export interface LoadedDesk {
  readonly config: DeskConfig;
  readonly configPath: string;
}
