import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { aegisStream, aegisTag } from '../aegis.ts';
import { aegisKeyStream, decipherAegis } from './aegis-page.ts';

/** Source: draft-irtf-cfrg-aegis-aead, test vectors of AEGIS-256 */
it('deciphers the vector of the standard', () => {
  const key = Buffer.from('1001000000000000000000000000000000000000000000000000000000000000', 'hex');
  const nonce = Buffer.from('1000020000000000000000000000000000000000000000000000000000000000', 'hex');
  const { plain, tag } = decipherAegis(key, nonce, Buffer.from('754fc3d8c973246dcc6d741412a4b236', 'hex'));
  expect(plain.toString('hex')).toBe('0'.repeat(32));
  expect(tag.toString('hex')).toBe('1181a1d18091082bf0266f66297d167d2e68b845f61a3b0527d31fc7b7b89f13');
});

it('agrees with the one that judges single pages, for texts of every length', () => {
  for (let bytes = 1; bytes < 70; bytes += 3) {
    const [key, nonce, text] = [randomBytes(32), randomBytes(32), randomBytes(bytes)];
    expect(decipherAegis(key, nonce, text).tag.equals(aegisTag(key, nonce, text))).toBe(true);
  }
  const [key, nonce] = [randomBytes(32), randomBytes(32)];
  expect(aegisKeyStream(key, nonce, 64).equals(aegisStream(key, nonce, 64))).toBe(true);
});
