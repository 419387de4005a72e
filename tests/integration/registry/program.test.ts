import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provisionDesk, provisionRegistry, startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import type { RegistryInfo } from '../../../src/shared/registry-api/endpoints.ts';
import { dataOf, lightPasswords, officeId, submission, TestDesk } from './test-desk.ts';

describe('the registry as a program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'program-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('remembers everything over a restart: results, operators, its epoch and its keys', async () => {
    const start = () => startRegistry({ folder: path.join(folder, 'kept'), seedTraining: { officeId }, passwordCost: lightPasswords });
    const before = await start();
    const credentials = await before.provisionDesk({ deskId: 'desk-1', officeId });
    const desk = new TestDesk(before, credentials);
    const command = desk.command('application.send', submission(dataOf({ fin: 'QYD0001', phone: '+994500000001' })), 'leyla');
    const first = await desk.intent(command);
    const info = await desk.call<RegistryInfo>('GET', '/v1/registry');
    await desk.close();
    await before.stop();

    const after = await start();
    const again = new TestDesk(after, credentials);
    expect(await again.intent(command)).toEqual(first);
    expect((await again.call<RegistryInfo>('GET', '/v1/registry')).body).toMatchObject({
      registry_epoch: info.body.registry_epoch,
      receipt_key: info.body.receipt_key,
    });
    expect((await again.signIn('leyla')).status).toBe(200);
    await again.close();
    await after.stop();
  });

  it('prints its address, answers, and ends when asked', async () => {
    const data = path.join(folder, 'spawned');
    await provisionRegistry(data);
    const credentials = await provisionDesk(data, { deskId: 'desk-1', officeId });
    const child = spawn(process.execPath, ['src/registry/main.ts', '--data', data, '--training', '--faults'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = await readLines(child, 3);
    expect(lines).toEqual([
      expect.stringMatching(/^registry https:\/\/127\.0\.0\.1:\d+$/u),
      expect.stringMatching(/^control https:/u),
      expect.stringMatching(/^certificates http:/u),
    ]);
    const url = (lines[0] ?? '').replace('registry ', '');
    const desk = new TestDesk({ url } as RunningRegistry, credentials);
    expect((await desk.signIn('leyla')).status).toBe(200);
    await desk.close();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }, 20_000);
});

async function readLines(child: ChildProcess, count: number): Promise<string[]> {
  if (child.stdout === null) throw new Error('The output is not read.');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}
