import type { RegistryReply } from './transport.ts';

/** What the desk does after one exchange that is no plain 2xx. */
export type ReplyAction =
  /** Nothing is known; the same bytes go again after a growing, jittered wait. */
  | 'retry'
  /** The registry is busy: wait at least as long as it says, send less at once. */
  | 'wait'
  /** It is working on the same request: ask again soon. */
  | 'wait_short'
  /** The batch is halved; a single command that is still too large is parked. */
  | 'shrink'
  /** The cursor is too old: read everything anew. */
  | 'resync'
  | 'conflict'
  /** A mistake of the program: parked with everything that support needs. */
  | 'park'
  /** The program is too old: nothing is pushed, drafts go on. */
  | 'stop_push'
  /** Nothing is sent until the cause is gone; tried again by itself now and then. */
  | 'freeze'
  /** Evidence of tampering or of a second desk: nothing is sent until a person says so. */
  | 'freeze_until_told';

export interface ReplyRow {
  readonly class: 'transport' | 'backpressure' | 'in_progress' | 'size' | 'cursor' | 'conflict' | 'contract' | 'too_old' | 'operator_auth' | 'desk_auth' | 'integrity';
  readonly action: ReplyAction;
  readonly when: (reply: Failed | Answered) => boolean;
}
export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
}
export interface Answered {
  readonly kind: 'answer';
  readonly status: number;
  readonly code: string;
  readonly hasRetryAfter: boolean;
}

const status =
  (...wanted: number[]) =>
  (reply: Failed | Answered): boolean =>
    reply.kind === 'answer' && wanted.includes(reply.status);
const code =
  (wantedStatus: number, pattern: RegExp) =>
  (reply: Failed | Answered): boolean =>
    reply.kind === 'answer' && reply.status === wantedStatus && pattern.test(reply.code);

/** The first row that fits decides; what fits none is a transport matter. Source: sync-and-reliability (b5) */
export const replyTable: readonly ReplyRow[] = [
  { class: 'desk_auth', action: 'freeze', when: (reply) => reply.kind === 'failed' && reply.reason === 'tls' },
  { class: 'transport', action: 'retry', when: (reply) => reply.kind === 'failed' },
  { class: 'backpressure', action: 'wait', when: (reply) => reply.kind === 'answer' && (reply.status === 429 || (reply.status === 503 && reply.hasRetryAfter)) },
  { class: 'in_progress', action: 'wait_short', when: code(409, /in_progress/i) },
  { class: 'integrity', action: 'freeze_until_told', when: code(409, /desk_fork/i) },
  { class: 'conflict', action: 'conflict', when: status(412) },
  { class: 'size', action: 'shrink', when: status(413) },
  { class: 'cursor', action: 'resync', when: status(410) },
  { class: 'integrity', action: 'freeze_until_told', when: status(422) },
  { class: 'contract', action: 'park', when: status(400, 415, 428) },
  { class: 'too_old', action: 'stop_push', when: status(426) },
  { class: 'operator_auth', action: 'freeze', when: status(401) },
  { class: 'desk_auth', action: 'freeze', when: status(403) },
];
const otherwise: ReplyRow = { class: 'transport', action: 'retry', when: () => true };

type Answer = Extract<RegistryReply, { kind: 'answer' }>;
export type SuccessReply = Answer & { readonly status: 200 | 201 | 204 };

export function isSuccess(reply: RegistryReply): reply is SuccessReply {
  return reply.kind === 'answer' && reply.status >= 200 && reply.status < 300;
}

export interface Verdict {
  readonly class: ReplyRow['class'];
  readonly action: ReplyAction;
  /** What the sync page shows: the registry's own code, `HTTP_503`, or the kind of failure. */
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly isServerError: boolean;
}

/** Classifies a reply that is not a success. `nowMs` resolves a Retry-After date. */
export function classifyReply(reply: RegistryReply, nowMs: number): Verdict {
  if (reply.kind === 'failed') {
    const row = replyTable.find((candidate) => candidate.when(reply)) ?? otherwise;
    return { class: row.class, action: row.action, code: reply.reason.toUpperCase(), retryAfterMs: null, isServerError: false };
  }
  const errorCode = errorCodeOf(reply.body);
  const retryAfterMs = parseRetryAfter(reply.headers['retry-after'], nowMs);
  const answered: Answered = { kind: 'answer', status: reply.status, code: errorCode, hasRetryAfter: retryAfterMs !== null };
  const row = replyTable.find((candidate) => candidate.when(answered)) ?? otherwise;
  return {
    class: row.class,
    action: row.action,
    code: errorCode === '' ? `HTTP_${reply.status}` : errorCode,
    retryAfterMs,
    isServerError: reply.status >= 500,
  };
}

/** Longer waits than this are a mistake of the other side and are cut. */
const longestRetryAfterMs = 60 * 60 * 1000;

/** Both forms of the header, in milliseconds from now; null when absent or nonsense. Source: RFC 9110 §10.2.3 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestRetryAfterMs);
  if (!/^[A-Za-z]{3},/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.min(Math.max(0, atMs - nowMs), longestRetryAfterMs);
}

function errorCodeOf(body: Uint8Array): string {
  if (body.length === 0 || body.length > 64 * 1024) return '';
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const value = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? parsed.code : '';
    return typeof value === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(value) ? value : '';
  } catch {
    return '';
  }
}
