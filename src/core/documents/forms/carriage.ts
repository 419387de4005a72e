import type { Content } from 'pdfmake/interfaces.js';
import { heading, fieldTable, listTable, momentText, paragraph, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { CarriagePaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';

/** Delivery acts and registers of what travels with a courier. Source: procedures.md §12 F-24..F-29; J-06, J-07 */
export function carriageForm(paper: CarriagePaper, words: Words, template: Templates[CarriagePaper['form']]): FormBody {
  const { labels } = template;
  const facts: [string, string][] = [
    [wordOf(labels, 'package'), paper.packageNumber],
    [wordOf(labels, 'from'), paper.fromName],
    [wordOf(labels, 'to'), paper.toName],
    [wordOf(labels, 'courier'), paper.courierName],
    [wordOf(labels, 'courierFin'), paper.courierFin],
    [wordOf(labels, 'dispatchedAt'), momentText(paper.dispatchedAtMs)],
  ];
  const rows = paper.rows.map((row, index) => [
    String(index + 1),
    row.cardSerial === '' ? words.none : row.cardSerial,
    row.envelopeNumber === '' ? words.none : row.envelopeNumber,
    row.note === '' ? words.none : wordOf(template.notes, row.note),
  ]);
  const cards = paper.rows.filter(({ cardSerial }) => cardSerial !== '').length;
  const envelopes = paper.rows.filter(({ envelopeNumber }) => envelopeNumber !== '').length;
  const nameOf = { giver: paper.giver, courier: paper.courierName, receiver: paper.receiver };
  return {
    title: template.title,
    content: [
      ...titleBlock(`${template.title} №\u00A0${paper.head.number}`, { subtitle: template.subtitle }),
      paragraph(template.lead),
      fieldTable(facts, words, 170),
      heading(template.total),
      rows.length === 0 ? paragraph(template.empty) : listTable(template.columns, rows, [28, 150, 130, '*']),
      paragraph(fill(template.closing, { cards, envelopes })),
      ...spoiltLines(paper, template),
      signatureBlock(
        template.signatures.map(({ who, title }) => ({ title, name: nameOf[who] })),
        words,
      ),
    ],
  };
}

/** Source: issue rule "spoilt cards accounted for with reason" */
function spoiltLines(paper: CarriagePaper, template: Templates[CarriagePaper['form']]): Content[] {
  if (!('spoilt' in template)) return [];
  const { title, columns, reasons, total } = template.spoilt;
  const lines = paper.spoilt ?? [];
  const rows = lines.map((line, index) => [String(index + 1), line.cardSerial, wordOf(reasons, line.reason)]);
  return [
    ...(rows.length === 0 ? [] : [heading(title), listTable(columns, rows, [28, 150, '*'])]),
    paragraph(fill(total, { n: lines.length })),
  ];
}
