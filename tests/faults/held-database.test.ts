import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { succeed } from '../../src/shared/platform/result.ts';
import { countFor, seededFraction } from '../support/counts.ts';
import { createTestDesk, testActor, type TestDesk } from '../support/test-desk.ts';

let desk: TestDesk;
let holder: ChildProcessWithoutNullStreams;
let said = '';

beforeAll(async () => {
  desk = await createTestDesk();
  const script = path.join(import.meta.dirname, 'lock-holder-child.ts');
  holder = spawn(process.execPath, [script, path.join(desk.folder, 'desk.db'), desk.databaseKeyHex]);
  holder.stdout.on('data', (piece: Buffer) => (said += piece.toString('utf8')));
  holder.stderr.pipe(process.stderr);
  await hears('open');
});
afterAll(async () => {
  holder.stdin.end();
  await once(holder, 'exit');
  desk.close();
});

/** Two words may come at once: what follows is kept for the next who listens. */
async function hears(word: string): Promise<void> {
  while (!said.includes(word)) await once(holder.stdout, 'data');
  said = said.slice(said.indexOf(word) + word.length);
}
const holdFor = async (heldMs: number): Promise<void> => {
  holder.stdin.write(String(heldMs));
  await hears('held');
};
const act = (commandId: string) =>
  desk.acts.perform({ commandId, operation: 'test', actor: testActor, input: commandId }, () =>
    succeed({ value: null, audit: { act: 'test', detail: {} } }),
  );
const rows = (): number => Number(desk.db.get("SELECT count(*) AS n FROM audit WHERE act = 'test'")?.['n']);

it('fault 31: while another program holds the file for a moment an act waits and is saved once', async () => {
  const fraction = seededFraction(31);
  const holds = countFor({ test: 8, prove: 50 });
  for (let done = 0; done < holds; done += 1) {
    await holdFor(Math.round(fraction() * 300));
    expect(act(crypto.randomUUID())).toMatchObject({ ok: true });
    await hears('free');
  }
  expect(rows()).toBe(holds);
  console.info(`held-database ${JSON.stringify({ holds })}`);
}, 60_000);

it('fault 31: when it is held for longer than an act may wait, the act is refused by its code, nothing of it is saved, and it can be done again', async () => {
  const before = rows();
  const commandId = crypto.randomUUID();
  await holdFor(7_000);
  expect(act(commandId)).toMatchObject({ ok: false, failure: { code: 'DATABASE_BUSY', retryable: true } });
  expect(rows()).toBe(before);
  await hears('free');
  expect(act(commandId)).toMatchObject({ ok: true });
  expect(rows()).toBe(before + 1);
}, 30_000);
