import type { Content } from 'pdfmake/interfaces.js';
import { civilDateAt, formatDateOfficial } from '../../../shared/language/dates.ts';
import { fieldTable, fullName, heading, listTable, momentText, paragraph, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { RefusalPaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';
import { holderLine } from './holder-line.ts';

/** F-36, refusal (or withdrawal) with the list of documents given back. Source: COM-14, COM-16; Təlimat §8.2 */
export function refusalForm(paper: RefusalPaper, words: Words, template: Templates['F-36']): FormBody {
  const { data, head } = paper;
  const isWithdrawn = paper.reasonCode === 'withdrawn';
  const applicant = fullName(data.person) || words.none;
  const values = {
    date: formatDateOfficial(civilDateAt(paper.refusedAtMs)),
    office: head.officeName,
    applicant,
    fin: data.person.fin || words.none,
  };
  // The documents go back to whoever brought them.
  const receiver = holderLine(data, paper.signer, { holder: template.signatures.applicant }, words);
  const rows: [string, string][] = [];
  if (!isWithdrawn) rows.push([wordOf(template.labels, 'reason'), wordOf(template.reasons, paper.reasonCode)]);
  rows.push([wordOf(template.labels, 'note'), paper.note], [wordOf(template.labels, 'at'), momentText(paper.refusedAtMs)]);
  rows.push([wordOf(template.labels, 'by'), head.operatorName]);
  if (paper.invalidityNote) rows.push([wordOf(template.labels, 'invalidity'), template.invalidityKept]);
  const title = isWithdrawn ? template.titleWithdrawn : template.title;
  return {
    title,
    content: [
      ...titleBlock(title, { subtitle: template.subtitle }),
      paragraph(fill(isWithdrawn ? template.leadWithdrawn : template.lead, values)),
      fieldTable(rows, words),
      heading(template.returnedTitle),
      returnedTable(paper, words, template),
      paragraph(template.rights),
      paragraph(template.received),
      signatureBlock(
        [
          { title: template.signatures.centre, name: head.operatorName, hasSeal: true },
          { ...receiver, name: receiver.name || words.none },
        ],
        words,
      ),
    ],
  };
}

function returnedTable({ returnedDocuments }: RefusalPaper, words: Words, template: Templates['F-36']): Content {
  if (returnedDocuments.length === 0) return paragraph(template.nothingReturned);
  const rows = returnedDocuments.map(({ document, note }, index) => [String(index + 1), words.documents[document] ?? document, note]);
  return listTable(template.columns, rows, [20, '*', 170]);
}
