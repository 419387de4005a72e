import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { provisionDesk, type RunningRegistry } from '../../../src/registry/index.ts';
import { trainingOffice } from '../../../src/training/training-desk.ts';
import { refusalOf, TestDesk } from '../../integration/registry/test-desk.ts';
import type { Program } from './program.ts';

/** Leyla refuses the same case at a second desk of the office, which has its own key. */
export async function refuseAtAnotherDesk(program: Program, applicationId: string): Promise<void> {
  const credentials = await provisionDesk(join(program.folder, 'registry'), { deskId: 'baki-1-02', officeId: trainingOffice.id });
  const { registry } = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as { registry: Pick<RunningRegistry, 'url'> };
  const desk = new TestDesk(registry as RunningRegistry, credentials);
  const { status, body } = await desk.call('POST', '/v1/sync/commands', { commands: [refusalOf(desk, { desk_seq: 1 }, applicationId)] });
  await desk.close();
  expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining('"applied"')]);
}
