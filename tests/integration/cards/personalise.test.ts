import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verify, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import type { Mailer } from '../../../src/card-host/mailer/mailer.ts';
import { keyAlgorithms } from '../../../src/shared/card-host/host-protocol.ts';
import { createCardMaker, makeCard, makeStep, runStep, withCard, type CardMaker, type Making } from '../../support/cards/card-maker.ts';
import { cardSerial, putCard, readerName } from '../../support/cards/reader-with-card.ts';

const code = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(keyAlgorithms)('a personalisation with %s keys', (algorithm) => {
  let folder: string;
  let maker: CardMaker;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-card-'));
    maker = await createCardMaker();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a finished card in at most 60 commands, and tells of it what it is', async () => {
    const place = putCard();
    const making: Making = { names: place.names, algorithm };
    for (const step of ['wipe', 'codes', 'keys', 'requests', 'certificates', 'objects', 'close'] as const) {
      expect(await makeStep(maker, place.readers, making, step)).toMatchObject({ ok: true });
    }
    // Two of them make the keys.
    expect(place.card.tally.apdus - 2).toBeLessThanOrEqual(60);
    const verified = await makeStep(maker, place.readers, making, 'verify');
    const full = { pin1: 3, pin2: 3, puk1: 3, puk2: 3 };
    expect(verified).toEqual({ ok: true, value: { tries: full } });
    const sight = await withCard(place.readers, readerName, (session) => asanIdProfile.read(session));
    expect(sight).toEqual({
      chipSerialHex: place.card.state.serialHex,
      life: 'closed',
      cardSerial,
      tries: full,
      certificates: [
        { key: 'auth', der: making.certificates?.auth },
        { key: 'sign', der: making.certificates?.sign },
      ],
    });
  });

  it('asks for certificates with requests that OpenSSL takes, naming nobody but the card', async () => {
    const place = putCard();
    const making: Making = { names: place.names, algorithm };
    for (const step of ['wipe', 'codes', 'keys', 'requests'] as const) await makeStep(maker, place.readers, making, step);
    for (const key of ['auth', 'sign'] as const) {
      const file = path.join(folder, `${key}.der`);
      writeFileSync(file, making.requests![key]);
      const seen = execFileSync('openssl', ['req', '-in', file, '-inform', 'DER', '-noout', '-verify', '-subject', '-text'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(seen).toContain(`subject=CN = ${cardSerial}`);
      expect(seen).toContain(
        algorithm === 'rsa-2048' ? 'sha256WithRSAEncryption' : `ecdsa-with-SHA${algorithm === 'p-384' ? '384' : '256'}`,
      );
    }
    expect(making.requests?.auth).not.toEqual(making.requests?.sign);
  });

  it('PIN-11: gives new PINs to a card whose old ones are lost, and signs with them', async () => {
    const place = putCard();
    const making: Making = { names: place.names, algorithm };
    await makeCard(maker, place.readers, making);
    maker.pins.forgetAll();
    await withCard(place.readers, readerName, (session) => runStep(maker, session, 'new_codes', making.names));
    expect(await makeStep(maker, place.readers, making, 'verify')).toMatchObject({ ok: true });
    const { pin1 } = maker.pins.find(place.names.chipSerialHex)!;
    const signature = await withCard(place.readers, readerName, async (session) => {
      expect(await asanIdProfile.verifyPin(session, 'pin1', pin1)).toEqual({ isRight: true });
      return asanIdProfile.sign(session, 'auth', algorithm, code('a challenge'));
    });
    const { publicKey } = new X509Certificate(making.certificates!.auth);
    expect(verify(algorithm === 'p-384' ? 'sha384' : 'sha256', code('a challenge'), publicKey, signature)).toBe(true);
  });
});

describe('an envelope', () => {
  const printed: { readonly envelopeNumber: string; readonly text: string }[] = [];
  let outcome: Awaited<ReturnType<Mailer['print']>> = 'printed';
  const mailer: Mailer = {
    async print({ envelopeNumber, cardSerial: serial, pins, puk }) {
      printed.push({
        envelopeNumber,
        text: [serial, ...[pins.pin1, pins.pin2, puk].map((it) => Buffer.from(it).toString('latin1'))].join(' '),
      });
      return outcome;
    },
  };
  const envelope = { envelopeNumber: 'E-0001', holderLabel: 'QURBANOVA S.' };

  it('PRS-06 PRS-07: is printed once with the codes of the card in the reader, and the PINs are forgotten', async () => {
    const base = await createCardMaker();
    const maker: CardMaker = { ...base, deps: { ...base.deps, mailer } };
    const place = putCard();
    await makeCard(maker, place.readers, { names: place.names, algorithm: 'p-256' });
    const pins = maker.pins.find(place.names.chipSerialHex)!;
    const [pin1, pin2] = [pins.pin1, pins.pin2].map((it) => Buffer.from(it).toString('latin1'));
    const puk = Buffer.from(await maker.deps.deriver.puk(cardSerial)).toString('latin1');
    const print = (changed = {}) =>
      withCard(place.readers, readerName, (session) => runStep(maker, session, 'envelope', { ...place.names, ...envelope, ...changed }));
    maker.pins.keep('00112233445566778899', { pin1: code('2704'), pin2: code('90318') });
    expect(await print({ chipSerialHex: '00112233445566778899' })).toMatchObject({ ok: false, failure: { code: 'CARD_EXCHANGED' } });
    expect(await print({ cardSerial: '0100000000000043' })).toMatchObject({ ok: false, failure: { code: 'CARD_IN_USE' } });
    expect(printed).toEqual([]);
    expect(await print()).toEqual({ ok: true, value: null });
    expect(printed).toEqual([{ envelopeNumber: 'E-0001', text: `${cardSerial} ${pin1} ${pin2} ${puk}` }]);
    expect(await print()).toMatchObject({ ok: false, failure: { code: 'CODES_GONE' } });
    expect(printed).toHaveLength(1);
  });

  it.each(['MAILER_FAILED', 'ENVELOPE_USED'] as const)('PRS-06: forgets the PINs also after %s', async (failure) => {
    outcome = failure;
    const base = await createCardMaker();
    const maker: CardMaker = { ...base, deps: { ...base.deps, mailer } };
    const place = putCard();
    await makeCard(maker, place.readers, { names: place.names, algorithm: 'p-256' });
    const result = await withCard(place.readers, readerName, (session) =>
      runStep(maker, session, 'envelope', { ...place.names, ...envelope }),
    );
    expect(result).toMatchObject({ ok: false, failure: { code: failure } });
    expect(maker.pins.find(place.names.chipSerialHex)).toBeUndefined();
  });
});
