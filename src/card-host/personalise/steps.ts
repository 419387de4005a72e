import { succeed } from '../../shared/platform/result.ts';
import type { Step, Steps } from '../step-port.ts';
import { findOtherKey, isSignedBy, toKeyObject } from './certificate-keys.ts';
import { certificationRequest, requestInfo } from './certification-request.ts';
import { printEnvelope } from './envelope.ts';
import { renewCodes } from './new-codes.ts';
import { makePins, wipePins } from './random-pins.ts';
import { failed, findWrongCard, isAccessRefused, onOpenCard } from './step-guards.ts';
import { verifyCard } from './verify.ts';

/**
 * The steps of a personalisation on the card. Each may be repeated after a break at any command, and looks first who is in the reader. What is
 * half done is done again; nothing half done is ever taken for done, because only `verify` says that a card is finished. Source: cards.md §3.4; ADR-0027
 */
const wipe: Step<'wipe'> = async (session, input, deps) => {
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  try {
    await deps.profile.wipe(session, null);
    return succeed(null);
  } catch (error) {
    if (!isAccessRefused(error)) throw error;
  }
  // Closed. The code of another card's serial would be wrong and cost one of its tries; a wipe that was broken off may have taken the serial already.
  const cardSerial = await deps.profile.readCardSerial(session);
  if (cardSerial !== '' && cardSerial !== input.cardSerial) return failed('CARD_IN_USE');
  const issuerCode = await deps.deriver.issuerCode(input.cardSerial);
  try {
    await deps.profile.wipe(session, issuerCode);
    return succeed(null);
  } finally {
    issuerCode.fill(0);
  }
};

const codes: Step<'codes'> = async (session, input, deps) => {
  deps.pins.forget(input.chipSerialHex);
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  const puk = await deps.deriver.puk(input.cardSerial);
  const issuerCode = await deps.deriver.issuerCode(input.cardSerial).catch((error: unknown) => {
    puk.fill(0);
    throw error;
  });
  const pins = makePins();
  try {
    const result = await onOpenCard(async () => {
      await deps.profile.setCodes(session, { ...pins, puk, issuerCode });
      return succeed(null);
    });
    if (result.ok) deps.pins.keep(input.chipSerialHex, { pin1: pins.pin1.slice(), pin2: pins.pin2.slice() });
    return result;
  } finally {
    for (const code of [puk, issuerCode]) code.fill(0);
    wipePins(pins);
  }
};

const keys: Step<'keys'> = async (session, input, deps) => {
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  return onOpenCard(async () => {
    const auth = await deps.profile.generateKey(session, 'auth', input.algorithm);
    const sign = await deps.profile.generateKey(session, 'sign', input.algorithm);
    return succeed({ auth, sign });
  });
};

const requests: Step<'requests'> = async (session, input, deps) => {
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  return onOpenCard(async () => {
    const made: { auth?: Uint8Array; sign?: Uint8Array } = {};
    for (const key of ['auth', 'sign'] as const) {
      const publicKeyInfo = await deps.profile.readPublicKey(session, key, input.algorithm);
      if (publicKeyInfo === null) return failed('CARD_CHECK_FAILED', { what: `${key}_key` });
      const info = requestInfo(input.cardSerial, publicKeyInfo);
      const signature = await deps.profile.sign(session, key, input.algorithm, info);
      if (!isSignedBy(toKeyObject(publicKeyInfo), input.algorithm, info, signature)) {
        return failed('CARD_CHECK_FAILED', { what: `${key}_signature` });
      }
      made[key] = certificationRequest(info, input.algorithm, signature);
    }
    const { auth, sign } = made;
    return auth === undefined || sign === undefined ? failed('CARD_CHECK_FAILED', { what: 'request' }) : succeed({ auth, sign });
  });
};

const certificates: Step<'certificates'> = async (session, input, deps) => {
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  return onOpenCard(async () => {
    const otherKey = await findOtherKey(session, input, deps);
    if (otherKey !== undefined) return failed('CERTIFICATE_OTHER_KEY', { key: otherKey });
    await deps.profile.writeCertificate(session, 'auth', input.auth);
    await deps.profile.writeCertificate(session, 'sign', input.sign);
    return succeed(null);
  });
};

const objects: Step<'objects'> = async (session, input, deps) => {
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  return onOpenCard(async () => {
    await deps.profile.writeObjects(session, { cardSerial: input.cardSerial, algorithm: input.algorithm });
    return succeed(null);
  });
};

const close: Step<'close'> = async (session, input, deps) => {
  const wrongCard = await findWrongCard(session, input, deps);
  if (wrongCard !== undefined) return wrongCard;
  await deps.profile.close(session);
  return succeed(null);
};

export const personalisationStepFunctions: Steps = {
  wipe,
  codes,
  keys,
  requests,
  certificates,
  objects,
  close,
  verify: verifyCard,
  envelope: printEnvelope,
  new_codes: renewCodes,
};
