/**
 * The little of DER that a card's files and a certification request need: tags of one byte, lengths up to 65,535. A library would be forty times as
 * long as this and its objects would hold copies of what is written.
 */
export type Bytes = Uint8Array | readonly number[];

export function concat(...parts: readonly Bytes[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One element: tag, length, and the contents one after the other. */
export function tlv(tag: number, ...contents: readonly Bytes[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  if (length > 0xffff) throw new RangeError(`${length} bytes do not fit in one element`);
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return concat(head, ...contents);
}

export const sequence = (...contents: readonly Bytes[]): Uint8Array => tlv(0x30, ...contents);
export const set = (...contents: readonly Bytes[]): Uint8Array => tlv(0x31, ...contents);
export const octets = (contents: Bytes): Uint8Array => tlv(0x04, contents);
export const objectId = (contents: Bytes): Uint8Array => tlv(0x06, contents);
/** Latin letters, digits and a few signs. */
export const printable = (text: string): Uint8Array => tlv(0x13, new TextEncoder().encode(text));
export const utf8 = (text: string): Uint8Array => tlv(0x0c, new TextEncoder().encode(text));

/** A whole number from zero up, given by its bytes, most significant first. */
export function unsignedInteger(bytes: Bytes): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const trimmed = bytes.slice(from);
  return (trimmed[0] ?? 0) >= 0x80 ? tlv(0x02, [0], trimmed) : tlv(0x02, trimmed);
}

export function smallInteger(value: number): Uint8Array {
  return unsignedInteger(value < 0x100 ? [value] : [value >> 8, value & 0xff]);
}

/** Named bits, given as they stand in the encoding; `unused` is the number of bits left over at the end. */
export const bits = (unused: number, contents: Bytes): Uint8Array => tlv(0x03, [unused], contents);

export interface Element {
  readonly tag: number;
  readonly value: Uint8Array;
  /** Tag, length and value as they stood there. */
  readonly whole: Uint8Array;
}

/** The element that begins at `at`; undefined when there is no whole one. */
export function findElement(bytes: Uint8Array, at = 0): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first >= 0x80 && (lengthBytes === 0 || lengthBytes > 2)) return undefined;
  let length = lengthBytes === 0 ? first : 0;
  for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  const from = at + 2 + lengthBytes;
  if (from + length > bytes.length) return undefined;
  return { tag, value: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) };
}

/** The elements that stand one after the other; ends at the first byte that begins none (zeros fill up the files of a card). */
export function listElements(bytes: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  let at = 0;
  while (bytes[at] !== undefined && bytes[at] !== 0) {
    const element = findElement(bytes, at);
    if (element === undefined) break;
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** Goes down by tags: of each level the first element with the tag. */
export function findPath(bytes: Uint8Array, ...tags: readonly number[]): Uint8Array | undefined {
  let level: Uint8Array | undefined = bytes;
  for (const tag of tags) {
    if (level === undefined) return undefined;
    level = listElements(level).find((element) => element.tag === tag)?.value;
  }
  return level;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
