import { describe, expect, it } from 'vitest';
import { classifyReply, parseRetryAfter, replyTable } from './classify.ts';
import type { RegistryReply } from './transport.ts';

const nowMs = Date.UTC(2026, 5, 22, 5, 0, 0);
const answer = (status: number, code = '', headers: Record<string, string> = {}): RegistryReply => ({
  kind: 'answer',
  status,
  headers,
  body: Buffer.from(code === '' ? '<html>' : JSON.stringify({ code })),
});
const failed = (reason: 'unreachable' | 'timeout' | 'reset' | 'tls' | 'too_large'): RegistryReply => ({ kind: 'failed', reason, detail: '' });

const rows: readonly (readonly [string, RegistryReply, string, string])[] = [
  ['no connection', failed('unreachable'), 'transport', 'retry'],
  ['no answer in time', failed('timeout'), 'transport', 'retry'],
  ['a reset', failed('reset'), 'transport', 'retry'],
  ['an answer beyond all bounds', failed('too_large'), 'transport', 'retry'],
  ['408', answer(408), 'transport', 'retry'],
  ['425', answer(425), 'transport', 'retry'],
  ['500', answer(500), 'transport', 'retry'],
  ['502', answer(502), 'transport', 'retry'],
  ['503 without Retry-After', answer(503), 'transport', 'retry'],
  ['503 with Retry-After', answer(503, '', { 'retry-after': '7' }), 'backpressure', 'wait'],
  ['503 with a nonsense Retry-After', answer(503, '', { 'retry-after': '-5' }), 'transport', 'retry'],
  ['429', answer(429), 'backpressure', 'wait'],
  ['409 in progress', answer(409, 'IN_PROGRESS'), 'in_progress', 'wait_short'],
  ['409 desk fork', answer(409, 'DESK_FORK'), 'integrity', 'freeze_until_told'],
  ['any other 409', answer(409, 'LEASE_HELD'), 'transport', 'retry'],
  ['413', answer(413), 'size', 'shrink'],
  ['410', answer(410, 'CURSOR_EXPIRED'), 'cursor', 'resync'],
  ['412', answer(412), 'conflict', 'conflict'],
  ['400', answer(400), 'contract', 'park'],
  ['415', answer(415), 'contract', 'park'],
  ['428', answer(428), 'contract', 'park'],
  ['426', answer(426, 'APP_TOO_OLD'), 'too_old', 'stop_push'],
  ['401', answer(401), 'operator_auth', 'freeze'],
  ['403', answer(403, 'SIGNATURE_INVALID'), 'desk_auth', 'freeze'],
  ['a certificate nobody accepts', failed('tls'), 'desk_auth', 'freeze'],
  ['422', answer(422, 'FINGERPRINT_MISMATCH'), 'integrity', 'freeze_until_told'],
  ['a redirect', answer(302), 'transport', 'retry'],
  ['404 from a wrong road', answer(404), 'transport', 'retry'],
];

describe('the table of answers', () => {
  it.each(rows)('%s', (_name, reply, expectedClass, action) => {
    expect(classifyReply(reply, nowMs)).toMatchObject({ class: expectedClass, action });
  });

  it('has a case here for every row', () => {
    const actions = new Set(rows.map(([, , rowClass, action]) => `${rowClass} ${action}`));
    for (const row of replyTable) expect(actions).toContain(`${row.class} ${row.action}`);
  });

  it('names the code of the body, else the status, and nothing that is no code', () => {
    expect(classifyReply(answer(403, 'SIGNATURE_INVALID'), nowMs).code).toBe('SIGNATURE_INVALID');
    expect(classifyReply(answer(502), nowMs).code).toBe('HTTP_502');
    expect(classifyReply(answer(400, '<b>QYD0001 Məmmədov</b>'), nowMs).code).toBe('HTTP_400');
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7000],
    ['0', 0],
    [' 12 ', 12_000],
    [new Date(nowMs + 90_000).toUTCString(), 90_000],
    [new Date(nowMs - 90_000).toUTCString(), 0],
    ['1000000000', 3_600_000],
    ['-5', null],
    ['soon', null],
    ['2026', 2_026_000],
    ['', null],
  ])('%s', (header, expected) => {
    expect(parseRetryAfter(header, nowMs)).toBe(expected);
  });
});
