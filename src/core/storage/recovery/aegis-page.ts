/* eslint-disable @typescript-eslint/no-non-null-assertion -- every place is inside arrays of a fixed length, and a check of each would cost more than the cipher */
/**
 * Deciphers pages under AEGIS-256, fast enough to go through a whole file: the same function as `storage/aegis.ts`, which judges single pages,
 * written without a new object for every block. Source: draft-irtf-cfrg-aegis-aead; FIPS 197 §5.1
 */
export interface AegisText {
  readonly plain: Buffer;
  readonly tag: Buffer;
}

const [t0, t1, t2, t3] = makeTables();
/** Six blocks of four words, and room for the six that follow. */
const s = new Uint32Array(24);
const next = new Uint32Array(24);
const m = new Uint32Array(4);
const constants = wordsOf(Buffer.from('000101020305080d1522375990e97962db3d18556dc22ff12011314273b528dd', 'hex'));

export function aegisKeyStream(key: Buffer, nonce: Buffer, bytes: number): Buffer {
  return decipherAegis(key, nonce, Buffer.alloc(bytes), true).plain;
}

/** Plain text and tag of a ciphered text. With `isStream`, zeros are enciphered instead: the key stream. */
export function decipherAegis(key: Buffer, nonce: Buffer, ciphered: Buffer, isStream = false): AegisText {
  begin(wordsOf(key), wordsOf(nonce));
  const blocks = Math.ceil(ciphered.length / 16);
  const text = Buffer.alloc(blocks * 16);
  ciphered.copy(text);
  const words = new Uint32Array(text.buffer, text.byteOffset, blocks * 4);
  for (let block = 0; block < blocks; block += 1) {
    for (let word = 0; word < 4; word += 1) {
      const stream = s[4 + word]! ^ s[16 + word]! ^ s[20 + word]! ^ (s[8 + word]! & s[12 + word]!);
      const plain = words[4 * block + word]! ^ stream;
      words[4 * block + word] = plain;
      m[word] = isStream ? 0 : plain;
    }
    const rest = ciphered.length - 16 * block;
    if (rest < 16) {
      // What follows the end of the text counts as zeros.
      text.fill(0, ciphered.length);
      for (let word = 0; word < 4; word += 1) m[word] = isStream ? 0 : words[4 * block + word]!;
    }
    update();
  }
  const bits = ciphered.length * 8;
  const last = [s[12]!, s[13]!, s[14]! ^ (bits >>> 0), s[15]! ^ Math.floor(bits / 2 ** 32)];
  for (let round = 0; round < 7; round += 1) {
    m.set(last);
    update();
  }
  const tag = new Uint32Array(8);
  for (let word = 0; word < 4; word += 1) {
    tag[word] = s[word]! ^ s[4 + word]! ^ s[8 + word]!;
    tag[4 + word] = s[12 + word]! ^ s[16 + word]! ^ s[20 + word]!;
  }
  return { plain: text.subarray(0, ciphered.length), tag: Buffer.from(tag.buffer) };
}

function begin(key: Uint32Array, nonce: Uint32Array): void {
  const mixed = key.map((word, index) => word ^ nonce[index]!);
  for (let word = 0; word < 4; word += 1) {
    s[word] = mixed[word]!;
    s[4 + word] = mixed[4 + word]!;
    s[8 + word] = constants[4 + word]!;
    s[12 + word] = constants[word]!;
    s[16 + word] = key[word]! ^ constants[word]!;
    s[20 + word] = key[4 + word]! ^ constants[4 + word]!;
  }
  for (let round = 0; round < 4; round += 1) {
    for (const input of [key.subarray(0, 4), key.subarray(4), mixed.subarray(0, 4), mixed.subarray(4)]) {
      m.set(input);
      update();
    }
  }
}

/** Each block becomes the AES round of its predecessor with itself as the round key; the message enters the first. */
function update(): void {
  for (let block = 0; block < 6; block += 1) {
    const from = block === 0 ? 20 : 4 * (block - 1);
    const [a, b, c, d] = [s[from]!, s[from + 1]!, s[from + 2]!, s[from + 3]!];
    const to = 4 * block;
    next[to] = s[to]! ^ t0[a & 255]! ^ t1[(b >>> 8) & 255]! ^ t2[(c >>> 16) & 255]! ^ t3[d >>> 24]!;
    next[to + 1] = s[to + 1]! ^ t0[b & 255]! ^ t1[(c >>> 8) & 255]! ^ t2[(d >>> 16) & 255]! ^ t3[a >>> 24]!;
    next[to + 2] = s[to + 2]! ^ t0[c & 255]! ^ t1[(d >>> 8) & 255]! ^ t2[(a >>> 16) & 255]! ^ t3[b >>> 24]!;
    next[to + 3] = s[to + 3]! ^ t0[d & 255]! ^ t1[(a >>> 8) & 255]! ^ t2[(b >>> 16) & 255]! ^ t3[c >>> 24]!;
  }
  for (let word = 0; word < 4; word += 1) next[word] = next[word]! ^ m[word]!;
  s.set(next);
}

function wordsOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(4 * index));
}

/** What a byte of each row becomes after SubBytes and MixColumns. */
function makeTables(): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const box = new Uint8Array(256);
  let power = 1;
  let inverse = 1;
  do {
    power = (power ^ double(power)) & 255;
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 255;
    if ((inverse & 0x80) !== 0) inverse ^= 9;
    const twice = (inverse << 8) | inverse;
    box[power] = (inverse ^ (twice >>> 7) ^ (twice >>> 6) ^ (twice >>> 5) ^ (twice >>> 4) ^ 0x63) & 255;
  } while (power !== 1);
  box[0] = 0x63;
  const first = Uint32Array.from(box, (byte) => (double(byte) | (byte << 8) | (byte << 16) | ((byte ^ double(byte)) << 24)) >>> 0);
  const turned = (bits: number): Uint32Array => first.map((word) => ((word << bits) | (word >>> (32 - bits))) >>> 0);
  return [first, turned(8), turned(16), turned(24)];
}

function double(byte: number): number {
  return ((byte << 1) ^ ((byte & 0x80) === 0 ? 0 : 0x11b)) & 255;
}
