import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { loadDesk } from '../../src/main/load-desk.ts';
import { count, seededFraction } from '../support/counts.ts';
import { connectScreen, type ScreenClient } from '../support/screen-client.ts';
import { shownOf, type Held, type Saved } from './eager-registrar.ts';
import { listLeft, listProcesses, startProgramProcess, type Part, type ProgramProcess } from './program-process.ts';
import { openWindow, signIn, work } from './program-window.ts';
import { expectEverythingThere, expectSameAtRegistry, listLost } from './shown-as-saved.ts';

const kills = count(3, 20);
const seed = Number(process.env['QEYD_KILL_SEED'] ?? 20_261_125);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** What outlives the shell has this long to see that it is alone. */
const orphansEndWithinMs = 5000;
const queueEmptyWithinMs = 60_000;
/** The first three are in every run. */
const parts: readonly (Part | 'start')[] = ['shell', 'core', 'everything', 'start', 'maintenance', 'paper', 'registry'];
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'qeyd-program-')));
});
afterEach(() => {
  for (const { pid } of listProcesses(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function serve(where: string): Promise<{ readonly program: ProgramProcess; readonly address: string }> {
  const program = startProgramProcess(folder);
  const served = await program.served;
  if ('ended' in served) throw new Error(`The program did not start, ${where}:\n${served.ended}`);
  return { program, address: served.address };
}

/** What the program that lives now holds of what was shown before. */
async function look(screen: ScreenClient, saved: readonly Saved[]): Promise<Held> {
  const ids = new Set(saved.flatMap(({ application }) => (application === null ? [] : [application.applicationId])));
  const applications: Record<string, ReturnType<typeof shownOf>> = {};
  for (const applicationId of ids) applications[applicationId] = shownOf(await screen.desk.application.get({ applicationId }));
  return { applications, missingCommandIds: [], papers: {} };
}

/** The window comes back to a core that the shell has started again, as the screen does. */
async function comeBack(before: ScreenClient, origin: string): Promise<ScreenClient> {
  for (let tried = 0; ; tried += 1) {
    try {
      const screen = await connectScreen(origin, before.cookie);
      await signIn(screen);
      return screen;
    } catch (error) {
      if (tried >= 100) throw error;
      await pause(100);
    }
  }
}

/** Nobody listens there any more; what a dying process still held goes a moment after its words. */
async function isPortFree(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (let tried = 0; tried < 100; tried += 1) {
    const isHeld = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .some((line) => line.includes(`:${hex} `) && / 0A /u.test(line));
    if (!isHeld) return true;
    await pause(20);
  }
  return false;
}

it(
  'fault 3 I-1 I-18: the whole program killed at random moments has everything that its window was told, and nothing of it stays behind',
  async () => {
    const random = seededFraction(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    const all: Saved[] = [];
    const died: Record<string, number> = {};
    const restartsMs: number[] = [];
    let last: Saved[] = [];
    let { program, address } = await serve(`first start, seed ${seed}`);
    let screen = await openWindow(address);
    const beganMs = performance.now();
    for (let kill = 0; kill < kills; kill += 1) {
      const part = parts[kill < 3 ? kill : below(parts.length)] ?? 'everything';
      const where = `kill ${kill} of ${part}, seed ${seed}`;
      died[part] = (died[part] ?? 0) + 1;
      const window = work(screen);
      await pause(below(400));
      if (part !== 'start') program.kill(part);
      if (part === 'core') {
        await window.done;
        screen = await comeBack(screen, new URL(address).origin);
      } else {
        if (part === 'maintenance' || part === 'paper' || part === 'registry') {
          // It works on without them, and then everything goes.
          await pause(below(400));
          program.kill('everything');
        }
        if (part === 'start') program.kill('everything');
        await window.done;
        if (part === 'start') {
          const starting = startProgramProcess(folder);
          await pause(below(1500));
          starting.kill('everything');
        }
        const port = Number(new URL(address).port);
        // Every second time the person starts it again at once, while the orphans of a killed shell are still ending.
        if (part !== 'shell' || random() < 0.5) {
          expect(await listLeft(folder, orphansEndWithinMs), `left behind, ${where}`).toEqual([]);
          expect(await isPortFree(port), `port ${port}, ${where}`).toBe(true);
        }
        const fromMs = performance.now();
        ({ program, address } = await serve(where));
        restartsMs.push(Math.round(performance.now() - fromMs));
        screen = await openWindow(address);
      }
      last = [...window.saved];
      all.push(...last);
      expect(listLost(last, await look(screen, last)), `after ${where}`).toEqual([]);
    }
    const untilMs = performance.now() + queueEmptyWithinMs;
    for (;;) {
      const { queue, link } = await screen.desk.system.status();
      if (queue.queued + queue.unknown === 0) break;
      if (performance.now() > untilMs) throw new Error(`The queue did not empty, seed ${seed}: ${JSON.stringify({ queue, link })}`);
      await pause(100);
    }
    screen.close();
    const configPath = path.join(folder, 'desk.json');
    const { config } = await loadDesk(configPath);
    await program.stop();
    expect(await listLeft(folder, orphansEndWithinMs), `left behind by the last, seed ${seed}`).toEqual([]);

    const secrets = JSON.parse(readFileSync(path.join(config.dataFolder, 'secrets.json'), 'utf8')) as Record<string, string>;
    const opened = await openDatabase({
      file: path.join(config.dataFolder, 'desk.db'),
      keyHex: Buffer.from(secrets['database-key'] ?? '', 'base64').toString('hex'),
      clock: { nowMs: () => Date.now() },
    });
    if (!opened.ok) throw new Error(`${opened.failure.code}, seed ${seed}`);
    const db = opened.value;
    expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    await expect(verifyAudit(db, config.desk.id)).resolves.toMatchObject({ firstBadSeq: null });
    expectEverythingThere(db, all);
    await expectSameAtRegistry(db, path.join(folder, 'registry', 'registry.sqlite'));
    db.close();
    restartsMs.sort((left, right) => left - right);
    const figures = { seed, kills, died, saved: all.length, lost: 0, orphans: 0, 'slowest start ms': restartsMs.at(-1) ?? 0 };
    process.stdout.write(`kill-program ${JSON.stringify({ ...figures, seconds: Math.round((performance.now() - beganMs) / 1000) })}\n`);
    expect(all.length).toBeGreaterThan(kills);
  },
  count(300_000, 900_000),
);
