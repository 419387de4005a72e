import type { SqlValue } from '../database.ts';

/** A plain page of a damaged file: null when it cannot be believed, undefined when the file has no such page. */
export type ReadPage = (pageNumber: number) => Buffer | null | undefined;

export interface Cell {
  /** Undefined for the rows of tables that are kept in their key's order. */
  readonly rowid: number | bigint | undefined;
  readonly values: readonly SqlValue[];
}

export interface TreePage {
  readonly kind: 'table_leaf' | 'table_inner' | 'index_leaf' | 'index_inner';
  readonly children: readonly number[];
  readonly cells: readonly Cell[];
  /** Rows that begin here and cannot be read to their end. */
  readonly lost: number;
}

const kinds: Readonly<Record<number, TreePage['kind']>> = { 13: 'table_leaf', 5: 'table_inner', 10: 'index_leaf', 2: 'index_inner' };

/** Takes a page of a B-tree apart. Null when it is none (an overflow, free or pointer page). Source: sqlite.org/fileformat2.html */
export function readTreePage(page: Buffer, pageNumber: number, usableBytes: number, readPage: ReadPage): TreePage | null {
  const start = pageNumber === 1 ? 100 : 0;
  const kind = kinds[page[start] ?? 0];
  if (kind === undefined) return null;
  const isInner = kind === 'table_inner' || kind === 'index_inner';
  const count = page.readUInt16BE(start + 3);
  const pointers = start + (isInner ? 12 : 8);
  if (pointers + 2 * count > usableBytes) return null;
  const children: number[] = [];
  const cells: Cell[] = [];
  let lost = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      let at = page.readUInt16BE(pointers + 2 * index);
      if (isInner) {
        children.push(page.readUInt32BE(at));
        at += 4;
      }
      if (kind === 'table_inner') continue;
      const cell = readCell(page, at, kind === 'table_leaf', usableBytes, readPage);
      if (cell === null) lost += 1;
      else cells.push(cell);
    } catch {
      lost += 1;
    }
  }
  if (isInner) children.push(page.readUInt32BE(start + 8));
  return { kind, children, cells, lost };
}

function readCell(page: Buffer, start: number, isTable: boolean, usableBytes: number, readPage: ReadPage): Cell | null {
  const [size, afterSize] = readVarint(page, start);
  const [rowid, at] = isTable ? readVarint(page, afterSize) : [undefined, afterSize];
  const payload = readPayload(page, at, Number(size), isTable, usableBytes, readPage);
  return payload === null
    ? null
    : { rowid: rowid === undefined ? undefined : plainInteger(BigInt.asIntN(64, rowid)), values: readRecord(payload) };
}

function readPayload(page: Buffer, at: number, size: number, isTable: boolean, usableBytes: number, readPage: ReadPage): Buffer | null {
  const most = isTable ? usableBytes - 35 : Math.floor(((usableBytes - 12) * 64) / 255) - 23;
  if (size <= most) return page.subarray(at, at + size);
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usableBytes - 4));
  const local = fitting <= most ? fitting : least;
  const pieces = [page.subarray(at, at + local)];
  let left = size - local;
  let next = page.readUInt32BE(at + local);
  while (left > 0) {
    const overflow = next === 0 ? undefined : readPage(next);
    if (overflow === null || overflow === undefined) return null;
    const piece = overflow.subarray(4, 4 + Math.min(left, usableBytes - 4));
    pieces.push(piece);
    left -= piece.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(pieces);
}

function readRecord(payload: Buffer): SqlValue[] {
  const [headSize, first] = readVarint(payload, 0);
  const values: SqlValue[] = [];
  let at = first;
  let body = Number(headSize);
  while (at < Number(headSize)) {
    const [serial, next] = readVarint(payload, at);
    at = next;
    const [value, length] = readValue(payload, body, Number(serial));
    values.push(value);
    body += length;
  }
  if (body > payload.length) throw new Error('A record is shorter than it says');
  return values;
}

const integerBytes: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 6 };

function readValue(payload: Buffer, at: number, serial: number): readonly [SqlValue, number] {
  if (serial === 0) return [null, 0];
  if (serial === 8 || serial === 9) return [serial - 8, 0];
  if (serial === 7) return [payload.readDoubleBE(at), 8];
  if (serial === 6) return [plainInteger(payload.readBigInt64BE(at)), 8];
  const length = integerBytes[serial];
  if (length !== undefined) return [payload.readIntBE(at, length), length];
  if (serial < 12) throw new Error('An unknown kind of value');
  const size = Math.floor((serial - 12) / 2);
  const bytes = payload.subarray(at, at + size);
  return [serial % 2 === 0 ? Buffer.from(bytes) : bytes.toString('utf8'), size];
}

function plainInteger(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readVarint(bytes: Buffer, start: number): readonly [bigint, number] {
  let value = 0n;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) throw new Error('A page ends in the middle of a number');
    if (index === 8) return [(value << 8n) | BigInt(byte), start + 9];
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return [value, start + index + 1];
  }
  throw new Error('A number without an end');
}
