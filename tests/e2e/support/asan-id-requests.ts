import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { provisionDesk, type RunningRegistry } from '../../../src/registry/index.ts';
import { trainingOffice } from '../../../src/training/training-desk.ts';
import { cardDataOf } from '../../integration/registry/card-cases.ts';
import { submission, TestDesk } from '../../integration/registry/test-desk.ts';
import type { Program } from './program.ts';

/** Applications for an Asan ID that a registrar of the office sent from another desk. */
export async function sendAsanIds(program: Program, fins: readonly string[]): Promise<void> {
  const credentials = await provisionDesk(join(program.folder, 'registry'), { deskId: 'baki-1-07', officeId: trainingOffice.id });
  const { registry } = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as { registry: Pick<RunningRegistry, 'url'> };
  const desk = new TestDesk(registry as RunningRegistry, credentials);
  for (const fin of fins) {
    const { result } = await desk.intent(desk.command('application.send', submission(cardDataOf({ fin })), 'leyla'));
    expect(result).toMatchObject({ outcome: 'applied', state: 'PERSONALISING' });
  }
  await desk.close();
}
