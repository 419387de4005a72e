import { expect, it } from 'vitest';
import { StartFailure } from '../../../src/shared/platform/start-failure.ts';
import type { Shell, StartedShell } from '../../../src/main/shell.ts';

/** One running shell and what the suite may see of it from outside. */
export interface ShellUnderTest {
  readonly shell: Shell;
  /** A second shell on the same data folder. */
  second(): Shell;
  /** Everything the operating system shows of the hosts: arguments and environment. */
  publicFacts(): Promise<string>;
  /** The database key the core was given. */
  databaseKey(): Promise<string>;
  /** Opens a screen and asks the core something; true when it answered. */
  screenReachesCore(started: StartedShell): Promise<boolean>;
  crashCore(): void;
  hostsAlive(): number;
}

/** Holds for every implementation of `Shell`. */
export function shellContract(make: () => Promise<ShellUnderTest>): void {
  const withShell = async (work: (under: ShellUnderTest, started: StartedShell) => Promise<void>) => {
    const under = await make();
    const started = await under.shell.start();
    try {
      await work(under, started);
    } finally {
      await under.shell.stop();
    }
    expect(under.hostsAlive()).toBe(0);
  };

  it('starts the hosts, joins the screen to the core and ends both', () =>
    withShell(async (under, started) => {
      expect(Object.keys(started.parts).length).toBeGreaterThan(0);
      expect(under.hostsAlive()).toBe(3);
      expect(await under.screenReachesCore(started)).toBe(true);
    }));

  it('hands secrets over by message, never in arguments or environment', () =>
    withShell(async (under) => {
      const key = await under.databaseKey();
      expect(key).toMatch(/^[0-9a-f]{64}$/);
      const facts = await under.publicFacts();
      expect(facts.length).toBeGreaterThan(20);
      expect(facts).not.toContain(key);
      expect(facts).not.toContain('PRIVATE KEY');
    }));

  it('refuses a second instance on the same desk and leaves the first one running', () =>
    withShell(async (under, started) => {
      const failure: unknown = await under
        .second()
        .start()
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(failure).toBeInstanceOf(StartFailure);
      expect((failure as StartFailure).code).toBe('DATABASE_IN_USE');
      expect(await under.screenReachesCore(started)).toBe(true);
    }));

  it('restarts a core that crashed and joins the screen again', () =>
    withShell(async (under, started) => {
      const states: string[] = [];
      const running = new Promise<void>((done) => {
        started.onCoreState((state) => {
          states.push(state);
          if (state === 'running') done();
        });
      });
      under.crashCore();
      await running;
      expect(states).toEqual(['restarting', 'running']);
      expect(await under.screenReachesCore(started)).toBe(true);
    }));

  it('may be stopped twice', async () => {
    const under = await make();
    await under.shell.start();
    await under.shell.stop();
    await under.shell.stop();
    expect(under.hostsAlive()).toBe(0);
  });
}
