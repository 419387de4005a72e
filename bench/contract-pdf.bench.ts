import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { quantile, ratioAtLeast, type Figure } from './bench.ts';
import { startPaperProcess } from '../tests/integration/paper/paper-process.ts';
import { sampleCertificates, sampleData, sampleHead } from '../tests/integration/paper/sample-case.ts';

const chromiumPath = '/usr/bin/chromium';
const rounds = 40;
/** Other work on the machine lengthens single samples of either side; the lower quartile is what is left of it. */
const lowerQuartile = 0.25;
/** Both sides run compiled code when they are warm. */
const warmUpRounds = 15;
const coldRounds = 5;

const small = 'font:8px sans-serif;width:100%;margin:0 15mm 0 20mm';
const headerTemplate = `<div style="${small}">Asan Sertifikat Xidmətləri Mərkəzi, Sənəd № BAK1-01-2026-000001, Nüsxə 1/2</div>`;
const footerTemplate = `<div style="${small}">Səhifə <span class="pageNumber"></span> / <span class="totalPages"></span></div>`;

/**
 * One copy of the contract, from the core's call to the bytes back in the core, against Chromium printing the same text with the same font file and
 * a line above and below each page: a new process each time (cold) and a page that is already open (warm). Taken in turns in one run.
 */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-'));
  const paper = await startPaperProcess();
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    let sequence = 0;
    const contract = async (): Promise<Uint8Array> => {
      sequence += 1;
      const head = sampleHead(`BAK1-01-2026-${String(sequence).padStart(6, '0')}`, 1, 2);
      const rendered = await paper.worker.render({ form: 'appendix-5', head, data: sampleData(), certificates: sampleCertificates });
      if (!rendered.ok) throw new Error(rendered.failure.code);
      return rendered.value.bytes;
    };
    const html = path.join(folder, 'contract.html');
    writeFileSync(html, pageOf(await contract(), folder));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(html).href);
    await page.evaluate(() => document.fonts.ready.then(() => null));
    const print = (): Promise<unknown> =>
      page.pdf({
        format: 'A4',
        displayHeaderFooter: true,
        headerTemplate,
        footerTemplate,
        margin: { top: '26mm', bottom: '18mm', left: '20mm', right: '15mm' },
      });
    const cold = (): Promise<void> => {
      const args = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${path.join(folder, 'profile')}`,
        `--print-to-pdf=${path.join(folder, 'cold.pdf')}`,
        pathToFileURL(html).href,
      ];
      execFileSync(chromiumPath, args, { stdio: 'ignore' });
      return Promise.resolve();
    };
    for (let index = 0; index < warmUpRounds; index += 1) {
      await contract();
      await print();
    }
    const ours: number[] = [];
    const warm: number[] = [];
    const colds: number[] = [];
    for (let index = 0; index < rounds; index += 1) {
      ours.push(await timed(contract));
      warm.push(await timed(print));
      if (index % Math.ceil(rounds / coldRounds) === 0) colds.push(await timed(cold));
    }
    const oursMs = quantile(ours, lowerQuartile);
    return [
      ratioAtLeast('contract PDF against a cold Chromium', oursMs, 'ms', quantile(colds, lowerQuartile) / oursMs, 5),
      ratioAtLeast('contract PDF against a warm Chromium page', oursMs, 'ms', quantile(warm, lowerQuartile) / oursMs, 1, 'aim 2'),
    ];
  } finally {
    await browser.close();
    await paper.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of the contract as a page with the same typeface. */
function pageOf(contract: Uint8Array, folder: string): string {
  const file = path.join(folder, 'contract.pdf');
  writeFileSync(file, contract);
  const text = execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' });
  const fontFace = (weight: number, name: string): string => {
    const font = readFileSync(path.join(import.meta.dirname, '../assets/fonts', `noto-sans-${name}.ttf`)).toString('base64');
    return `@font-face{font-family:N;font-weight:${weight};src:url(data:font/ttf;base64,${font})}`;
  };
  const paragraphs = text
    .split(/\n\s*\n/u)
    .map((block) => `<p>${block.replace(/[&<>]/gu, (sign) => `&#${sign.charCodeAt(0)};`)}</p>`)
    .join('\n');
  return `<!doctype html><meta charset="utf-8"><style>${fontFace(400, 'regular')}${fontFace(700, 'bold')}body{font:9.5pt N}p{margin:0 0 3pt}</style>${paragraphs}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
