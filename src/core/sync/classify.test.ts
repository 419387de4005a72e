import { describe, expect, it } from 'vitest';
import { classifyReply } from './classify.ts';
import type { RegistryReply } from './transport.ts';

const nowMs = Date.UTC(2026, 5, 22, 5, 0, 0);
const answer = (status: number, code = '', headers: Record<string, string> = {}): RegistryReply => ({
  kind: 'answer',
  status,
  headers,
  body: Buffer.from(code === '' ? '<html>' : JSON.stringify({ code })),
});
const failed = (reason: 'unreachable' | 'timeout' | 'reset' | 'tls' | 'too_large'): RegistryReply => ({
  kind: 'failed',
  reason,
  detail: '',
});

describe('a reply', () => {
  it('is judged by the shared table', () => {
    expect(classifyReply(answer(503, '', { 'retry-after': '7' }), nowMs)).toMatchObject({
      class: 'backpressure',
      action: 'wait',
      retryAfterMs: 7000,
    });
    expect(classifyReply(answer(503, '', { 'retry-after': '-5' }), nowMs)).toMatchObject({ class: 'transport', action: 'retry' });
    expect(classifyReply(failed('tls'), nowMs)).toMatchObject({ class: 'desk_auth', action: 'freeze' });
  });

  it('names the code of the body where there are words for it, else the status, and nothing that is no code', () => {
    expect(classifyReply(answer(403, 'SIGNATURE_INVALID'), nowMs).code).toBe('SIGNATURE_INVALID');
    expect(classifyReply(answer(502), nowMs).code).toBe('HTTP_502');
    expect(classifyReply(answer(413, 'A_WORD_OF_TOMORROW'), nowMs).code).toBe('HTTP_413');
    expect(classifyReply(answer(400, '<b>QYD0001 Məmmədov</b>'), nowMs).code).toBe('HTTP_400');
    expect(classifyReply(failed('too_large'), nowMs).code).toBe('ANSWER_TOO_LARGE');
  });

  it('comes from nobody when the wire failed or a gateway answered, and from the registry when it says no itself', () => {
    for (const reply of [failed('unreachable'), failed('timeout'), failed('reset'), answer(502), answer(503), answer(504)]) {
      expect(classifyReply(reply, nowMs).isFromNobody).toBe(true);
    }
    for (const reply of [answer(500), answer(429), answer(403), answer(422), failed('tls'), answer(503, '', { 'retry-after': '1' })]) {
      expect(classifyReply(reply, nowMs).isFromNobody).toBe(false);
    }
  });
});

describe('fault 16: a handshake that is refused', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'TLS_TIME'],
    ['CERT_NOT_YET_VALID', 'TLS_TIME'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_NAME'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_AUTHORITY'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_AUTHORITY'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_AUTHORITY'],
    ['INVALID_PURPOSE', 'TLS_AUTHORITY'],
    ['CERT_REVOKED', 'TLS_AUTHORITY'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_PROTOCOL'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS_PROTOCOL'],
    ['EPROTO', 'TLS_PROTOCOL'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'TLS_DESK'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'TLS_DESK'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'TLS_DESK'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'TLS_DESK'],
    ['', 'TLS'],
  ])('%s is told as %s', (detail, code) => {
    expect(classifyReply({ kind: 'failed', reason: 'tls', detail }, nowMs)).toMatchObject({ action: 'freeze', code });
  });
});
