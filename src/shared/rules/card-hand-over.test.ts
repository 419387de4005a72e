import { describe, expect, it } from 'vitest';
import { decideCardMatch, listCardFaults } from './card-hand-over.ts';

const card = { serial: 'A0B1C2D3', chipSerial: '00112233445566778899', envelopeNumber: 'A0B1C2D3-01' };

describe('what is in the registrar’s hand', () => {
  const match = (scannedCard: string, envelope: string) => {
    const decided = decideCardMatch(card, { card: scannedCard, envelope });
    return decided.ok ? 'ok' : `${decided.error.code} ${decided.error.params.kart}`;
  };
  it('HND-11 HND-12: card and envelope of the case pass, as a scanner or a hand gives them', () => {
    expect(match('A0B1C2D3', 'A0B1C2D3-01')).toBe('ok');
    expect(match(' a0b1 c2d3\n', 'a0b1c2d3-01')).toBe('ok');
  });
  it('HND-11 HND-12: a wrong card, a wrong envelope and the two exchanged are each named', () => {
    expect(match('A0B1C2D4', 'A0B1C2D3-01')).toBe('CARD_OTHER A0B1C2D4');
    expect(match('A0B1C2D3', 'A0B1C2D4-01')).toBe('ENVELOPE_OTHER A0B1C2D4-01');
    expect(match('A0B1C2D3-01', 'A0B1C2D3')).toBe('CARD_AND_ENVELOPE_SWAPPED A0B1C2D3-01');
    expect(match('', '')).toBe('CARD_OTHER ');
  });
});

describe('what the card says of itself', () => {
  const toBase64 = (bytes: Uint8Array): string => [...bytes].join('-');
  const certificates = [
    { kind: 'AUT', der: '1-2' },
    { kind: 'BUS', der: '3-4' },
  ];
  const sight = {
    profile: 'asan_id' as const,
    chipSerialHex: card.chipSerial,
    cardSerial: card.serial,
    life: 'closed' as const,
    tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 },
    certificates: [
      { key: 'auth' as const, der: Uint8Array.of(1, 2) },
      { key: 'sign' as const, der: Uint8Array.of(3, 4) },
    ],
  };
  const faults = (change: Partial<Parameters<typeof listCardFaults>[2]>) =>
    listCardFaults(card, certificates, { ...sight, ...change }, toBase64);
  it('HND-12 CR-28: the card of the case, unused, has no fault', () => {
    expect(faults({})).toEqual([]);
  });
  it.each([
    ['CARD_OF_OTHER_KIND', { profile: 'other' as const }],
    ['CARD_OTHER_CHIP', { chipSerialHex: '00112233445566778800' }],
    ['CARD_OTHER_SERIAL', { cardSerial: 'A0B1C2D4' }],
    ['CARD_NOT_FINISHED', { life: 'open' as const }],
    ['CARD_CERTIFICATE_DIFFERS', { certificates: [sight.certificates[0]!] }],
    ['CARD_CERTIFICATE_DIFFERS', { certificates: [sight.certificates[0]!, { key: 'sign' as const, der: Uint8Array.of(3, 5) }] }],
    ['CARD_TRIES_NOT_FULL', { tries: { pin1: 2, pin2: 3, puk1: 3, puk2: 3 } }],
    ['CARD_TRIES_NOT_FULL', { tries: null }],
  ])('HND-12 CR-05: %s', (code, change) => {
    expect(faults(change)).toEqual([code]);
  });
  it('HND-12: every fault is told at once', () => {
    expect(faults({ chipSerialHex: '', cardSerial: '', life: 'blank', tries: null, certificates: [] })).toHaveLength(5);
  });
});
