import { createHash, createPublicKey, createVerify, verify, constants, publicDecrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromHex, statusOf, toHex } from './apdu.ts';
import { createBlankState } from './card-state.ts';
import { VirtualCard } from './virtual-card.ts';

/** A card on the table: commands in hex with blanks, answers in hex. */
class Bench {
  readonly card: VirtualCard;
  constructor(card = new VirtualCard(createBlankState({ serialHex: '00010203040506070809' }))) {
    this.card = card;
    card.reset();
  }
  async send(command: string): Promise<string> {
    return toHex(await this.card.exchange(fromHex(command.replaceAll(' ', ''))));
  }
  async status(command: string): Promise<string> {
    return (await this.send(command)).slice(-4);
  }
  async all(...commands: string[]): Promise<void> {
    for (const command of commands) expect(statusOf(fromHex(await this.send(command))), command).toBe(0x9000);
  }
}

const ascii = (text: string): string => Buffer.from(text).toString('hex').padEnd(16, 'f');
const record = (ref: string, pin: string, min: string): string =>
  `00DA01${ref} 17 ${ascii(pin)} ${ascii('12345678')} 03 03 000000 ${min} 08`;
const aid = 'A000000063504B43532D3135';
const rsaFile = '00E00000 19 6217 81020800 820111 83024B01 86031F44FF 85020000 8A0100';
const ecFile = (bits: string): string => `00E00000 19 6217 8102${bits} 820122 83024B02 86032F44FF 85022000 8A0100`;
const verify1 = `00200001 08 ${ascii('1234')}`;
const verify2 = `00200002 08 ${ascii('54321')}`;
const verifyIssuer = '00200004 08 0102030405060708';
const blank = '00DA01E0 08 FFFF 444FFF 444FFF';
const activate = `00440400 0C ${aid}`;
const selectKey = (fid: string): string => `00A4080C 04 5015${fid}`;

async function withCodes(): Promise<Bench> {
  const bench = new Bench();
  await bench.all(blank, record('01', '1234', '04'), record('02', '54321', '05'));
  await bench.all('00DA0104 17 0102030405060708 1122334455667788 0A 0A 000000 08 08', '00A40800 02 5015 00');
  return bench;
}

/** EC only, because RSA keys take their time. */
async function closedCard(): Promise<Bench> {
  const bench = await withCodes();
  await bench.all(ecFile('0100'), '00A40800 04 50154B02 00', '00460000 00', '00A40800 02 5015 00');
  await bench.all('00E00000 19 6217 80020020 820101 83024301 8603044FFF 85020000 8A0100', `00D60000 20 ${'AB'.repeat(32)}`, activate);
  bench.card.reset();
  return bench;
}

const selectSignEnvironment = '002241B6 0A 800104 81024B02 840100';
const sign = `002A9E9A 20 ${'11'.repeat(32)} 00`;

describe('a virtual card: what it says of itself', () => {
  it('answers name, version, serial and counter, and what it can', async () => {
    const bench = new Bench();
    expect(await bench.send('00CA01A0 14')).toBe('4F73454944040501000102030405060708090000' + '9000');
    expect(await bench.send('00CA01AA 00')).toBe('01000908000000000001809000');
    expect(toHex(bench.card.atr)).toBe('3B898131FE45516579644F73454944DF');
  });

  it('asks with 6Cxx for the right length, and with 61xx for what is left', async () => {
    const bench = new Bench();
    expect(await bench.send('00CA01A0 05')).toBe('6C14');
    const selected = await bench.send(`00A40400 0C ${aid} 05`);
    expect(selected).toMatch(/^6F2581027F6122$/);
    expect(await bench.send('00C00000 22')).toMatch(/9000$/);
    expect(await bench.status('00C00000 01')).toBe('6985');
  });

  it('gives no data where no length was asked for', async () => {
    const bench = new Bench();
    expect(await bench.send('00A40800 02 5015')).toBe('9000');
    expect(await bench.send('00A4080C 02 5015 00')).toBe('9000');
  });
});

describe('a virtual card: commands that are not well formed', () => {
  it.each([
    ['fewer than four bytes', '00A404', '6700'],
    ['a length that does not fit', '00A40400 05 0102', '6700'],
    ['an extended length', '00A40400 000002 5015', '6700'],
    ['a foreign class', '80A40000 00', '6E00'],
    ['an unknown instruction', '00880000 00', '6D00'],
    ['selection by other means', '00A40100 02 5015 00', '6A86'],
    ['another wish for control information', '00A40804 02 5015 00', '6A86'],
    ['half a file identifier', '00A40800 01 50 00', '6A87'],
    ['a path that begins with the MF', '00A40800 04 3F005015 00', '6A82'],
    ['a file that is not there', '00A40800 04 50154401 00', '6A82'],
    ['a name that is not there', '00A40400 05 A000000063 00', '6A82'],
    ['reading a directory', '00B00000 00', '6986'],
    ['reading from a short file identifier', '00B08100 00', '6A86'],
    ['data for reading', '00B00000 01 00 00', '6700'],
    ['GET DATA of something else', '00CA0199 00', '6A88'],
    ['a length for writing', '00D60000 01 00 00', '6700'],
    ['the rest of nothing', '00C00000 00', '6985'],
    ['a chain where there are none', '10A40800 02 5015', '6884'],
  ])('refuses %s', async (_, command, status) => {
    expect(await new Bench().status(command)).toBe(status);
  });

  it('keeps the selection when nothing is found', async () => {
    const bench = new Bench();
    await bench.all('00A40800 02 5015 00');
    expect(await bench.status('00A40900 02 4401 00')).toBe('6A82');
    await bench.all('00E00000 19 6217 80020004 820101 83024401 8603044FFF 85020000 8A0100');
    expect(await bench.status('00A40800 04 50154401 00')).toBe('9000');
  });
});

describe('a virtual card: files', () => {
  const file = (body: string): string =>
    `00E00000 ${(body.length / 2 + 2).toString(16).padStart(2, '0')} 62${(body.length / 2).toString(16).padStart(2, '0')}${body}`;
  it.each([
    ['without a template', '00E00000 04 83024401', '6984'],
    ['whose template has another length', '00E00000 05 6204 830244', '6984'],
    ['without a size', file('82010183024401'), '6984'],
    ['with two sizes', file('800200108102001082010183024401'), '6984'],
    ['with the identifier of the MF', file('8002001082010183023F00'), '6984'],
    ['of an unknown type', file('8002001082017983024401'), '6984'],
    ['with an unknown field', file('80020010820101830244018701AA'), '6984'],
    ['with conditions of two bytes', file('800200108201018302440186020FFF'), '6984'],
    ['with a name that is no directory', file('80020010820101830244018402AABB'), '6984'],
    ['larger than the chip', file('81027FFF82010183024401'), '9000'],
  ])('decides about a file %s', async (_, command, status) => {
    expect(await new Bench().status(command)).toBe(status);
  });

  it('takes no two files of one name, and no more than fits', async () => {
    const bench = new Bench();
    const large = (fid: string): string => file(`81027FFF8201018302${fid}`);
    await bench.all('00A40800 02 5015 00', large('4401'));
    expect(await bench.status(large('4401'))).toBe('6A89');
    expect(await bench.status(large('4402'))).toBe('6A84');
    expect(await bench.status(file(`81020010820138830250208410${aid}00000000`))).toBe('9000');
    expect(await bench.status(file(`8102001082013883025021840C${aid}`))).toBe('6A89');
  });

  it('reads and writes within the size and not beyond', async () => {
    const bench = new Bench();
    await bench.all(file('8002001082010183024401'), '00D6000C 04 01020304');
    expect(await bench.send('00B00000 00')).toBe(`${'FF'.repeat(12)}010203049000`);
    expect(await bench.send('00B0000C 04')).toBe('010203049000');
    expect(await bench.status('00B0000D 04')).toBe('6282');
    expect(await bench.status('00B00010 00')).toBe('6282');
    expect(await bench.status('00D6000D 04 01020304')).toBe('6B00');
  });

  it('deletes files, but neither the MF nor the application', async () => {
    const bench = new Bench();
    await bench.all('00A40800 02 5015 00', file('8002001082010183024401'));
    await bench.all('A0E40000');
    expect(await bench.status('00A40900 02 4401 00')).toBe('6A82');
    expect(await bench.status('00E40000')).toBe('6985');
    expect(await bench.status('00E40000 00')).toBe('6700');
  });
});

describe('a virtual card: access conditions of a closed card', () => {
  it('lets nobody write, create, delete, generate or wipe without the issuer code', async () => {
    const bench = await closedCard();
    await bench.all('00A40800 04 50154301 00');
    expect(await bench.send('00B00000 00')).toBe(`${'AB'.repeat(32)}9000`);
    const guarded = ['00D60000 01 00', '00E40000', '00E00000 12 6210 80020010 820101 83024302 8603044FFF', blank];
    for (const command of guarded) expect(await bench.status(command), command).toBe('6982');
    await bench.all(verify1, verify2);
    for (const command of guarded) expect(await bench.status(command), command).toBe('6982');
    await bench.all(selectKey('4B02'));
    expect(await bench.status('00460000 00')).toBe('6982');
    expect(await bench.status(record('01', '9999', '04'))).toBe('6982');
    await bench.all(verifyIssuer, '00A40800 04 50154301 00');
    for (const command of guarded.slice(0, 3)) expect(await bench.status(command), command).toBe('9000');
    await bench.all(blank);
    expect(await bench.status(verify1)).toBe('6A88');
    expect(await bench.status('00A40800 04 50154B02 00')).toBe('6A82');
  });

  it('never lets what is set to never', async () => {
    const bench = await withCodes();
    await bench.all(
      '00E00000 12 6210 80020010 820101 83024302 8603FFFFFF',
      activate,
      verify1,
      verify2,
      verifyIssuer,
      '00A40800 04 50154302 00',
    );
    for (const command of ['00B00000 00', '00D60000 01 00', '00E40000']) expect(await bench.status(command), command).toBe('6982');
  });

  it('says its life cycle, and stays closed', async () => {
    const bench = await closedCard();
    expect(await bench.send('00A40800 02 5015 00')).toContain('8A0107');
    await bench.all(activate);
    expect(await bench.status('00440400 05 A000000063')).toBe('6A82');
    expect(await bench.status(`00440000 0C ${aid}`)).toBe('6A86');
  });

  it('forgets at a reset what was proven', async () => {
    const bench = await closedCard();
    await bench.all(verifyIssuer);
    bench.card.reset();
    expect(await bench.status(blank)).toBe('6982');
    expect(await bench.send('00CA01AC 00')).toBe('00009000');
  });
});

describe('a virtual card: codes', () => {
  it('counts wrong tries, blocks, and says so without a try', async () => {
    const bench = await closedCard();
    const wrong = `00200001 08 ${ascii('9999')}`;
    expect(await bench.status('00200001')).toBe('63C3');
    expect(await bench.status(wrong)).toBe('63C2');
    await bench.all(verify1, '00200001');
    expect(await bench.status(wrong)).toBe('63C2');
    expect(await bench.status('00200001')).toBe('63C2');
    expect(await bench.status(wrong)).toBe('63C1');
    expect(await bench.status(wrong)).toBe('6983');
    expect(await bench.status(verify1)).toBe('6983');
    expect(await bench.status('00200001')).toBe('6983');
    expect(await bench.send('00CA01B1 00')).toBe('0003030300000004089000');
    expect(await bench.send('00CA01B2 00')).toBe('0303030300000005089000');
  });

  it('unblocks with the PUK and a long enough PIN, and blocks the PUK too', async () => {
    const bench = await closedCard();
    const unblock = (puk: string, pin: string): string => `002C0002 10 ${ascii(puk)} ${ascii(pin)}`;
    expect(await bench.status(unblock('12345678', '1234'))).toBe('6700');
    expect(await bench.status(unblock('87654321', '99999'))).toBe('63C2');
    await bench.all(unblock('12345678', '99999'), `00200002 08 ${ascii('99999')}`);
    for (const status of ['63C2', '63C1', '6983']) expect(await bench.status(unblock('87654321', '54321'))).toBe(status);
    expect(await bench.status(unblock('12345678', '54321'))).toBe('6983');
    expect(await bench.send('00CA01B2 00')).toBe('0300030300000005089000');
  });

  it('changes a PIN with the old one, which proves nothing for the new one', async () => {
    const bench = await closedCard();
    const change = (from: string, to: string): string => `00240001 10 ${ascii(from)} ${ascii(to)}`;
    await bench.all(verify1, change('1234', '4321'));
    expect(await bench.status('00200001')).toBe('63C3');
    expect(await bench.status(change('1234', '0000'))).toBe('63C2');
    expect(await bench.status(change('4321', '123'))).toBe('6700');
    expect(await bench.status(`00240001 08 ${ascii('4321')}`)).toBe('6700');
    expect(await bench.status(`00240003 10 ${ascii('12345678')} ${ascii('00000000')}`)).toBe('6A88');
  });

  it('takes 00 and FF for the same padding, and nothing shorter than eight bytes', async () => {
    const bench = await closedCard();
    await bench.all('00200001 08 3132333400000000');
    expect(await bench.status('00200001 04 31323334')).toBe('6700');
    expect(await bench.status('00200000 08 3132333400000000')).toBe('6A86');
    expect(await bench.status('0020000F 08 3132333400000000')).toBe('6A86');
  });

  it('logs out one PIN or all', async () => {
    const bench = await closedCard();
    await bench.all(verify1, verify2, '002E0001');
    expect([await bench.status('00200001'), await bench.status('00200002')]).toEqual(['63C3', '9000']);
    await bench.all(verify1, '002E0000');
    expect([await bench.status('00200001'), await bench.status('00200002')]).toEqual(['63C3', '63C3']);
    expect(await bench.status('002E000F')).toBe('6A86');
  });

  it('refuses records that are too short, too long or of another kind', async () => {
    const bench = new Bench();
    expect(await bench.status(`00DA0101 0F ${'31'.repeat(15)}`)).toBe('6700');
    expect(await bench.status(`00DA0101 18 ${'31'.repeat(24)}`)).toBe('6700');
    expect(await bench.status(`00DA0101 14 ${'31'.repeat(16)} 03 03 00 01`)).toBe('6984');
    await bench.all(`00DA0101 10 ${'31'.repeat(16)}`);
    expect(await bench.send('00CA01B1 00')).toBe('050A050A00000004049000');
  });
});

describe('a virtual card: keys', () => {
  it('signs with PIN2 once, and again only after PIN2 was shown again', async () => {
    const bench = await closedCard();
    await bench.all('00A40800 02 5015 00', selectSignEnvironment);
    expect(await bench.status(sign)).toBe('6982');
    await bench.all(verify2);
    expect(await bench.status(sign)).toBe('9000');
    expect(await bench.status(sign)).toBe('6982');
    await bench.all(verify2);
    expect(await bench.status(`002A9E9A 1F ${'11'.repeat(31)} 00`)).toBe('6700');
    expect(await bench.status(sign)).toBe('6982');
  });

  it('makes ECDSA signatures over a ready hash that others verify', async () => {
    const bench = await withCodes();
    for (const [bits, curve, hashName] of [
      ['0100', 'P-256', 'sha256'],
      ['0180', 'P-384', 'sha384'],
    ] as const) {
      await bench.all(ecFile(bits), selectKey('4B02'));
      const point = (await bench.send('00460000 00')).slice(4, -4);
      expect(await bench.send('00CA0186 00')).toBe(`30${(point.length / 2).toString(16)}${point}9000`.toUpperCase());
      expect(await bench.send('00A40800 04 50154B02 00')).toContain('85022300');
      const hash = createHash(hashName).update('content').digest();
      await bench.all('00A40800 02 5015 00', selectSignEnvironment);
      const signature = await bench.send(`002A9E9A ${hash.length.toString(16)} ${hash.toString('hex')} 00`);
      const [x, y] = [point.slice(2, 2 + (point.length - 2) / 2), point.slice(2 + (point.length - 2) / 2)];
      const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
      const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: curve, x: base64(x), y: base64(y) } });
      expect(verify(hashName, Buffer.from('content'), key, fromHex(signature.slice(0, -4)))).toBe(true);
      await bench.all(selectKey('4B02'), '00E40000');
    }
  });

  it('makes RSA signatures with its own padding and over a raw block in a chain', async () => {
    const bench = await withCodes();
    await bench.all(rsaFile, selectKey('4B01'));
    const modulus = (await bench.send('00460000 07 3005 8103 010001 00')).slice(0, -4);
    expect(modulus).toHaveLength(512);
    const n = Buffer.from(modulus, 'hex').toString('base64url');
    const key = createPublicKey({ format: 'jwk', key: { kty: 'RSA', n, e: 'AQAB' } });
    const info = `3031300D060960864801650304020105000420${createHash('sha256').update('content').digest('hex')}`;
    await bench.all('00A40800 02 5015 00', '002241B6 0A 800102 81024B01 840100');
    const signature = fromHex((await bench.send(`002A9E9A 33 ${info} 00`)).slice(0, -4));
    expect(createVerify('sha256').update('content').verify(key, signature)).toBe(true);
    await bench.all('002241B6 0A 800100 81024B01 840100');
    const block = `00${'22'.repeat(255)}`;
    await bench.all(`102A9E9A FF ${block.slice(0, 510)}`);
    const raw = fromHex((await bench.send(`002A9E9A 01 ${block.slice(510)} 00`)).slice(0, -4));
    expect(toHex(publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, raw))).toBe(block.toUpperCase());
    expect(await bench.status(`002A9E9A FF ${'00'.repeat(255)} 00`)).toBe('6700');
    await bench.all(`102A9E9A FF ${'FF'.repeat(255)}`);
    expect(await bench.status('002A9E9A 01 FF 00')).toBe('6A80');
    await bench.all('002241B6 0A 800102 81024B01 840100');
    expect(await bench.status(`002A9E9A 67 ${'11'.repeat(103)} 00`)).toBe('6700');
    expect(await bench.status('00460000 07 3005 8103 010001 00')).toBe('6981');
    await bench.all(selectKey('4B01'));
    expect(await bench.status('00460000 07 3005 8103 010001 00')).toBe('6984');
  });

  it('drops a chain that is interrupted', async () => {
    const bench = await closedCard();
    await bench.all('00A40800 02 5015 00', selectSignEnvironment, verify2, `102A9E9A 10 ${'11'.repeat(16)}`);
    expect(await bench.status('00CA01A0 14')).toBe('6883');
    expect(await bench.status(`002A9E9A 10 ${'11'.repeat(16)} 00`)).toBe('6700');
    await bench.all(verify2, `102A9E9A 10 ${'11'.repeat(16)}`);
    expect(await bench.status('002A9E9A 00')).toBe('6700');
  });

  it('refuses an environment without key or algorithm, and an algorithm of another kind of key', async () => {
    const bench = await closedCard();
    await bench.all('00A40800 02 5015 00');
    expect(await bench.status(sign)).toBe('6985');
    expect(await bench.status('002241B6 04 81024B09')).toBe('6A88');
    expect(await bench.status('002241B6 03 800107')).toBe('6A81');
    expect(await bench.status('002241B8 07 800104 81024B02')).toBe('6A81');
    await bench.all('002241B6 03 800104', verify2);
    expect(await bench.status(sign)).toBe('6985');
    await bench.all('002241B6 07 800102 81024B02');
    expect(await bench.status(sign)).toBe('6985');
    await bench.all(selectSignEnvironment, '0022F300', verify2);
    expect(await bench.status(sign)).toBe('6985');
  });

  it('tells no public key of a closed card without the PIN of its use, and takes no key where there is one', async () => {
    const bench = await closedCard();
    await bench.all(selectKey('4B02'));
    expect(await bench.status('00CA0186 00')).toBe('6A88');
    await bench.all(verify2, verifyIssuer);
    expect(await bench.status('00CA0186 00')).toBe('9000');
    expect(await bench.status('00CA0101 00')).toBe('6A88');
    // The key may never be written, so not even the issuer makes another one: the whole card is personalised anew.
    expect(await bench.status('00460000 00')).toBe('6982');
  });

  it('generates only into key files of sizes that there are', async () => {
    const bench = await withCodes();
    expect(await bench.status('00460000 00')).toBe('6981');
    await bench.all(ecFile('00C1'));
    expect(await bench.status('00460000 00')).toBe('6981');
    await bench.all('00E40000', ecFile('0100'));
    expect(await bench.status('00460000 07 3005 8103 010001 00')).toBe('6984');
    expect(await bench.status('00460001 00')).toBe('6A86');
  });
});
