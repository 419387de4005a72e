import { describe, expect, it } from 'vitest';
import { decideCardCertificate } from './card-certificate.ts';
import { certificateStates } from './vocabulary.ts';

const span = { notBeforeMs: 1_000, notAfterMs: 2_000 };

describe('who is let in by the certificate of a card', () => {
  it('lets in by an active certificate within its time only', () => {
    expect(decideCardCertificate({ ...span, state: 'ACTIVE' }, 1_000)).toBeNull();
    expect(decideCardCertificate({ ...span, state: 'ACTIVE' }, 2_000)).toBeNull();
    expect(decideCardCertificate({ ...span, state: 'ACTIVE' }, 999)).toBe('CERTIFICATE_NOT_ACTIVE');
    expect(decideCardCertificate({ ...span, state: 'ACTIVE' }, 2_001)).toBe('CERTIFICATE_EXPIRED');
  });

  it('says each of the other states', () => {
    const said = Object.fromEntries(certificateStates.map((state) => [state, decideCardCertificate({ ...span, state }, 1_500)]));
    expect(said).toEqual({
      ACTIVE: null,
      GENERATED: 'CERTIFICATE_NOT_ACTIVE',
      SUSPENDED_USER: 'CERTIFICATE_NOT_ACTIVE',
      SUSPENDED_CALL: 'CERTIFICATE_NOT_ACTIVE',
      SUSPENDED_BODY: 'CERTIFICATE_NOT_ACTIVE',
      SUSPENDED_CENTRE: 'CERTIFICATE_NOT_ACTIVE',
      EXPIRED: 'CERTIFICATE_EXPIRED',
      REVOKED: 'CERTIFICATE_REVOKED',
      REVOKED_EXPIRY: 'CERTIFICATE_EXPIRED',
    });
    expect(decideCardCertificate({ ...span, state: null }, 1_500)).toBe('CARD_FOREIGN');
  });

  it('says a revocation also after the end', () => {
    expect(decideCardCertificate({ ...span, state: 'REVOKED' }, 9_000)).toBe('CERTIFICATE_REVOKED');
  });
});
