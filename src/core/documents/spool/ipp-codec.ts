/**
 * The part of IPP 2.0 (RFC 8010) that a print queue needs: requests with operation and job attributes, answers with groups of attributes.
 * Everything that comes from outside is read with bounds; a message that ends early throws.
 */
export const ippTag = {
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mime: 0x49,
} as const;
export const ippOperation = {
  printJob: 0x0002,
  getJobAttributes: 0x0009,
  getPrinterAttributes: 0x000b,
  cupsGetDefault: 0x4001,
  cupsGetPrinters: 0x4002,
} as const;
export const ippStatus = { notFound: 0x0406 } as const;
const group = { operation: 0x01, job: 0x02, end: 0x03 } as const;

export interface IppAttribute {
  readonly tag: number;
  readonly name: string;
  readonly values: readonly (string | number | boolean)[];
}

export function encodeIppRequest(
  operation: number,
  requestId: number,
  attributes: readonly IppAttribute[],
  jobAttributes: readonly IppAttribute[] = [],
): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x0200, 0);
  head.writeUInt16BE(operation, 2);
  head.writeInt32BE(requestId, 4);
  const standing: IppAttribute[] = [
    { tag: ippTag.charset, name: 'attributes-charset', values: ['utf-8'] },
    { tag: ippTag.language, name: 'attributes-natural-language', values: ['en'] },
  ];
  const parts = [head, Buffer.from([group.operation]), ...[...standing, ...attributes].map(encodeAttribute)];
  if (jobAttributes.length > 0) parts.push(Buffer.from([group.job]), ...jobAttributes.map(encodeAttribute));
  parts.push(Buffer.from([group.end]));
  return Buffer.concat(parts);
}

function encodeAttribute({ tag, name, values }: IppAttribute): Buffer {
  return Buffer.concat(
    values.map((value, index) => {
      // Further values of one attribute carry an empty name.
      const nameBytes = Buffer.from(index === 0 ? name : '', 'ascii');
      const valueBytes = encodeValue(value);
      const out = Buffer.alloc(1 + 2 + nameBytes.byteLength + 2 + valueBytes.byteLength);
      out.writeUInt8(tag, 0);
      out.writeUInt16BE(nameBytes.byteLength, 1);
      nameBytes.copy(out, 3);
      out.writeUInt16BE(valueBytes.byteLength, 3 + nameBytes.byteLength);
      valueBytes.copy(out, 5 + nameBytes.byteLength);
      return out;
    }),
  );
}

function encodeValue(value: string | number | boolean): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 0]);
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value, 0);
  return bytes;
}

export type IppGroup = ReadonlyMap<string, readonly (string | number | boolean)[]>;
export interface IppAnswer {
  readonly status: number;
  /** Groups after the operation group: printers or jobs, in order. */
  readonly groups: readonly IppGroup[];
}

export function decodeIppAnswer(bytes: Buffer): IppAnswer {
  if (bytes.byteLength < 9) throw new RangeError('An IPP answer that is too short');
  const status = bytes.readUInt16BE(2);
  const groups: Map<string, (string | number | boolean)[]>[] = [];
  let current = new Map<string, (string | number | boolean)[]>();
  let name = '';
  let offset = 8;
  while (offset < bytes.byteLength) {
    const tag = bytes.readUInt8(offset);
    offset += 1;
    if (tag === group.end) break;
    if (tag < 0x10) {
      current = new Map();
      if (tag !== group.operation) groups.push(current);
      continue;
    }
    const nameLength = bytes.readUInt16BE(offset);
    if (nameLength > 0) name = bytes.toString('ascii', offset + 2, offset + 2 + nameLength);
    offset += 2 + nameLength;
    const valueLength = bytes.readUInt16BE(offset);
    const end = offset + 2 + valueLength;
    if (end > bytes.byteLength) throw new RangeError('An IPP value that ends after its message');
    const values = current.get(name) ?? [];
    values.push(decodeValue(tag, bytes.subarray(offset + 2, end)));
    current.set(name, values);
    offset = end;
  }
  return { status, groups };
}

function decodeValue(tag: number, bytes: Buffer): string | number | boolean {
  if ((tag === ippTag.integer || tag === ippTag.enum) && bytes.byteLength === 4) return bytes.readInt32BE(0);
  if (tag === ippTag.boolean && bytes.byteLength === 1) return bytes[0] === 1;
  return bytes.toString('utf8');
}
