import type { Content } from 'pdfmake/interfaces.js';
import { civilDateAt, formatDate, formatDateOfficial } from '../../../shared/language/dates.ts';
import { fieldTable, fullName, heading, listTable, paragraph, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { ActivationPaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';
import { holderLine } from './holder-line.ts';

/** Əlavə 10, the notice of activation: table of certificates with the rule of their end, and the User ID. A card has no User ID. Source: SIM-17, HND-10; CR-06; C-37 */
export function activationForm(paper: ActivationPaper, words: Words, template: Templates['appendix-10']): FormBody {
  const { data, head, certificates, signer, userId, card } = paper;
  const holder = fullName(data.person);
  const rows = certificates.map((certificate, index) => [
    String(index + 1),
    words.kinds[certificate.kind],
    certificate.serial,
    certificate.voen === '' ? words.none : certificate.voen,
    formatDate(civilDateAt(certificate.notBeforeMs)),
    `${formatDate(civilDateAt(certificate.notAfterMs))}\n${words.validityRules[certificate.validityRule]}`,
  ]);
  return {
    title: template.title,
    content: [
      ...titleBlock(template.title, { annex: template.annex }),
      paragraph(fill(template.lead, { holder, date: formatDateOfficial(civilDateAt(head.preparedAtMs)) })),
      fieldTable(
        [
          [wordOf(template.labels, 'holder'), holder],
          [wordOf(template.labels, 'fin'), data.person.fin],
          ...(card === undefined
            ? ([
                [wordOf(template.labels, 'phone'), data.carrier.phone],
                [wordOf(template.labels, 'iccid'), data.carrier.iccid],
              ] as const)
            : ([[wordOf(template.labels, 'card'), card.serial]] as const)),
        ],
        words,
      ),
      listTable(template.columns, rows, [16, '*', 122, 62, 68, 84]),
      ...(userId === '' ? [] : [userIdBlock(userId, template)]),
      heading(template.rulesTitle),
      {
        ol: (card === undefined ? template.rules : template.rulesOfCard).map((text) => ({
          text,
          margin: [0, 0, 0, 2] as [number, number, number, number],
        })),
      },
      signatureBlock(
        [
          { title: template.signatures.centre, name: head.operatorName, hasSeal: true },
          holderLine(data, signer, { holder: template.signatures.holder, representative: template.signatures.holder }, words),
        ],
        words,
      ),
    ],
  };
}

function userIdBlock(userId: string, template: Templates['appendix-10']): Content {
  return {
    unbreakable: true,
    margin: [0, 6, 0, 6],
    stack: [
      { text: [`${template.userId}: `, { text: userId, bold: true, fontSize: 16, characterSpacing: 2 }] },
      { text: template.userIdNote, fontSize: 9, margin: [0, 2, 0, 0] },
    ],
  };
}
