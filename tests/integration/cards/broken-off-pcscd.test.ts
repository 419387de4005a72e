import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdCards } from '../../../src/card-host/personalise/held-cards.ts';
import { createPcscReaders } from '../../../src/card-host/pcsc/pcsc-readers.ts';
import type { CardReaders } from '../../../src/shared/card-host/card-port.ts';
import { makeBroken, type CardPlace } from '../../support/cards/break-off.ts';
import { createCardMaker, makeCard, type CardMaker } from '../../support/cards/card-maker.ts';
import { cardSerial, putCard } from '../../support/cards/reader-with-card.ts';
import { isProving } from '../../support/counts.ts';
import { startPrivateService, type PrivateService } from '../../support/pcsc/private-pcscd.ts';
import { startCardsBehind, type VirtualCards } from '../../support/pcsc/virtual-cards.ts';

/** The same breaks as in `broken-off.test.ts`, through the real card service: ten of them, and every one in the proof. Both slots are worked at once. */
const few = [1, 2, 4, 10, 21, 30, 45, 53, 56, 95];

describe('a personalisation through the card service that is broken off', () => {
  let service: PrivateService;
  let cards: VirtualCards;
  let readers: CardReaders;
  let maker: CardMaker;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    service = await startPrivateService();
    open.push(service);
    cards = await startCardsBehind(service);
    open.push(cards);
    // Before the native library is loaded, which reads it once.
    process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
    const pcsc = await createPcscReaders(() => {});
    open.push(pcsc);
    // As the card host does it; here for every look at the card.
    const held = holdCards(pcsc);
    open.push(held);
    readers = { ...pcsc, openCard: (readerName) => held.open(readerName, 'keys') };
    maker = await createCardMaker();
  });

  afterAll(async () => {
    for (const { close } of open.reverse()) await close();
  });

  async function waitUntil(readerName: string, isThere: boolean): Promise<void> {
    const endsAt = performance.now() + 10_000;
    for (;;) {
      const sight = (await readers.listReaders()).find(({ name }) => name === readerName);
      if (sight !== undefined && (sight.card !== null) === isThere) return;
      if (performance.now() > endsAt) throw new Error(`${readerName} does not show that the card is ${isThere ? 'in' : 'out'}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Of an unbroken personalisation of a card that was finished before. */
  async function countApdus(): Promise<number> {
    const place = putCard();
    const making = { names: place.names, algorithm: 'p-256' } as const;
    await makeCard(maker, place.readers, making);
    const before = place.card.tally.apdus;
    await makeCard(maker, place.readers, making);
    return place.card.tally.apdus - before;
  }

  /** One card of one slot, made again and again, each time broken off at another point. */
  async function breakAt(readerName: string, points: readonly number[]): Promise<string[]> {
    const chipSerialHex = await cards.control.createCard();
    const insert = async (): Promise<void> => {
      await waitUntil(readerName, false);
      await cards.control.insert(readerName, chipSerialHex);
      await waitUntil(readerName, true);
    };
    const place: CardPlace = { readers, names: { readerName, chipSerialHex, cardSerial }, putBack: insert };
    await insert();
    const ends: string[] = [];
    for (const atApdu of points) {
      await cards.control.setFault(chipSerialHex, { kind: 'pull', atApdu, moment: atApdu % 4 < 2 ? 'after' : 'before' });
      ends.push(await makeBroken(maker, place, { isHostGone: false }));
    }
    return ends;
  }

  it('is finished when the card is put back, wherever it was pulled out', async () => {
    const points = isProving ? Array.from({ length: await countApdus() }, (_, index) => index + 1) : few;
    const ends = await Promise.all(
      service.readerNames.map((readerName, slot) =>
        breakAt(
          readerName,
          points.filter((_, index) => index % 2 === slot),
        ),
      ),
    );
    expect(ends.flat()).toEqual(points.map(() => 'finished'));
  }, 600_000);
});
