import { randomBytes } from 'node:crypto';
import type { CardSession } from '../../shared/card-host/card-port.ts';
import { cardKeys, type CardKeyName } from '../../shared/card-host/host-protocol.ts';
import { succeed } from '../../shared/platform/result.ts';
import type { CardPins } from '../codes/pin-keeper.ts';
import type { Step, StepDeps, StepFailure } from '../step-port.ts';
import { findCertificateKey, isSignedBy, type CertificateKey } from './certificate-keys.ts';
import { failed, findWrongCard, isAccessRefused } from './step-guards.ts';

/**
 * The only thing that calls a card finished: after a reset everything is read back byte for byte, and both keys sign with their PINs and not without.
 * It writes nothing but the tries that a right PIN gives back, so it may be repeated. Source: PRS-07; cards.md §10
 */
export const verifyCard: Step<'verify'> = async (session, input, deps) => {
  const pins = deps.pins.find(input.chipSerialHex);
  if (pins === undefined) return failed('CODES_GONE');
  await session.reset();
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  const [auth, sign] = [findCertificateKey(input.auth), findCertificateKey(input.sign)];
  if (auth === undefined) return failed('CERTIFICATE_OTHER_KEY', { key: 'auth' });
  if (sign?.algorithm !== auth.algorithm) return failed('CERTIFICATE_OTHER_KEY', { key: 'sign' });
  const [difference] = await deps.profile.findDifferences(session, {
    cardSerial: input.cardSerial,
    algorithm: auth.algorithm,
    certificates: { auth: input.auth, sign: input.sign },
  });
  if (difference === 'life') return failed('CARD_NOT_CLOSED');
  if (difference !== undefined) return failed('CARD_CHECK_FAILED', { what: difference });
  for (const key of cardKeys) {
    const failure = await findKeyFailure(session, key, key === 'auth' ? auth : sign, pins, deps);
    if (failure !== undefined) return failure;
  }
  // After the PINs: a card that lost its power while it compared one has a try less until it sees the right one.
  const [codeDifference] = await deps.profile.findCodeDifferences(session);
  if (codeDifference !== undefined) return failed('CARD_CHECK_FAILED', { what: codeDifference });
  const tries = await deps.profile.readTries(session);
  return succeed({ tries });
};

/** PIN1 is still proven when the signing key is asked without PIN2, so it is seen too that one PIN does not stand for the other. */
async function findKeyFailure(
  session: CardSession,
  key: CardKeyName,
  { algorithm, publicKey }: CertificateKey,
  pins: CardPins,
  { profile }: StepDeps,
): Promise<{ readonly ok: false; readonly failure: StepFailure } | undefined> {
  const challenge = randomBytes(32);
  try {
    await profile.sign(session, key, algorithm, challenge);
    return failed('CARD_CHECK_FAILED', { what: `${key}_without_pin` });
  } catch (error) {
    if (!isAccessRefused(error)) throw error;
  }
  const pin = key === 'auth' ? 'pin1' : 'pin2';
  if (!(await profile.verifyPin(session, pin, pins[pin])).isRight) return failed('CARD_CHECK_FAILED', { what: pin });
  const signature = await profile.sign(session, key, algorithm, challenge);
  return isSignedBy(publicKey, algorithm, challenge, signature) ? undefined : failed('CARD_CHECK_FAILED', { what: `${key}_signature` });
}
