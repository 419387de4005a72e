import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaperModel } from '../../../src/core/documents/ports.ts';
import { createPaperRenderer } from '../../../src/core/documents/renderer.ts';
import { sampleData } from './sample-case.ts';
import { application, contract, everyForm } from './sample-forms.ts';

/**
 * The program reaches into pdfmake and pdfkit to make papers fast. Here every form is made by pdfmake as it comes and then the fast way, and an
 * independent reader compares the two, so that another version of either library cannot move a word unnoticed.
 */
const models: readonly (readonly [string, PaperModel])[] = [
  ...everyForm.map((model): [string, PaperModel] => [model.form, model]),
  ['appendix-5, second copy', contract(2)],
  ['appendix-1, no organisation', { ...application, data: sampleData({ category: 'K1', kinds: ['PER'], organisation: {} }) }],
];
const assets = path.join(import.meta.dirname, '../../../assets');
const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-fast-forms-'));
const files = new Map<string, { readonly slow: string; readonly fast: string }>();

/** Words may differ by what a PDF's numbers are rounded to: a hundredth of a millimetre. */
const pointsApart = 0.03;

beforeAll(async () => {
  // In this order: a process whose pdfmake was made fast stays so.
  const slow = createPaperRenderer(assets, { isFast: false });
  const slowFiles: string[] = [];
  for (const [index, [, model]] of models.entries()) slowFiles.push(save(`slow-${index}`, (await slow(model)).bytes));
  const fast = createPaperRenderer(assets);
  for (const [index, [name, model]] of models.entries()) {
    files.set(name, { slow: slowFiles[index] ?? '', fast: save(`fast-${index}`, (await fast(model)).bytes) });
  }
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function save(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, `${name}.pdf`);
  writeFileSync(file, bytes);
  return file;
}
function filesOf(name: string): { readonly slow: string; readonly fast: string } {
  const found = files.get(name);
  if (found === undefined) throw new Error(`No paper ${name}`);
  return found;
}
const names = models.map(([name]) => name);

interface PlacedWord {
  readonly text: string;
  readonly place: readonly number[];
}

/** Every word with its page and its box, in reading order. */
function wordsOf(file: string): PlacedWord[] {
  const html = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return html.split('<page ').flatMap((page, number) =>
    [...page.matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/gu)].map(([, ...found]) => ({
      text: found[4] ?? '',
      place: [number * 10_000, ...found.slice(0, 4).map(Number)],
    })),
  );
}

/** Every page as grey points, one byte each. */
function pictureOf(file: string): Buffer {
  return execFileSync('pdftoppm', ['-r', '100', '-gray', file], { maxBuffer: 1 << 28 });
}

/** How many pieces of text the file's pages are put together from. */
function textObjectsOf(file: string): number {
  const plain = execFileSync('qpdf', ['--qdf', '--object-streams=disable', file, '-'], { encoding: 'latin1', maxBuffer: 1 << 28 });
  return plain.match(/^BT$/gmu)?.length ?? 0;
}

describe('a paper made fast', () => {
  it.each(names)('%s: the same words stand in the same places', (name) => {
    const { slow, fast } = filesOf(name);
    const [expected, found] = [wordsOf(slow), wordsOf(fast)];
    expect(expected.length).toBeGreaterThan(50);
    expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
    const moved = found.filter(({ place }, index) =>
      place.some((at, axis) => Math.abs(at - (expected[index]?.place[axis] ?? NaN)) > pointsApart),
    );
    expect(moved).toEqual([]);
  });

  it.each(names)('%s: the pages look the same', (name) => {
    const { slow, fast } = filesOf(name);
    const [expected, found] = [pictureOf(slow), pictureOf(fast)];
    expect(found.length).toBe(expected.length);
    let different = 0;
    for (let at = 0; at < found.length; at += 1) if (Math.abs((found[at] ?? 0) - (expected[at] ?? 0)) > 96) different += 1;
    // The edge of a letter may fall on the other side of a point.
    expect(different / found.length).toBeLessThan(0.000_1);
  });

  it('really is put together from fewer pieces: the places it reaches into are still there', () => {
    const { slow, fast } = filesOf('appendix-5');
    expect(textObjectsOf(slow)).toBeGreaterThan(500);
    expect(textObjectsOf(fast)).toBeLessThan(textObjectsOf(slow) / 3);
  });
});
