import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { civilDateAt } from '../../src/shared/language/dates.ts';
import type { RunningRegistry } from '../../src/registry/index.ts';
import { actorOf, openRealDesk, realOfficeId, startRealRegistry } from '../support/real-desk.ts';

const kills = 200;
const keyHex = randomBytes(32).toString('hex');
let registry: RunningRegistry;
let stopRegistry: () => Promise<void>;
let folder: string;

beforeAll(async () => {
  ({ registry, stop: stopRegistry } = await startRealRegistry());
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-kill-'));
});
afterAll(async () => {
  await stopRegistry();
  rmSync(folder, { recursive: true, force: true });
});

interface Kill {
  readonly afterMs: number;
  readonly since: 'start' | 'ready';
}
interface Child {
  /** Lets it open the desk, kills it at its moment, and answers what it reported as saved. */
  run(kill: Kill | null): Promise<{ readonly saved: string[]; readonly isReady: boolean }>;
}

/** A process that has loaded the program and waits for the word to open the desk. */
function loadChild(settingsFile: string, task: 'act' | 'drain'): Child {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'desk-child.ts'), settingsFile, task], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'compiled') },
  });
  let output = '';
  let isReady = false;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8');
  return {
    async run(kill) {
      const killSoon = (): void => {
        if (kill !== null) setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
      };
      child.stdout.on('data', (text: string) => {
        output += text;
        if (isReady || !output.startsWith('ready\n')) return;
        isReady = true;
        if (kill?.since === 'ready') killSoon();
      });
      child.stdin.write('go\n');
      if (kill?.since === 'start') killSoon();
      await closed;
      // A line without its end was never wholly said.
      const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
      return { saved: lines.filter((line) => line.startsWith('saved ')).map((line) => line.slice(6)), isReady };
    },
  };
}

it('SIGKILL at 200 random moments: nothing shown as saved is lost, no act arrives twice, database and audit chain hold', async () => {
  const credentials = await registry.provisionDesk({ deskId: 'desk-kill', officeId: realOfficeId });
  const settingsFile = path.join(folder, 'settings.json');
  writeFileSync(settingsFile, JSON.stringify({ url: registry.url, folder, keyHex, credentials, actor: actorOf('leyla') }));
  const saved: string[] = [];
  let child = loadChild(settingsFile, 'act');
  for (let round = 0; round < kills; round += 1) {
    const next = loadChild(settingsFile, round === kills - 1 ? 'drain' : 'act');
    // Every tenth dies somewhere in its start.
    const since = round % 10 === 9 ? 'start' : 'ready';
    const run = await child.run({ since, afterMs: Math.random() * (since === 'start' ? 150 : 120) });
    child = next;
    if (since === 'ready') expect(run.isReady, `start ${round}`).toBe(true);
    saved.push(...run.saved);
  }
  await child.run(null);
  expect(saved.length).toBeGreaterThan(kills);
  expect(new Set(saved).size).toBe(saved.length);

  const opened = await openDatabase({ file: path.join(folder, 'desk.db'), keyHex, clock: { nowMs: () => Date.now() } });
  if (!opened.ok) throw new Error(opened.failure.code);
  const db = opened.value;
  expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  await expect(verifyAudit(db, credentials.deskId)).resolves.toMatchObject({ firstBadSeq: null });
  const outbox = db.all('SELECT command_id, state FROM outbox');
  const kept = new Set(outbox.map((row) => String(row['command_id'])));
  expect(saved.filter((id) => !kept.has(id))).toEqual([]);
  expect(outbox.filter((row) => row['state'] !== 1)).toEqual([]);
  // Domain row, outbox row, remembered id and audit row came together or not at all.
  const ids = (sql: string): string[] => db.all(sql).map((row) => String(row['id'])).sort();
  const wanted = [...kept].sort();
  expect(ids("SELECT value AS id FROM settings WHERE name LIKE 'case:%'")).toEqual(wanted);
  expect(ids('SELECT command_id AS id FROM remembered_commands')).toEqual(wanted);
  expect(ids("SELECT json_extract(CAST(rec AS TEXT), '$.commandId') AS id FROM audit WHERE act = 'application.refuse'")).toEqual(wanted);
  db.close();

  const desk = await openRealDesk(registry, credentials, { folder, keyHex });
  const day = await desk.desk.registry.dayCounts(civilDateAt(Date.now()));
  await desk.close();
  if (!day.ok) throw new Error(day.failure.code);
  expect([...day.value.commandIds].sort()).toEqual(wanted);
}, 600_000);
