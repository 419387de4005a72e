import type { Content } from 'pdfmake/interfaces.js';
import type { ApplicationData, IdentityDocument, Person, PowerOfAttorney } from '../../../shared/rules/application-data.ts';
import { listRequiredDocuments } from '../../../shared/rules/document-matrix.ts';
import {
  block,
  dateText,
  fieldTable,
  fullName,
  heading,
  listTable,
  momentText,
  paragraph,
  signatureBlock,
  titleBlock,
  type FormBody,
} from '../layout.ts';
import type { ApplicationPaper, PaperLookUp } from '../models.ts';
import { fill, wordOf, type Templates, type Words } from '../templates.ts';
import { holderLine } from './holder-line.ts';

type Template = Templates['appendix-1'];
type Rows = (readonly [string, string])[];

/** Əlavə 1, filled. The secret answer is never on it, only that it was taken. Source: SIM-01, SIM-07; azerbaijan.md §11 */
export function applicationForm(paper: ApplicationPaper, words: Words, template: Template): FormBody {
  const { data, head } = paper;
  const hasOrganisation = data.organisation.voen !== '' || data.organisation.name !== '';
  const content: Content[] = [
    ...titleBlock(template.title, { annex: template.annex }),
    { text: template.addressee, alignment: 'center', margin: [0, 0, 0, 6] },
    fieldTable(
      [
        [template.officeLabel, head.officeName],
        [template.filed, momentText(paper.filedAtMs)],
      ],
      words,
    ),
    paragraph(template.lead),
    ...block(template.blocks.carrier, fieldTable(carrierRows(data, words, template), words)),
    ...block(template.blocks.use, fieldTable(useRows(data, words, template), words)),
    heading(template.blocks.person),
    fieldTable(
      [...personRows(data.person, words, template), ...documentRows(data.document, words, template), ...contactRows(data, template)],
      words,
    ),
  ];
  if (hasOrganisation) content.push(...block(template.blocks.organisation, fieldTable(organisationRows(data, words, template), words)));
  if (data.representative.isPresent || data.powersOfAttorney.length > 0) {
    content.push(...block(template.blocks.representative, fieldTable(representativeRows(data, words, template), words)));
  }
  content.push(
    ...block(template.blocks.security, fieldTable(securityRows(paper, template), words)),
    ...block(template.blocks.declarations, { ol: declarations(data, words, template), margin: [0, 0, 0, 2] }),
    signatureBlock(applicantSignatures(data, words, template), words),
    heading(template.blocks.office),
    ...officePart(paper, words, template),
  );
  return { title: template.title, content };
}

function securityRows({ data, hasSecretAnswer }: ApplicationPaper, { labels, values }: Template): Rows {
  return [
    [wordOf(labels, 'secretQuestion'), data.secretQuestion],
    [wordOf(labels, 'secretAnswer'), hasSecretAnswer ? values.secretAnswerKept : values.secretAnswerMissing],
    [wordOf(labels, 'notifyBy'), wordOf(values.notifyBy, data.contact.notifyBy)],
  ];
}

function carrierRows(data: ApplicationData, words: Words, { labels, values }: Template): Rows {
  const { carrier } = data;
  const kind = [wordOf(labels, 'carrierKind'), wordOf(values.carrierKind, carrier.kind)] as const;
  if (carrier.kind === 'asan_id') return [kind, [wordOf(labels, 'entitlement'), wordOf(values.entitlement, carrier.entitlement)]];
  const rows: Rows = [
    kind,
    [wordOf(labels, 'phone'), carrier.phone],
    [wordOf(labels, 'iccid'), carrier.iccid],
    [wordOf(labels, 'operator'), carrier.operator === '' ? '' : wordOf(words.operators, carrier.operator)],
    [wordOf(labels, 'connectionForm'), carrier.connectionFormNumber],
    [wordOf(labels, 'corporate'), carrier.isCorporate ? words.yes : words.no],
  ];
  if (carrier.isCorporate) rows.push([wordOf(labels, 'corporateVoen'), carrier.corporateVoen]);
  return rows;
}

function useRows(data: ApplicationData, words: Words, { labels, values }: Template): Rows {
  const purpose = [wordOf(labels, 'purpose'), wordOf(values.purpose, data.purpose)] as const;
  return [
    ...(data.carrier.kind === 'sim' ? [purpose] : []),
    [wordOf(labels, 'category'), wordOf(values.category, data.category)],
    [wordOf(labels, 'kinds'), data.kinds.map((kind) => words.kinds[kind]).join(', ')],
    [wordOf(labels, 'certificateForm'), wordOf(values.certificateForm, data.certificateForm)],
  ];
}

function personRows(person: Person, words: Words, { labels }: Template): Rows {
  return [
    [wordOf(labels, 'surname'), person.surname],
    [wordOf(labels, 'givenName'), person.givenName],
    [wordOf(labels, 'fatherName'), person.fatherName],
    [wordOf(labels, 'fin'), person.fin],
    [wordOf(labels, 'birthOn'), dateText(person.birthOn)],
    [wordOf(labels, 'birthPlace'), person.birthPlace],
    [wordOf(labels, 'sex'), person.sex === '' ? '' : words.sex[person.sex]],
    [wordOf(labels, 'citizenship'), words.citizenships[person.citizenship] ?? person.citizenship],
  ];
}

function documentRows(document: IdentityDocument, words: Words, { labels }: Template): Rows {
  const rows: Rows = [
    [wordOf(labels, 'documentKind'), wordOf(words.identityDocuments, document.kind)],
    [wordOf(labels, 'documentNumber'), document.number],
    [wordOf(labels, 'issuedBy'), document.issuedBy],
    [wordOf(labels, 'issuedOn'), dateText(document.issuedOn)],
    [wordOf(labels, 'validUntil'), document.isUnlimited ? words.unlimited : dateText(document.validUntilOn)],
  ];
  if (document.kind === 'judge') rows.push([wordOf(labels, 'judgeCard'), document.judgeCardNumber]);
  return rows;
}

function contactRows(data: ApplicationData, { labels }: Template): Rows {
  return [
    [wordOf(labels, 'registeredAddress'), data.contact.registeredAddress],
    [wordOf(labels, 'actualAddress'), data.contact.actualAddress],
    [wordOf(labels, 'contactPhone'), data.contact.phone],
    [wordOf(labels, 'email'), data.contact.email],
  ];
}

function organisationRows(data: ApplicationData, words: Words, { labels, values }: Template): Rows {
  const { organisation } = data;
  const rows: Rows = [
    [wordOf(labels, 'voen'), organisation.voen],
    [wordOf(labels, 'organisationName'), organisation.name],
    [wordOf(labels, 'position'), organisation.position],
    [wordOf(labels, 'unit'), organisation.unit],
    [wordOf(labels, 'standing'), organisation.standing === '' ? '' : wordOf(values.standing, organisation.standing)],
    [wordOf(labels, 'bodyKind'), organisation.bodyKind === '' ? '' : wordOf(values.bodyKind, organisation.bodyKind)],
    [wordOf(labels, 'sealAuthority'), organisation.hasSealAuthority ? words.yes : words.no],
  ];
  if (organisation.hasSealAuthority) rows.push([wordOf(labels, 'sealText'), organisation.sealText]);
  rows.push([wordOf(labels, 'signatureScope'), organisation.signatureScope]);
  return rows;
}

function representativeRows(data: ApplicationData, words: Words, template: Template): Rows {
  const { labels } = template;
  const rows: Rows = [];
  if (data.representative.isPresent) {
    const { person, document } = data.representative;
    rows.push([wordOf(labels, 'representativeName'), fullName(person)], [wordOf(labels, 'fin'), person.fin]);
    rows.push([wordOf(labels, 'birthOn'), dateText(person.birthOn)], ...documentRows(document, words, template));
  }
  for (const power of data.powersOfAttorney) rows.push([wordOf(labels, 'power'), powerText(power, template)]);
  return rows;
}

export function powerText(power: PowerOfAttorney, { values }: Pick<Template, 'values'>): string {
  const form = wordOf(values.powerForms, power.form);
  const base = fill(values.power, { form, number: power.number, issuedOn: dateText(power.issuedOn) });
  if (power.certification !== 'notarised') return base;
  return `${base}; ${fill(values.notary, { name: power.notaryName, register: power.notaryRegisterNumber })}`;
}

function declarations(data: ApplicationData, words: Words, template: Template): Content[] {
  const values = { consentVersion: data.consent.textVersion || words.none, consentAt: momentText(data.consent.givenAtMs) || words.none };
  return template.declarations.map((text): Content => ({ text: fill(text, values), margin: [0, 0, 0, 2] }));
}

function applicantSignatures(data: ApplicationData, words: Words, { signatures }: Template): Parameters<typeof signatureBlock>[0] {
  const signer = holderLine(data, undefined, { holder: signatures.applicant, representative: signatures.representative }, words);
  // The head of a legal entity seals his own application. Source: procedures.md §4.3 D-01
  return data.category === 'K3' ? [{ ...signer }, { title: signatures.seal, name: '', hasSeal: true }] : [signer];
}

function officePart(paper: ApplicationPaper, words: Words, template: Template): Content[] {
  const { office } = template;
  const shown = listRequiredDocuments(paper.data).map(({ code }) => {
    const presented = paper.data.presented[code];
    return [
      `${wordOf(words.documents, code)}${presented?.isShown === true ? '' : ' – ' + words.no}`,
      dateText(presented?.validUntilOn ?? '') || words.none,
      presented?.note ?? '',
    ];
  });
  const checks = paper.lookUps.map((lookUp) => [lookUp.system, outcomeText(lookUp, office), momentText(lookUp.atMs)]);
  return [
    paragraph(office.documents),
    listTable(office.documentColumns, shown, ['*', 70, 120]),
    paragraph(office.checks),
    checks.length === 0 ? paragraph(office.noChecks) : listTable(office.checkColumns, checks, [90, '*', 110]),
    signatureBlock([{ title: office.receivedBy, name: paper.head.operatorName }], words),
  ];
}

function outcomeText(lookUp: PaperLookUp, office: Template['office']): string {
  if (lookUp.outcome === 'found') return office.found;
  return lookUp.outcome === 'not_found' ? office.notFound : office.unavailable;
}
