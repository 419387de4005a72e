/**
 * Every code that a rule of this folder can give. M-ids are the messages of procedures.md §15; the others are ours. The catalogues have
 * one sentence for each, which a test checks against these lists.
 */
export const messageCodes = [
  'M-01',
  'M-02',
  'M-03',
  'M-04',
  'M-05',
  'M-06',
  'M-07',
  'M-08',
  'M-09',
  'M-10',
  'M-11',
  'M-12',
  'M-21',
  'M-25',
  'M-27',
  'M-28',
  'M-29',
  'M-30',
  'M-34',
  'M-37',
  'M-38',
  'M-39',
  'M-43',
  'M-44',
  'M-45',
] as const;

/** Why a kind of certificate, a document or a power of attorney is not accepted, where procedures.md gives no message. */
export const refusalRuleCodes = [
  'KIND_MISSING',
  'KIND_NOT_FOR_CATEGORY',
  'KIND_NOT_FOR_BODY',
  'BUSINESS_NOT_STATE',
  'STANDING_NOT_FOR_CATEGORY',
  'KIND_EXISTS_FOR_ORGANISATION',
  'SIM_OF_ANOTHER_HOLDER',
  'SERVICE_TERM_ENDED',
  'SIM_NOT_FOUND',
  'DOCUMENT_KIND_NOT_ACCEPTED',
  'PASSPORT_NEEDS_CENTRE_OFFICER',
  'POA_MISSING',
  'POA_OTHER_GRANTEE',
  'POA_OTHER_GRANTOR',
  'POA_NOT_FOR_PAPER',
  'SIGNER_UNKNOWN',
  'REPRESENTATIVE_NOT_NAMED',
  'BUSINESS_BY_OLD_SERVICE',
  'CARD_OTHER',
  'ENVELOPE_OTHER',
  'CARD_AND_ENVELOPE_SWAPPED',
  'CARD_OF_OTHER_KIND',
  'CARD_OTHER_CHIP',
  'CARD_OTHER_SERIAL',
  'CARD_NOT_FINISHED',
  'CARD_CERTIFICATE_DIFFERS',
  'CARD_TRIES_NOT_FULL',
] as const;

/**
 * What is wrong with one field of the form, beside the codes of the validators (FIN_*, VOEN_*, PHONE_*, ICCID_*, NAME_*, DOCUMENT_*).
 */
export const fieldCodes = [
  'REQUIRED',
  'CONSENT_NEEDED',
  'DATE_INVALID',
  'DATE_IN_FUTURE',
  'DATE_ORDER',
  'EMAIL_FORMAT',
  'COUNTRY_FORMAT',
  'CITIZENSHIP_NOT_FOR_DOCUMENT',
  'VOEN_NOT_FOR_CATEGORY',
  'SAME_AS_APPLICANT',
  'ONE_KIND_ON_CARD',
  'SECRET_TOO_SHORT',
  'TOO_LONG',
] as const;
export type FieldCode = (typeof fieldCodes)[number];

/** Why a step of the case or an edge of a state machine is not possible now. */
export const stepReasonCodes = [
  'STATE',
  'NOT_YOUR_RIGHT',
  'LEASE_HELD',
  'NEEDS_REGISTRY',
  'NEEDS_FIELDS',
  'NEEDS_IDENTITY',
  'NEEDS_DOCUMENTS',
  'NEEDS_PERSON_FOUND',
  'NEEDS_REPRESENTATIVE_FOUND',
  'NEEDS_ORGANISATION_FOUND',
  'NEEDS_SIM_ANSWER',
  'KINDS_REFUSED',
  'ATTEMPTS_SPENT',
  'OUTCOME_UNKNOWN',
  'NOT_ISSUED',
  'CONTRACT_NOT_PRINTED',
  'CENTRE_NOT_SIGNED',
  'CONTRACT_NOT_SIGNED',
  'SIGNER_NOT_ALLOWED',
  'CERTIFICATE_NOT_PRINTED',
  'ACTIVATION_NOT_TRIED',
  'ACTIVATION_TRIED',
  'SUPPORT_ONLY',
  'NOT_ACTIVATED',
  'NOTICE_NOT_PRINTED',
  'NOT_HANDED_OVER',
  'SCANS_NOT_CAPTURED',
  'SCANS_NOT_SENT',
  'SCANS_NOT_ENTERED',
  'REASON_NEEDED',
  'ATTEMPTS_LEFT',
  'NEEDS_ENTITLEMENT',
  'NEEDS_PHOTO',
  'NOT_SENT',
  'CARD_UNDER_WAY',
  'CARD_NOT_READY',
  'HOLDER_NOT_CONFIRMED',
  'CARD_NOT_MATCHED',
  'CARD_NOT_TESTED',
] as const;
export type StepReasonCode = (typeof stepReasonCodes)[number];

/** The message of procedures.md §15 that stands behind a step's reason, where there is one. Source: M-44 */
export const messageOfStepReason: Partial<Record<StepReasonCode, (typeof messageCodes)[number]>> = {
  CARD_NOT_READY: 'M-21',
  CONTRACT_NOT_SIGNED: 'M-44',
};

/**
 * Values for the placeholders of a message. They carry the names the messages use (`tarix`, `siyahı`, `tip`, `tələb`, `n`) and hold codes and civil dates:
 * the screen puts them into words.
 */
export type RuleParams = Readonly<Record<string, string | number>>;
