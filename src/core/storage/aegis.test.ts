import { describe, expect, it } from 'vitest';
import { aegisStream, aegisTag } from './aegis.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const key = hex(`1001${'00'.repeat(30)}`);
const nonce = hex(`100002${'00'.repeat(29)}`);

describe('AEGIS-256', () => {
  it('gives the key stream and the tag of the published vector', () => {
    const ciphered = hex('754fc3d8c973246dcc6d741412a4b236');
    expect(aegisStream(key, nonce, 16)).toEqual(ciphered);
    expect(aegisTag(key, nonce, ciphered).toString('hex')).toBe('1181a1d18091082bf0266f66297d167d2e68b845f61a3b0527d31fc7b7b89f13');
  });

  it('gives the tag of the published vector for an empty text', () => {
    const tag = aegisTag(key, nonce, Buffer.alloc(0));
    expect(tag.toString('hex')).toBe('6a348c930adbd654896e1666aad67de989ea75ebaa2b82fb588977b1ffec864a');
  });

  it('gives another tag for every changed bit of text, key or nonce', () => {
    const ciphered = Buffer.alloc(40, 9);
    const tags = new Set([aegisTag(key, nonce, ciphered).toString('hex')]);
    for (let bit = 0; bit < 40 * 8; bit += 7) {
      const changed = Buffer.from(ciphered);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      tags.add(aegisTag(key, nonce, changed).toString('hex'));
    }
    tags.add(aegisTag(nonce, key, ciphered).toString('hex'));
    expect(tags.size).toBe(1 + 46 + 1);
  });
});
