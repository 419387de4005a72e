/**
 * The one table of what an answer of the registry, or its absence, means to a desk: signal → class → what the desk does → what becomes of the
 * queue → the sentence a person reads (`sync.class.<class>`). Worker, screen and tests read this table and have no other.
 * Source: sync-and-reliability (b5)
 */
export const syncClasses = [
  'accepted',
  'transport',
  'backpressure',
  'in_progress',
  'size',
  'cursor',
  'conflict',
  'rejected',
  'contract',
  'too_old',
  'operator_auth',
  'desk_auth',
  'integrity',
  'storage',
] as const;
export type SyncClass = (typeof syncClasses)[number];

/** What the desk does after one exchange. */
export type SyncAction =
  /** The outcome is stored with its receipt. */
  | 'settle'
  /** Nothing is known; the same bytes go again after a growing, jittered wait. */
  | 'retry'
  /** The registry is busy: wait at least as long as it says, send less at once. */
  | 'wait'
  /** It is working on the same request, or on the one before it: ask again soon. */
  | 'wait_short'
  /** The batch is halved; a single command that is still too large is parked. */
  | 'shrink'
  /** The cursor is too old: read everything anew. */
  | 'resync'
  /** The aggregate is held and the operator is asked. */
  | 'conflict'
  /** A mistake of the program: parked with everything that support needs. */
  | 'park'
  /** The program is too old: nothing is pushed, drafts go on. */
  | 'stop_push'
  /** Nothing is sent until the cause is gone; tried again by itself now and then. */
  | 'freeze'
  /** Evidence of tampering or of a second desk: nothing is sent until a person says so. */
  | 'freeze_until_told'
  /** Fail-stop: the connection is closed and opened anew before anything is believed. */
  | 'stop_storage';

/** What becomes of the commands the answer is about. None of these loses one. */
export type QueueEffect = 'settled' | 'kept' | 'postponed' | 'held' | 'parked';

/** What an exchange came to, as far as the table needs it. */
export type SyncSignal =
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'answer'; readonly status: number; readonly code: string; readonly hasRetryAfter: boolean }
  /** One command's outcome inside a good answer. */
  | { readonly kind: 'outcome'; readonly outcome: string }
  /** What does not fit the registry's key or its earlier word. */
  | { readonly kind: 'proof'; readonly of: 'receipt' | 'batch' | 'policy' | 'audit_anchor' }
  /** A body that breaks its schema or did not come whole. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'storage' };

export interface SyncRow {
  /** Names the row in tests and in the log. */
  readonly signal: string;
  readonly class: SyncClass;
  readonly action: SyncAction;
  readonly queue: QueueEffect;
  readonly when: (signal: SyncSignal) => boolean;
}

const failedBy =
  (...reasons: string[]) =>
  (signal: SyncSignal): boolean =>
    signal.kind === 'failed' && reasons.includes(signal.reason);
const status =
  (...wanted: number[]) =>
  (signal: SyncSignal): boolean =>
    signal.kind === 'answer' && wanted.includes(signal.status);
const coded =
  (wanted: number, pattern: RegExp) =>
  (signal: SyncSignal): boolean =>
    signal.kind === 'answer' && signal.status === wanted && pattern.test(signal.code);
const outcome =
  (...wanted: string[]) =>
  (signal: SyncSignal): boolean =>
    signal.kind === 'outcome' && wanted.includes(signal.outcome);
const isBusy = (signal: SyncSignal): boolean =>
  signal.kind === 'answer' && (signal.status === 429 || (signal.status === 503 && signal.hasRetryAfter));
const is5xx = (signal: SyncSignal): boolean => signal.kind === 'answer' && signal.status >= 500;

/** The first row that fits decides; what fits none is the last row, because an unknown answer says nothing. */
export const syncTable: readonly SyncRow[] = [
  { signal: 'outcome applied', class: 'accepted', action: 'settle', queue: 'settled', when: outcome('applied') },
  { signal: 'outcome rejected', class: 'rejected', action: 'settle', queue: 'settled', when: outcome('rejected') },
  { signal: 'outcome conflict', class: 'conflict', action: 'conflict', queue: 'held', when: outcome('conflict') },
  { signal: 'outcome deferred', class: 'backpressure', action: 'wait', queue: 'postponed', when: outcome('deferred') },
  { signal: 'outcome blocked', class: 'in_progress', action: 'wait_short', queue: 'postponed', when: outcome('blocked') },
  { signal: 'outcome invalid', class: 'contract', action: 'park', queue: 'parked', when: outcome('invalid') },
  { signal: 'certificate refused', class: 'desk_auth', action: 'freeze', queue: 'kept', when: failedBy('tls') },
  { signal: 'no connection', class: 'transport', action: 'retry', queue: 'kept', when: failedBy('unreachable') },
  { signal: 'no answer in time', class: 'transport', action: 'retry', queue: 'kept', when: failedBy('timeout') },
  { signal: 'link broke', class: 'transport', action: 'retry', queue: 'kept', when: failedBy('reset', 'aborted', 'too_large') },
  { signal: '429, 503 with Retry-After', class: 'backpressure', action: 'wait', queue: 'postponed', when: isBusy },
  { signal: '409 in_progress', class: 'in_progress', action: 'wait_short', queue: 'postponed', when: coded(409, /in_progress/iu) },
  {
    signal: '409 desk_fork, audit_fork',
    class: 'integrity',
    action: 'freeze_until_told',
    queue: 'kept',
    when: coded(409, /(desk|audit)_fork/iu),
  },
  { signal: '412', class: 'conflict', action: 'conflict', queue: 'held', when: status(412) },
  { signal: '413', class: 'size', action: 'shrink', queue: 'kept', when: status(413) },
  { signal: '410', class: 'cursor', action: 'resync', queue: 'kept', when: status(410) },
  { signal: '422', class: 'integrity', action: 'freeze_until_told', queue: 'kept', when: status(422) },
  { signal: '400 cursor_invalid', class: 'cursor', action: 'resync', queue: 'kept', when: coded(400, /^cursor_invalid$/iu) },
  { signal: '400, 415, 428', class: 'contract', action: 'park', queue: 'parked', when: status(400, 415, 428) },
  { signal: '426', class: 'too_old', action: 'stop_push', queue: 'kept', when: status(426) },
  { signal: '401', class: 'operator_auth', action: 'freeze', queue: 'kept', when: status(401) },
  { signal: '403', class: 'desk_auth', action: 'freeze', queue: 'kept', when: status(403) },
  { signal: '408, 425', class: 'transport', action: 'retry', queue: 'kept', when: status(408, 425) },
  { signal: '5xx', class: 'transport', action: 'retry', queue: 'postponed', when: is5xx },
  { signal: 'false proof', class: 'integrity', action: 'freeze_until_told', queue: 'kept', when: ({ kind }) => kind === 'proof' },
  { signal: 'unreadable body', class: 'transport', action: 'retry', queue: 'kept', when: ({ kind }) => kind === 'unreadable' },
  { signal: 'local storage', class: 'storage', action: 'stop_storage', queue: 'kept', when: ({ kind }) => kind === 'storage' },
];

const unknownAnswer: SyncRow = { signal: 'anything else', class: 'transport', action: 'retry', queue: 'kept', when: () => true };

export function decideSyncAnswer(signal: SyncSignal): SyncRow {
  return syncTable.find((row) => row.when(signal)) ?? unknownAnswer;
}

/** Codes under which the last answer of a link or of a command is kept, with the class that a person reads. What is not here has its own words. */
const classOfCode: Readonly<Record<string, SyncClass>> = {
  BUSY: 'backpressure',
  UNREACHABLE: 'transport',
  TIMEOUT: 'transport',
  RESET: 'transport',
  ABORTED: 'transport',
  ANSWER_TOO_LARGE: 'transport',
  INTERNAL: 'transport',
  REGISTER_UNAVAILABLE: 'transport',
  TOO_LARGE: 'size',
  REGISTRY_ANSWER_INVALID: 'transport',
  RESULT_COUNT: 'transport',
  RESULT_SCHEMA: 'transport',
  RESULT_ORDER: 'transport',
  RECEIPT_MISSING: 'transport',
  TLS: 'desk_auth',
  TLS_TIME: 'desk_auth',
  TLS_NAME: 'desk_auth',
  TLS_AUTHORITY: 'desk_auth',
  TLS_PROTOCOL: 'desk_auth',
  TLS_DESK: 'desk_auth',
  DESK_CERTIFICATE_TIME: 'desk_auth',
  DESK_CERTIFICATE_UNKNOWN: 'desk_auth',
  DESK_CERTIFICATE_MISSING: 'desk_auth',
  DEFERRED: 'backpressure',
  BLOCKED: 'in_progress',
  IN_PROGRESS: 'in_progress',
  CONFLICT: 'conflict',
  CURSOR_EXPIRED: 'cursor',
  CURSOR_INVALID: 'cursor',
  DESK_FORK: 'integrity',
  AUDIT_FORK: 'integrity',
  AUDIT_ANCHOR_INVALID: 'integrity',
  RECEIPT_INVALID: 'integrity',
  FINGERPRINT_MISMATCH: 'integrity',
  POLICY_INVALID: 'integrity',
  DESK_UNKNOWN: 'desk_auth',
  DESK_REVOKED: 'desk_auth',
  DESK_MISMATCH: 'desk_auth',
  PAYLOAD_HASH_INVALID: 'desk_auth',
  SIGNATURE_INVALID: 'desk_auth',
  APP_TOO_OLD: 'too_old',
  OVER_QUOTA: 'backpressure',
  TOO_MANY_UPLOADS: 'backpressure',
  PROJECTION_FAILED: 'contract',
  PAYLOAD_INVALID: 'contract',
  AGGREGATE_MISMATCH: 'contract',
  COMMAND_TWICE_IN_BATCH: 'contract',
  BAD_REQUEST: 'contract',
  MEDIA_TYPE_NOT_ACCEPTED: 'contract',
  CONTENT_NOT_OF_TYPE: 'contract',
  PAST_THE_END: 'contract',
  EMPTY_PIECE: 'contract',
  HASH_DIFFERS: 'integrity',
};

/** The class of a stored answer code (`HTTP_503` counts by its status), or undefined when the code says itself what happened (an M-id, OK). */
export function findClassOfAnswer(code: string): SyncClass | undefined {
  const known = classOfCode[code];
  if (known !== undefined) return known;
  const http = /^HTTP_(\d{3})$/u.exec(code);
  if (http === null) return undefined;
  return decideSyncAnswer({ kind: 'answer', status: Number(http[1]), code: '', hasRetryAfter: false }).class;
}

/** The catalogue's text of a class: what happened, what was not lost, what to do next. */
export function textIdOfClass(found: SyncClass): `sync.class.${SyncClass}` {
  return `sync.class.${found}`;
}

/** Longer waits than this are a mistake of the other side and are cut. */
export const longestRetryAfterMs = 60 * 60 * 1000;

/** Any of the three forms of RFC 9110 §5.6.7; the last one carries no zone and means Greenwich. */
const httpDate = /^(?:[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4}|[A-Za-z]{6,9}, \d{2}-[A-Za-z]{3}-\d{2}) \d{2}:\d{2}:\d{2} GMT$/u;
const asctime = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/u;

/** Whole seconds or a date; null when absent or nonsense, never negative, never beyond an hour. Source: RFC 9110 §10.2.3; F-17 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined || header.length > 400) return null;
  const text = header.trim();
  if (/^\d+$/u.test(text)) return Math.min(Number(text) * 1000, longestRetryAfterMs);
  const isDate = httpDate.test(text);
  if (!isDate && !asctime.test(text)) return null;
  const atMs = Date.parse(isDate ? text : `${text} GMT`);
  return Number.isNaN(atMs) ? null : Math.min(Math.max(0, atMs - nowMs), longestRetryAfterMs);
}
