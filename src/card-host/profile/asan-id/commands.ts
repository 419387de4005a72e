import type { CardSession } from '../../../shared/card-host/card-port.ts';
import { CardRefusal } from '../../../shared/card-host/card-profile.ts';
import { concat, type Bytes } from '../der.ts';
import { fileControl, masterFile, pathOf, twoBytes, type CardFile } from './files.ts';

/** One command and its answer. A buffer that holds a code is wiped by `transmitCode`; no other command carries one. Source: cards.md §3.4 */
export interface Answer {
  readonly data: Uint8Array;
  readonly statusWord: number;
}

export const done = 0x9000;
/** ISO 7816-4 */
export const statusWords = {
  endOfFile: 0x6282,
  securityNotSatisfied: 0x6982,
  codeBlocked: 0x6983,
  conditionsNotSatisfied: 0x6985,
  noCurrentFile: 0x6986,
  fileMissing: 0x6a82,
  fileExists: 0x6a89,
  wrongReference: 0x6a86,
  dataMissing: 0x6a88,
} as const;

export const maxWriteBytes = 255;
export const maxReadBytes = 256;
/** RSA keys on a slow card. Source: cards.md §10 */
export const keyGenerationMs = 180_000;

export async function transmit(session: CardSession, apdu: Uint8Array, timeoutMs?: number): Promise<Answer> {
  const answer = await session.transmit(apdu, timeoutMs);
  const at = answer.length - 2;
  return { data: answer.subarray(0, at), statusWord: ((answer[at] ?? 0) << 8) | (answer[at + 1] ?? 0) };
}

/** Sends a command that holds a code, and wipes it whatever comes of it. */
export async function transmitCode(session: CardSession, apdu: Uint8Array): Promise<number> {
  try {
    return (await transmit(session, apdu)).statusWord;
  } finally {
    apdu.fill(0);
  }
}

export function refusal(statusWord: number, command: string): CardRefusal {
  return new CardRefusal(statusWord.toString(16).padStart(4, '0').toUpperCase(), command);
}

export async function demand(session: CardSession, apdu: Uint8Array, command: string, timeoutMs?: number): Promise<Uint8Array> {
  const { data, statusWord } = await transmit(session, apdu, timeoutMs);
  if (statusWord !== done) throw refusal(statusWord, command);
  return data;
}

export const command = (instruction: number, p1: number, p2: number, data: Bytes = [], expected?: number): Uint8Array =>
  concat([0x00, instruction, p1, p2], data.length === 0 ? [] : [data.length], data, expected === undefined ? [] : [expected & 0xff]);

/** By path, with the file's control parameters as the answer. */
export const selectAndTell = (path: Bytes): Uint8Array => command(0xa4, 0x08, 0x00, path, 0);
/** By path, with nothing but the status word as the answer. */
export const select = (path: Bytes): Uint8Array => command(0xa4, 0x08, 0x0c, path);
export const selectMasterFile = (): Uint8Array => command(0xa4, 0x00, 0x00, [], 0);
export const selectApplication = (name: Bytes): Uint8Array => command(0xa4, 0x04, 0x00, name, 0);
export const readBinary = (offset: number, length: number): Uint8Array => command(0xb0, offset >> 8, offset & 0xff, [], length);
export const updateBinary = (offset: number, part: Bytes): Uint8Array => command(0xd6, offset >> 8, offset & 0xff, part);
export const createFile = (file: CardFile): Uint8Array => command(0xe0, 0x00, 0x00, fileControl(file));
export const deleteFile = (): Uint8Array => command(0xe4, 0x00, 0x00);
export const getData = (object: number, expected = 0): Uint8Array => command(0xca, 0x01, object, [], expected);
export const putData = (object: number, data: Bytes): Uint8Array => command(0xda, 0x01, object, data);
export const activate = (name: Bytes): Uint8Array => command(0x44, 0x04, 0x00, name);
export const verify = (reference: number, code: Bytes): Uint8Array => command(0x20, 0x00, reference, code);
export const change = (reference: number, oldAndNew: Bytes): Uint8Array => command(0x24, 0x00, reference, oldAndNew);
export const unblock = (reference: number, pukAndNew: Bytes): Uint8Array => command(0x2c, 0x00, reference, pukAndNew);
/** The public exponent 65537. */
export const generateRsaKey = (): Uint8Array => command(0x46, 0x00, 0x00, [0x30, 0x05, 0x81, 0x03, 0x01, 0x00, 0x01], 0);
export const generateEcKey = (): Uint8Array => command(0x46, 0x00, 0x00, [], 0);
export const signatureAlgorithms = { pkcs1: 0x02, ecdsa: 0x04 } as const;
export const chooseKey = (algorithm: number, keyFileId: number): Uint8Array =>
  command(0x22, 0x41, 0xb6, [0x80, 0x01, algorithm, 0x81, 0x02, ...twoBytes(keyFileId), 0x84, 0x01, 0x00]);
export const computeSignature = (input: Bytes): Uint8Array => command(0x2a, 0x9e, 0x9a, input, 0);

export const objectCodes = {
  appletInfo: 0xa0,
  format: 0xe0,
  modulus: 0x01,
  ecPoint: 0x86,
  pinInfo: (reference: number): number => 0xb0 | reference,
} as const;

/** Code and padding in one buffer that the caller wipes. */
export function padded(...codes: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(8 * codes.length).fill(0xff);
  codes.forEach((code, index) => whole.set(code.subarray(0, 8), index * 8));
  return whole;
}

export interface FileSight {
  readonly type: number;
  readonly size: number;
  readonly access: Uint8Array;
  readonly property: Uint8Array;
  readonly lifecycle: number;
}

/** Selects the file; undefined when it is not there. */
export async function findFile(session: CardSession, path: Bytes): Promise<Uint8Array | undefined> {
  const apdu = path.length === 2 && path[0] === masterFile >> 8 ? selectMasterFile() : selectAndTell(path);
  const { data, statusWord } = await transmit(session, apdu);
  if (statusWord === statusWords.fileMissing) return undefined;
  if (statusWord !== done) throw refusal(statusWord, 'SELECT');
  return data;
}

/** Reads `size` bytes of the selected file, fewer when it ends before. */
export async function readSelected(session: CardSession, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let offset = 0;
  while (offset < size) {
    const { data, statusWord } = await transmit(session, readBinary(offset, Math.min(maxReadBytes, size - offset)));
    if (statusWord !== done && statusWord !== statusWords.endOfFile) throw refusal(statusWord, 'READ BINARY');
    parts.push(data);
    offset += data.length;
    if (data.length === 0 || statusWord === statusWords.endOfFile) break;
  }
  return concat(...parts);
}

/**
 * Creates the file in the folder of the current one and writes it. What an earlier attempt left of it is deleted first. The card selects the file
 * that it created.
 */
export async function createAndWrite(session: CardSession, file: CardFile, contents: Bytes): Promise<void> {
  await createAnew(session, file);
  for (let offset = 0; offset < contents.length; offset += maxWriteBytes) {
    await demand(session, updateBinary(offset, contents.slice(offset, offset + maxWriteBytes)), 'UPDATE BINARY');
  }
}

export async function createAnew(session: CardSession, file: CardFile): Promise<void> {
  const { statusWord } = await transmit(session, createFile(file));
  if (statusWord === done) return;
  if (statusWord !== statusWords.fileExists) throw refusal(statusWord, 'CREATE FILE');
  await demand(session, select(pathOf(file.id)), 'SELECT');
  await demand(session, deleteFile(), 'DELETE FILE');
  await demand(session, createFile(file), 'CREATE FILE');
}
