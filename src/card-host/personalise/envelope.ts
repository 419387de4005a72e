import { succeed } from '../../shared/platform/result.ts';
import type { Step } from '../step-port.ts';
import { failed, findWrongCard } from './step-guards.ts';

/**
 * Prints the PINs blind and forgets them, whatever came of the paper: what may have been printed once is never printed again, and another envelope
 * means other PINs. Source: PRS-06, PRS-07
 */
export const printEnvelope: Step<'envelope'> = async (session, input, deps) => {
  const pins = deps.pins.find(input.chipSerialHex);
  if (pins === undefined) return failed('CODES_GONE');
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  if ((await deps.profile.readCardSerial(session)) !== input.cardSerial) return failed('CARD_IN_USE');
  if (deps.mailer === null) return failed('MAILER_FAILED');
  const puk = await deps.deriver.puk(input.cardSerial);
  try {
    const { envelopeNumber, cardSerial, holderLabel } = input;
    const outcome = await deps.mailer.print({ envelopeNumber, cardSerial, holderLabel, pins, puk });
    return outcome === 'printed' ? succeed(null) : failed(outcome);
  } finally {
    puk.fill(0);
    deps.pins.forget(input.chipSerialHex);
  }
};
