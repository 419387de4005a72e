import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../src/shared/platform/result.ts';
import type { StepFailure } from '../../../src/card-host/step-port.ts';
import { CardFault } from '../../../src/shared/card-host/card-port.ts';
import type { CardFaultSwitch } from '../../../src/shared/card-host/virtual-card-control.ts';
import type { CardState } from '../../../src/training/virtual-card/card-state.ts';
import { expectFinished, makeBroken, runUntilBroken, type BreakOptions, type Outcome } from '../../support/cards/break-off.ts';
import {
  createCardMaker,
  makeCard,
  makeStep,
  makingSteps,
  runStep,
  withCard,
  type CardMaker,
  type Making,
} from '../../support/cards/card-maker.ts';
import { putCard, readerName, type ReaderWithCard } from '../../support/cards/reader-with-card.ts';
import { count, seededFraction } from '../../support/counts.ts';

/** What a whole personalisation takes: so many points there are to break it off. */
interface Sizes {
  readonly apdus: number;
  readonly writes: number;
}

async function measure(maker: CardMaker): Promise<Sizes> {
  const place = putCard();
  await makeCard(maker, place.readers, { names: place.names, algorithm: 'p-256' });
  return { apdus: place.card.tally.apdus, writes: place.card.card.memory.writes };
}

async function breakAt(maker: CardMaker, faults: readonly CardFaultSwitch[], options: BreakOptions): Promise<Outcome> {
  const place = putCard();
  for (const fault of faults) place.card.setFault(fault);
  return makeBroken(maker, place, options);
}

describe('a personalisation that is broken off', () => {
  let maker: CardMaker;
  let sizes: Sizes;
  beforeAll(async () => {
    maker = await createCardMaker();
    sizes = await measure(maker);
  });

  it.each(['before', 'after'] as const)('pulled out %s the card answers, at every command', async (moment) => {
    expect(sizes.apdus).toBeGreaterThan(90);
    const ends: Outcome[] = [];
    for (let atApdu = 1; atApdu <= sizes.apdus; atApdu += 1) {
      ends.push(await breakAt(maker, [{ kind: 'pull', atApdu, moment }], { isHostGone: false }));
    }
    expect(ends.filter((end) => end === 'finished')).toHaveLength(sizes.apdus);
  });

  it.each([false, true])('power lost at every write of the chip, with the card host gone as well: %s', async (isHostGone) => {
    expect(sizes.writes).toBeGreaterThan(30);
    const ends: Outcome[] = [];
    for (let atWrite = 1; atWrite <= sizes.writes; atWrite += 1) {
      ends.push(await breakAt(maker, [{ kind: 'power_loss', atWrite }], { isHostGone }));
    }
    expect(ends.filter((end) => end === 'finished')).toHaveLength(sizes.writes);
  });

  it('torn in the middle of every command', async () => {
    for (let atApdu = 1; atApdu <= sizes.apdus; atApdu += count(3, 1)) {
      for (const writes of [0, 1]) await breakAt(maker, [{ kind: 'tear', atApdu, writes }], { isHostGone: atApdu % 2 === 0 });
    }
  });

  it('pulled out while RSA keys are made and used', async () => {
    // The keys are the 10th and the 13th command, the requests end with the 24th.
    for (const atApdu of [10, 13, 24])
      await breakAt(maker, [{ kind: 'pull', atApdu, moment: 'after' }], { isHostGone: false, algorithm: 'rsa-2048' });
  });
});

/** One card whose making is broken off up to four times, by any fault anywhere, with whatever decision of the operator in between. */
async function makeAtRandom(maker: CardMaker, seed: number): Promise<void> {
  const fraction = seededFraction(seed);
  const below = (limit: number): number => Math.floor(fraction() * limit);
  const place = putCard();
  const making: Making = { names: place.names, algorithm: 'p-256' };
  const anyFault = (): CardFaultSwitch => {
    const atApdu = 1 + below(70);
    const kind = below(3);
    if (kind === 0) return { kind: 'pull', atApdu, moment: below(2) === 0 ? 'before' : 'after' };
    return kind === 1 ? { kind: 'tear', atApdu, writes: below(4) } : { kind: 'power_loss', atWrite: 1 + below(50) };
  };
  const attempt = async (work: () => Promise<Result<unknown, StepFailure>>): Promise<string> => {
    try {
      const result = await work();
      return result.ok ? 'done' : result.failure.code;
    } catch (error) {
      if (!(error instanceof CardFault)) throw error;
      await place.putBack();
      if (below(3) === 0) maker.pins.forgetAll();
      return 'broken';
    }
  };
  const newCodes = (): Promise<Result<unknown, StepFailure>> =>
    withCard(place.readers, readerName, (session) => runStep(maker, session, 'new_codes', making.names));
  let breaks = 1 + below(4);
  let at = 0;
  place.card.setFault(anyFault());
  for (let turns = 0; at < makingSteps.length; turns += 1) {
    expect(turns).toBeLessThan(200);
    let end = await attempt(() => makeStep(maker, place.readers, making, makingSteps[at]!));
    if (end === 'CODES_GONE') end = await attempt(newCodes);
    else if (end === 'done') at += 1;
    if (end === 'done') continue;
    // A step that says no is answered by a wipe; one that was broken off by going on, or by a wipe as well.
    if (end !== 'broken' || below(4) === 0) at = 0;
    if (end !== 'broken') continue;
    breaks -= 1;
    place.card.faults.clear();
    if (breaks > 0) place.card.setFault(anyFault());
  }
  place.card.faults.clear();
  await expectFinished(maker, place, making);
}

describe('a personalisation with any number of breaks', () => {
  it('ends with a finished card, whatever breaks it off and whatever the operator chooses', async () => {
    const maker = await createCardMaker();
    const from = Date.now() % 1_000_000;
    for (let seed = from; seed < from + count(40, 500); seed += 1) {
      await makeAtRandom(maker, seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  }, 120_000);
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
      await place.putBack();
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
      await place.putBack();
      expect(await renew(place)).toMatchObject({ ok: true });
      await expectFinished(maker, place, made);
    }
  });
});
