import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centreSuspensionMaxMs,
  certificateActors,
  certificateTransitions,
  decideCertificateTransition,
  isCertificateLive,
  type CertificateActor,
  type CertificateFacts,
} from './certificate-states.ts';
import { certificateStates, type CertificateState } from './vocabulary.ts';

const nowMs = Date.parse('2026-03-02T08:00:00Z');
const hourMs = 60 * 60 * 1000;
/** Everything true that a guard may ask for; the certificate is in force. */
const facts: CertificateFacts = {
  actor: 'user',
  nowMs,
  notAfterMs: nowMs + 1000 * hourMs,
  suspendedAtMs: nowMs - hourMs,
  isInPersonInWriting: true,
  doesSecretAnswerMatch: true,
  isDateReached: true,
  hasRequestOfBody: true,
  isSameBody: true,
  hasGround: true,
  isCaseEnded: true,
};
function decide(from: CertificateState, to: CertificateState, actor: CertificateActor, change: Partial<CertificateFacts> = {}): string {
  const decision = decideCertificateTransition(from, to, { ...facts, actor, ...change });
  return decision.ok ? 'ok' : decision.error;
}
const suspended = ['SUSPENDED_USER', 'SUSPENDED_CALL', 'SUSPENDED_BODY', 'SUSPENDED_CENTRE'] as const;

describe('states of a certificate', () => {
  it('has exactly the pairs of the specification', () => {
    const pairs = new Set(certificateTransitions.map(({ from, to }) => `${from}>${to}`));
    const ends = ['ACTIVE', ...suspended].flatMap((from) => [`${from}>REVOKED`, `${from}>EXPIRED`]);
    expect([...pairs].sort()).toEqual(
      [
        'GENERATED>ACTIVE',
        'GENERATED>REVOKED',
        'GENERATED>EXPIRED',
        ...suspended.map((to) => `ACTIVE>${to}`),
        ...suspended.map((from) => `${from}>ACTIVE`),
        ...ends,
        'EXPIRED>REVOKED_EXPIRY',
      ].sort(),
    );
  });

  it('names a source for every edge and one edge for each actor', () => {
    const keys = certificateTransitions.map(({ from, to, actor }) => `${from}>${to} ${actor}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const edge of certificateTransitions) expect(edge.source).not.toBe('');
  });

  it('nothing follows a revoked certificate', () => {
    for (const to of certificateStates) {
      for (const actor of certificateActors) {
        expect(decide('REVOKED', to, actor)).not.toBe('ok');
        expect(decide('REVOKED_EXPIRY', to, actor)).not.toBe('ok');
      }
    }
  });

  it.each(certificateStates)('M-25: from %s a suspension is possible only when it is active', (from) => {
    const actorOf = { SUSPENDED_USER: 'user', SUSPENDED_CALL: 'call_centre', SUSPENDED_BODY: 'body', SUSPENDED_CENTRE: 'centre' } as const;
    for (const to of suspended) expect(decide(from, to, actorOf[to])).toBe(from === 'ACTIVE' ? 'ok' : 'M-25');
  });

  it('activation is the centre’s, and not after the last moment', () => {
    expect(decide('GENERATED', 'ACTIVE', 'centre')).toBe('ok');
    expect(decide('GENERATED', 'ACTIVE', 'user')).toBe('ACTOR');
    expect(decide('GENERATED', 'ACTIVE', 'centre', { notAfterMs: nowMs })).toBe('ok');
    expect(decide('GENERATED', 'ACTIVE', 'centre', { notAfterMs: nowMs - 1 })).toBe('GUARD');
  });

  it('a certificate of a case that ended before activation is revoked', () => {
    expect(decide('GENERATED', 'REVOKED', 'centre')).toBe('ok');
    expect(decide('GENERATED', 'REVOKED', 'centre', { isCaseEnded: false })).toBe('GUARD');
  });

  it('C-21: the user lifts only what he suspended himself, in person and in writing', () => {
    for (const from of ['SUSPENDED_USER', 'SUSPENDED_CALL'] as const) {
      expect(decide(from, 'ACTIVE', 'user')).toBe('ok');
      expect(decide(from, 'ACTIVE', 'user', { isInPersonInWriting: false })).toBe('GUARD');
      expect(decide(from, 'ACTIVE', 'call_centre')).toBe('ACTOR');
    }
    expect(decide('SUSPENDED_BODY', 'ACTIVE', 'user')).toBe('ACTOR');
    expect(decide('SUSPENDED_CENTRE', 'ACTIVE', 'user')).toBe('ACTOR');
  });

  it('M-27: a body’s suspension is lifted by the same body alone, on its request', () => {
    expect(decide('SUSPENDED_BODY', 'ACTIVE', 'body')).toBe('ok');
    expect(decide('SUSPENDED_BODY', 'ACTIVE', 'body', { isSameBody: false })).toBe('M-27');
    expect(decide('SUSPENDED_BODY', 'ACTIVE', 'body', { hasRequestOfBody: false })).toBe('M-27');
  });

  it('T-06: the centre restores before 48 hours, the clock at exactly 48 hours', () => {
    const from = { suspendedAtMs: nowMs - centreSuspensionMaxMs };
    const before = { suspendedAtMs: nowMs - centreSuspensionMaxMs + 1 };
    expect(centreSuspensionMaxMs).toBe(48 * hourMs);
    expect(decide('SUSPENDED_CENTRE', 'ACTIVE', 'centre', before)).toBe('ok');
    expect(decide('SUSPENDED_CENTRE', 'ACTIVE', 'centre', from)).toBe('GUARD');
    expect(decide('SUSPENDED_CENTRE', 'ACTIVE', 'clock', before)).toBe('GUARD');
    expect(decide('SUSPENDED_CENTRE', 'ACTIVE', 'clock', from)).toBe('ok');
  });

  it('by telephone the answer must match and the date be reached', () => {
    expect(decide('ACTIVE', 'SUSPENDED_CALL', 'call_centre', { doesSecretAnswerMatch: false })).toBe('GUARD');
    expect(decide('ACTIVE', 'SUSPENDED_CALL', 'call_centre', { isDateReached: false })).toBe('GUARD');
  });

  it('a body needs its request and the centre its ground', () => {
    expect(decide('ACTIVE', 'SUSPENDED_BODY', 'body', { hasRequestOfBody: false })).toBe('GUARD');
    expect(decide('ACTIVE', 'SUSPENDED_CENTRE', 'centre', { hasGround: false })).toBe('GUARD');
    expect(decide('ACTIVE', 'SUSPENDED_USER', 'user', { isInPersonInWriting: false })).toBe('GUARD');
  });

  it.each(['ACTIVE', ...suspended] as const)('%s is revoked by its user, by a body, or by the centre on a ground', (from) => {
    expect(decide(from, 'REVOKED', 'user')).toBe('ok');
    expect(decide(from, 'REVOKED', 'user', { isInPersonInWriting: false })).toBe('GUARD');
    expect(decide(from, 'REVOKED', 'body')).toBe('ok');
    expect(decide(from, 'REVOKED', 'body', { hasRequestOfBody: false })).toBe('GUARD');
    expect(decide(from, 'REVOKED', 'centre')).toBe('ok');
    expect(decide(from, 'REVOKED', 'centre', { hasGround: false })).toBe('GUARD');
    expect(decide(from, 'REVOKED', 'call_centre')).toBe('ACTOR');
  });

  it.each(['GENERATED', 'ACTIVE', ...suspended] as const)(
    'CR-31: %s expires right after its last moment, however long it was suspended',
    (from) => {
      for (const suspendedAtMs of [nowMs - 1, nowMs - 900 * hourMs]) {
        expect(decide(from, 'EXPIRED', 'clock', { notAfterMs: nowMs, suspendedAtMs })).toBe('GUARD');
        expect(decide(from, 'EXPIRED', 'clock', { notAfterMs: nowMs - 1, suspendedAtMs })).toBe('ok');
      }
    },
  );

  it('an expired certificate is recorded as revoked for that ground by the clock', () => {
    expect(decide('EXPIRED', 'REVOKED_EXPIRY', 'clock')).toBe('ok');
    expect(decide('EXPIRED', 'REVOKED', 'user')).toBe('STATE');
    expect(decide('EXPIRED', 'ACTIVE', 'centre')).toBe('STATE');
  });

  it('the answer names the edge', () => {
    const decision = decideCertificateTransition('GENERATED', 'ACTIVE', { ...facts, actor: 'centre' });
    expect(decision).toEqual({
      ok: true,
      value: { from: 'GENERATED', to: 'ACTIVE', actor: 'centre', guard: 'activation', source: 'T §9.6.1.11' },
    });
  });

  it.each(certificateStates)('%s counts on the SIM unless it is expired or revoked', (state) => {
    expect(isCertificateLive(state)).toBe(!['EXPIRED', 'REVOKED', 'REVOKED_EXPIRY'].includes(state));
  });

  it('C-33: whatever is done in whatever order, no certificate is active after its last moment', () => {
    const acts = fc.array(
      fc.record({
        actor: fc.constantFrom(...certificateActors),
        to: fc.constantFrom(...certificateStates),
        plusMs: fc.integer({ min: 0, max: 200 * hourMs }),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(acts, (run) => {
        let state: CertificateState = 'GENERATED';
        let atMs = nowMs;
        let suspendedAtMs = 0;
        for (const { actor, to, plusMs } of run) {
          atMs += plusMs;
          const decision = decideCertificateTransition(state, to, { ...facts, actor, nowMs: atMs, suspendedAtMs });
          if (!decision.ok) continue;
          if (to.startsWith('SUSPENDED_')) suspendedAtMs = atMs;
          state = to;
        }
        if (atMs > facts.notAfterMs && isCertificateLive(state)) expect(decide(state, 'EXPIRED', 'clock', { nowMs: atMs })).toBe('ok');
      }),
    );
  });
});
