import type { Content } from 'pdfmake/interfaces.js';
import { civilDateAt, formatDate, formatDateOfficial } from '../../../shared/language/dates.ts';
import { block, fullName, listTable, momentText, signatureBlock, titleBlock, type FormBody } from '../layout.ts';
import type { ContractPaper } from '../models.ts';
import { fill, wordOf, type Clause, type Templates, type Words } from '../templates.ts';
import { powerText } from './application.ts';
import { holderLine, signerOf } from './holder-line.ts';

type Template = Templates['appendix-5'];

/** Əlavə 5, the contract on an Asan İmza SIM, and Əlavə 6, on an Asan ID. Source: SIM-12, HND-07, COM-08; content list of E §5; CR-40..CR-42 */
export function contractForm(paper: ContractPaper, words: Words, template: Template, application: Templates['appendix-1']): FormBody {
  const { data, head } = paper;
  const values = valuesOf(paper, words, application);
  const conditions = conditionsOf(paper);
  const content: Content[] = [
    ...titleBlock(`${template.title} № ${head.number}`, { annex: template.annex, subtitle: template.subtitle }),
    {
      columns: [{ text: head.officeName }, { text: formatDateOfficial(civilDateAt(head.preparedAtMs)), alignment: 'right' }],
      margin: [0, 0, 0, 2],
    },
    ...(data.organisation.voen === '' ? [] : [{ text: fill(template.voenLine, values), margin: [0, 0, 0, 2] } satisfies Content]),
    { text: fill(template.intro, values), margin: [0, 6, 0, 4] },
    ...(conditions.has('organisation') ? [{ text: fill(template.introOrganisation, values), margin: [0, 0, 0, 4] } satisfies Content] : []),
    ...(conditions.has('representative')
      ? [{ text: fill(template.introRepresentative, values), margin: [0, 0, 0, 4] } satisfies Content]
      : []),
  ];
  template.sections.forEach((section, index) => {
    const number = index + 1;
    const clauses = textsOf(section.clauses, conditions, values);
    const after = textsOf(section.after ?? [], conditions, values);
    const [first = '', ...others] = numbered(clauses, number, 1);
    content.push(...block(`${number}. ${section.heading}`, first, ...others));
    if (section.table === 'services') content.push(servicesTable(paper, words, template));
    content.push(...numbered(after, number, clauses.length + 1));
  });
  content.push(...block(`${template.sections.length + 1}. ${template.addressesHeading}`, parties(paper, values, words, template)));
  return { title: template.title, content };
}

function textsOf(clauses: readonly Clause[], conditions: ReadonlySet<string>, values: Readonly<Record<string, string>>): string[] {
  return clauses
    .filter((clause) => typeof clause === 'string' || clause.when.some((condition) => conditions.has(condition)))
    .map((clause) => fill(typeof clause === 'string' ? clause : clause.text, values));
}

function numbered(clauses: readonly string[], section: number, first: number): Content[] {
  return clauses.map((text, index): Content => ({ text: `${section}.${first + index}. ${text}`, margin: [0, 0, 0, 2.5] }));
}

function valuesOf({ data, head, card }: ContractPaper, words: Words, application: Templates['appendix-1']): Record<string, string> {
  const orNone = (text: string): string => (text === '' ? words.none : text);
  const power = data.powersOfAttorney.find(({ form }) => form === 'appendix-8') ?? data.powersOfAttorney[0];
  return {
    office: head.officeName,
    operator: head.operatorName,
    holder: fullName(data.person),
    fin: orNone(data.person.fin),
    document: wordOf(words.identityDocuments, data.document.kind),
    documentNumber: orNone(data.document.number),
    organisation: orNone(data.organisation.name),
    voen: orNone(data.organisation.voen),
    position: orNone(data.organisation.position),
    representative: fullName(data.representative.person),
    representativeFin: orNone(data.representative.person.fin),
    power: power === undefined ? words.none : powerText(power, application),
    phone: orNone(data.carrier.phone),
    iccid: orNone(data.carrier.iccid),
    corporateVoen: orNone(data.carrier.corporateVoen),
    cardSerial: orNone(card?.serial ?? ''),
    envelopeNumber: orNone(card?.envelopeNumber ?? ''),
    registeredAddress: orNone(data.contact.registeredAddress),
    actualAddress: orNone(data.contact.actualAddress),
    contactPhone: orNone(data.contact.phone),
    email: orNone(data.contact.email),
    consentVersion: orNone(data.consent.textVersion),
    consentAt: orNone(momentText(data.consent.givenAtMs)),
  };
}

/** Which conditional clauses stand in this contract: what each certificate permits depends on kind and standing. Source: CR-40..CR-42 */
function conditionsOf({ data, certificates, signer }: ContractPaper): ReadonlySet<string> {
  const conditions = new Set<string>([data.certificateForm]);
  const kinds = new Set(certificates.map(({ kind }) => kind));
  for (const kind of kinds) conditions.add(kind);
  if (kinds.has('BUS'))
    conditions.add(
      { K1b: 'BUS-owner', K2: 'BUS-ownerEmployee', K3: 'BUS-head' }[data.category as string] ??
        `BUS-${data.organisation.standing || 'employee'}`,
    );
  if (kinds.has('STA')) conditions.add(data.category === 'K5' ? 'STA-head' : 'STA-employee');
  if (kinds.has('BUS') || kinds.has('STA')) conditions.add('organisation');
  if (signerOf(data, signer) === 'representative') conditions.add('representative');
  if (data.carrier.isCorporate) conditions.add('corporate');
  return conditions;
}

function servicesTable({ certificates }: ContractPaper, words: Words, template: Template): Content {
  const rows = certificates.map((certificate, index) => [
    String(index + 1),
    words.kinds[certificate.kind],
    certificate.serial,
    certificate.voen === '' ? words.none : `${certificate.voen}\n${certificate.organisationName}`,
    `${fill(template.services.from, { from: formatDate(civilDateAt(certificate.notBeforeMs)), until: formatDate(civilDateAt(certificate.notAfterMs)) })}\n${words.validityRules[certificate.validityRule]}`,
  ]);
  return listTable(template.services.columns, rows, [16, 82, 112, '*', 112], 8.5);
}

function parties(
  { data, head, signer }: ContractPaper,
  values: Readonly<Record<string, string>>,
  words: Words,
  template: Template,
): Content {
  const { signatures, centreParty, holderParty } = template;
  const lines = (texts: readonly string[]): string[] => texts.map((text) => fill(text, values));
  const holder = holderLine(data, signer, signatures, words);
  return signatureBlock(
    [
      { title: signatures.centre, name: head.operatorName, lines: lines(centreParty.lines), hasSeal: true },
      { ...holder, lines: [...lines(holderParty.lines), ...(holder.lines ?? [])] },
    ],
    words,
  );
}
