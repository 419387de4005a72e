import { describe, expect, it } from 'vitest';
import { cardCommandKinds, cardCommandPayloads, cardSerialSchema, packageNumberSchema } from './card-commands.ts';
import { aggregateTypeOf, aggregateTypes, commandKinds, commandPayloads, keyOfAggregate, onlineOnlyKinds } from './envelope.ts';

describe('commands about cards', () => {
  it('stand among the commands of the protocol, two of them online only', () => {
    for (const kind of cardCommandKinds) expect(commandKinds).toContain(kind);
    expect(onlineOnlyKinds.filter((kind) => kind.startsWith('card.'))).toEqual(['card.claim', 'card.issue']);
  });

  it('every kind belongs to one aggregate, whose key is in its payload', () => {
    for (const kind of commandKinds) {
      const type = aggregateTypeOf(kind);
      expect(aggregateTypes).toContain(type);
      expect(Object.keys(commandPayloads[kind].shape), kind).toContain(keyOfAggregate[type]);
    }
    expect(aggregateTypeOf('card.pin_reissue')).toBe('application');
    expect(aggregateTypeOf('pin.request')).toBe('pin_request');
  });

  it('no payload has room for a code', () => {
    const words = Object.values(cardCommandPayloads).flatMap((payload) => Object.keys(payload.shape));
    expect(words.filter((word) => /^(pin|puk)\d?$|code$|secret/iu.test(word)).sort()).toEqual(['reasonCode']);
  });

  it.each(['0100', '0100000000000042G', 'ab00000000000001', ''])('refuses %j as a card serial', (serial) => {
    expect(cardSerialSchema.safeParse(serial).success).toBe(false);
  });

  it('PRS-11: a package may have 0 lines on the wire, which the registry refuses by name, and 500, but not 501', () => {
    const item = { id: '01900000-0000-7000-8000-000000000001', cardSerial: '0100000000000001', envelopeNumber: 'E-000001' };
    const packed = (count: number) =>
      cardCommandPayloads['package.prepare'].safeParse({
        packageNumber: 'P-2026-000001',
        toOfficeId: 'BAK1',
        purpose: 'cards',
        items: Array.from({ length: count }, () => item),
      }).success;
    expect([0, 500, 501].map(packed)).toEqual([true, true, false]);
    expect(packageNumberSchema.safeParse('p 1').success).toBe(false);
  });
});
