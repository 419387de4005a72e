import type { LookUpKind } from './vocabulary.ts';

/** Source: T-09, COM-04, COM-05, COM-06 */
export const maxAttempts = 3;

/** Searches of a case; `known_user` is the search of an existing user by FİN. Source: COM-04..COM-06, COM-16, X-05 */
export type AttemptKind = LookUpKind | 'known_user';

/** A miss of these says something and ends nothing. Source */
const isUncounted = (kind: AttemptKind): kind is 'sim' | 'entitlement' => kind === 'sim' || kind === 'entitlement';

/** `unavailable`: the register did not answer, so it is not an attempt. Source: C-06 */
export type AttemptOutcome = 'found' | 'not_found' | 'unavailable';

export type AttemptDecision = {
  /** Number of the counted attempts of this kind after this search. */
  readonly attemptNumber: number;
  readonly counted: boolean;
  readonly message: 'M-05' | 'M-06' | 'M-07' | 'M-08' | 'M-09' | 'M-39' | 'M-43' | 'SIM_NOT_FOUND' | null;
  /** `n` is the number of this attempt. */
  readonly params: { readonly n: number };
  /** The third failure: documents go back and the procedure stops. */
  readonly endsCase: boolean;
  /** A note of invalidity goes to journal J-05. Source: COM-04, COM-05, C-18 */
  readonly keepsInvalidityNote: boolean;
};

const messagesOfKind = {
  person: { retry: 'M-05', last: 'M-06', keepsNote: true },
  representative: { retry: 'M-05', last: 'M-06', keepsNote: true },
  organisation: { retry: 'M-07', last: 'M-08', keepsNote: true },
  known_user: { retry: 'M-05', last: 'M-09', keepsNote: false },
  // The case itself stays: the card waits at the office. Source: HND-05
  holder: { retry: 'M-05', last: 'M-09', keepsNote: false },
} as const;

/**
 * What one answered or unanswered search means. The count belongs to the case and the kind of search and never goes back, also when the
 * window was closed in between. The operator's SIM query is not counted: its miss only says that the number is unknown.
 * Source: COM-04..COM-07, COM-16, X-05
 */
export function decideAttempt(kind: AttemptKind, previousAttempts: number, outcome: AttemptOutcome): AttemptDecision {
  const unchanged = {
    attemptNumber: previousAttempts,
    params: { n: previousAttempts },
    counted: false,
    endsCase: false,
    keepsInvalidityNote: false,
  };
  if (outcome === 'unavailable') return { ...unchanged, message: 'M-43' };
  if (outcome === 'found') return { ...unchanged, message: null };
  if (isUncounted(kind)) return { ...unchanged, message: kind === 'sim' ? 'SIM_NOT_FOUND' : 'M-39' };
  const texts = messagesOfKind[kind];
  const attemptNumber = Math.min(previousAttempts + 1, maxAttempts);
  const endsCase = attemptNumber >= maxAttempts;
  return {
    attemptNumber,
    params: { n: attemptNumber },
    counted: previousAttempts < maxAttempts,
    message: endsCase ? texts.last : texts.retry,
    endsCase,
    keepsInvalidityNote: endsCase && texts.keepsNote,
  };
}

/** May one more search be made? */
export function isSearchAllowed(kind: AttemptKind, previousAttempts: number): boolean {
  return isUncounted(kind) || previousAttempts < maxAttempts;
}

/** `2/3` as the screens show it. Source: COM-07 */
export function attemptText(attemptNumber: number): string {
  return `${attemptNumber}/${maxAttempts}`;
}
