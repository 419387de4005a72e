import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PinRequestEntity } from '../../../src/shared/registry-api/card-entities.ts';
import {
  actAt,
  cardDataOf,
  caseOf,
  dispatchCards,
  handOver,
  makeCard,
  mustApply,
  newCard,
  newest,
  readFeed,
  receivePackage,
  requestOf,
  sendCase,
  type ActingDesk,
} from './card-cases.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { officeId } from './test-desk.ts';

let running: TestRegistry;
let desk: ActingDesk;
beforeAll(async () => {
  running = await runRegistry();
  desk = actAt(await running.enrol('telim-1-01'));
});
afterAll(() => running.stop());

it('PRS-13 PKG-11: a training office that is its own centre sends a package to itself, and its feed has both the case and the request', async () => {
  const applicationId = await sendCase(desk, cardDataOf({ fin: 'QYD0001' }));
  expect(await requestOf(desk.desk, applicationId)).toMatchObject({ officeId, isOver: false, fin: 'QYD0001' });
  const card = await makeCard(desk, applicationId);
  await dispatchCards(desk, 'P-OWN-1', officeId, [card]);
  await receivePackage(desk, 'P-OWN-1', [card]);
  expect(await requestOf(desk.desk, applicationId)).toMatchObject({ isOver: true, fin: '' });
  await handOver(desk, card);
  expect((await caseOf(desk.desk, applicationId)).body).toMatchObject({ state: 'HANDED', card: { state: 'HANDED' } });

  const requestId = uuidv7();
  const filed = { requestId, applicationId, cardSerial: card.cardSerial, filedAtMs: Date.now() };
  mustApply(await desk.push('pin.request', filed, 'leyla'));
  const steps = [
    ['pin.sign_contract', { requestId, paperNumber: 'F21-1', centreSignedBy: 'Fərid Ağayev', signedAtMs: 1 }, 'leyla'],
    ['pin.scan', { requestId }, 'leyla'],
    ['pin.send', { requestId, registerNumber: 'F28-1', packageNumber: 'P-OWN-2' }, 'leyla'],
    ['pin.renewed', { requestId, envelopeNumber: newCard().envelopeNumber, isPukSpent: false }, 'tural'],
    ['pin.back', { requestId, packageNumber: 'P-OWN-3' }, 'leyla'],
    ['pin.hand_over', { requestId, handedAtMs: 1 }, 'leyla'],
  ] as const;
  for (const [index, [kind, payload, login]] of steps.entries()) mustApply(await desk.push(kind, payload, login, { base_rev: index + 1 }));
  expect((await newest<PinRequestEntity>(desk.desk, 'pin_request', requestId))?.body).toMatchObject({ state: 'HANDED' });

  // Every change stands once in the feed, and every place is taken once.
  const feed = await readFeed(desk.desk);
  const names = feed.map(({ entity, id, rev }) => `${entity} ${id} ${rev}`);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(feed.map(({ pos }) => pos)).size).toBe(feed.length);
});
