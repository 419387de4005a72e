import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogues } from '../language/catalogues/index.ts';
import { languages } from '../language/language.ts';
import {
  decideSyncAnswer,
  findClassOfAnswer,
  longestRetryAfterMs,
  parseRetryAfter,
  syncClasses,
  syncTable,
  textIdOfClass,
  type SyncSignal,
} from './sync-answers.ts';

const nowMs = Date.UTC(2026, 5, 22, 5, 0, 0);
const answer = (status: number, code = '', hasRetryAfter = false): SyncSignal => ({ kind: 'answer', status, code, hasRetryAfter });
const failed = (reason: string): SyncSignal => ({ kind: 'failed', reason });
const outcome = (name: string): SyncSignal => ({ kind: 'outcome', outcome: name });

/** Written from table b5 and not from the code: signal, class, action, what becomes of the queue. */
const rows: readonly (readonly [string, SyncSignal, string, string, string])[] = [
  ['applied', outcome('applied'), 'accepted', 'settle', 'settled'],
  ['rejected', outcome('rejected'), 'rejected', 'settle', 'settled'],
  ['conflict', outcome('conflict'), 'conflict', 'conflict', 'held'],
  ['deferred', outcome('deferred'), 'backpressure', 'wait', 'postponed'],
  ['blocked', outcome('blocked'), 'in_progress', 'wait_short', 'postponed'],
  ['invalid', outcome('invalid'), 'contract', 'park', 'parked'],
  ['no connection', failed('unreachable'), 'transport', 'retry', 'kept'],
  ['no answer in time', failed('timeout'), 'transport', 'retry', 'kept'],
  ['a reset', failed('reset'), 'transport', 'retry', 'kept'],
  ['an answer beyond all bounds', failed('too_large'), 'transport', 'retry', 'kept'],
  ['a certificate nobody accepts', failed('tls'), 'desk_auth', 'freeze', 'kept'],
  ['408', answer(408), 'transport', 'retry', 'kept'],
  ['425', answer(425), 'transport', 'retry', 'kept'],
  ['500', answer(500), 'transport', 'retry', 'postponed'],
  ['502', answer(502), 'transport', 'retry', 'postponed'],
  ['503 without Retry-After', answer(503), 'transport', 'retry', 'postponed'],
  ['503 with Retry-After', answer(503, '', true), 'backpressure', 'wait', 'postponed'],
  ['429', answer(429), 'backpressure', 'wait', 'postponed'],
  ['409 in progress', answer(409, 'IN_PROGRESS'), 'in_progress', 'wait_short', 'postponed'],
  ['409 desk fork', answer(409, 'DESK_FORK'), 'integrity', 'freeze_until_told', 'kept'],
  ['409 audit fork', answer(409, 'AUDIT_FORK'), 'integrity', 'freeze_until_told', 'kept'],
  ['any other 409', answer(409, 'LEASE_HELD'), 'transport', 'retry', 'kept'],
  ['410', answer(410, 'CURSOR_EXPIRED'), 'cursor', 'resync', 'kept'],
  ['a cursor nobody wrote', answer(400, 'CURSOR_INVALID'), 'cursor', 'resync', 'kept'],
  ['412', answer(412), 'conflict', 'conflict', 'held'],
  ['413', answer(413), 'size', 'shrink', 'kept'],
  ['400', answer(400), 'contract', 'park', 'parked'],
  ['415', answer(415), 'contract', 'park', 'parked'],
  ['428', answer(428), 'contract', 'park', 'parked'],
  ['426', answer(426, 'APP_TOO_OLD'), 'too_old', 'stop_push', 'kept'],
  ['401', answer(401), 'operator_auth', 'freeze', 'kept'],
  ['403', answer(403, 'SIGNATURE_INVALID'), 'desk_auth', 'freeze', 'kept'],
  ['422', answer(422, 'FINGERPRINT_MISMATCH'), 'integrity', 'freeze_until_told', 'kept'],
  ['a forged receipt', { kind: 'proof', of: 'receipt' }, 'integrity', 'freeze_until_told', 'kept'],
  ['a body cut short', { kind: 'unreadable' }, 'transport', 'retry', 'kept'],
  ['a disk that fails', { kind: 'storage' }, 'storage', 'stop_storage', 'kept'],
  ['a redirect', answer(302), 'transport', 'retry', 'kept'],
  ['404 from a wrong road', answer(404), 'transport', 'retry', 'kept'],
];

describe('the table of answers', () => {
  it.each(rows)('%s', (_name, signal, expectedClass, action, queue) => {
    expect(decideSyncAnswer(signal)).toMatchObject({ class: expectedClass, action, queue });
  });

  it('has a case here for every row, and no row that an earlier one hides', () => {
    const met = new Set(rows.map(([, signal]) => decideSyncAnswer(signal).signal));
    expect(syncTable.map((row) => row.signal).filter((signal) => !met.has(signal))).toEqual([]);
  });

  it('fault 17: nothing that may pass loses a command: only a receipt settles and only a mistake of the program parks', () => {
    for (const row of syncTable) {
      if (row.queue === 'settled') expect(row.signal).toMatch(/^outcome (applied|rejected)$/u);
      if (row.queue === 'parked') expect(row.class).toBe('contract');
    }
  });

  it('says every class in three languages, and every stored code has a class or words of its own', () => {
    for (const each of syncClasses) for (const language of languages) expect(catalogues[language]).toHaveProperty([textIdOfClass(each)]);
    expect(findClassOfAnswer('HTTP_502')).toBe('transport');
    expect(findClassOfAnswer('HTTP_413')).toBe('size');
    expect(findClassOfAnswer('DESK_FORK')).toBe('integrity');
    expect(findClassOfAnswer('M-05')).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7000],
    ['0', 0],
    [' 12 ', 12_000],
    [new Date(nowMs + 90_000).toUTCString(), 90_000],
    [new Date(nowMs - 90_000).toUTCString(), 0],
    ['Monday, 22-Jun-26 05:01:30 GMT', 90_000],
    ['Mon Jun 22 05:01:30 2026', 90_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', longestRetryAfterMs],
    ['1000000000', longestRetryAfterMs],
    ['9'.repeat(400), longestRetryAfterMs],
    ['-5', null],
    ['-0', null],
    ['1e9', null],
    ['7.5', null],
    ['0x10', null],
    ['NaN', null],
    ['Infinity', null],
    ['soon', null],
    ['Mon, 99 Foo 2026 99:99:99 GMT', null],
    ['2026-06-22T05:01:30Z', null],
    ['2026', 2_026_000],
    ['7, 7', null],
    ['', null],
    [undefined, null],
  ])('fault 17: %s', (header, expected) => {
    expect(parseRetryAfter(header, nowMs)).toBe(expected);
  });

  it('fault 17: whatever stands in it, the wait is nothing at all or between zero and an hour', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 500 }), fc.integer().map(String), fc.double().map(String), fc.date().map(String)),
        (header) => {
          const waitMs = parseRetryAfter(header, nowMs);
          if (waitMs !== null) {
            expect(waitMs).toBeGreaterThanOrEqual(0);
            expect(waitMs).toBeLessThanOrEqual(longestRetryAfterMs);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
