import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { openReader } from '../../src/core/storage/open-reader.ts';
import { isProving } from '../support/counts.ts';
import { keptKeyOf } from '../support/kept-key.ts';
import { keyDeskHex, makeKeyDesk, type KeyDesk } from '../support/key-desk.ts';
import { startRealRegistry } from '../support/real-desk.ts';

let real: Awaited<ReturnType<typeof startRealRegistry>>;
beforeAll(async () => {
  real = await startRealRegistry();
}, 30_000);
afterAll(() => real.stop());

/** Answers the signal that ended it, or null when it came to its end. */
async function live(desk: KeyDesk, dieBefore: string): Promise<NodeJS.Signals | null> {
  const child = fork(path.join(import.meta.dirname, 'key-return-child.ts'), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === null && code !== 0) reject(new Error(`the life ended with ${String(code)}`));
      else resolve(signal);
    });
  });
  child.send({ url: real.registry.url, folder: desk.folder, file: desk.file, credentials: desk.credentials, dieBefore });
  return ended;
}

/** In the order in which they happen; the key is the device's from `telling` on. */
const steps = ['asking', 'reading', 'keeping', 'telling', 'recording', 'removing'];

const tried = isProving ? steps : ['keeping', 'telling', 'removing'];

it.each(tried.map((step) => ({ step, index: steps.indexOf(step) })))(
  'fault 2: killed before $step of a key that comes back, the desk has the old state or the new one, and comes to its end',
  async ({ step, index }) => {
    const desk = await makeKeyDesk(real.registry, `telim-1-kill-${step}`);
    try {
      expect(await live(desk, step)).toBe('SIGKILL');
      expect(keptKeyOf(desk.folder)).toBe(index < steps.indexOf('telling') ? undefined : keyDeskHex);
      expect(await live(desk, '')).toBeNull();
      expect(keptKeyOf(desk.folder)).toBe(keyDeskHex);
      expect(existsSync(`${desk.file}.key-returned`)).toBe(false);
      const reader = await openReader(desk.file, keyDeskHex);
      if (!reader.ok) throw new Error(reader.failure.code);
      expect(reader.value.all('SELECT command_id FROM outbox WHERE state = 0 ORDER BY seq').map((row) => row['command_id'])).toEqual(
        desk.queued,
      );
      expect(reader.value.all("SELECT seq FROM audit WHERE act = 'storage.key_returned'")).toHaveLength(1);
      expect((await verifyAudit(reader.value, desk.credentials.deskId)).firstBadSeq).toBeNull();
      reader.value.close();
    } finally {
      desk.remove();
    }
  },
  30_000,
);
