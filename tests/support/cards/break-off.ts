import { expect } from 'vitest';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import { CardFault, type CardReaders } from '../../../src/shared/card-host/card-port.ts';
import type { KeyAlgorithm } from '../../../src/shared/card-host/host-protocol.ts';
import {
  makeCard,
  makeStep,
  makingSteps,
  runStep,
  withCard,
  type CardMaker,
  type CardNames,
  type Making,
  type MakingStep,
} from './card-maker.ts';

/** A card in a reader, whatever the link to it. */
export interface CardPlace {
  readonly readers: CardReaders;
  readonly names: CardNames;
  /** Puts the card back if a fault took it out, and waits until it is seen. */
  putBack(): Promise<void>;
}

/** `finished`: the step was repeated and the rest done; `begun anew`: wiped, and made from the beginning. */
export type Outcome = 'finished' | 'begun anew';

export interface BreakOptions {
  /** The card host went with the power, and the PINs with it. */
  readonly isHostGone: boolean;
  readonly algorithm?: KeyAlgorithm;
}

/** Makes a card in which a fault is set, goes on as a desk does, and says how it ended. Fails when the card is left in doubt. */
export async function makeBroken(maker: CardMaker, place: CardPlace, options: BreakOptions): Promise<Outcome> {
  const making: Making = { names: place.names, algorithm: options.algorithm ?? 'p-256' };
  const at = await runUntilBroken(maker, place, making);
  if (at === undefined) return 'finished';
  await place.putBack();
  await expectNotTakenForFinished(maker, place, making, at);
  if (options.isHostGone) maker.pins.forget(place.names.chipSerialHex);
  if (await goOn(maker, place, making, at)) {
    await expectFinished(maker, place, making);
    return 'finished';
  }
  await makeCard(maker, place.readers, making);
  await expectFinished(maker, place, making);
  return 'begun anew';
}

/** The step that was under way when the card left; undefined when it never did. */
export async function runUntilBroken(maker: CardMaker, place: CardPlace, making: Making): Promise<MakingStep | undefined> {
  for (const step of makingSteps) {
    try {
      const result = await makeStep(maker, place.readers, making, step);
      expect(result).toMatchObject({ ok: true });
    } catch (error) {
      // A card that was taken out between two commands may be missed only when the next step opens it.
      if (!(error instanceof CardFault) || !['CARD_REMOVED', 'CARD_ABSENT'].includes(error.kind)) throw error;
      return step;
    }
  }
  return undefined;
}

/** A card is called finished by `verify` only; broken off before, it is not, whatever the desk believes of it. */
async function expectNotTakenForFinished(maker: CardMaker, place: CardPlace, making: Making, at: MakingStep): Promise<void> {
  const { life } = await withCard(place.readers, place.names.readerName, (session) => asanIdProfile.read(session));
  // A card that was finished before is so until its wipe is done.
  if (life === 'closed') expect(['wipe', 'close', 'verify']).toContain(at);
  if (at === 'close' || at === 'verify') return;
  const certificates = making.certificates ?? { auth: new Uint8Array(0), sign: new Uint8Array(0) };
  const answer = await withCard(place.readers, place.names.readerName, (session) =>
    runStep(maker, session, 'verify', { ...making.names, ...certificates }),
  );
  expect(answer.ok).toBe(false);
}

/** Repeats the step that was broken off and does the rest. False when a step says that it cannot. */
async function goOn(maker: CardMaker, place: CardPlace, making: Making, at: MakingStep): Promise<boolean> {
  for (const step of makingSteps.slice(makingSteps.indexOf(at))) {
    const result = await makeStep(maker, place.readers, making, step);
    if (result.ok) continue;
    if (result.failure.code !== 'CODES_GONE') return false;
    const renewed = await withCard(place.readers, place.names.readerName, (session) => runStep(maker, session, 'new_codes', making.names));
    if (!renewed.ok || !(await makeStep(maker, place.readers, making, step)).ok) return false;
  }
  return true;
}

export async function expectFinished(maker: CardMaker, place: CardPlace, making: Making): Promise<void> {
  const sight = await withCard(place.readers, place.names.readerName, (session) => asanIdProfile.read(session));
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
