import type { cardErrors as azCardErrors } from '../az/card-errors.ts';

export const cardErrors = {
  SERVICE_DOWN:
    'The smart-card service of this computer is not running. Nothing is lost. The program goes on by itself when it runs again; if it does not, tell support.',
  LINK_MISSING:
    'The package that works with cards is not built on this computer. Work without cards goes on. Show support the line on the card diagnostics page.',
  READER_UNKNOWN: 'This reader is no longer connected. Nothing has changed. Connect it or choose another.',
  CARD_ABSENT: 'There is no card in the reader. Push the card all the way in.',
  CARD_REMOVED: 'The card was pulled before the work was done. Put it in again: its state is read first, then you go on.',
  CARD_RESET: 'Another program reset the card. Take the card out, put it in and try again.',
  CARD_SHARED: 'Another program holds the card. Close that program and try again.',
  CARD_MUTE:
    'The card does not answer: it is the wrong way round or its contacts are dirty. Take it out, wipe the contacts, put it in chip up.',
  CARD_TIMEOUT: 'The card did not answer in time. The reader was started anew; take the card out, put it in and try again.',
  TRANSPORT_FAILED: 'The connection to the card broke. Take the card out and put it in; if it happens again, change the reader.',
  CARD_NOT_OURS: 'This card is not an Asan ID. Nothing was written. Put in an Asan ID card.',
  CARD_EXCHANGED: 'Another card is in the reader. Nothing was written. Put the earlier card back.',
  CARD_IN_USE: 'The card is already made and in use. Nothing was written, put in a blank card.',
  CARD_NOT_OPEN: 'The card is closed and this step needs an open one. Nothing was written.',
  CARD_NOT_CLOSED: 'The making of this card was never finished, so it cannot be used. Send it back to the personalisation centre.',
  CARD_REFUSED:
    'The card gave an answer that was not expected. Nothing was confirmed. Take it out and put it in; if it happens again, see the meaning on the diagnostics page.',
  CARD_CHECK_FAILED: 'What was read from the card is not what was written. This card must not be handed out; put it aside.',
  CERTIFICATE_OTHER_KEY: 'The certificate does not belong to the key of this card. It was not written.',
  CODES_GONE: 'The program no longer has the codes of this card. Make new codes.',
  ENVELOPE_USED: 'An envelope of this number was already printed. It is never printed again, take a new one.',
  MAILER_FAILED: 'The envelope was not printed and its number counts as spoilt. Check the printer and take a new envelope.',
  TOKEN_MISSING: 'The key token of the centre is not connected. Nothing was written. Connect it and try again.',
  TOKEN_FAILED: 'The key token of the centre did not answer. Nothing was written. Unplug it, plug it in and try again.',
  PIN_CANCELLED: 'No PIN was typed. Nothing has changed, you can begin again.',
  PIN_WRONG: 'The PIN is wrong. One try less is left; look at the PIN envelope and try again.',
  PIN_BLOCKED: 'The PIN is blocked: it was typed wrong three times. The card is not lost, the PUK opens the PIN.',
  PIN_WEAK: 'The new PIN is too simple. The PIN has not changed; choose one without runs, repeats and birth dates.',
  PUK_SPENT: 'The tries of the PUK are used up. This card cannot be opened at the desk: register a request for new codes.',
  CANCELLED: 'The work was stopped. Nothing has changed.',
  VIRTUAL_CARD_REFUSED:
    'That could not be done with the training card: it is in a reader already, or the reader is taken. Nothing has changed; look at the list and try again.',
  CARD_HOST_FAILED: 'The card program did not answer and is being started anew. What was saved is not lost, try again in a few seconds.',
  CARD_CHALLENGE_GONE: 'The time for this sign-in has passed. Begin the sign-in with the card again.',
  CARD_SIGNATURE_INVALID:
    'The signature of the card was not confirmed. You are not signed in; put the card in again and retry, and tell support if it happens again.',
  CARD_FOREIGN: 'The certificate on this card was not issued by the Centre. You are not signed in, put in your own Asan ID card.',
  CARD_NOT_BOUND: 'This card is not bound to any operator. The rights administrator can bind it; until then sign in with the password.',
  CARD_BOUND_TO_OTHER: 'This card is already bound to another operator. Nothing has changed, choose another card.',
  CARD_OF_OTHER: 'This is the card of another operator. Put in the card that locked the screen.',
  CARD_LEFT: 'The card was pulled before the sign-in was done. You are not signed in, put it in and try again.',
  CARD_NEEDED: 'This work was begun with a card and goes on only with the same card. Put it in and type PIN1.',
  CARD_OFFLINE_NOT_ALLOWED:
    'There is no link, and this card was not used online at this desk within 7 days. Sign in with it when the link is back, or with the password now.',
  CERTIFICATE_EXPIRED: 'The certificate of the card has expired. You are not signed in; use the password and ask for a new card.',
  CERTIFICATE_REVOKED:
    'The certificate of the card is revoked. You are not signed in; give the card to the rights administrator, also if it was lost and found.',
  CERTIFICATE_NOT_ACTIVE:
    'The certificate of the card is not active (not activated yet, or suspended). You are not signed in, use the password.',
  SIGNATURE_MISSING: 'This act must be signed with the card. Nothing was sent; put in the card and type PIN2.',
  SIGNATURE_NOT_GENUINE: 'The signature of the act does not fit its text or its card. The registry did not take the act, sign it again.',
} as const satisfies Record<keyof typeof azCardErrors, string>;
