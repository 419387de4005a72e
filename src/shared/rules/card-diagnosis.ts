import { z } from 'zod';
import type { CardHostStatus } from '../card-host/host-protocol.ts';

/** What can be said of the cards of this machine; each has a sentence of what it means and one of what to do. */
export const cardFindingCodes = [
  'HOST_DOWN',
  'LINK_NONE',
  'SMARTCARD_MISSING',
  'SERVICE_DOWN',
  'SERVICE_RUNNING',
  'LINK_DIRECT',
  'NO_READER',
  'READER_EMPTY',
  'READER_READY',
  'CARD_OTHER',
  'CARD_UNKNOWN',
  'NAME_ODD',
  'PKCS11JS_MISSING',
  'TOKEN_NONE',
  'TOKEN_TRAINING',
  'TOKEN_NOT_READY',
  'TOKEN_READY',
  'MAILER_NONE',
  'MAILER_FILE',
  'MAILER_NOT_READY',
  'MAILER_READY',
] as const;
export type CardFindingCode = (typeof cardFindingCodes)[number];

export const cardFindingSchema = z.object({
  code: z.enum(cardFindingCodes),
  /** `stop`: cards do not work; `attention`: something of them does not; `good` and `note`: as it should be. */
  severity: z.enum(['stop', 'attention', 'good', 'note']),
  /** Empty where it is about the whole machine. */
  readerName: z.string(),
  /** The line to type, or the answer to reset; empty where there is none. */
  detail: z.string(),
});
export type CardFinding = z.infer<typeof cardFindingSchema>;

/** What a person who may install programs types when a native package could not be loaded. */
export const installLines = { smartcard: 'npm install smartcard@3.7.0', pkcs11js: 'npm install pkcs11js@2.1.7' } as const;

/**
 * What is to be said of the cards here, the worst first within each part: link, service, readers, token, printer of envelopes. `needsCentre`: this desk makes
 * cards, so that token and printer are missed; elsewhere their absence is only noted. Source: issue 4 §5; cards.md §6
 */
export function diagnoseCards(
  status: CardHostStatus | null,
  options: { readonly needsCentre: boolean; readonly isTraining: boolean },
): CardFinding[] {
  if (status === null) return [finding('HOST_DOWN', 'stop')];
  return [...diagnoseLink(status), ...diagnoseReaders(status), ...diagnoseToken(status, options), ...diagnoseMailer(status, options)];
}

function diagnoseLink(status: CardHostStatus): CardFinding[] {
  if (status.link === 'direct') return [finding('LINK_DIRECT', 'note')];
  if (status.missing.includes('smartcard')) return [finding('SMARTCARD_MISSING', 'stop', { detail: installLines.smartcard })];
  if (status.link === 'none') return [finding('LINK_NONE', 'stop')];
  return [status.isServiceRunning ? finding('SERVICE_RUNNING', 'good') : finding('SERVICE_DOWN', 'stop')];
}

function diagnoseReaders(status: CardHostStatus): CardFinding[] {
  const hasWay = status.link === 'direct' || (status.link === 'pcsc' && status.isServiceRunning);
  if (!hasWay) return [];
  if (status.readers.length === 0) return [finding('NO_READER', 'attention')];
  return status.readers.flatMap((reader) => {
    const { name, atrHex, profile } = reader;
    const about = { readerName: name, detail: atrHex ?? '' };
    const odd = /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(name) ? [] : [finding('NAME_ODD', 'note', about)];
    if (atrHex === null) return [finding('READER_EMPTY', 'note', about), ...odd];
    if (profile === 'asan_id') return [finding('READER_READY', 'good', about), ...odd];
    return [finding(profile === 'other' ? 'CARD_OTHER' : 'CARD_UNKNOWN', 'attention', about), ...odd];
  });
}

function diagnoseToken({ token, missing }: CardHostStatus, options: { needsCentre: boolean; isTraining: boolean }): CardFinding[] {
  const missed = options.needsCentre ? 'attention' : 'note';
  if (missing.includes('pkcs11js')) return [finding('PKCS11JS_MISSING', missed, { detail: installLines.pkcs11js })];
  if (token.kind === 'none') return [finding('TOKEN_NONE', missed)];
  // A key that everybody knows makes no real card.
  if (token.kind === 'training') return [finding('TOKEN_TRAINING', options.isTraining ? 'note' : 'stop')];
  return [
    token.isReady ? finding('TOKEN_READY', 'good', { detail: token.label }) : finding('TOKEN_NOT_READY', missed, { detail: token.label }),
  ];
}

function diagnoseMailer({ mailer }: CardHostStatus, options: { needsCentre: boolean; isTraining: boolean }): CardFinding[] {
  const missed = options.needsCentre ? 'attention' : 'note';
  if (mailer.kind === 'none') return [finding('MAILER_NONE', missed)];
  if (mailer.kind === 'file') return [finding('MAILER_FILE', options.isTraining ? 'note' : 'stop')];
  return [mailer.isReady ? finding('MAILER_READY', 'good') : finding('MAILER_NOT_READY', missed)];
}

function finding(
  code: CardFindingCode,
  severity: CardFinding['severity'],
  about: { readonly readerName?: string; readonly detail?: string } = {},
): CardFinding {
  return { code, severity, readerName: about.readerName ?? '', detail: about.detail ?? '' };
}

/**
 * The status words that cards give most, for the table of explanations; each has a sentence under `card.sw.<word>`. `63Cx` stands for 63C0 … 63CF.
 * Source: ISO/IEC 7816-4 §5.6; cards.md §3.4
 */
export const explainedStatusWords = [
  '9000',
  '61xx',
  '63Cx',
  '6281',
  '6300',
  '6581',
  '6700',
  '6881',
  '6882',
  '6982',
  '6983',
  '6984',
  '6985',
  '6988',
  '6A80',
  '6A81',
  '6A82',
  '6A84',
  '6A86',
  '6A88',
  '6Cxx',
  '6D00',
  '6E00',
  '6F00',
] as const;
export type ExplainedStatusWord = (typeof explainedStatusWords)[number];

/** Which row of the table explains this word; undefined for one that no table knows. */
export function findStatusWord(word: string): ExplainedStatusWord | undefined {
  const upper = word.toUpperCase();
  if (/^63C[0-9A-F]$/.test(upper)) return '63Cx';
  if (/^61[0-9A-F]{2}$/.test(upper)) return '61xx';
  if (/^6C[0-9A-F]{2}$/.test(upper)) return '6Cxx';
  return explainedStatusWords.find((known) => known === upper);
}
