import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPackage, decideScan, type PackageItem, type PackageScan } from './package-counts.ts';
import { maxPackageItems } from './package-states.ts';

const item = (index: number): PackageItem => ({
  cardSerial: `0100${String(index).padStart(12, '0')}`,
  envelopeNumber: `E-${String(index).padStart(6, '0')}`,
});
const itemsOf = (count: number) => Array.from({ length: count }, (_, index) => item(index + 1));
const card = (code: string): PackageScan => ({ side: 'card', code });
const envelope = (code: string): PackageScan => ({ side: 'envelope', code });
const allScans = (items: readonly PackageItem[]) => items.flatMap((each) => [card(each.cardSerial), envelope(each.envelopeNumber)]);

describe('countPackage', () => {
  it.each([0, 1, maxPackageItems])('PKG-09 PKG-10: %i cards, all read on both sides, are right', (count) => {
    const items = itemsOf(count);
    const counted = countPackage(items, allScans(items));
    expect(counted).toMatchObject({ expected: count, cards: count, envelopes: count, isRight: true, stop: null });
    expect(counted.lines.every((line) => line.isGreen)).toBe(true);
  });

  it('PKG-09: nothing read of 500 names all 500 as missing on both sides', () => {
    const items = itemsOf(maxPackageItems);
    const counted = countPackage(items, []);
    expect(counted.missingCards).toEqual(items.map((each) => each.cardSerial));
    expect(counted.missingEnvelopes).toEqual(items.map((each) => each.envelopeNumber));
    expect(counted.isRight).toBe(false);
  });

  it('PKG-09 M-18: one wrong serial is named together with the one that is missing for it', () => {
    const items = itemsOf(3);
    const [first, second, third] = items as [PackageItem, PackageItem, PackageItem];
    const scans = [
      card(first.cardSerial),
      card('0100999999999999'),
      card(third.cardSerial),
      ...items.map((each) => envelope(each.envelopeNumber)),
    ];
    const counted = countPackage(items, scans);
    expect(counted.missingCards).toEqual([second.cardSerial]);
    expect(counted.surplusCards).toEqual(['0100999999999999']);
    expect(counted.stop).toBe('M-18');
    expect(counted.lines.map((line) => line.stop)).toEqual([null, 'M-18', null]);
  });

  it('PKG-10 M-20: a card without its envelope and an envelope without its card are named, and the counts differ', () => {
    const items = itemsOf(2);
    const [first, second] = items as [PackageItem, PackageItem];
    const withoutEnvelope = countPackage(items, [card(first.cardSerial), card(second.cardSerial), envelope(second.envelopeNumber)]);
    expect(withoutEnvelope).toMatchObject({ cards: 2, envelopes: 1, missingEnvelopes: [first.envelopeNumber], stop: 'M-20' });
    const withoutCard = countPackage(items, [card(first.cardSerial), envelope(first.envelopeNumber), envelope(second.envelopeNumber)]);
    expect(withoutCard).toMatchObject({ cards: 1, envelopes: 2, missingCards: [second.cardSerial], stop: 'M-20' });
  });

  it('PKG-10 M-19: a damaged envelope makes its line red, whatever is read after it', () => {
    const items = itemsOf(1);
    const [only] = items as [PackageItem];
    const scans = [card(only.cardSerial), { ...envelope(only.envelopeNumber), isDamaged: true }, envelope(only.envelopeNumber)];
    expect(countPackage(items, scans)).toMatchObject({ isRight: false, stop: 'M-19', twiceEnvelopes: [only.envelopeNumber] });
  });

  it('PKG-12: a serial read twice is told and counted once', () => {
    const items = itemsOf(2);
    const [first] = items as [PackageItem, PackageItem];
    const counted = countPackage(items, [...allScans(items), card(first.cardSerial.toLowerCase())]);
    expect(counted).toMatchObject({ cards: 2, twiceCards: [first.cardSerial], isRight: true });
  });

  it('asks for no envelope where the package has none', () => {
    const items = [{ cardSerial: item(1).cardSerial, envelopeNumber: '' }];
    expect(countPackage(items, [card(item(1).cardSerial)])).toMatchObject({ isRight: true, stop: null, missingEnvelopes: [] });
  });

  it('PKG-09 PKG-10: what is missing, here and too much always adds up on both sides', () => {
    const code = fc.integer({ min: 1, max: 30 });
    const scan = fc.record({ side: fc.constantFrom('card' as const, 'envelope' as const), index: code, isDamaged: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(scan, { maxLength: 80 }), (count, drawn) => {
        const items = itemsOf(count);
        const scans = drawn.map(({ side, index, isDamaged }) => ({
          side,
          code: side === 'card' ? item(index).cardSerial : item(index).envelopeNumber,
          isDamaged,
        }));
        const counted = countPackage(items, scans);
        expect(counted.cards - counted.surplusCards.length + counted.missingCards.length).toBe(count);
        expect(counted.envelopes - counted.surplusEnvelopes.length + counted.missingEnvelopes.length).toBe(count);
        expect(counted.isRight).toBe(counted.stop === null);
        const verdicts = scans.map((each, index) => decideScan(items, scans.slice(0, index), each));
        const twice = new Set([...counted.twiceCards, ...counted.twiceEnvelopes]);
        expect(verdicts.some((verdict) => verdict === 'twice')).toBe(twice.size > 0);
        expect(verdicts.filter((verdict) => verdict === 'surplus')).toHaveLength(
          counted.surplusCards.length + counted.surplusEnvelopes.length,
        );
      }),
    );
  });
});

describe('decideScan', () => {
  it('PKG-12: judges a scan on the spot', () => {
    const items = itemsOf(2);
    const [first] = items as [PackageItem, PackageItem];
    expect(decideScan(items, [], card(` ${first.cardSerial} `))).toBe('right');
    expect(decideScan(items, [card(first.cardSerial)], card(first.cardSerial))).toBe('twice');
    expect(decideScan(items, [], card(first.envelopeNumber))).toBe('surplus');
    expect(decideScan(items, [], card(''))).toBe('surplus');
    expect(decideScan(items, [], { ...envelope(first.envelopeNumber), isDamaged: true })).toBe('damaged');
  });
});
