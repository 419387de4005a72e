import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * The wording of the forms, read from `assets/templates`. An office may change it; a file with a missing or misspelled part stops the form
 * with an error in place of printing a paper with a hole in it.
 */
const text = z.string();
const texts = z.array(text);
const record = z.record(text, text);

export const wordsSchema = z.object({
  centre: text,
  documentNumber: text,
  copyMark: text,
  page: text,
  training: text,
  none: text,
  yes: text,
  no: text,
  unlimited: text,
  sealPlace: text,
  signature: text,
  fullName: text,
  date: text,
  sex: z.object({ M: text, F: text }),
  kinds: z.object({ AUT: text, PER: text, BUS: text, STA: text }),
  kindsQuoted: z.object({ AUT: text, PER: text, BUS: text, STA: text }),
  identityDocuments: record,
  /** By ICAO code; a country that is not named here is printed by its code. */
  citizenships: record,
  operators: record,
  documents: record,
  validityRules: z.object({ three_years: text, sim_service_term: text }),
  /** Over the line of whoever signs for the holder, and the power by which he does. */
  representative: text,
  byPower: text,
});
export type Words = z.infer<typeof wordsSchema>;

export const clauseSchema = z.union([text, z.object({ when: texts.min(1), text })]);
export type Clause = z.infer<typeof clauseSchema>;

const carriageSchema = z.object({
  title: text,
  subtitle: text,
  lead: text,
  labels: record,
  columns: texts.length(4),
  notes: record,
  total: text,
  empty: text,
  closing: text,
  /** Who signs, in their order: `giver`, `courier`, `receiver`. */
  signatures: z
    .array(z.object({ who: z.enum(['giver', 'courier', 'receiver']), title: text }))
    .min(2)
    .max(3),
});

/** Əlavə 5 and Əlavə 6. */
const contractSchema = z.object({
  annex: text,
  title: text,
  subtitle: text,
  voenLine: text,
  intro: text,
  introOrganisation: text,
  introRepresentative: text,
  sections: z.array(
    z.object({
      heading: text,
      clauses: z.array(clauseSchema),
      table: z.literal('services').optional(),
      after: z.array(clauseSchema).optional(),
    }),
  ),
  addressesHeading: text,
  services: z.object({ columns: texts.length(5), from: text }),
  centreParty: z.object({ lines: texts }),
  holderParty: z.object({ lines: texts }),
  signatures: z.object({ centre: text, holder: text, representative: text }),
});

export const templateSchemas = {
  'appendix-1': z.object({
    annex: text,
    title: text,
    addressee: text,
    lead: text,
    filed: text,
    office: z.object({
      receivedBy: text,
      documents: text,
      checks: text,
      documentColumns: texts.length(3),
      checkColumns: texts.length(3),
      found: text,
      notFound: text,
      unavailable: text,
      noChecks: text,
    }),
    blocks: z.object({
      carrier: text,
      use: text,
      person: text,
      organisation: text,
      representative: text,
      security: text,
      declarations: text,
      office: text,
    }),
    labels: record,
    values: z.object({
      carrierKind: record,
      entitlement: record,
      purpose: record,
      category: record,
      certificateForm: record,
      standing: record,
      bodyKind: record,
      notifyBy: record,
      power: text,
      powerForms: record,
      notary: text,
      secretAnswerKept: text,
      secretAnswerMissing: text,
    }),
    declarations: texts,
    signatures: z.object({ applicant: text, representative: text, registrar: text, seal: text }),
    officeLabel: text,
  }),
  'appendix-5': contractSchema,
  'appendix-6': contractSchema,
  'F-23': z.object({
    title: text,
    subtitle: text,
    lead: text,
    labels: record,
    notifyBy: record,
    certificateForm: record,
    nextTitle: text,
    next: texts,
    signatures: z.object({ registrar: text, applicant: text }),
  }),
  'F-20': z.object({
    title: text,
    subtitle: text,
    lead: text,
    labels: record,
    values: z.object({ carrier: record, issuer: text }),
    notes: texts,
    signatures: z.object({ centre: text, holder: text }),
  }),
  'appendix-10': z.object({
    annex: text,
    title: text,
    lead: text,
    labels: record,
    columns: texts.length(6),
    userId: text,
    userIdNote: text,
    rulesTitle: text,
    rules: texts,
    rulesOfCard: texts,
    signatures: z.object({ centre: text, holder: text }),
  }),
  'F-36': z.object({
    title: text,
    titleWithdrawn: text,
    subtitle: text,
    lead: text,
    leadWithdrawn: text,
    labels: record,
    invalidityKept: text,
    reasons: record,
    returnedTitle: text,
    columns: texts.length(3),
    nothingReturned: text,
    received: text,
    rights: text,
    signatures: z.object({ centre: text, applicant: text }),
  }),
  'day-register': z.object({
    title: text,
    lead: text,
    columns: texts.length(8),
    kinds: record,
    documents: record,
    sync: record,
    review: record,
    countsTitle: text,
    total: text,
    empty: text,
    signatures: z.object({ supervisor: text, registrar: text }),
  }),
  'F-21': z.object({
    title: text,
    subtitle: text,
    intro: text,
    labels: record,
    sections: z.array(z.object({ heading: text, clauses: texts })),
    signatures: z.object({ centre: text, holder: text }),
  }),
  'F-24': carriageSchema,
  'F-25': carriageSchema.extend({ spoilt: z.object({ title: text, columns: texts.length(3), reasons: record, total: text }) }),
  'F-26': carriageSchema,
  'F-27': carriageSchema,
  'F-28': carriageSchema,
  'F-29': carriageSchema,
  'card-face': z.object({
    state: text,
    issuer: text,
    name: text,
    training: text,
    labels: z.object({ surname: text, givenName: text, fin: text, kind: text, issuedOn: text, validUntilOn: text, serial: text }),
    kinds: z.object({ PER: text, BUS: text, STA: text }),
    notes: texts,
  }),
} as const;
export type Templates = { readonly [F in keyof typeof templateSchemas]: z.infer<(typeof templateSchemas)[F]> };

/** Reads all wording once; throws a sentence for support when a file is not what the forms need. */
export function loadTemplates(assetsFolder: string): { words: Words; templates: Templates } {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(assetsFolder, 'templates', `${name}.json`), 'utf8'));
  return {
    words: wordsSchema.parse(read('words')),
    templates: {
      'appendix-1': templateSchemas['appendix-1'].parse(read('appendix-1')),
      'appendix-5': templateSchemas['appendix-5'].parse(read('appendix-5')),
      'appendix-6': contractSchema.parse(read('appendix-6')),
      'F-23': templateSchemas['F-23'].parse(read('f-23')),
      'F-20': templateSchemas['F-20'].parse(read('f-20')),
      'appendix-10': templateSchemas['appendix-10'].parse(read('appendix-10')),
      'F-36': templateSchemas['F-36'].parse(read('f-36')),
      'day-register': templateSchemas['day-register'].parse(read('day-register')),
      'F-21': templateSchemas['F-21'].parse(read('f-21')),
      'F-24': carriageSchema.parse(read('f-24')),
      'F-25': templateSchemas['F-25'].parse(read('f-25')),
      'F-26': carriageSchema.parse(read('f-26')),
      'F-27': carriageSchema.parse(read('f-27')),
      'F-28': carriageSchema.parse(read('f-28')),
      'F-29': carriageSchema.parse(read('f-29')),
      'card-face': templateSchemas['card-face'].parse(read('card-face')),
    },
  };
}

/** Fills `{name}`; a name that is not among the values is a mistake in the template. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The template names {${name}}, which this form does not know`);
    return String(value);
  });
}

/** A part of a record of wording; a part that is not there is a mistake in the template. */
export function wordOf(record: Readonly<Record<string, string>>, key: string): string {
  const word = record[key];
  if (word === undefined) throw new Error(`The template has no wording for ${key}`);
  return word;
}
