import type { CardStopCode } from './card-codes.ts';

/**
 * The count of a package by scanner, cards on one side and PIN envelopes on the other. Every scan is judged at once, and at any moment the list says which
 * card or envelope is missing, which does not belong here and which was read twice. Source: PKG-09, PKG-10, PKG-12
 */
export const countSides = ['card', 'envelope'] as const;
export type CountSide = (typeof countSides)[number];

/** What the dispatch record says is in the package. A package of returned cards or of papers may have items without an envelope number. */
export interface PackageItem {
  readonly cardSerial: string;
  readonly envelopeNumber: string;
}

export interface PackageScan {
  readonly side: CountSide;
  /** What the barcode says: a card serial, or an envelope number. */
  readonly code: string;
  readonly isDamaged?: boolean;
}

/** `surplus`: not of this package. `damaged`: here, but nothing may be registered with it. */
export const scanVerdicts = ['right', 'twice', 'surplus', 'damaged'] as const;
export type ScanVerdict = (typeof scanVerdicts)[number];

export type SideState = 'missing' | 'seen' | 'damaged';

export interface CountLine extends PackageItem {
  readonly card: SideState;
  readonly envelope: SideState;
  /** Nothing stands against registering this card. Source: PKG-12 */
  readonly isGreen: boolean;
  /** Why the line is red; null on a green one. */
  readonly stop: CardStopCode | null;
}

export interface PackageCount {
  readonly expected: number;
  /** Different cards and envelopes that are here, those that do not belong here included. */
  readonly cards: number;
  readonly envelopes: number;
  readonly lines: readonly CountLine[];
  readonly missingCards: readonly string[];
  readonly missingEnvelopes: readonly string[];
  readonly surplusCards: readonly string[];
  readonly surplusEnvelopes: readonly string[];
  readonly twiceCards: readonly string[];
  readonly twiceEnvelopes: readonly string[];
  /** Every line green and nothing too much: the package can be confirmed as it is. */
  readonly isRight: boolean;
  /** M-18: a serial that is not right; M-19: a damaged envelope; M-20: the counts differ. Null when all is right. */
  readonly stop: CardStopCode | null;
}

/** Barcodes and typed numbers compare without spaces and in capitals. */
export function normaliseCode(code: string): string {
  return code.replaceAll(/\s/gu, '').toUpperCase();
}

/** The word on one scan, on the spot. Source: PKG-12 */
export function decideScan(items: readonly PackageItem[], before: readonly PackageScan[], scan: PackageScan): ScanVerdict {
  const code = normaliseCode(scan.code);
  if (before.some((each) => each.side === scan.side && normaliseCode(each.code) === code)) return 'twice';
  if (code === '' || !items.some((item) => codeOf(item, scan.side) === code)) return 'surplus';
  return scan.isDamaged === true ? 'damaged' : 'right';
}

/** Source: PKG-09, PKG-10, M-18..M-20 */
export function countPackage(items: readonly PackageItem[], scans: readonly PackageScan[]): PackageCount {
  const card = countSide(items, scans, 'card');
  const envelope = countSide(items, scans, 'envelope');
  const lines = items.map((item) => toLine(item, card, envelope));
  const isRight = lines.every((line) => line.isGreen) && card.surplus.length === 0 && envelope.surplus.length === 0;
  return {
    expected: items.length,
    cards: card.seen.size,
    envelopes: envelope.seen.size,
    lines,
    missingCards: card.missing,
    missingEnvelopes: envelope.missing,
    surplusCards: card.surplus,
    surplusEnvelopes: envelope.surplus,
    twiceCards: card.twice,
    twiceEnvelopes: envelope.twice,
    isRight,
    stop: isRight ? null : findStop(lines, card, envelope),
  };
}

interface SideCount {
  readonly seen: ReadonlyMap<string, 'seen' | 'damaged'>;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  readonly twice: readonly string[];
}

/** An item without a number on this side (papers, cards without their envelope) asks for nothing here. */
function countSide(items: readonly PackageItem[], scans: readonly PackageScan[], side: CountSide): SideCount {
  const expected = new Set(items.map((item) => codeOf(item, side)).filter((code) => code !== ''));
  const seen = new Map<string, 'seen' | 'damaged'>();
  const twice = new Set<string>();
  for (const scan of scans) {
    if (scan.side !== side) continue;
    const code = normaliseCode(scan.code);
    if (seen.has(code)) twice.add(code);
    // Once seen damaged it stays so.
    if (scan.isDamaged === true) seen.set(code, 'damaged');
    else if (!seen.has(code)) seen.set(code, 'seen');
  }
  return {
    seen,
    missing: [...expected].filter((code) => !seen.has(code)),
    surplus: [...seen.keys()].filter((code) => !expected.has(code)),
    twice: [...twice],
  };
}

function codeOf(item: PackageItem, side: CountSide): string {
  return normaliseCode(side === 'card' ? item.cardSerial : item.envelopeNumber);
}

function toLine(item: PackageItem, cards: SideCount, envelopes: SideCount): CountLine {
  const card = stateOf(codeOf(item, 'card'), cards);
  const envelope = stateOf(codeOf(item, 'envelope'), envelopes);
  const stop = card !== 'seen' ? 'M-18' : envelope === 'missing' ? 'M-20' : envelope === 'damaged' ? 'M-19' : null;
  return { ...item, card, envelope, isGreen: stop === null, stop };
}

function stateOf(code: string, side: SideCount): SideState {
  return code === '' ? 'seen' : (side.seen.get(code) ?? 'missing');
}

function findStop(lines: readonly CountLine[], cards: SideCount, envelopes: SideCount): CardStopCode {
  const isPaired = lines.every((line) => line.cardSerial !== '' && line.envelopeNumber !== '');
  if (isPaired && cards.seen.size !== envelopes.seen.size) return 'M-20';
  if (cards.missing.length > 0 || cards.surplus.length > 0 || lines.some((line) => line.card === 'damaged')) return 'M-18';
  return lines.some((line) => line.envelope === 'damaged') ? 'M-19' : 'M-20';
}
