import type { CardSession } from '../../../shared/card-host/card-port.ts';
import type { CardContents } from '../../../shared/card-host/card-profile.ts';
import { cardKeys } from '../../../shared/card-host/host-protocol.ts';
import { equalBytes, toHex, type Bytes } from '../der.ts';
import { findFile, readSelected } from './commands.ts';
import { listContents, writtenList } from './contents.ts';
import {
  application,
  certificateFileIds,
  codeLengths,
  contentFile,
  fileIds,
  folderAccess,
  issuerReference,
  issuerTries,
  keyFile,
  listBytes,
  masterFile,
  pathOf,
  pinReferences,
  pinTries,
  twoBytes,
  type CardFile,
} from './files.ts';
import { directory } from './objects.ts';
import { findPinRecord, isMadeOnChip, readControl, type PinRecordSight } from './sight.ts';

/** Reads the whole card and names what is not as a finished card has it; empty: byte for byte as it was to become. */
export async function findDifferences(session: CardSession, contents: CardContents): Promise<readonly string[]> {
  const found: string[] = [];
  const folder = async (name: string, path: Bytes, also?: (lifecycle: number) => boolean): Promise<void> => {
    const control = await findFile(session, path);
    const sight = readControl(control ?? new Uint8Array(0));
    if (control === undefined || toHex(sight.access) !== toHex(Uint8Array.from(folderAccess))) found.push(name);
    else if (also !== undefined && !also(sight.lifecycle)) found.push('life');
  };
  await folder('master_file', twoBytes(masterFile), (lifecycle) => lifecycle === 7);
  await folder('application', twoBytes(application));

  const content = async (name: string, id: number, size: number, written: Uint8Array): Promise<void> => {
    const isThere = await isFileAs(session, contentFile(id, size));
    if (!isThere || !equalBytes(await readSelected(session, written.length), written)) found.push(name);
  };
  await content('directory', fileIds.directory, directory().length, directory());
  for (const { id, der, isList } of listContents(contents)) {
    await content(nameOf(id), id, isList ? listBytes : der.length, isList ? writtenList(der) : der);
  }
  for (const key of cardKeys) {
    const der = contents.certificates[key];
    await content(`${key}_certificate`, certificateFileIds[key], der.length, der);
    if (!(await isFileAs(session, keyFile(key, contents.algorithm)))) found.push(`${key}_key`);
  }
  return found;
}

export async function findCodeDifferences(session: CardSession): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, reference, wanted] of pinRecords) {
    const record = await findPinRecord(session, reference);
    if (record === undefined || !isSamePin(record, wanted)) found.push(name);
  }
  return found;
}

async function isFileAs(session: CardSession, file: CardFile): Promise<boolean> {
  const control = await findFile(session, pathOf(file.id));
  if (control === undefined) return false;
  const sight = readControl(control);
  const isAlike = sight.type === file.type && sight.size === file.size && equalBytes(sight.access, Uint8Array.from(file.access));
  if (file.property === undefined) return isAlike;
  return isAlike && isMadeOnChip(sight) && (sight.property[0] ?? 0) >> 4 === (file.property[0] ?? 0) >> 4;
}

function nameOf(id: number): string {
  return Object.entries(fileIds).find(([, value]) => value === id)?.[0] ?? toHex(Uint8Array.from(twoBytes(id)));
}

const full = (pinMin: number): PinRecordSight => ({
  pinTries,
  pukTries: pinTries,
  pinMax: pinTries,
  pukMax: pinTries,
  pinMin,
  pukMin: codeLengths.puk,
});
const pinRecords: readonly (readonly [name: string, reference: number, wanted: PinRecordSight])[] = [
  ['pin1', pinReferences.pin1, full(codeLengths.pin1)],
  ['pin2', pinReferences.pin2, full(codeLengths.pin2)],
  [
    'issuer_code',
    issuerReference,
    { pinTries: issuerTries, pukTries: 0, pinMax: issuerTries, pukMax: 0, pinMin: codeLengths.puk, pukMin: codeLengths.puk },
  ],
];

function isSamePin(record: PinRecordSight, wanted: PinRecordSight): boolean {
  return (Object.keys(wanted) as (keyof PinRecordSight)[]).every((field) => record[field] === wanted[field]);
}
