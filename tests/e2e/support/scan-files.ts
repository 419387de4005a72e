import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** A smallest whole PDF of one empty page, with a cross-reference table that is right. Another mark makes another file. */
export function scanPdf(mark = ''): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${String(index + 1)} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = String(objects.length + 1);
  return Buffer.from(
    `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${String(text.length)}\n%%EOF\n${mark === '' ? '' : `% ${mark}\n`}`,
  );
}

/** The same PDF behind a password, made by an independent program. */
export function encryptedPdf(folder: string): string {
  const plain = join(folder, 'açıq.pdf');
  const locked = join(folder, 'şifrəli.pdf');
  writeFileSync(plain, scanPdf());
  execFileSync('qpdf', ['--encrypt', 'istifadəçi', 'sahib', '256', '--', plain, locked]);
  return locked;
}

/** A file of that size that takes no room on the disk. */
export async function sparseFile(folder: string, name: string, sizeBytes: number): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w');
  await file.truncate(sizeBytes);
  await file.close();
  return path;
}
