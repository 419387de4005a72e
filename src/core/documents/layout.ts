import type { Column, Content, ContentTable, CustomTableLayout, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { formatDate, formatDateTime } from '../../shared/language/dates.ts';
import { printedFullName } from '../../shared/rules/names.ts';
import { barcodeBars } from './barcode.ts';
import type { PaperHead } from './models.ts';
import { fill, type Words } from './templates.ts';

/** What all forms share: the frame of a page, tables of fields, headings, signature lines. Points; A4 unless said otherwise. */
export const ink = '#000000';
const grey = '#555555';
const margins: [number, number, number, number] = [56, 80, 42, 52];

export interface FormBody {
  readonly title: string;
  readonly content: Content[];
  readonly isLandscape?: boolean;
}

/** Hairlines that survive a copier. */
export const tableLayouts: Record<string, CustomTableLayout> = {
  grid: {
    hLineWidth: () => 0.5,
    vLineWidth: () => 0.5,
    hLineColor: () => '#777777',
    vLineColor: () => '#777777',
    paddingLeft: () => 5,
    paddingRight: () => 5,
    paddingTop: () => 2.5,
    paddingBottom: () => 2.5,
  },
};

/**
 * The frame of every page: who made it, the number, the copy mark and the bar code above; number and "Səhifə x / y" below.
 * The bar code holds number and copy, so a scanned sheet names itself.
 */
export function documentOf(head: PaperHead, body: FormBody, words: Words, onPageCount: (count: number) => void): TDocumentDefinitions {
  const createdAt = new Date(head.preparedAtMs);
  const number = fill(words.documentNumber, { number: head.number });
  const copyMark = head.copies > 1 ? fill(words.copyMark, { copy: head.copy, copies: head.copies }) : '';
  const bars = barcodeBars(barcodeText(head), 150, 16);
  const width = body.isLandscape === true ? 842 : 595;
  return {
    pageSize: 'A4',
    pageOrientation: body.isLandscape === true ? 'landscape' : 'portrait',
    pageMargins: margins,
    language: 'az',
    displayTitle: true,
    info: {
      title: `${head.number} ${body.title}`,
      author: words.centre,
      creator: 'Qeyd',
      producer: 'Qeyd',
      creationDate: createdAt,
      modDate: createdAt,
    },
    defaultStyle: { font: 'NotoSans', fontSize: 9.5, lineHeight: 1.08, color: ink },
    header: (): Content => ({
      margin: [margins[0], 22, margins[2], 0],
      columns: [
        {
          width: '*',
          stack: [
            { text: words.centre, bold: true, fontSize: 9 },
            { text: head.officeName, fontSize: 8, color: grey },
            ...trainingLine(head, words),
          ],
        },
        {
          width: 170,
          stack: [
            // pdfmake moves what it is given, so every page gets bars of its own.
            { canvas: bars.map((bar) => ({ ...bar })), alignment: 'right' },
            {
              text: [{ text: number, bold: true }, copyMark === '' ? '' : `   ${copyMark}`],
              fontSize: 8,
              alignment: 'right',
              margin: [0, 2, 0, 0],
            },
          ],
        },
      ],
    }),
    footer: (page: number, pages: number): Content => {
      onPageCount(pages);
      return {
        margin: [margins[0], 14, margins[2], 0],
        stack: [
          { canvas: [{ type: 'line', x1: 0, y1: 0, x2: width - margins[0] - margins[2], y2: 0, lineWidth: 0.5, lineColor: '#777777' }] },
          {
            margin: [0, 4, 0, 0],
            fontSize: 8,
            color: grey,
            columns: [
              { text: copyMark === '' ? number : `${number}   ${copyMark}` },
              { text: fill(words.page, { page, pages }), alignment: 'right' },
            ],
          },
        ],
      };
    },
    content: body.content,
  };
}

/** What the bar code says: number and copy. */
export function barcodeText(head: PaperHead): string {
  return `${head.number}/${head.copy}`;
}

function trainingLine(head: PaperHead, words: Words): Content[] {
  return head.isTraining ? [{ text: words.training, fontSize: 8, bold: true, color: '#a00000' }] : [];
}

export function titleBlock(title: string, options: { annex?: string; subtitle?: string } = {}): Content[] {
  const blocks: Content[] = [];
  if (options.annex !== undefined) blocks.push({ text: options.annex, alignment: 'right', bold: true, margin: [0, 0, 0, 6] });
  blocks.push({ text: title, alignment: 'center', bold: true, fontSize: 13, margin: [0, 4, 0, 2] });
  if (options.subtitle !== undefined) blocks.push({ text: options.subtitle, alignment: 'center', fontSize: 10, margin: [0, 0, 0, 6] });
  return blocks;
}

export function heading(text: string): Content {
  return { text, bold: true, fontSize: 10, margin: [0, 8, 0, 3], headlineLevel: 1 };
}

/** A heading that never stands alone at the foot of a page. */
export function block(title: string, first: Content, ...rest: Content[]): Content[] {
  return [{ unbreakable: true, stack: [heading(title), first] }, ...rest];
}

export function paragraph(text: string): Content {
  return { text, margin: [0, 0, 0, 4] };
}

/** Name and value in two columns; a row without a value shows a dash, so nobody can write it in later. */
export function fieldTable(rows: readonly (readonly [string, string])[], words: Words, labelWidth = 190): ContentTable {
  return {
    layout: 'grid',
    margin: [0, 0, 0, 4],
    table: {
      widths: [labelWidth, '*'],
      dontBreakRows: true,
      body: rows.map(([label, value]): TableCell[] => [
        { text: label, color: grey, fontSize: 9 },
        { text: value === '' ? words.none : value },
      ]),
    },
  };
}

/** A table with a head that is repeated on every page. */
export function listTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  widths: (number | string)[],
  fontSize = 9,
): ContentTable {
  return {
    layout: 'grid',
    margin: [0, 0, 0, 6],
    fontSize,
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths,
      body: [
        columns.map((text): TableCell => ({ text, bold: true, fillColor: '#eeeeee' })),
        ...rows.map((row) => row.map((text): TableCell => ({ text }))),
      ],
    },
  };
}

export interface Signatory {
  readonly title: string;
  readonly name: string;
  readonly lines?: readonly string[];
  readonly hasSeal?: boolean;
}

/** Lines to sign on, side by side, kept on one page; `M.Y.` marks the place of the seal. */
export function signatureBlock(signatories: readonly Signatory[], words: Words): Content {
  return {
    unbreakable: true,
    margin: [0, 10, 0, 0],
    columnGap: 24,
    columns: signatories.map((signatory): Column => ({
      width: '*',
      stack: [
        { text: signatory.title, bold: true, margin: [0, 0, 0, 2] },
        ...(signatory.lines ?? []).map((line): Content => ({ text: line, fontSize: 9 })),
        { text: signatory.name, margin: [0, 2, 0, 18] },
        { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 150, y2: 0, lineWidth: 0.6 }] },
        { text: `(${words.signature})`, fontSize: 7.5, color: grey, margin: [0, 1, 0, 0] },
        { text: `${words.date}: “____” ________________ 20___`, fontSize: 9, margin: [0, 8, 0, 0] },
        ...(signatory.hasSeal === true ? [{ text: words.sealPlace, bold: true, margin: [0, 12, 0, 24] } satisfies Content] : []),
      ],
    })),
  };
}

/** A civil date as forms write it, or nothing. */
export function dateText(on: string): string {
  return on === '' ? '' : formatDate(on);
}

export function momentText(atMs: number): string {
  return atMs === 0 ? '' : formatDateTime(atMs);
}

export const fullName = printedFullName;
