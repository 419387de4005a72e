import { constants, inflateSync } from 'node:zlib';
import type { PDFDict, PDFDocument, PDFObject } from '@cantoo/pdf-lib';

/** What a scanned page has no use for: programs, other programs, other files. Source: PDF 32000-1 §12.6, §7.11.4 */
const activeActions = new Set([
  'JavaScript',
  'Launch',
  'ImportData',
  'SubmitForm',
  'GoToE',
  'GoToR',
  'Rendition',
  'Movie',
  'RichMediaExecute',
]);
const activeKeys = ['JavaScript', 'JS', 'EmbeddedFiles', 'EF', 'XFA', 'RichMediaContent'];
const deepest = 60;

/** True when a PDF carries a program, starts one, or holds another file. */
export async function hasActiveContent(pdf: PDFDocument): Promise<boolean> {
  const { PDFArray, PDFDict, PDFName, PDFStream } = await import('@cantoo/pdf-lib');
  const isActive = (dict: PDFDict): boolean => {
    const action = dict.get(PDFName.of('S'));
    if (action instanceof PDFName && activeActions.has(action.decodeText())) return true;
    const type = dict.get(PDFName.of('Type'));
    if (type instanceof PDFName && type.decodeText() === 'EmbeddedFile') return true;
    return activeKeys.some((key) => dict.has(PDFName.of(key)));
  };
  const isWithin = (object: PDFObject, depth: number): boolean => {
    // Nothing that a scanner writes is so deep.
    if (depth > deepest) return true;
    if (object instanceof PDFStream) return isWithin(object.dict, depth + 1);
    if (object instanceof PDFDict) return isActive(object) || object.values().some((value) => isWithin(value, depth + 1));
    return object instanceof PDFArray && object.asArray().some((value) => isWithin(value, depth + 1));
  };
  return pdf.context.enumerateIndirectObjects().some(([, object]) => isWithin(object, 0));
}

/** All that the structure of a PDF of 60 pages unpacks to is far below this. */
const structureMaxBytes = 48 * 1024 * 1024;

/**
 * False when the packed parts that a parser has to unpack (object and reference streams) grow beyond all bounds: they are unpacked here first, each
 * with a limit, because the parser knows none.
 */
export function hasSafeStructure(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  let left = structureMaxBytes;
  for (const found of text.matchAll(/\/(?:ObjStm|XRef)\b/gu)) {
    const begin = text.indexOf('stream', found.index);
    const open = text.lastIndexOf(' obj', found.index);
    if (begin < 0 || begin - found.index > 4096) continue;
    const head = text.slice(Math.max(0, open), begin);
    // One filter: packed twice, a few bytes are gigabytes.
    const filters = head.match(/\/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b/gu) ?? [];
    if (filters.length === 0) continue;
    if (filters.length > 1 || !/Fl/u.test(filters[0] ?? '')) return false;
    const from = begin + 'stream'.length + (text.startsWith('\r\n', begin + 6) ? 2 : 1);
    const until = text.indexOf('endstream', from);
    try {
      left -= inflateSync(bytes.subarray(from, until < 0 ? undefined : until), {
        maxOutputLength: Math.max(1, left),
        finishFlush: constants.Z_SYNC_FLUSH,
      }).length;
    } catch (error) {
      if (error instanceof RangeError) return false;
      // Damage is for the parser to name.
    }
    if (left <= 0) return false;
  }
  return true;
}

const htmlHead = /<(?:!doctype\s+html|html|script|svg|iframe|body)\b/iu;
const headBytes = 1024;
const zipEnd = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const zipEndBytes = 22;

/**
 * True for a file that is two things at once: a page for a browser in its head, or an archive at its end. By its first bytes it would pass as a scan,
 * and as the other in another program's hands.
 */
export function isOfTwoKinds(bytes: Buffer): boolean {
  if (htmlHead.test(bytes.subarray(0, headBytes).toString('latin1'))) return true;
  const tail = bytes.subarray(Math.max(0, bytes.length - 65_535 - zipEndBytes));
  for (let at = tail.indexOf(zipEnd); at >= 0; at = tail.indexOf(zipEnd, at + 1)) {
    if (at + zipEndBytes > tail.length) break;
    const entries = tail.readUInt16LE(at + 10);
    const comment = tail.readUInt16LE(at + 20);
    if (entries > 0 && at + zipEndBytes + comment <= tail.length) return true;
  }
  return false;
}
