import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalAround, canonicalJson } from '../platform/canonical.ts';
import { createSigner } from './envelope.ts';

const pemOf = (namedCurve: string): { publicKey: ReturnType<typeof generateKeyPairSync>['publicKey']; pem: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  return { publicKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
};

describe('the signer of commands', () => {
  it('writes r and s in 64 bytes, also where one of them is short', () => {
    const { publicKey, pem } = pemOf('P-256');
    const signer = createSigner(pem);
    // One signature in 128 has an integer shorter than the field.
    for (let index = 0; index < 600; index += 1) {
      const signature = Buffer.from(signer.sign(`text ${index}`), 'base64url');
      expect(signature).toHaveLength(64);
      expect(verify('sha256', Buffer.from(`text ${index}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    }
  });

  it('refuses a key of another curve', () => {
    expect(() => createSigner(pemOf('P-384').pem)).toThrow(/P-256/);
  });
});

describe('an object around one member', () => {
  it.each(['a', 'm', 'z'])('is canonical without and with "%s"', (name) => {
    const around = canonicalAround({ v: '1', b: '"x"', n: '[2]' }, name);
    expect(around.without).toBe(canonicalJson({ v: 1, b: 'x', n: [2] }));
    expect(around.with('3')).toBe(canonicalJson({ v: 1, b: 'x', n: [2], [name]: 3 }));
  });
});
