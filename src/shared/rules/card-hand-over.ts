import type { CardSight } from '../card-host/host-protocol.ts';
import { fail, ok, type Decision } from './decision.ts';

/** The card of a case as the registry tells of it, as far as the hand-over looks at it. */
export type CardInCase = { readonly serial: string; readonly chipSerial: string; readonly envelopeNumber: string };

/** What a scanner reads or a hand types from a barcode: letters and digits of one case, without blanks. */
export function barcodeText(typed: string): string {
  return typed.replaceAll(/\s/gu, '').toUpperCase();
}

export type MatchStop = {
  readonly code: 'CARD_OTHER' | 'ENVELOPE_OTHER' | 'CARD_AND_ENVELOPE_SWAPPED';
  readonly params: { readonly kart: string; readonly sistem: string };
};

/** Are the card and the envelope in hand those of the case? The first that is wrong is named; nothing is changed by it. Source: HND-11, HND-12, PRS-07 */
export function decideCardMatch(
  card: CardInCase,
  scanned: { readonly card: string; readonly envelope: string },
): Decision<CardInCase, MatchStop> {
  const serial = barcodeText(scanned.card);
  const envelope = barcodeText(scanned.envelope);
  if (serial === card.envelopeNumber && envelope === card.serial)
    return fail({ code: 'CARD_AND_ENVELOPE_SWAPPED', params: { kart: serial, sistem: card.serial } });
  if (serial !== card.serial) return fail({ code: 'CARD_OTHER', params: { kart: serial, sistem: card.serial } });
  return envelope === card.envelopeNumber
    ? ok(card)
    : fail({ code: 'ENVELOPE_OTHER', params: { kart: envelope, sistem: card.envelopeNumber } });
}

/** Every counter of a card that nobody has used. Source: CR-05, cards.md §3 */
export const fullTries = 3;

export const cardTestCodes = [
  'CARD_OF_OTHER_KIND',
  'CARD_OTHER_CHIP',
  'CARD_OTHER_SERIAL',
  'CARD_NOT_FINISHED',
  'CARD_CERTIFICATE_DIFFERS',
  'CARD_TRIES_NOT_FULL',
] as const;
export type CardTestCode = (typeof cardTestCodes)[number];

/**
 * Everything that stands against giving this card to this holder, read from the card without any code: its chip and its serial are the case's, its making is
 * closed, both certificates are byte for byte the registry's, and no try was used up on the way.
 * Source: HND-11, HND-12, CR-05, CR-28
 */
export function listCardFaults(
  card: CardInCase,
  certificates: readonly { readonly kind: string; readonly der: string }[],
  sight: Pick<CardSight, 'profile' | 'chipSerialHex' | 'cardSerial' | 'life' | 'tries' | 'certificates'>,
  toBase64: (bytes: Uint8Array) => string,
): CardTestCode[] {
  if (sight.profile !== 'asan_id') return ['CARD_OF_OTHER_KIND'];
  const onCard = (key: 'auth' | 'sign') => {
    const der = sight.certificates.find((each) => each.key === key)?.der;
    return der === undefined ? '' : toBase64(der);
  };
  const expected = (isAuth: boolean) => certificates.find(({ kind }) => (kind === 'AUT') === isAuth)?.der;
  const { tries } = sight;
  const isFull = tries !== null && [tries.pin1, tries.pin2, tries.puk1, tries.puk2].every((left) => left === fullTries);
  const faults: readonly (readonly [CardTestCode, boolean])[] = [
    ['CARD_OTHER_CHIP', sight.chipSerialHex !== card.chipSerial],
    ['CARD_OTHER_SERIAL', sight.cardSerial !== card.serial],
    ['CARD_NOT_FINISHED', sight.life !== 'closed'],
    ['CARD_CERTIFICATE_DIFFERS', onCard('auth') !== expected(true) || onCard('sign') !== expected(false)],
    ['CARD_TRIES_NOT_FULL', !isFull],
  ];
  return faults.filter(([, isFault]) => isFault).map(([code]) => code);
}
