import { z } from 'zod';
import {
  bodyKinds,
  carrierKinds,
  categories,
  documentCodes,
  entitlementProofs,
  identityDocumentKinds,
  purposes,
  signablePapers,
  signingKinds,
} from './vocabulary.ts';

/**
 * What the paper application says, as typed so far. Every field has an empty value, so a draft of any completeness parses; what is
 * mandatory for a category is the business of `application-form.ts`. Texts are NFC, at most 500 characters each.
 * Source: SIM-07; Əlavə 1 blocks of azerbaijan.md §11.
 */
const text = (maxLength = 200) => z.string().max(maxLength).default('');
/** Civil date `YYYY-MM-DD` or empty. */
const dateText = z
  .string()
  .regex(/^(\d{4}-\d{2}-\d{2})?$/)
  .default('');

export const identityDocumentSchema = z.object({
  kind: z.enum(identityDocumentKinds).default('citizen_card'),
  number: text(40),
  issuedBy: text(),
  issuedOn: dateText,
  validUntilOn: dateText,
  isUnlimited: z.boolean().default(false),
  /** Only with kind `judge`: D-03. */
  judgeCardNumber: text(40),
});
export type IdentityDocument = z.infer<typeof identityDocumentSchema>;

export const personSchema = z.object({
  fin: text(20),
  surname: text(),
  givenName: text(),
  fatherName: text(),
  sex: z.enum(['', 'M', 'F']).default(''),
  birthOn: dateText,
  birthPlace: text(),
  /** ICAO three-letter code, AZE for citizens. */
  citizenship: text(3),
});
export type Person = z.infer<typeof personSchema>;

export const powerOfAttorneySchema = z.object({
  /** Əlavə 7 is the employer's (D-05), Əlavə 8 the representative's (D-04), Əlavə 9 a foreign person's (D-07). */
  form: z.enum(['appendix-7', 'appendix-8', 'appendix-9']),
  number: text(60),
  issuedOn: dateText,
  validUntilOn: dateText,
  /** FİN or VÖEN. */
  grantor: text(40),
  /** FİN. */
  grantee: text(20),
  certification: z.enum(['', 'notarised', 'letterhead_seal']).default(''),
  notaryName: text(),
  notaryRegisterNumber: text(60),
  /** ICAO three-letter code of the country where it was signed. */
  country: text(3),
  legalisation: z.enum(['', 'legalised', 'apostille', 'not_required']).default(''),
  legalisationNumber: text(60),
  legalisationOn: dateText,
  legalisationReason: text(),
  /** Which papers of the case an Əlavə 8 lets its grantee sign, as read from it. Absent: nobody has read it for that. Source: COM-16 */
  signs: z.array(z.enum(signablePapers)).max(signablePapers.length).optional(),
});
export type PowerOfAttorney = z.infer<typeof powerOfAttorneySchema>;

export const organisationSchema = z.object({
  voen: text(20),
  name: text(300),
  position: text(),
  unit: text(),
  standing: z.enum(['', 'head', 'employee']).default(''),
  /** Decides between Business and State for staff of bodies. Source: CT-STA, CR-26 */
  bodyKind: z.enum(['', ...bodyKinds]).default(''),
  hasSealAuthority: z.boolean().default(false),
  sealText: text(),
  signatureScope: z.enum(['', '1', '2', '3']).default(''),
});
export type Organisation = z.infer<typeof organisationSchema>;

export const carrierSchema = z.object({
  /** An Asan ID has none of the fields below: its card is made after the application was sent. Source: CAR-SIM, CAR-AID */
  kind: z.enum(carrierKinds).default('sim'),
  /** +994… after normalising; raw while typing. */
  phone: text(30),
  iccid: text(30),
  operator: z.enum(['', 'azercell', 'bakcell', 'nar']).default(''),
  isCorporate: z.boolean().default(false),
  corporateVoen: text(20),
  connectionFormNumber: text(60),
  /** Of an Asan ID only. */
  entitlement: z.enum(entitlementProofs).default('electronic'),
});

export const presentedDocumentSchema = z.object({
  isShown: z.boolean().default(false),
  validUntilOn: dateText,
  note: text(300),
});

export const applicationDataSchema = z.object({
  purpose: z.enum(purposes).default('first'),
  category: z.enum(categories).default('K1'),
  document: identityDocumentSchema.prefault({}),
  person: personSchema.prefault({}),
  contact: z
    .object({
      registeredAddress: text(300),
      actualAddress: text(300),
      phone: text(30),
      email: text(120),
      notifyBy: z.enum(['sms', 'email', 'cabinet']).default('sms'),
    })
    .prefault({}),
  carrier: carrierSchema.prefault({}),
  /** Signing kinds asked for; PER is added by rule when missing (CR-21). */
  kinds: z.array(z.enum(signingKinds)).max(3).default(['PER']),
  organisation: organisationSchema.prefault({}),
  representative: z
    .object({
      isPresent: z.boolean().default(false),
      person: personSchema.prefault({}),
      document: identityDocumentSchema.prefault({}),
    })
    .prefault({}),
  powersOfAttorney: z.array(powerOfAttorneySchema).max(4).default([]),
  presented: z.partialRecord(z.enum(documentCodes), presentedDocumentSchema).default({}),
  /** Which text of consent was read, and when it was given; empty = not yet. */
  consent: z.object({ textVersion: text(20), givenAtMs: z.number().int().nonnegative().default(0) }).prefault({}),
  /** By whom and why a foreign passport was let pass, and for which one: another document or category asks again. Source: C-02 */
  passportAllowance: z
    .object({
      category: z.enum(categories),
      documentNumber: z.string().max(40),
      byLogin: z.string().min(1).max(60),
      reason: z.string().min(3).max(500),
      atMs: z.number().int().nonnegative(),
    })
    .optional(),
  /** The question as chosen or written; the answer is never part of the data. */
  secretQuestion: text(200),
  /** Source: C-10 */
  certificateForm: z.enum(['paper', 'electronic']).default('paper'),
  /** Dotted paths of the fields that were taken over from a state register and not typed. */
  adopted: z.array(z.string().max(80)).max(60).default([]),
});
export type ApplicationData = z.infer<typeof applicationDataSchema>;

/** An empty application of the commonest kind: an individual's Personal certificate. */
export function emptyApplicationData(): ApplicationData {
  return applicationDataSchema.parse({});
}
