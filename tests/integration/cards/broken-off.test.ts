import { beforeAll, describe, expect, it } from 'vitest';
import { CardFault } from '../../../src/shared/card-host/card-port.ts';
import type { KeyAlgorithm } from '../../../src/shared/card-host/host-protocol.ts';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import type { CardState } from '../../../src/training/virtual-card/card-state.ts';
import type { CardFaultSwitch } from '../../../src/shared/card-host/virtual-card-control.ts';
import { count } from '../../support/counts.ts';
import {
  createCardMaker,
  makeCard,
  makeStep,
  makingSteps,
  runStep,
  withCard,
  type CardMaker,
  type Making,
  type MakingStep,
} from '../../support/cards/card-maker.ts';
import { putBack, putCard, readerName, type ReaderWithCard } from '../../support/cards/reader-with-card.ts';

/** What a whole personalisation takes: so many points there are to break it off. */
interface Sizes {
  readonly apdus: number;
  readonly writes: number;
}

async function measure(maker: CardMaker, algorithm: KeyAlgorithm): Promise<Sizes> {
  const place = putCard();
  await makeCard(maker, place.readers, { names: place.names, algorithm });
  return { apdus: place.card.tally.apdus, writes: place.card.card.memory.writes };
}

type Outcome = 'finished' | 'begun anew';

/** Makes a card with the fault set, goes on as a desk does, and says how it ended. Fails when the card is left in doubt. */
async function makeBroken(
  maker: CardMaker,
  fault: CardFaultSwitch,
  options: { readonly isHostGone: boolean; readonly algorithm?: KeyAlgorithm },
): Promise<Outcome> {
  const place = putCard();
  const making: Making = { names: place.names, algorithm: options.algorithm ?? 'p-256' };
  place.card.setFault(fault);
  const at = await runUntilBroken(maker, place, making);
  if (at === undefined) return 'finished';
  putBack(place);
  await expectNotTakenForFinished(maker, place, making, at);
  if (options.isHostGone) maker.pins.forgetAll();
  if (await goOn(maker, place, making, at)) {
    await expectFinished(maker, place, making);
    return 'finished';
  }
  await makeCard(maker, place.readers, making);
  await expectFinished(maker, place, making);
  return 'begun anew';
}

/** The step that was under way when the card left; undefined when it never did. */
async function runUntilBroken(maker: CardMaker, place: ReaderWithCard, making: Making): Promise<MakingStep | undefined> {
  for (const step of makingSteps) {
    try {
      const result = await makeStep(maker, place.readers, making, step);
      expect(result).toMatchObject({ ok: true });
    } catch (error) {
      expect(error).toBeInstanceOf(CardFault);
      expect((error as CardFault).kind).toBe('CARD_REMOVED');
      return step;
    }
  }
  return undefined;
}

/** A card is called finished by `verify` only; broken off before, it is not, whatever the desk believes of it. */
async function expectNotTakenForFinished(maker: CardMaker, place: ReaderWithCard, making: Making, at: MakingStep): Promise<void> {
  const isClosed = place.card.state.lifecycle === 7;
  if (isClosed) expect(['close', 'verify']).toContain(at);
  const certificates = making.certificates ?? { auth: new Uint8Array(0), sign: new Uint8Array(0) };
  if (at === 'close' || at === 'verify') return;
  const answer = await withCard(place.readers, readerName, (session) =>
    runStep(maker, session, 'verify', { ...making.names, ...certificates }),
  );
  expect(answer.ok).toBe(false);
}

/** Repeats the step that was broken off and does the rest. False when a step says that it cannot. */
async function goOn(maker: CardMaker, place: ReaderWithCard, making: Making, at: MakingStep): Promise<boolean> {
  for (const step of makingSteps.slice(makingSteps.indexOf(at))) {
    const result = await makeStep(maker, place.readers, making, step);
    if (result.ok) continue;
    if (result.failure.code !== 'CODES_GONE') return false;
    const renewed = await withCard(place.readers, readerName, (session) => runStep(maker, session, 'new_codes', making.names));
    if (!renewed.ok || !(await makeStep(maker, place.readers, making, step)).ok) return false;
  }
  return true;
}

async function expectFinished(maker: CardMaker, place: ReaderWithCard, making: Making): Promise<void> {
  const sight = await withCard(place.readers, readerName, (session) => asanIdProfile.read(session));
  expect(sight).toMatchObject({
    life: 'closed',
    chipSerialHex: making.names.chipSerialHex,
    cardSerial: making.names.cardSerial,
    tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 },
  });
  expect(sight.certificates.map(({ der }) => der)).toEqual([making.certificates?.auth, making.certificates?.sign]);
  // Told once more by the one step that may say so.
  expect(await makeStep(maker, place.readers, making, 'verify')).toMatchObject({ ok: true });
}

describe('a personalisation that is broken off', () => {
  let maker: CardMaker;
  let sizes: Sizes;
  beforeAll(async () => {
    maker = await createCardMaker();
    sizes = await measure(maker, 'p-256');
  });

  it.each(['before', 'after'] as const)('pulled out %s the card answers, at every command', async (moment) => {
    expect(sizes.apdus).toBeGreaterThan(90);
    const ends: Outcome[] = [];
    for (let atApdu = 1; atApdu <= sizes.apdus; atApdu += 1) {
      ends.push(await makeBroken(maker, { kind: 'pull', atApdu, moment }, { isHostGone: false }));
    }
    expect(ends.filter((end) => end === 'finished')).toHaveLength(sizes.apdus);
  });

  it.each([false, true])('power lost at every write of the chip, with the card host gone as well: %s', async (isHostGone) => {
    expect(sizes.writes).toBeGreaterThan(30);
    const ends: Outcome[] = [];
    for (let atWrite = 1; atWrite <= sizes.writes; atWrite += 1) {
      ends.push(await makeBroken(maker, { kind: 'power_loss', atWrite }, { isHostGone }));
    }
    expect(ends.filter((end) => end === 'finished')).toHaveLength(sizes.writes);
  });

  it('torn in the middle of every command', async () => {
    for (let atApdu = 1; atApdu <= sizes.apdus; atApdu += count(3, 1)) {
      for (const writes of [0, 1]) await makeBroken(maker, { kind: 'tear', atApdu, writes }, { isHostGone: atApdu % 2 === 0 });
    }
  });

  it('pulled out while RSA keys are made and used', async () => {
    // The keys are the 10th and the 13th command, the requests end with the 24th.
    for (const atApdu of [10, 13, 24])
      await makeBroken(maker, { kind: 'pull', atApdu, moment: 'after' }, { isHostGone: false, algorithm: 'rsa-2048' });
  });
});

describe('a finished card', () => {
  let maker: CardMaker;
  let finished: CardState;
  let made: Making;
  beforeAll(async () => {
    maker = await createCardMaker();
    const place = putCard();
    made = { names: place.names, algorithm: 'p-256' };
    await makeCard(maker, place.readers, made);
    finished = place.card.state;
  });

  it('is wiped and begun anew, whichever write of the chip the power was lost at', async () => {
    for (let atWrite = 1; ; atWrite += 1) {
      const place = putCard(structuredClone(finished));
      const making: Making = { names: place.names, algorithm: 'p-256' };
      place.card.setFault({ kind: 'power_loss', atWrite });
      if ((await runUntilBroken(maker, place, making)) !== 'wipe') {
        expect(atWrite).toBeGreaterThan(10);
        return;
      }
      putBack(place);
      await makeCard(maker, place.readers, making);
      await expectFinished(maker, place, making);
    }
  });

  it('PIN-11: gets new PINs, whichever write of the chip the power was lost at', async () => {
    const renew = (place: ReaderWithCard): Promise<unknown> =>
      withCard(place.readers, readerName, (session) => runStep(maker, session, 'new_codes', made.names));
    for (let atWrite = 1; ; atWrite += 1) {
      const place = putCard(structuredClone(finished));
      place.card.setFault({ kind: 'power_loss', atWrite });
      const isBroken = await renew(place).then(
        () => false,
        (error: unknown) => error instanceof CardFault,
      );
      expect(maker.pins.find(made.names.chipSerialHex) === undefined).toBe(isBroken);
      if (!isBroken) {
        expect(atWrite).toBeGreaterThan(6);
        return;
      }
      putBack(place);
      expect(await renew(place)).toMatchObject({ ok: true });
      await expectFinished(maker, place, made);
    }
  });
});
