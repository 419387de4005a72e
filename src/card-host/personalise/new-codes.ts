import { succeed } from '../../shared/platform/result.ts';
import type { Step } from '../step-port.ts';
import { makePins, wipePins } from './random-pins.ts';
import { failed, findWrongCard } from './step-guards.ts';

/**
 * New PINs through the derived PUK. Broken off between both PINs it is begun again: what counts is the last pair, and only a whole one is kept.
 * Source: PIN-11; cards.md §3.2
 */
export const renewCodes: Step<'new_codes'> = async (session, input, deps) => {
  deps.pins.forget(input.chipSerialHex);
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  // The PUK of another card would be wrong and cost one of its three tries.
  if ((await deps.profile.readCardSerial(session)) !== input.cardSerial) return failed('CARD_IN_USE');
  const tries = await deps.profile.readTries(session);
  if (tries.puk1 === 0 || tries.puk2 === 0) return failed('PUK_SPENT');
  const puk = await deps.deriver.puk(input.cardSerial);
  const pins = makePins();
  try {
    for (const pin of ['pin1', 'pin2'] as const) {
      const answer = await deps.profile.unblockPin(session, pin, puk, pins[pin]);
      if (answer.isRight) continue;
      return answer.triesLeft === 0 ? failed('PUK_SPENT') : failed('CARD_CHECK_FAILED', { what: 'puk', triesLeft: answer.triesLeft });
    }
    deps.pins.keep(input.chipSerialHex, { pin1: pins.pin1.slice(), pin2: pins.pin2.slice() });
    return succeed(null);
  } finally {
    puk.fill(0);
    wipePins(pins);
  }
};
