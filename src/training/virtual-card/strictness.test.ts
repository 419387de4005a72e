import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './apdu.ts';
import { createBlankState } from './card-state.ts';
import { CardStore } from './card-store.ts';
import { PlasticCard } from './virtual-readers.ts';
import { VirtualCard } from './virtual-card.ts';

const hexByte = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();
const codeOf = (pin: number): string => hexByte(0x30 + pin).repeat(8);
const application = 'A000000063504B43532D3135';

async function send(card: VirtualCard, command: string): Promise<string> {
  return toHex(await card.exchange(fromHex(command.replaceAll(' ', ''))));
}

const blankCard = (): VirtualCard => {
  const card = new VirtualCard(createBlankState());
  card.reset();
  return card;
};

/** A closed card with PINs 1, 2 and 3, whose MF may be initialised under `initialise`, with what `commands` made under it. */
async function closedCard(commands: readonly string[], initialise = 'F'): Promise<VirtualCard> {
  const card = blankCard();
  const records = [1, 2, 3].map((pin) => `00DA01${hexByte(pin)} 10 ${codeOf(pin)}${codeOf(pin)}`);
  const all = [`00DA01E0 08 FFFF 00${initialise}FFF 00FFFF`, ...records, ...commands, `00440400 0C ${application}`];
  for (const command of all) expect((await send(card, command)).slice(-4), command).toBe('9000');
  card.reset();
  return card;
}

interface Condition {
  readonly what: string;
  /** Makes the file in creation state, with the nibble where it stands for this condition. */
  readonly make: (nibble: string) => readonly string[];
  /** Asks for it; the last one is judged. */
  readonly ask: readonly string[];
  readonly refusal?: string;
}

const create = (tag: string, type: string, fid: string, ac: string): string => `00E00000 12 6210 ${tag} 8201${type} 8302${fid} 8603${ac}`;
const select = (fid: string): string => `00A4000C 02 ${fid}`;
const inFile = (ac: (nibble: string) => string, command: string): Pick<Condition, 'make' | 'ask'> => ({
  make: (nibble) => [create('80020004', '01', '4401', ac(nibble))],
  ask: [select('4401'), command],
});
const inDirectory = (ac: (nibble: string) => string, command: string): Pick<Condition, 'make' | 'ask'> => ({
  make: (nibble) => [create('81020004', '38', '5020', ac(nibble))],
  ask: [select('5020'), command],
});
const inKey = (ac: (nibble: string) => string, hasKey: boolean, ...ask: string[]): Pick<Condition, 'make' | 'ask'> => ({
  make: (nibble) => [create('81020100', '22', '4B01', ac(nibble)), ...(hasKey ? ['00460000 00'] : [])],
  ask: [select('4B01'), ...ask],
});

const conditions: readonly Condition[] = [
  { what: 'reading a file', ...inFile((n) => `${n}FFFFF`, '00B00000 04') },
  { what: 'writing a file', ...inFile((n) => `F${n}FFFF`, '00D60000 01 00') },
  { what: 'deleting a file', ...inFile((n) => `FF${n}FFF`, '00E40000') },
  { what: 'making a directory', ...inDirectory((n) => `${n}FFFFF`, create('81020004', '38', '5021', 'FFFFFF')) },
  { what: 'making a file', ...inDirectory((n) => `F${n}FFFF`, create('80020004', '01', '4402', 'FFFFFF')) },
  { what: 'deleting a directory', ...inDirectory((n) => `FF${n}FFF`, '00E40000') },
  { what: 'signing', ...inKey((n) => `${n}FFFFF`, true, '002241B6 07 800104 81024B01', `002A9E9A 20 ${'11'.repeat(32)} 00`) },
  { what: 'reading a public key', ...inKey((n) => `${n}FFFFF`, true, '00CA0186 00'), refusal: '6A88' },
  { what: 'loading a key', ...inKey((n) => `F${n}FFFF`, false, `00DA0187 20 ${'11'.repeat(32)}`) },
  { what: 'deleting a key', ...inKey((n) => `FF${n}FFF`, true, '00E40000') },
  { what: 'making a key', ...inKey((n) => `F0F${n}FF`, false, '00460000 00') },
];

/** Which PINs were proven before, and whether that meets the nibble. */
const nibbles: readonly (readonly [nibble: string, pins: readonly number[], isMet: boolean])[] = [
  ['0', [], true],
  ['1', [], false],
  ['1', [2, 3], false],
  ['1', [1], true],
  ['2', [1], false],
  ['2', [3, 2], true],
  ['E', [1, 2, 3], false],
  ['F', [1, 2, 3], false],
];

describe('every access condition of a closed card', () => {
  it.each(conditions)('$what', async ({ make, ask, refusal = '6982' }) => {
    for (const [nibble, pins, isMet] of nibbles) {
      const card = await closedCard(make(nibble));
      for (const pin of pins) expect(await send(card, `002000${hexByte(pin)} 08 ${codeOf(pin)}`)).toBe('9000');
      const answers = [];
      for (const command of ask) answers.push((await send(card, command)).slice(-4));
      const judged = answers.pop();
      expect(answers.filter((status) => status !== '9000')).toEqual([]);
      expect(judged, `nibble ${nibble} with PINs ${pins.join(', ')}`).toBe(isMet ? '9000' : refusal);
    }
  });

  it('initialising', async () => {
    for (const [nibble, pins, isMet] of nibbles) {
      const card = await closedCard([], nibble);
      for (const pin of pins) await send(card, `002000${hexByte(pin)} 08 ${codeOf(pin)}`);
      expect(await send(card, '00DA01E0 08 FFFF 00FFFF 00FFFF')).toBe(isMet ? '9000' : '6982');
      expect(card.memory.state.lifecycle).toBe(isMet ? 1 : 7);
    }
  });

  it('none of them holds before the card is closed', async () => {
    for (const { what, make, ask } of conditions) {
      const card = blankCard();
      await send(card, '00DA01E0 08 FFFF FFFFFF FFFFFF');
      const statuses = [];
      for (const command of [...make('F'), ...ask]) statuses.push((await send(card, command)).slice(-4));
      expect(statuses.at(-1), what).toBe('9000');
    }
  });
});

describe('a key that was made elsewhere', () => {
  const part = (tag: string, value: Buffer): readonly string[] =>
    value.length < 256
      ? [`00DA01${tag} ${hexByte(value.length)} ${value.toString('hex')}`]
      : [`10DA01${tag} F0 ${value.toString('hex', 0, 240)}`, `00DA01${tag} ${hexByte(value.length - 240)} ${value.toString('hex', 240)}`];

  it('signs as the same key does outside, and the card says that it was loaded', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const { d = '', x = '', y = '' } = privateKey.export({ format: 'jwk' });
    const [secret, ...point] = [d, x, y].map((text) => Buffer.from(text, 'base64url'));
    const card = blankCard();
    await send(card, create('81020100', '22', '4B01', '000000'));
    for (const command of [...part('87', secret!), ...part('86', Buffer.concat([Buffer.of(4), ...point]))])
      expect(await send(card, command)).toBe('9000');
    expect(await send(card, '00A40000 02 4B01 00')).toContain('85020100');
    await send(card, '002241B6 07 800104 81024B01');
    const hash = createHash('sha256').update('content').digest('hex');
    const signature = fromHex((await send(card, `002A9E9A 20 ${hash} 00`)).slice(0, -4));
    expect(verify('sha256', Buffer.from('content'), createPublicKey(privateKey), signature)).toBe(true);
    expect(await send(card, part('87', secret!)[0]!)).toBe('6984');
  });

  it('of RSA is put together from its parts, in any order, the long ones in chains', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = privateKey.export({ format: 'jwk' });
    const bytes = (field: 'n' | 'e' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): Buffer => Buffer.from(jwk[field] ?? '', 'base64url');
    const card = blankCard();
    await send(card, create('81020800', '11', '4B01', '000000'));
    const parts = [...part('83', bytes('p')), ...part('84', bytes('q')), ...part('85', bytes('dp')), ...part('86', bytes('dq'))];
    for (const command of [...parts, ...part('87', bytes('qi')), ...part('80', bytes('n')), ...part('81', bytes('e'))])
      expect(await send(card, command)).toBe('9000');
    expect(await send(card, '00CA0101 00')).toBe(`${bytes('n').toString('hex').toUpperCase()}9000`);
    await send(card, '002241B6 07 800112 81024B01');
    const sha1 = 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709';
    const signature = fromHex((await send(card, `002A9E9A 14 ${sha1} 00`)).slice(0, -4));
    expect(verify('sha1', Buffer.alloc(0), publicKey, signature)).toBe(true);
  });

  it('is refused when its parts do not fit the file or each other', async () => {
    const card = blankCard();
    await send(card, create('81020100', '22', '4B01', '000000'));
    expect(await send(card, `00DA0187 1F ${'11'.repeat(31)}`)).toBe('6700');
    await send(card, `00DA0187 20 ${'11'.repeat(32)}`);
    expect(await send(card, `00DA0186 41 04${'22'.repeat(64)}`)).toBe('6984');
    expect(await send(card, '00DA0183 01 01')).toBe('6A86');
  });
});

describe('whatever a reader sends', () => {
  it('is answered with a status word, and a closed card stays closed', async () => {
    const card = await closedCard([create('80020004', '01', '4401', '1F1FFF'), '00D60000 04 01020304']);
    const instruction = fc.constantFrom(
      0x20,
      0x22,
      0x24,
      0x2a,
      0x2c,
      0x2e,
      0x44,
      0x46,
      0x84,
      0xa4,
      0xb0,
      0xc0,
      0xca,
      0xd6,
      0xda,
      0xe0,
      0xe4,
    );
    const any = fc.uint8Array({ maxLength: 300 });
    const shaped = fc
      .tuple(fc.constantFrom(0x00, 0x00, 0x10, 0xa0), instruction, fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 255 }), fc.nat(255))
      .map(([cla, ins, p1, p2, data, le]) => Uint8Array.of(cla, ins, p1, p2, ...(data.length > 0 ? [data.length, ...data] : []), le));
    await fc.assert(
      fc.asyncProperty(fc.oneof(any, shaped), async (command) => {
        const answer = await card.exchange(command);
        expect(answer.length).toBeGreaterThanOrEqual(2);
        expect(answer.length).toBeLessThanOrEqual(258);
        expect([0x61, 0x62, 0x63, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x90]).toContain(answer.at(-2));
        expect(card.memory.state.lifecycle).toBe(7);
        expect(card.memory.state.files.at(-1)?.dataHex).toBe('01020304');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a card that lives on in a file', () => {
  it('is the same after each command, and leaves foreign files alone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-store-'));
    try {
      const store = new CardStore(folder);
      const plastic = new PlasticCard(createBlankState({ serialHex: 'AB'.repeat(10) }), { save: (state) => store.save(state) });
      plastic.reset();
      await plastic.exchange(fromHex(`00DA010110${codeOf(1)}${codeOf(2)}`));
      expect(new CardStore(folder).list()).toEqual([plastic.state]);
      const written = readFileSync(path.join(folder, `${'AB'.repeat(10)}.json`), 'utf8');
      await plastic.exchange(fromHex('00CA01A014'));
      expect(readFileSync(path.join(folder, `${'AB'.repeat(10)}.json`), 'utf8')).toBe(written);
      writeFileSync(path.join(folder, `${'CD'.repeat(10)}.json`), '{"format":1}');
      writeFileSync(path.join(folder, `${'EF'.repeat(10)}.json`), 'half a f');
      writeFileSync(path.join(folder, 'notes.txt'), '');
      expect(new CardStore(folder).list()).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
