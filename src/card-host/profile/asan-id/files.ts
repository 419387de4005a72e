import type { CardKeyName, KeyAlgorithm } from '../../../shared/card-host/host-protocol.ts';
import { tlv, type Bytes } from '../der.ts';

/** Files, references and access conditions of the Asan ID profile. Source: cards.md §3.1, §3.2 */
export const masterFile = 0x3f00;
export const application = 0x5015;

/** Answer to reset; the historical bytes end in the name of the command set. Source: cards.md §3 */
export const atrHex = '3B898131FE45516579644F73454944DF';
/** The PKCS#15 application. */
export const applicationId: Bytes = [0xa0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4b, 0x43, 0x53, 0x2d, 0x31, 0x35];

/** Access conditions, a nibble each: 0 always, F never, else the PIN. Of a DF: create DF, create EF, delete; of an EF: read, update, delete. */
const issuerManages: Bytes = [0x44, 0x4f, 0xff];
const everyoneReads: Bytes = [0x04, 0x4f, 0xff];

export const pinReferences = { pin1: 1, pin2: 2 } as const;
export const issuerReference = 4;
export const pinTries = 3;
export const issuerTries = 10;
/** Shortest length that the card takes, of PIN1, PIN2 and PUK. Source: CR-05 */
export const codeLengths = { pin1: 4, pin2: 5, puk: 8 } as const;

export const fileIds = {
  directory: 0x2f00,
  objects: 0x5031,
  tokenInfo: 0x5032,
  pins: 0x4401,
  keys: 0x4402,
  certificates: 0x4403,
  authKey: 0x4b01,
  signKey: 0x4b02,
  authCertificate: 0x4301,
  signCertificate: 0x4302,
} as const;

/** The lists of objects have room for more than they hold. */
export const listBytes = 256;

export interface CardFile {
  readonly id: number;
  /** 01 contents; 11 and 22 keys, whose size is counted in bits. */
  readonly type: 0x01 | 0x11 | 0x22;
  readonly size: number;
  readonly access: Bytes;
  /** Keys only. The high nibble of the first byte: this PIN is forgotten after each use. */
  readonly property?: Bytes;
}

export const keyBits: Readonly<Record<KeyAlgorithm, number>> = { 'rsa-2048': 2048, 'p-256': 256, 'p-384': 384 };

export function contentFile(id: number, size: number): CardFile {
  return { id, type: 0x01, size, access: everyoneReads };
}

export function keyFile(key: CardKeyName, algorithm: KeyAlgorithm): CardFile {
  const common = { type: algorithm === 'rsa-2048' ? 0x11 : 0x22, size: keyBits[algorithm] } as const;
  return key === 'auth'
    ? { ...common, id: fileIds.authKey, access: [0x1f, 0x44, 0xff], property: [0x00, 0x00] }
    : { ...common, id: fileIds.signKey, access: [0x2f, 0x44, 0xff], property: [0x20, 0x00] };
}

export const keyFileIds: Readonly<Record<CardKeyName, number>> = { auth: fileIds.authKey, sign: fileIds.signKey };
export const certificateFileIds: Readonly<Record<CardKeyName, number>> = {
  auth: fileIds.authCertificate,
  sign: fileIds.signCertificate,
};

/** Access conditions that the format of a blank card gives the master file and the application. */
export const folderAccess = issuerManages;

/** What CREATE FILE is told. */
export function fileControl(file: CardFile): Uint8Array {
  return tlv(
    0x62,
    tlv(file.type === 0x01 ? 0x80 : 0x81, twoBytes(file.size)),
    tlv(0x82, [file.type]),
    tlv(0x83, twoBytes(file.id)),
    tlv(0x86, file.access),
    file.property === undefined ? [] : tlv(0x85, file.property),
  );
}

export function twoBytes(value: number): Bytes {
  return [value >> 8, value & 0xff];
}

/** From the master file on; every file of ours but EF.DIR lies in the application. */
export function pathOf(fileId: number): Bytes {
  return fileId === fileIds.directory ? twoBytes(fileId) : [...twoBytes(application), ...twoBytes(fileId)];
}
