/**
 * AEGIS-256 as far as the judgement of one page needs it: the key stream of a nonce and the tag of a ciphered text. In TypeScript because Node's
 * library has no AEGIS; it looks at single pages of a file that SQLite refused and never takes part in an act.
 * Source: draft-irtf-cfrg-aegis-aead (AEGIS-256, 256-bit tag, no associated data)
 */
const blockBytes = 16;
type Block = Uint32Array;
type State = [Block, Block, Block, Block, Block, Block];

/** The first `bytes` of the key stream: a whole number of blocks. */
export function aegisStream(key: Uint8Array, nonce: Uint8Array, bytes: number): Buffer {
  const state = createState(key, nonce);
  const stream = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += blockBytes) {
    bytesOf(streamBlock(state)).copy(stream, at);
    absorb(state, new Uint32Array(4));
  }
  return stream;
}

/** The tag that belongs to a ciphered text. */
export function aegisTag(key: Uint8Array, nonce: Uint8Array, ciphered: Uint8Array): Buffer {
  const state = createState(key, nonce);
  for (let at = 0; at < ciphered.length; at += blockBytes) {
    const piece = ciphered.subarray(at, at + blockBytes);
    const plain = bytesOf(xor(blockOf(piece), streamBlock(state)));
    // What follows the end of the text counts as zeros.
    absorb(state, blockOf(plain.fill(0, piece.length)));
  }
  const lengths = Buffer.alloc(blockBytes);
  lengths.writeBigUInt64LE(BigInt(ciphered.length) * 8n, 8);
  const last = xor(blockOf(lengths), state[3]);
  for (let round = 0; round < 7; round += 1) absorb(state, last);
  return Buffer.concat([bytesOf(xor(state[0], state[1], state[2])), bytesOf(xor(state[3], state[4], state[5]))]);
}

const c0 = blockOf(Buffer.from('000101020305080d1522375990e97962', 'hex'));
const c1 = blockOf(Buffer.from('db3d18556dc22ff12011314273b528dd', 'hex'));

function createState(key: Uint8Array, nonce: Uint8Array): State {
  const [k0, k1, n0, n1] = [blockOf(key), blockOf(key.subarray(blockBytes)), blockOf(nonce), blockOf(nonce.subarray(blockBytes))];
  const state: State = [xor(k0, n0), xor(k1, n1), c1, c0, xor(k0, c0), xor(k1, c1)];
  for (let round = 0; round < 4; round += 1) {
    for (const input of [k0, k1, xor(k0, n0), xor(k1, n1)]) absorb(state, input);
  }
  return state;
}

function streamBlock([, s1, s2, s3, s4, s5]: State): Block {
  return xor(
    s1,
    s4,
    s5,
    s2.map((word, index) => word & (s3[index] ?? 0)),
  );
}

/** Each block becomes the AES round of its predecessor with itself as the round key; the message enters the first. */
function absorb(state: State, message: Block): void {
  const [s0, s1, s2, s3, s4, s5] = state;
  state[0] = aesRound(s5, xor(s0, message));
  state[1] = aesRound(s0, s1);
  state[2] = aesRound(s1, s2);
  state[3] = aesRound(s2, s3);
  state[4] = aesRound(s3, s4);
  state[5] = aesRound(s4, s5);
}

/** SubBytes, ShiftRows, MixColumns, AddRoundKey; a word is a column, its lowest byte the first row. */
function aesRound(input: Block, roundKey: Block): Block {
  return roundKey.map((keyWord, column) => {
    let word = keyWord;
    for (let row = 0; row < 4; row += 1) {
      const byte = ((input[(column + row) % 4] ?? 0) >>> (8 * row)) & 0xff;
      const mixed = firstRow[byte] ?? 0;
      word ^= row === 0 ? mixed : (mixed << (8 * row)) | (mixed >>> (32 - 8 * row));
    }
    return word;
  });
}

/** What a byte of the first row becomes after SubBytes and MixColumns. Source: FIPS 197 §5.1 */
const firstRow = makeFirstRow();

function makeFirstRow(): Uint32Array {
  const table = new Uint32Array(256);
  let power = 1;
  let inverse = 1;
  // 3 generates the field: while `power` walks through it upwards, `inverse` walks downwards.
  do {
    power = (power ^ double(power)) & 0xff;
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 0xff;
    if ((inverse & 0x80) !== 0) inverse ^= 0x09;
    table[power] = mixedColumn(affine(inverse));
  } while (power !== 1);
  table[0] = mixedColumn(0x63);
  return table;
}

function double(byte: number): number {
  return ((byte << 1) ^ ((byte & 0x80) === 0 ? 0 : 0x11b)) & 0xff;
}

function affine(byte: number): number {
  const twice = (byte << 8) | byte;
  return (byte ^ (twice >>> 7) ^ (twice >>> 6) ^ (twice >>> 5) ^ (twice >>> 4) ^ 0x63) & 0xff;
}

function mixedColumn(byte: number): number {
  return double(byte) | (byte << 8) | (byte << 16) | ((byte ^ double(byte)) << 24);
}

function xor(...blocks: readonly Block[]): Block {
  return Uint32Array.from({ length: 4 }, (_, index) => blocks.reduce((word, block) => word ^ (block[index] ?? 0), 0));
}

/** Missing bytes count as zeros. */
function blockOf(bytes: Uint8Array): Block {
  const padded = Buffer.alloc(blockBytes);
  padded.set(bytes.subarray(0, blockBytes));
  return Uint32Array.from({ length: 4 }, (_, index) => padded.readUInt32LE(4 * index));
}

function bytesOf(block: Block): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  block.forEach((word, index) => bytes.writeUInt32LE(word, 4 * index));
  return bytes;
}
