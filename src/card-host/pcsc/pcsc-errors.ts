import { CardFault, type CardFaultKind } from '../../shared/card-host/card-port.ts';

/**
 * The native package says what went wrong in English text only, without a code. Texts that are not here, and the package's own "Unknown PC/SC
 * error", are TRANSPORT_FAILED. Source: cards.md §6
 */
const kinds: Readonly<Record<string, CardFaultKind>> = {
  'PC/SC service not running': 'SERVICE_DOWN',
  'PC/SC service stopped': 'SERVICE_DOWN',
  'System cancelled operation': 'SERVICE_DOWN',
  'Context is not valid': 'SERVICE_DOWN',
  'Unknown reader': 'READER_UNKNOWN',
  'Reader unavailable': 'READER_UNKNOWN',
  'No readers available': 'READER_UNKNOWN',
  'No smart card present': 'CARD_ABSENT',
  'Card was removed': 'CARD_REMOVED',
  'Card is not connected': 'CARD_REMOVED',
  'Card was reset': 'CARD_RESET',
  'Sharing violation': 'CARD_SHARED',
  'Card is unresponsive': 'CARD_MUTE',
  'Card is unpowered': 'CARD_MUTE',
  'Card is not supported': 'CARD_MUTE',
  'Protocol mismatch': 'CARD_MUTE',
  'Invalid ATR': 'CARD_MUTE',
  'Unknown card type': 'CARD_MUTE',
};

/** What the native package threw as a fault of the port; a fault stays what it is. */
export function asCardFault(error: unknown): CardFault {
  if (error instanceof CardFault) return error;
  const text = error instanceof Error ? error.message : 'no reason given';
  return new CardFault(kinds[text] ?? 'TRANSPORT_FAILED', text);
}
