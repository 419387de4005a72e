import { civilDateAt, formatDateOfficial } from '../../../shared/language/dates.ts';
import { fieldTable, fullName, heading, momentText, paragraph, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { AcceptancePaper } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';
import { holderLine } from './holder-line.ts';

/** F-23: the application for an Asan ID was accepted, and how its applicant hears that the card is ready. Source: AID-13 */
export function acceptanceForm(paper: AcceptancePaper, words: Words, template: Templates['F-23']): FormBody {
  const { data, head } = paper;
  const { contact, organisation } = data;
  const holder = fullName(data.person);
  const label = (key: string): string => wordOf(template.labels, key);
  const isForOrganisation = data.kinds.some((kind) => kind !== 'PER');
  return {
    title: template.title,
    content: [
      ...titleBlock(`${template.title} № ${head.number}`, { subtitle: template.subtitle }),
      paragraph(fill(template.lead, { holder, date: formatDateOfficial(civilDateAt(paper.filedAtMs)) })),
      fieldTable(
        [
          [label('holder'), holder],
          [label('fin'), data.person.fin],
          [label('number'), paper.applicationId],
          [label('filed'), momentText(paper.filedAtMs)],
          [label('kind'), data.kinds.map((kind) => words.kinds[kind]).join(', ')],
          ...(isForOrganisation ? ([[label('organisation'), `${organisation.name}, VÖEN ${organisation.voen}`]] as const) : []),
          [label('certificateForm'), wordOf(template.certificateForm, data.certificateForm)],
          [label('office'), head.officeName],
          [label('notifyBy'), wordOf(template.notifyBy, contact.notifyBy)],
          ...(contact.notifyBy === 'cabinet'
            ? []
            : ([[label('address'), contact.notifyBy === 'email' ? contact.email : contact.phone]] as const)),
        ],
        words,
      ),
      heading(template.nextTitle),
      { ol: template.next.map((text) => ({ text, margin: [0, 0, 0, 2] as [number, number, number, number] })) },
      signatureBlock(
        [
          { title: template.signatures.registrar, name: head.operatorName, hasSeal: true },
          holderLine(data, undefined, { holder: template.signatures.applicant, representative: template.signatures.applicant }, words),
        ],
        words,
      ),
    ],
  };
}
