import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { formatDate } from '../../../shared/language/dates.ts';
import { barcodeBars } from '../barcode.ts';
import type { CardFacePaper } from '../models.ts';
import type { Templates } from '../templates.ts';

/** CR80 of ISO/IEC 7810 ID-1: 85.60 × 53.98 mm, in points. */
export const cardSize = { width: (85.6 / 25.4) * 72, height: (53.98 / 25.4) * 72 } as const;

const inset = 9;
const photo = { width: 56, height: 72 } as const;
const quiet = '#444444';
const band = '#0b4f6c';

/**
 * Front and back of an Asan ID card, one page each, as the card printer draws them: what is previewed is what is printed. The number is there as text and
 * as a bar code, because the envelope is matched to it by a scanner. Source: PRS-05, PRS-07; issue rule "CR80, front and back, preview equals print"
 */
export function cardFaceDocument(
  paper: CardFacePaper,
  template: Templates['card-face'],
  onPageCount: (count: number) => void,
): TDocumentDefinitions {
  const createdAt = new Date(paper.madeAtMs);
  return {
    pageSize: { width: cardSize.width, height: cardSize.height },
    pageMargins: [0, 0, 0, 0],
    info: { title: `Asan ID ${paper.cardSerial}`, creator: 'Qeyd', producer: 'Qeyd', creationDate: createdAt, modDate: createdAt },
    defaultStyle: { font: 'NotoSans', fontSize: 6.5, lineHeight: 1, color: '#000000' },
    footer: (_page: number, pages: number): Content => {
      onPageCount(pages);
      return { text: '' };
    },
    content: [...front(paper, template), ...back(paper, template)],
  };
}

function at(x: number, y: number, content: Content): Content {
  return { ...(content as object), absolutePosition: { x, y } } as Content;
}

function front(paper: CardFacePaper, template: Templates['card-face']): Content[] {
  const left = inset + photo.width + 9;
  const field = (y: number, label: string, value: string, isStrong = false): Content[] => [
    at(left, y, { text: label, fontSize: 4.6, color: quiet }),
    at(left, y + 5.4, { text: value, fontSize: isStrong ? 8 : 7, bold: isStrong }),
  ];
  const column = (x: number, y: number, label: string, value: string): Content[] => [
    at(x, y, { text: label, fontSize: 4.6, color: quiet }),
    at(x, y + 5.4, { text: value, fontSize: 7, bold: true }),
  ];
  const given = [paper.givenName, paper.fatherName].filter((part) => part !== '').join(' ');
  return [
    at(0, 0, { canvas: [{ type: 'rect', x: 0, y: 0, w: cardSize.width, h: 24, color: band }] }),
    at(inset, 5, { text: template.state, fontSize: 6, bold: true, color: '#ffffff' }),
    at(inset, 13, { text: template.issuer, fontSize: 4.6, color: '#ffffff' }),
    at(cardSize.width - inset - 60, 6, {
      columns: [{ width: 60, text: template.name, fontSize: 10, bold: true, color: '#ffffff', alignment: 'right' }],
    }),
    paper.photo === ''
      ? at(inset, 32, {
          canvas: [{ type: 'rect', x: 0, y: 0, w: photo.width, h: photo.height, lineWidth: 0.5, lineColor: '#888888' }],
        })
      : at(inset, 32, { image: paper.photo, fit: [photo.width, photo.height] }),
    ...field(30, template.labels.surname, paper.surname, true),
    ...field(48, template.labels.givenName, given, true),
    ...column(left, 68, template.labels.fin, paper.fin),
    ...column(left + 78, 68, template.labels.kind, template.kinds[paper.signingKind]),
    ...column(left, 88, template.labels.issuedOn, formatDate(paper.issuedOn)),
    ...column(left + 78, 88, template.labels.validUntilOn, formatDate(paper.validUntilOn)),
    at(inset, 110, { canvas: [{ type: 'line', x1: 0, y1: 0, x2: cardSize.width - 2 * inset, y2: 0, lineWidth: 0.5, lineColor: band }] }),
    at(inset, 114, { text: template.labels.serial, fontSize: 4.6, color: quiet }),
    at(inset, 120, { text: paper.cardSerial, fontSize: 9, bold: true, characterSpacing: 0.6 }),
    ...(paper.organisationName === ''
      ? []
      : [
          at(inset, 134, {
            columns: [{ width: cardSize.width - 2 * inset, text: paper.organisationName, fontSize: 5.4 }],
          }),
        ]),
    ...(paper.isTraining
      ? [
          at(cardSize.width - inset - 90, 114, {
            columns: [{ width: 90, text: template.training, fontSize: 6, bold: true, color: '#a00000', alignment: 'right' }],
          }),
        ]
      : []),
  ];
}

function back(paper: CardFacePaper, template: Templates['card-face']): Content[] {
  const width = cardSize.width - 4 * inset;
  const bars = barcodeBars(paper.cardSerial, width, 30);
  const below = 18 + 30 + 4;
  return [
    { text: '', pageBreak: 'before' },
    at(2 * inset, 18, { canvas: bars }),
    at(0, below, { columns: [{ width: cardSize.width, text: paper.cardSerial, alignment: 'center', fontSize: 8, characterSpacing: 1 }] }),
    at(inset, below + 18, {
      columns: [
        {
          width: cardSize.width - 2 * inset,
          stack: template.notes.map((text): Content => ({ text, fontSize: 5.6, margin: [0, 0, 0, 2.5] })),
        },
      ],
    }),
  ];
}
