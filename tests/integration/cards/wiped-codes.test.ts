import { describe, expect, it } from 'vitest';
import { createPinKeeper } from '../../../src/card-host/codes/pin-keeper.ts';
import type { CodeDeriver } from '../../../src/card-host/token/code-deriver.ts';
import type { CardReaders, CardSession } from '../../../src/shared/card-host/card-port.ts';
import { createCardMaker, makeCard, runStep, withCard, type CardMaker, type Making } from '../../support/cards/card-maker.ts';
import { putCard, readerName } from '../../support/cards/reader-with-card.ts';

/** Instructions whose data is a code: VERIFY, CHANGE, UNBLOCK and the records of PUT DATA. */
const holdsCode = (apdu: Uint8Array): boolean =>
  ([0x20, 0x24, 0x2c].includes(apdu[1] ?? 0) && apdu.length > 5) || (apdu[1] === 0xda && (apdu[3] ?? 0) < 0x10);

/** Keeps the very buffers that were sent, and a copy of what was in them. */
function watch(readers: CardReaders): { readonly readers: CardReaders; readonly sent: { buffer: Uint8Array; copy: Uint8Array }[] } {
  const sent: { buffer: Uint8Array; copy: Uint8Array }[] = [];
  const watched = (session: CardSession): CardSession => ({
    readerName: session.readerName,
    atr: session.atr,
    transmit(apdu, timeoutMs) {
      sent.push({ buffer: apdu, copy: apdu.slice() });
      return session.transmit(apdu, timeoutMs);
    },
    reset: () => session.reset(),
    close: () => session.close(),
  });
  return { sent, readers: { ...readers, openCard: async (name) => watched(await readers.openCard(name)) } };
}

/** Keeps the very buffers that the token gave out. */
function watchDeriver(deriver: CodeDeriver, given: Uint8Array[]): CodeDeriver {
  const keep = (code: Uint8Array): Uint8Array => {
    given.push(code);
    return code;
  };
  return {
    puk: async (serial) => keep(await deriver.puk(serial)),
    issuerCode: async (serial) => keep(await deriver.issuerCode(serial)),
  };
}

describe('codes in memory', () => {
  async function prepare(): Promise<{ maker: CardMaker; given: Uint8Array[] }> {
    const maker = await createCardMaker();
    const given: Uint8Array[] = [];
    const pins = createPinKeeper();
    return { maker: { ...maker, pins, deps: { ...maker.deps, pins, deriver: watchDeriver(maker.deps.deriver, given) } }, given };
  }
  const isWiped = (buffer: Uint8Array): boolean => buffer.every((byte) => byte === 0);

  it('CR-04: are wiped from every command and every buffer but the kept PINs, and from those when they are forgotten', async () => {
    const { maker, given } = await prepare();
    const place = putCard();
    const { readers, sent } = watch(place.readers);
    const making: Making = { names: place.names, algorithm: 'p-256' };
    await makeCard(maker, readers, making);
    await makeCard(maker, readers, making);
    const renewed = await withCard(readers, readerName, (session) => runStep(maker, session, 'new_codes', making.names));
    expect(renewed).toMatchObject({ ok: true });
    const withCodes = sent.filter(({ copy }) => holdsCode(copy));
    // Records twice, PINs proven twice, issuer code once, both PINs unblocked.
    expect(withCodes).toHaveLength(2 * 3 + 2 * 2 + 1 + 2);
    for (const { buffer } of withCodes) expect(isWiped(buffer)).toBe(true);
    expect(given.length).toBeGreaterThan(4);
    expect(given.every(isWiped)).toBe(true);
    const kept = maker.pins.find(making.names.chipSerialHex)!;
    expect([kept.pin1, kept.pin2].map(isWiped)).toEqual([false, false]);
    maker.pins.forgetAll();
    expect([kept.pin1, kept.pin2].map(isWiped)).toEqual([true, true]);
  });

  it('CR-04: are wiped too when the card is pulled out, and no PIN is kept that may not be on it', async () => {
    const { maker, given } = await prepare();
    const place = putCard();
    const { readers, sent } = watch(place.readers);
    for (let atApdu = 2; atApdu <= 4; atApdu += 1) {
      place.card.setFault({ kind: 'pull', atApdu, moment: 'after' });
      const codes = withCard(readers, readerName, (session) => runStep(maker, session, 'codes', place.names));
      await expect(codes).rejects.toThrow('CARD_REMOVED');
      await place.putBack();
      expect(maker.pins.find(place.names.chipSerialHex)).toBeUndefined();
    }
    const withCodes = sent.filter(({ copy }) => holdsCode(copy));
    expect(withCodes).toHaveLength(1 + 2 + 3);
    for (const { buffer } of withCodes) expect(isWiped(buffer)).toBe(true);
    expect(given.every(isWiped)).toBe(true);
  });

  it('CR-05: PINs come by chance, with 4 and 5 digits', async () => {
    const { maker } = await prepare();
    const seen = new Set<string>();
    for (let card = 0; card < 40; card += 1) {
      const place = putCard();
      await withCard(place.readers, readerName, (session) => runStep(maker, session, 'codes', place.names));
      const { pin1, pin2 } = maker.pins.find(place.names.chipSerialHex)!;
      expect(Buffer.from(pin1).toString('latin1')).toMatch(/^[0-9]{4}$/);
      expect(Buffer.from(pin2).toString('latin1')).toMatch(/^[0-9]{5}$/);
      seen.add(Buffer.from(pin1).toString('latin1') + Buffer.from(pin2).toString('latin1'));
    }
    expect(seen.size).toBe(40);
  });
});
