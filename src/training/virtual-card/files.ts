import { fromHex, refuse, sw, toHex, type CommandApdu } from './apdu.ts';
import { highNibble, lowNibble, requireMet, type CardMemory, type CardSecurity } from './card-memory.ts';
import { isDirectory, isTransparent, mfFid, mfUid, type CardFile } from './card-state.ts';

/** The file commands: SELECT, CREATE, DELETE, READ and UPDATE BINARY. Source: cards.md §3.1, §3.4; ISO 7816-4 §7.1–7.2, 7816-9 §6 */
export interface Selection {
  uid: number;
}

/** One write of the chip's memory takes at most a page: longer updates can be torn between two. */
const pageBytes = 64;
const memoryBytes = 64 * 1024;
const headerBytes = 32;
const largestFileBytes = 0x7fff;

const childrenOf = (memory: CardMemory, uid: number): CardFile[] =>
  memory.state.files.filter((file) => file.parentUid === uid && file.uid !== mfUid);

/** The directory that is current: of a file its parent. */
export function currentDirectory(memory: CardMemory, selection: Selection): CardFile {
  const file = memory.getFile(selection.uid);
  return isDirectory(file) ? file : memory.getFile(file.parentUid);
}

/** How a key is named in a security environment: under the current directory, never a directory. */
export function findElementaryFile(memory: CardMemory, selection: Selection, fid: number): CardFile | undefined {
  return childrenOf(memory, currentDirectory(memory, selection).uid).find((file) => file.fid === fid && !isDirectory(file));
}

function findByPath(memory: CardMemory, start: CardFile, path: Uint8Array): CardFile | undefined {
  if (path.length < 2 || path.length % 2 !== 0) refuse(sw.lengthAgainstParameters);
  let found: CardFile | undefined = start;
  for (let index = 0; index < path.length; index += 2) {
    const fid = ((path[index] ?? 0) << 8) | (path[index + 1] ?? 0);
    found = found === undefined ? undefined : childrenOf(memory, found.uid).find((file) => file.fid === fid);
  }
  return found;
}

/** Children of the current directory first, then its parent, then the parent's children. */
function findByFid(memory: CardMemory, selection: Selection, data: Uint8Array): CardFile | undefined {
  if (data.length !== 2) refuse(sw.lengthAgainstParameters);
  const fid = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
  if (fid === mfFid) return memory.getFile(mfUid);
  const directory = currentDirectory(memory, selection);
  const parent = memory.getFile(directory.parentUid);
  return [...childrenOf(memory, directory.uid), parent, ...childrenOf(memory, parent.uid)].find((file) => file.fid === fid);
}

function findSelected(memory: CardMemory, selection: Selection, { p1, data }: CommandApdu): CardFile | undefined {
  switch (p1) {
    case 0x00:
      return data.length === 0 ? memory.getFile(mfUid) : findByFid(memory, selection, data);
    case 0x04:
      if (data.length < 1 || data.length > 16) refuse(sw.lengthAgainstParameters);
      return memory.state.files.find((file) => file.nameHex !== '' && file.nameHex === toHex(data));
    case 0x08:
      return findByPath(memory, memory.getFile(mfUid), data);
    case 0x09:
      return findByPath(memory, currentDirectory(memory, selection), data);
    default:
      return refuse(sw.wrongParameters);
  }
}

/** Answers the file's control information, or nothing with P2 = 0C. What was selected stays so when nothing is found. */
export function selectFile(memory: CardMemory, selection: Selection, apdu: CommandApdu): Uint8Array {
  if (apdu.p2 !== 0x00 && apdu.p2 !== 0x0c) refuse(sw.wrongParameters);
  const file = findSelected(memory, selection, apdu);
  if (file === undefined) refuse(sw.fileNotFound);
  selection.uid = file.uid;
  return apdu.p2 === 0x0c ? new Uint8Array(0) : controlInformation(memory, file);
}

function controlInformation(memory: CardMemory, file: CardFile): Uint8Array {
  const name = fromHex(file.nameHex);
  const body = [
    ...[file.sizeTag, 2, file.size >> 8, file.size & 0xff],
    ...[0x82, 1, file.type],
    ...[0x83, 2, file.fid >> 8, file.fid & 0xff],
    ...[0x86, 3, ...file.ac],
    ...[0x85, 2, ...file.prop],
    ...[0x8a, 1, memory.state.lifecycle],
    ...(name.length === 0 ? [] : [0x84, name.length, ...name]),
  ];
  return Uint8Array.of(0x6f, body.length, ...body);
}

export function readBinary(memory: CardMemory, security: CardSecurity, selection: Selection, apdu: CommandApdu): Uint8Array {
  if ((apdu.p1 & 0x80) !== 0) refuse(sw.wrongParameters);
  if (apdu.data.length !== 0 || apdu.le === 0) refuse(sw.wrongLength);
  const file = requireTransparent(memory, selection);
  requireMet(memory, security, highNibble(file.ac[0]));
  const offset = (apdu.p1 << 8) | apdu.p2;
  const end = offset + apdu.le;
  // Le = 00 asks for whatever there is up to the end; any other length must be there.
  if (end > file.size && !(apdu.le === 256 && offset < file.size)) refuse(sw.endOfFile);
  return fromHex(file.dataHex.slice(2 * offset, 2 * Math.min(end, file.size)));
}

export function updateBinary(memory: CardMemory, security: CardSecurity, selection: Selection, { p1, p2, data, le }: CommandApdu): void {
  if ((p1 & 0x80) !== 0) refuse(sw.wrongParameters);
  if (data.length === 0 || le !== 0) refuse(sw.wrongLength);
  const file = requireTransparent(memory, selection);
  requireMet(memory, security, lowNibble(file.ac[0]));
  const offset = (p1 << 8) | p2;
  if (offset + data.length > file.size) refuse(sw.outsideFile);
  for (let start = 0; start < data.length; start += pageBytes) {
    const page = data.subarray(start, start + pageBytes);
    memory.write(() => {
      const at = 2 * (offset + start);
      file.dataHex = file.dataHex.slice(0, at) + toHex(page) + file.dataHex.slice(at + 2 * page.length);
    });
  }
}

function requireTransparent(memory: CardMemory, selection: Selection): CardFile {
  const file = memory.getFile(selection.uid);
  if (isDirectory(file)) refuse(sw.noCurrentFile);
  if (!isTransparent(file)) refuse(sw.conditionsNotSatisfied);
  return file;
}

/** Deletes the selected file, of a directory everything in it; its parent is selected then. */
export function deleteFile(memory: CardMemory, security: CardSecurity, selection: Selection, { p1, p2, data, le }: CommandApdu): void {
  if (p1 !== 0 || p2 !== 0) refuse(sw.wrongParameters);
  if (data.length !== 0 || le !== 0) refuse(sw.wrongLength);
  const file = memory.getFile(selection.uid);
  // The two files of every card cannot be deleted, only initialised.
  if (isDirectory(file) && file.prop[1] === 0x02) refuse(sw.conditionsNotSatisfied);
  requireMet(memory, security, highNibble(file.ac[1]));
  deleteTree(memory, file);
  selection.uid = file.parentUid;
}

/** From the leaves up, one write a file. */
export function deleteTree(memory: CardMemory, file: CardFile): void {
  for (const child of childrenOf(memory, file.uid)) deleteTree(memory, child);
  memory.write((state) => {
    state.files = state.files.filter(({ uid }) => uid !== file.uid);
  });
}

interface FileTemplate {
  type?: number;
  fid?: number;
  size?: number;
  sizeTag: number;
  ac: CardFile['ac'];
  prop: CardFile['prop'];
  nameHex: string;
}

const keySizeTypes = [0x11, 0x22];
const creatableTypes = [0x01, 0x38, ...keySizeTypes];
const reservedFids = [0x0000, mfFid, 0x3fff, 0xffff];

/** Creates a file under the current directory and selects it. */
export function createFile(memory: CardMemory, security: CardSecurity, selection: Selection, { p1, p2, data, le }: CommandApdu): void {
  if (p1 !== 0 || p2 !== 0) refuse(sw.wrongParameters);
  if (data.length === 0 || le !== 0) refuse(sw.wrongLength);
  if (data.length < 2 || data[0] !== 0x62 || data[1] !== data.length - 2) refuse(sw.dataInvalid);
  const { type, fid, size, ...rest } = parseTemplate(data.subarray(2));
  if (type === undefined || fid === undefined || size === undefined) refuse(sw.dataInvalid);
  const directory = currentDirectory(memory, selection);
  const isNewDirectory = (type & 0xbf) === 0x38;
  if (isNewDirectory ? rest.sizeTag !== 0x81 : rest.nameHex !== '') refuse(sw.dataInvalid);
  requireMet(memory, security, isNewDirectory ? highNibble(directory.ac[0]) : lowNibble(directory.ac[0]));
  const siblings = childrenOf(memory, directory.uid);
  const isNameTaken = rest.nameHex !== '' && memory.state.files.some(({ nameHex }) => nameHex === rest.nameHex);
  if (isNameTaken || siblings.some((file) => file.fid === fid)) refuse(sw.alreadyExists);
  const used = memory.state.files.reduce((sum, file) => sum + headerBytes + (isDirectory(file) ? 0 : file.size), 0);
  if (used + headerBytes + (isNewDirectory ? 0 : size) > memoryBytes) refuse(sw.noSpace);
  const isKey = keySizeTypes.includes(type & 0xbf);
  const file: CardFile = {
    ...rest,
    uid: memory.state.nextUid,
    parentUid: directory.uid,
    fid,
    type,
    size,
    // The low nibble says whether there is a key and where it comes from: only the card sets it.
    prop: isKey ? [rest.prop[0] & 0xf0, rest.prop[1]] : rest.prop,
    dataHex: isKey || isNewDirectory ? '' : 'FF'.repeat(size),
    privateKeyHex: '',
    parts: {},
  };
  memory.write((state) => {
    state.nextUid += 1;
    state.files.push(file);
  });
  selection.uid = file.uid;
}

function parseTemplate(body: Uint8Array): FileTemplate {
  const template: FileTemplate = { sizeTag: 0x80, ac: [0, 0, 0], prop: [0, 0], nameHex: '' };
  for (let at = 0; at < body.length;) {
    const tag = body[at] ?? 0;
    if (tag === 0x00 || tag === 0xff) {
      at += 1;
      continue;
    }
    const length = body[at + 1] ?? 0;
    const value = body.subarray(at + 2, at + 2 + length);
    if (length === 0 || length > 16 || value.length !== length) refuse(sw.dataInvalid);
    takeField(template, tag, value);
    at += 2 + length;
  }
  return template;
}

function takeField(template: FileTemplate, tag: number, value: Uint8Array): void {
  const [first = 0, second = 0, third = 0] = value;
  const requireLength = (length: number): void => {
    if (value.length !== length) refuse(sw.dataInvalid);
  };
  switch (tag) {
    case 0x80:
    case 0x81:
      if (tag === 0x81 || value.length > 2) requireLength(2);
      if (template.size !== undefined) refuse(sw.dataInvalid);
      template.size = value.length === 1 ? first : (first << 8) | second;
      template.sizeTag = tag;
      if (template.size > largestFileBytes) refuse(sw.dataInvalid);
      return;
    case 0x82:
      if (value.length > 6 || !creatableTypes.includes(first & 0xbf)) refuse(sw.dataInvalid);
      template.type = first;
      return;
    case 0x83:
      requireLength(2);
      template.fid = (first << 8) | second;
      if (reservedFids.includes(template.fid)) refuse(sw.dataInvalid);
      return;
    case 0x84:
      template.nameHex = toHex(value);
      return;
    case 0x85:
      requireLength(2);
      template.prop = [first, second];
      return;
    case 0x86:
      requireLength(3);
      template.ac = [first, second, third];
      return;
    case 0x8a:
      requireLength(1);
      return;
    default:
      refuse(sw.dataInvalid);
  }
}

/** `CA01A1` … `CA01A5`: the children of the current directory, two bytes each. */
export function listFiles(memory: CardMemory, selection: Selection, which: number): Uint8Array {
  const wanted: Record<number, (file: CardFile) => boolean> = {
    0xa1: () => true,
    0xa2: isTransparent,
    0xa3: isDirectory,
    0xa4: ({ type }) => (type & 0xbf) === 0x11,
    0xa5: ({ type }) => (type & 0xbf) === 0x22,
  };
  const files = childrenOf(memory, currentDirectory(memory, selection).uid).filter(wanted[which] ?? (() => false));
  return Uint8Array.from(files.slice(0, 127).flatMap(({ fid }) => [fid >> 8, fid & 0xff]));
}
