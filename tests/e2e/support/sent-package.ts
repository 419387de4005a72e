import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { provisionDesk, type RunningRegistry } from '../../../src/registry/index.ts';
import { trainingOffice } from '../../../src/training/training-desk.ts';
import { cardDataOf, dispatchCards, makeCard, sendCase, type MadeCard } from '../../integration/registry/card-cases.ts';
import { TestDesk } from '../../integration/registry/test-desk.ts';
import { centreOf } from '../../support/centre-desk.ts';
import type { Program } from './program.ts';

/** Another desk of the office takes applications, makes their cards and gives them to the courier in one package. */
export async function sendPackage(program: Program, packageNumber: string, fins: readonly string[]): Promise<MadeCard[]> {
  const credentials = await provisionDesk(join(program.folder, 'registry'), { deskId: 'baki-1-02', officeId: trainingOffice.id });
  const { registry } = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as { registry: Pick<RunningRegistry, 'url'> };
  const maker = centreOf(new TestDesk(registry as RunningRegistry, credentials));
  const cards: MadeCard[] = [];
  for (const fin of fins) cards.push(await makeCard(maker, await sendCase(maker, cardDataOf({ fin }))));
  await dispatchCards(maker, packageNumber, trainingOffice.id, cards);
  await maker.desk.close();
  return cards;
}
