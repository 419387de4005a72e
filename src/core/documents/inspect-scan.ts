import { scanLimits, type ScanInspection } from './ports.ts';
import { hasActiveContent, hasSafeStructure, isOfTwoKinds } from './scan-content.ts';

/** Why a file is not taken as a scan; the code is one of the contract. */
export class ScanRefusal extends Error {
  readonly code: 'SCAN_KIND_NOT_ALLOWED' | 'SCAN_ENCRYPTED' | 'SCAN_DAMAGED' | 'SCAN_TOO_MANY_PAGES' | 'SCAN_CARRIES_MORE';
  constructor(code: ScanRefusal['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * Says what a file is by its first bytes, never by its name, and that it can be read to its end: a PDF is parsed and its pages counted, an
 * image is decoded. The bytes themselves are kept as they came, because the paper they show is evidence; they are only ever handed on under
 * the type found here. Runs in the paper process.
 */
export async function inspectScan(bytes: Buffer): Promise<ScanInspection> {
  const inspect = findInspection(bytes);
  if (inspect === undefined) throw new ScanRefusal('SCAN_KIND_NOT_ALLOWED');
  if (isOfTwoKinds(bytes)) throw new ScanRefusal('SCAN_CARRIES_MORE');
  return inspect();
}

function findInspection(bytes: Buffer): (() => Promise<ScanInspection>) | undefined {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return () => inspectPdf(bytes);
  if (bytes.subarray(0, 8).equals(pngSignature)) return () => inspectImage(bytes, 'image/png');
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return () => inspectImage(bytes, 'image/jpeg');
  return undefined;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

async function inspectPdf(bytes: Buffer): Promise<ScanInspection> {
  const { PDFDocument, EncryptedPDFError } = await import('@cantoo/pdf-lib');
  if (!hasSafeStructure(bytes)) throw new ScanRefusal('SCAN_DAMAGED');
  let pageCount: number;
  let isActive: boolean;
  try {
    const pdf = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true });
    pageCount = pdf.getPageCount();
    // Walks the page tree: a count without pages behind it is damage.
    for (const page of pdf.getPages()) page.getSize();
    isActive = await hasActiveContent(pdf);
  } catch (error) {
    throw new ScanRefusal(error instanceof EncryptedPDFError || namesEncryption(bytes) ? 'SCAN_ENCRYPTED' : 'SCAN_DAMAGED');
  }
  if (isActive) throw new ScanRefusal('SCAN_CARRIES_MORE');
  if (pageCount < 1) throw new ScanRefusal('SCAN_DAMAGED');
  if (pageCount > scanLimits.maxPages) throw new ScanRefusal('SCAN_TOO_MANY_PAGES');
  return { mediaType: 'application/pdf', pageCount };
}

/** Encrypted object streams look like damage to the parser; the trailer that says so is always in clear text. */
function namesEncryption(bytes: Buffer): boolean {
  return /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/u.test(bytes.toString('latin1'));
}

async function inspectImage(bytes: Buffer, mediaType: 'image/png' | 'image/jpeg'): Promise<ScanInspection> {
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: scanLimits.maxPixels, sequentialRead: true });
    const { format } = await image.metadata();
    if (format !== (mediaType === 'image/png' ? 'png' : 'jpeg')) throw new ScanRefusal('SCAN_DAMAGED');
    await image.timeout({ seconds: 20 }).resize(64, 64, { fit: 'inside' }).raw().toBuffer();
  } catch {
    throw new ScanRefusal('SCAN_DAMAGED');
  }
  return { mediaType, pageCount: 1 };
}
