import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, findElement, fromHex, listElements, octets, sequence, smallInteger, tlv, toHex, unsignedInteger } from '../der.ts';
import { fileControl, keyFile, contentFile } from './files.ts';
import {
  certificateList,
  certificatesOfList,
  directory,
  isCardSerial,
  keyList,
  keyOfId,
  objectDirectory,
  pathsOfCertificateLists,
  pinList,
  serialOfTokenInfo,
  tokenInfo,
} from './objects.ts';

describe('the contents of the directory files', () => {
  it('are those that stock tools were seen to accept', () => {
    expect(toHex(directory())).toBe('611D4F0CA000000063504B43532D313550074173616E20494451043F005015');
    expect(toHex(objectDirectory())).toBe('A80A300804063F0050154401A00A300804063F0050154402A40A300804063F0050154403');
    expect(toHex(tokenInfo('0100000000000042'))).toBe('3020020100040801000000000000420C045165796480074173616E20494403020430');
    const [first, second, puk] = listElements(pinList()).map(({ whole }) => toHex(whole));
    expect(first).toBe('302E300D0C0450494E31030206C00401033003040101A11830160302020C0A01010201040201080201088001010401FF');
    expect(second).toBe('302E300D0C0450494E32030206C00401033003040102A11830160302020C0A01010201050201080201088001020401FF');
    expect(puk).toBe('302A30090C0350554B030206C03003040103A11830160302013E0A01010201080201080201088001030401FF');
    const [auth, sign] = listElements(keyList('rsa-2048')).map(({ whole }) => toHex(whole));
    expect(auth).toMatch(/^303C.*03020780040101300E04010103020520030203B8020101A110300E300804063F0050154B0102020800$/);
    expect(sign).toMatch(/^3036.*03020780040102020101300F0401020303060040030203B8020102A110300E300804063F0050154B0202020800$/);
    expect(listElements(keyList('p-384')).map(({ tag }) => tag)).toEqual([0xa0, 0xa0]);
    expect(toHex(certificateList())).toMatch(
      /03010030030401(?:01)A10C300A300804063F0050154301.*03010030030401(?:02)A10C300A300804063F0050154302$/,
    );
  });

  it('can be read again', () => {
    expect(serialOfTokenInfo(tokenInfo('0A0B0C0D'))).toBe('0A0B0C0D');
    expect(pathsOfCertificateLists(objectDirectory()).map(toHex)).toEqual(['3F0050154403']);
    // A file has room behind its list.
    const list = certificatesOfList(concat(certificateList(), new Uint8Array(20)));
    expect(list.map(({ id, path }) => [keyOfId(id), toHex(path)])).toEqual([
      ['auth', '3F0050154301'],
      ['sign', '3F0050154302'],
    ]);
  });

  it('hold a serial of whole bytes, at most eight', () => {
    for (const serial of ['0A', '0102030405060708']) expect(isCardSerial(serial)).toBe(true);
    for (const serial of ['', '0', '0a', '010203040506070809', 'AZ01', '012']) {
      expect(isCardSerial(serial)).toBe(false);
      expect(() => tokenInfo(serial)).toThrow(RangeError);
    }
  });

  it('say nothing of what is no TokenInfo and no list', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(serialOfTokenInfo(bytes)).toMatch(/^(?:[0-9A-F]{2})*$/);
        pathsOfCertificateLists(bytes);
        certificatesOfList(bytes);
      }),
    );
  });
});

describe('files', () => {
  it('are told to the card with their size, type, name and conditions', () => {
    expect(toHex(fileControl(contentFile(0x4301, 900)))).toBe('621080020384820101830243018603044FFF');
    expect(toHex(fileControl(keyFile('auth', 'rsa-2048')))).toBe('62148102080082011183024B0186031F44FF85020000');
    expect(toHex(fileControl(keyFile('sign', 'p-384')))).toBe('62148102018082012283024B0286032F44FF85022000');
  });
});

describe('DER', () => {
  it('writes lengths in the fewest bytes, and reads what it wrote', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535]) {
      const whole = octets(new Uint8Array(length).fill(7));
      expect(whole.length).toBe(length + (length < 128 ? 2 : length < 256 ? 3 : 4));
      expect(findElement(whole)?.value).toHaveLength(length);
    }
    expect(() => octets(new Uint8Array(65_536))).toThrow(RangeError);
  });

  it('writes whole numbers without a sign and without needless zeros', () => {
    expect([0, 127, 128, 256, 2048].map((value) => toHex(smallInteger(value)))).toEqual([
      '020100',
      '02017F',
      '02020080',
      '02020100',
      '02020800',
    ]);
    expect(toHex(unsignedInteger([0, 0, 0x80]))).toBe('02020080');
  });

  it('finds no element in what is cut short', () => {
    const whole = sequence(octets(fromHex('0102')), tlv(0x81, new Uint8Array(200)));
    for (let length = 0; length < whole.length; length += 1) expect(findElement(whole.subarray(0, length))).toBeUndefined();
    expect(findElement(fromHex('3080'))).toBeUndefined();
    expect(findElement(fromHex('3F8101'))).toBeUndefined();
  });
});
