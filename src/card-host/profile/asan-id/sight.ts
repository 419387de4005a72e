import type { CardSession } from '../../../shared/card-host/card-port.ts';
import type { CardKeyName, CardSight, PinTries } from '../../../shared/card-host/host-protocol.ts';
import { findElement, findPath } from '../der.ts';
import { done, findFile, getData, objectCodes, readSelected, transmit, type FileSight } from './commands.ts';
import { application, fileIds, masterFile, pathOf, pinReferences, twoBytes } from './files.ts';
import { certificatesOfList, keyOfId, pathsOfCertificateLists, serialOfTokenInfo } from './objects.ts';

/** What a card tells without any code, also one that another tool personalised after the same standard. */
const closedLife = 7;
const creationLife = 1;

export function readControl(answer: Uint8Array): FileSight {
  const number = (bytes: Uint8Array | undefined): number => bytes?.reduce((sum, byte) => sum * 256 + byte, 0) ?? 0;
  const body = findElement(answer)?.value ?? new Uint8Array(0);
  const field = (tag: number): Uint8Array | undefined => findPath(body, tag);
  return {
    type: number(field(0x82)),
    size: number(field(0x80) ?? field(0x81)),
    access: field(0x86) ?? new Uint8Array(0),
    property: field(0x85) ?? new Uint8Array(0),
    lifecycle: number(field(0x8a)),
  };
}

export function isLifeClosed(answer: Uint8Array): boolean {
  return readControl(answer).lifecycle === closedLife;
}

/** In the low nibble of a key's property: there is a key, and the chip made it itself; 1 would be one that was loaded. */
const madeOnChip = 0x03;

export function isMadeOnChip({ property }: FileSight): boolean {
  return ((property[0] ?? 0) & 0x0f) === madeOnChip;
}

/** Tries left and at most, of PIN and PUK, and the least lengths; undefined when the record is not there. */
export interface PinRecordSight {
  readonly pinTries: number;
  readonly pukTries: number;
  readonly pinMax: number;
  readonly pukMax: number;
  readonly pinMin: number;
  readonly pukMin: number;
}

export async function findPinRecord(session: CardSession, reference: number): Promise<PinRecordSight | undefined> {
  const { data, statusWord } = await transmit(session, getData(objectCodes.pinInfo(reference)));
  const [pinTries = 0, pukTries = 0, pinMax = 0, pukMax = 0, , , , pinMin = 0, pukMin = 0] = data;
  // Chips that have all records from the beginning fill those that were never written.
  if (statusWord !== done || data.length < 9 || pinMax === 0 || pinMax > 15) return undefined;
  return { pinTries, pukTries, pinMax, pukMax, pinMin, pukMin };
}

export async function readPinTries(session: CardSession): Promise<PinTries> {
  const ofPin = async (reference: number): Promise<PinRecordSight> => {
    const record = await findPinRecord(session, reference);
    return record ?? { pinTries: 0, pukTries: 0, pinMax: 0, pukMax: 0, pinMin: 0, pukMin: 0 };
  };
  const [first, second] = [await ofPin(pinReferences.pin1), await ofPin(pinReferences.pin2)];
  return { pin1: first.pinTries, pin2: second.pinTries, puk1: first.pukTries, puk2: second.pukTries };
}

async function findContents(session: CardSession, path: readonly number[] | Uint8Array): Promise<Uint8Array | undefined> {
  const control = await findFile(session, path);
  return control === undefined ? undefined : readSelected(session, readControl(control).size);
}

/** From the card's own TokenInfo; empty while there is none. */
export async function readCardSerial(session: CardSession): Promise<string> {
  const der = await findContents(session, pathOf(fileIds.tokenInfo));
  return der === undefined ? '' : serialOfTokenInfo(der);
}

type ProfileSight = Omit<CardSight, 'readerName' | 'atrHex' | 'profile'>;

export async function readSight(session: CardSession, chipSerialHex: string): Promise<ProfileSight> {
  const lifecycle = readControl((await findFile(session, twoBytes(masterFile))) ?? new Uint8Array(0)).lifecycle;
  const hasPins = (await findPinRecord(session, pinReferences.pin1)) !== undefined;
  const cardSerial = await readCardSerial(session);
  const certificates = await listCertificates(session);
  const isBlank = !hasPins && cardSerial === '' && certificates.length === 0 && !(await hasKey(session));
  const life = lifecycle === closedLife ? 'closed' : lifecycle === creationLife ? (isBlank ? 'blank' : 'open') : 'unknown';
  return { chipSerialHex, life, cardSerial, tries: hasPins ? await readPinTries(session) : null, certificates };
}

async function hasKey(session: CardSession): Promise<boolean> {
  return (
    (await findFile(session, pathOf(fileIds.authKey))) !== undefined || (await findFile(session, pathOf(fileIds.signKey))) !== undefined
  );
}

/** Of what the lists of certificates name, at most one for each purpose. */
async function listCertificates(session: CardSession): Promise<CardSight['certificates']> {
  const objects = await findContents(session, pathOf(fileIds.objects));
  const found = new Map<CardKeyName, Uint8Array>();
  for (const path of objects === undefined ? [] : pathsOfCertificateLists(objects)) {
    const list = await findContents(session, withoutMasterFile(path));
    for (const certificate of list === undefined ? [] : certificatesOfList(list)) {
      const key = keyOfId(certificate.id) ?? (found.has('auth') ? 'sign' : 'auth');
      const contents = found.has(key) ? undefined : await findContents(session, withoutMasterFile(certificate.path));
      const der = contents === undefined ? undefined : findElement(contents)?.whole;
      if (der !== undefined) found.set(key, der);
    }
  }
  return [...found].map(([key, der]) => ({ key, der }));
}

/** Lists name paths from the master file on, or relative to the application. */
function withoutMasterFile(path: Uint8Array): Uint8Array {
  const [first, second] = path;
  if (first === masterFile >> 8 && second === 0x00) return path.subarray(2);
  return path.length === 2 ? Uint8Array.of(...twoBytes(application), ...path) : path;
}
