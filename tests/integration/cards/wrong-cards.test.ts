import { createECDH, generateKeyPairSync } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import type { StepFailure, StepKind } from '../../../src/card-host/step-port.ts';
import type { CardSession } from '../../../src/shared/card-host/card-port.ts';
import { CardRefusal } from '../../../src/shared/card-host/card-profile.ts';
import type { Result } from '../../../src/shared/platform/result.ts';
import { createBlankState, type CardState } from '../../../src/training/virtual-card/card-state.ts';
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
import { cardSerial, putCard, readerName, type ReaderWithCard } from '../../support/cards/reader-with-card.ts';

const code = (text: string): Uint8Array => new TextEncoder().encode(text);
const inSession = <T>(place: ReaderWithCard, work: (session: CardSession) => Promise<T>): Promise<T> =>
  withCard(place.readers, readerName, work);
const raw = (session: CardSession, hex: string): Promise<Uint8Array> => session.transmit(Uint8Array.from(Buffer.from(hex, 'hex')));
const allSteps: readonly StepKind[] = [...makingSteps, 'envelope', 'new_codes'];

describe('a card that is not the right one', () => {
  let maker: CardMaker;
  let finished: CardState;
  let made: Making;
  let place: ReaderWithCard;
  beforeAll(async () => {
    maker = await createCardMaker();
    const first = putCard();
    made = { names: first.names, algorithm: 'p-256' };
    await makeCard(maker, first.readers, made);
    finished = first.card.state;
  });
  beforeEach(() => {
    place = putCard(structuredClone(finished));
    maker.pins.keep(finished.serialHex, { pin1: code('2704'), pin2: code('90318') });
  });

  const run = (kind: StepKind, changed: Record<string, unknown> = {}): Promise<Result<unknown, StepFailure>> =>
    inSession(place, (session) =>
      runStep(maker, session, kind, {
        ...made.names,
        algorithm: 'p-256',
        ...made.certificates,
        envelopeNumber: 'E-1',
        holderLabel: '',
        ...changed,
      } as never),
    );

  it.each(allSteps)('is not touched by %s when it is no card of ours', async (kind) => {
    place = putCard(createBlankState({ atrHex: '3B6500002063CB6800' }));
    const before = structuredClone(place.card.state);
    expect(await run(kind)).toMatchObject({ ok: false, failure: { code: 'CARD_NOT_OURS' } });
    expect(place.card.state).toEqual(before);
    expect(place.card.tally.apdus).toBe(0);
  });

  it.each(allSteps)('PRS-07: is not touched by %s when it is another chip', async (kind) => {
    maker.pins.keep('00112233445566778899', { pin1: code('2704'), pin2: code('90318') });
    const before = structuredClone(place.card.state);
    expect(await run(kind, { chipSerialHex: '00112233445566778899' })).toMatchObject({ ok: false, failure: { code: 'CARD_EXCHANGED' } });
    expect(place.card.state).toEqual(before);
    expect(place.card.tally.apdus).toBe(1);
  });

  it.each(['codes', 'keys', 'requests', 'certificates', 'objects'] as const)('is refused by %s when it is closed', async (kind) => {
    const before = structuredClone(place.card.state.files);
    expect(await run(kind)).toMatchObject({ ok: false, failure: { code: 'CARD_NOT_OPEN' } });
    expect(place.card.state.files).toEqual(before);
  });

  it('is not wiped for another serial, and costs the issuer code no try', async () => {
    const before = structuredClone(place.card.state);
    expect(await run('wipe', { cardSerial: '0100000000000043' })).toMatchObject({ ok: false, failure: { code: 'CARD_IN_USE' } });
    expect(await run('new_codes', { cardSerial: '0100000000000043' })).toMatchObject({ ok: false, failure: { code: 'CARD_IN_USE' } });
    expect(place.card.state).toEqual(before);
  });

  it('is not wiped by a centre that has another master key', async () => {
    const stranger = await createCardMaker();
    const wipe = inSession(place, (session) => runStep(stranger, session, 'wipe', made.names));
    await expect(wipe).rejects.toThrow(CardRefusal);
    await expect(wipe).rejects.toMatchObject({ statusWord: '63C9' });
    expect(place.card.state.lifecycle).toBe(7);
    expect(await run('wipe')).toMatchObject({ ok: true });
    expect(await inSession(place, (session) => asanIdProfile.read(session))).toMatchObject({ life: 'blank', cardSerial: '', tries: null });
  });

  it('is never closed without the issuer code that could open it again', async () => {
    place = putCard(createBlankState({ serialHex: finished.serialHex }));
    await expect(run('close')).rejects.toMatchObject({ statusWord: '6A88' });
    expect(place.card.state.lifecycle).toBe(1);
  });

  it('gets no certificate for another key, of the other purpose, or with anything behind it', async () => {
    const open = putCard(createBlankState());
    const making: Making = { names: open.names, algorithm: 'p-256' };
    for (const step of ['wipe', 'codes', 'keys', 'requests'] as const) await makeStep(maker, open.readers, making, step);
    const right = {
      auth: await maker.ca.issue(making.requests!.auth, 'auth'),
      sign: await maker.ca.issue(making.requests!.sign, 'sign'),
    };
    const wrong = {
      otherCard: made.certificates!,
      exchanged: { auth: right.sign, sign: right.auth },
      twice: { auth: right.auth, sign: right.auth },
      longer: { auth: right.auth, sign: Uint8Array.of(...right.sign, 0) },
      none: { auth: right.auth, sign: new Uint8Array(0) },
      request: { auth: making.requests!.auth, sign: right.sign },
    };
    const before = structuredClone(open.card.state);
    for (const [name, certificates] of Object.entries(wrong)) {
      const result = await inSession(open, (session) => runStep(maker, session, 'certificates', { ...open.names, ...certificates }));
      expect(result, name).toMatchObject({ ok: false, failure: { code: 'CERTIFICATE_OTHER_KEY' } });
    }
    expect(open.card.state).toEqual(before);
    expect(await inSession(open, (session) => runStep(maker, session, 'certificates', { ...open.names, ...right }))).toMatchObject({
      ok: true,
    });
  });

  it('gets no certificate for a key that was made elsewhere, and loses such a key when keys are made', async () => {
    const open = putCard(createBlankState());
    const making: Making = { names: open.names, algorithm: 'p-256' };
    for (const step of ['wipe', 'codes', 'keys', 'requests'] as const) await makeStep(maker, open.readers, making, step);
    const certificates = {
      auth: await maker.ca.issue(making.requests!.auth, 'auth'),
      sign: await maker.ca.issue(making.requests!.sign, 'sign'),
    };
    await inSession(open, (session) => loadKey(session));
    expect(await makeStep(maker, open.readers, { ...making }, 'requests')).toMatchObject({
      ok: false,
      failure: { code: 'CARD_CHECK_FAILED', params: { what: 'auth_key' } },
    });
    const written = await inSession(open, (session) => runStep(maker, session, 'certificates', { ...open.names, ...certificates }));
    expect(written).toMatchObject({ ok: false, failure: { code: 'CERTIFICATE_OTHER_KEY', params: { key: 'auth' } } });
    expect(await makeStep(maker, open.readers, making, 'keys')).toMatchObject({ ok: true });
    expect(await makeStep(maker, open.readers, making, 'requests')).toMatchObject({ ok: true });
  });

  it.each([
    ['a certificate byte', (state: CardState) => spoil(state, 0x4301), 'auth_certificate'],
    ['a byte of the list of keys', (state: CardState) => spoil(state, 0x4402), 'keys'],
    ['the serial', (state: CardState) => spoil(state, 0x5032), 'tokenInfo'],
    ['an access condition', (state: CardState) => void (fileOf(state, 0x4b02).ac = [0x1f, 0x44, 0xff]), 'sign_key'],
    ['the forgetting of PIN2', (state: CardState) => void (fileOf(state, 0x4b02).prop = [0x03, 0]), 'sign_key'],
    ['the origin of a key', (state: CardState) => void (fileOf(state, 0x4b01).prop = [0x01, 0]), 'auth_key'],
    ['the most tries', (state: CardState) => void (state.pins['1']!.pinMax = 5), 'pin1'],
    ['the issuer code', (state: CardState) => delete state.pins['4'], 'issuer_code'],
    ['the tries of the PUK', (state: CardState) => void (state.pins['2']!.pukTries = 2), 'pin2'],
  ])('is not called finished when %s is not as it must be', async (_what, change, what) => {
    // The PINs must be right for the codes to be looked at.
    place = putCard(createBlankState());
    const making: Making = { names: place.names, algorithm: 'p-256' };
    await makeCard(maker, place.readers, making);
    change(place.card.state);
    expect(await makeStep(maker, place.readers, making, 'verify')).toMatchObject({
      ok: false,
      failure: { code: 'CARD_CHECK_FAILED', params: { what } },
    });
  });

  it('is not called finished before it is closed, nor when nobody has its PINs', async () => {
    const open = putCard(createBlankState());
    const making: Making = { names: open.names, algorithm: 'p-256' };
    for (const step of makingSteps.slice(0, -2)) await makeStep(maker, open.readers, making, step);
    expect(await makeStep(maker, open.readers, making, 'verify')).toMatchObject({ ok: false, failure: { code: 'CARD_NOT_CLOSED' } });
    await makeStep(maker, open.readers, making, 'close');
    maker.pins.forgetAll();
    expect(await makeStep(maker, open.readers, making, 'verify')).toMatchObject({ ok: false, failure: { code: 'CODES_GONE' } });
  });

  it('CR-05: blocks a PIN after three wrong ones, opens it with the PUK, and ends with the PUK', async () => {
    await inSession(place, async (session) => {
      const wrong = (): Promise<unknown> => asanIdProfile.verifyPin(session, 'pin1', code('0000'));
      expect([await wrong(), await wrong(), await wrong()]).toEqual([2, 1, 0].map((triesLeft) => ({ isRight: false, triesLeft })));
      expect(await asanIdProfile.readTries(session)).toEqual({ pin1: 0, pin2: 3, puk1: 3, puk2: 3 });
      const puk = await maker.deps.deriver.puk(cardSerial);
      expect(await asanIdProfile.unblockPin(session, 'pin1', puk, code('2704'))).toEqual({ isRight: true });
      expect(await asanIdProfile.changePin(session, 'pin1', code('2704'), code('5193'))).toEqual({ isRight: true });
      expect(await asanIdProfile.changePin(session, 'pin1', code('2704'), code('6027'))).toEqual({ isRight: false, triesLeft: 2 });
      expect(await asanIdProfile.verifyPin(session, 'pin1', code('5193'))).toEqual({ isRight: true });
      const wrongPuk = (): Promise<unknown> => asanIdProfile.unblockPin(session, 'pin2', code('00000000'), code('90318'));
      expect([await wrongPuk(), await wrongPuk(), await wrongPuk()]).toEqual([2, 1, 0].map((triesLeft) => ({ isRight: false, triesLeft })));
      expect(await asanIdProfile.readTries(session)).toEqual({ pin1: 3, pin2: 3, puk1: 3, puk2: 0 });
    });
    expect(await run('new_codes')).toMatchObject({ ok: false, failure: { code: 'PUK_SPENT' } });
    expect(maker.pins.find(finished.serialHex)).toBeUndefined();
    // What is left is to wipe it and make it anew.
    await makeCard(maker, place.readers, { names: place.names, algorithm: 'p-256' });
  });

  it('PIN-11: has its PINs renewed by the centre that made it, not by another', async () => {
    const stranger = await createCardMaker();
    const byStranger = await inSession(place, (session) => runStep(stranger, session, 'new_codes', made.names));
    expect(byStranger).toMatchObject({ ok: false, failure: { code: 'CARD_CHECK_FAILED', params: { what: 'puk', triesLeft: 2 } } });
    expect(await run('new_codes')).toMatchObject({ ok: true });
    expect(await makeStep(maker, place.readers, made, 'verify')).toMatchObject({ ok: true });
  });
});

const fileOf = (state: CardState, fid: number): CardState['files'][number] => state.files.find((file) => file.fid === fid)!;

function spoil(state: CardState, fid: number): void {
  const file = fileOf(state, fid);
  const bytes = Buffer.from(file.dataHex, 'hex');
  bytes[30]! ^= 1;
  file.dataHex = bytes.toString('hex').toUpperCase();
}

/** What a tool does that puts a key of its own onto a card. */
async function loadKey(session: CardSession): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secret);
  for (const hex of [
    '00A4080C0450154B01',
    '00E40000',
    '00A4080C025015',
    '00E000001662148102010082012283024B0186031F44FF85020000',
    `00DA018641${pair.getPublicKey('hex')}`,
    `00DA018720${secret.toString('hex')}`,
  ]) {
    expect(Buffer.from(await raw(session, hex)).toString('hex')).toBe('9000');
  }
}
