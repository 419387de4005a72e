/** Command APDUs as a card sees them, and the status words it answers with. Source: ISO 7816-3 §12, 7816-4 §5 */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** How many bytes may be answered, 1 … 256; 0 = none are wanted. */
  readonly le: number;
}

export const sw = {
  ok: 0x9000,
  endOfFile: 0x6282,
  wrongLength: 0x6700,
  lastOfChainExpected: 0x6883,
  chainingNotSupported: 0x6884,
  wrongFileType: 0x6981,
  securityNotSatisfied: 0x6982,
  blocked: 0x6983,
  dataInvalid: 0x6984,
  conditionsNotSatisfied: 0x6985,
  noCurrentFile: 0x6986,
  wrongData: 0x6a80,
  notSupported: 0x6a81,
  fileNotFound: 0x6a82,
  noSpace: 0x6a84,
  wrongParameters: 0x6a86,
  lengthAgainstParameters: 0x6a87,
  referenceNotFound: 0x6a88,
  alreadyExists: 0x6a89,
  outsideFile: 0x6b00,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
  failed: 0x6f00,
} as const;

/** 63Cx: so many tries are left. */
export const triesLeft = (tries: number): number => 0x63c0 | tries;

/** Ends a command with a status word of its own. */
export class CardStatus extends Error {
  readonly sw: number;
  constructor(status: number) {
    super(`status word ${status.toString(16)}`);
    this.sw = status;
  }
}

export function refuse(status: number): never {
  throw new CardStatus(status);
}

/** Refuses what is not a short APDU: the answer to reset promises no extended lengths, and OpenSC sends none to this kind of card. */
export function parseApdu(bytes: Uint8Array): CommandApdu {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, p3 = 0] = bytes;
  const header = { cla, ins, p1, p2 };
  if (bytes.length < 4) refuse(sw.wrongLength);
  if (bytes.length === 4) return { ...header, data: new Uint8Array(0), le: 0 };
  if (bytes.length === 5) return { ...header, data: new Uint8Array(0), le: p3 === 0 ? 256 : p3 };
  if (p3 === 0) refuse(sw.wrongLength);
  const data = bytes.slice(5, 5 + p3);
  if (bytes.length === 5 + p3) return { ...header, data, le: 0 };
  if (bytes.length === 6 + p3) return { ...header, data, le: bytes[5 + p3] === 0 ? 256 : (bytes[5 + p3] ?? 0) };
  return refuse(sw.wrongLength);
}

export const isPart = (apdu: CommandApdu): boolean => (apdu.cla & 0x10) !== 0;

export function answer(status: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  return Uint8Array.of(...data, status >> 8, status & 0xff);
}

export const statusOf = (response: Uint8Array): number => ((response.at(-2) ?? 0) << 8) | (response.at(-1) ?? 0);

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
