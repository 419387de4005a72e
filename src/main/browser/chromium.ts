import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Flags that keep Chromium to itself: no first-run pages, no traffic of its own, no crash reports. */
export const quietFlags = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--password-store=basic',
];

/** Path of an installed Chromium or Chrome, or undefined. */
export function findChromium(): string | undefined {
  const fixed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const names = process.platform === 'win32' ? ['chrome.exe', 'msedge.exe'] : ['chromium', 'chromium-browser', 'google-chrome'];
  const inPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...fixed, ...inPath].find((path) => existsSync(path));
}

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

export interface AppWindow {
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens `address` as an app window in a temporary profile that is deleted when the window closes. */
export async function openAppWindow(chromium: string, address: string): Promise<AppWindow> {
  const profile = await mkdtemp(join(tmpdir(), 'qeyd-profile-'));
  const isRoot = process.getuid?.() === 0;
  const child: ChildProcess = spawn(
    chromium,
    [`--app=${address}`, `--user-data-dir=${profile}`, '--window-size=1366,768', ...quietFlags, ...(isRoot ? ['--no-sandbox'] : [])],
    { stdio: 'ignore' },
  );
  const closed = new Promise<void>((resolve) => {
    const done = () => {
      void rm(profile, { recursive: true, force: true, maxRetries: 5 }).finally(() => {
        resolve();
      });
    };
    child.once('exit', done);
    child.once('error', done);
  });
  return { closed, close: () => void child.kill() };
}
