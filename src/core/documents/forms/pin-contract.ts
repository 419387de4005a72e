import { civilDateAt, formatDateOfficial } from '../../../shared/language/dates.ts';
import { block, fieldTable, fullName, momentText, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { PinContractPaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';

/** F-21, the contract on changing the codes of an Asan ID: the centre signs and seals both copies, then the holder. Source: PIN-07, PIN-08, C-13 */
export function pinContractForm(paper: PinContractPaper, words: Words, template: Templates['F-21']): FormBody {
  const { head, person } = paper;
  const values = { office: head.officeName, holder: fullName(person), fin: person.fin, card: paper.cardSerial };
  const facts: [string, string][] = [
    [wordOf(template.labels, 'holder'), values.holder],
    [wordOf(template.labels, 'fin'), person.fin],
    [wordOf(template.labels, 'document'), `${wordOf(words.identityDocuments, paper.document.kind)} ${paper.document.number}`],
    [wordOf(template.labels, 'card'), paper.cardSerial],
    [wordOf(template.labels, 'filedAt'), momentText(paper.filedAtMs)],
  ];
  return {
    title: template.title,
    content: [
      ...titleBlock(`${template.title} № ${head.number}`, { subtitle: template.subtitle }),
      {
        columns: [{ text: head.officeName }, { text: formatDateOfficial(civilDateAt(head.preparedAtMs)), alignment: 'right' }],
        margin: [0, 0, 0, 4],
      },
      { text: fill(template.intro, values), margin: [0, 4, 0, 6] },
      fieldTable(facts, words),
      ...template.sections.flatMap(({ heading, clauses }, index) => {
        const [first = '', ...others] = clauses.map((clause, at) => ({
          text: `${index + 1}.${at + 1}. ${fill(clause, values)}`,
          margin: [0, 0, 0, 2.5] as [number, number, number, number],
        }));
        return block(`${index + 1}. ${heading}`, first, ...others);
      }),
      signatureBlock(
        [
          { title: template.signatures.centre, name: head.operatorName, lines: [head.officeName], hasSeal: true },
          { title: template.signatures.holder, name: values.holder, lines: [person.fin] },
        ],
        words,
      ),
    ],
  };
}
