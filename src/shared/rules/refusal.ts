import type { ApplicationData } from './application-data.ts';
import { listRequiredDocuments } from './document-matrix.ts';
import { fail, ok, type Decision } from './decision.ts';

/** Why a case is refused. The message is that of procedures.md §15; `null` leaves the sentence to the registrar's note. Source: COM-14, §15 */
export const refusalReasons = {
  document_of_another: { message: 'M-01', keepsInvalidityNote: false },
  document_expired: { message: 'M-02', keepsInvalidityNote: false },
  additional_document_expired: { message: 'M-03', keepsInvalidityNote: false },
  documents_missing: { message: 'M-04', keepsInvalidityNote: false },
  person_not_found: { message: 'M-06', keepsInvalidityNote: true },
  representative_not_found: { message: 'M-06', keepsInvalidityNote: true },
  organisation_not_found: { message: 'M-08', keepsInvalidityNote: true },
  request_invalid: { message: 'M-10', keepsInvalidityNote: false },
  kind_not_for_service: { message: 'M-11', keepsInvalidityNote: false },
  activation_failed: { message: 'M-12', keepsInvalidityNote: false },
  business_and_state: { message: 'M-28', keepsInvalidityNote: false },
  second_personal: { message: 'M-29', keepsInvalidityNote: false },
  not_legalised: { message: 'M-37', keepsInvalidityNote: false },
  power_not_certified: { message: 'M-38', keepsInvalidityNote: false },
  holder_not_found: { message: 'M-09', keepsInvalidityNote: false },
  not_entitled: { message: 'M-39', keepsInvalidityNote: false },
  other: { message: null, keepsInvalidityNote: false },
} as const;
export type RefusalReason = keyof typeof refusalReasons;
export const refusalReasonCodes = Object.keys(refusalReasons) as readonly RefusalReason[];

export function isRefusalReason(code: string): code is RefusalReason {
  return Object.hasOwn(refusalReasons, code);
}

export type ReturnedDocument = { readonly document: string; readonly note: string };

/** What a refusal always says: why, who, when, and which documents went back. Source: COM-14 */
export type Refusal = {
  readonly reasonCode: string;
  readonly note: string;
  readonly operatorLogin: string;
  readonly atMs: number;
  readonly returnedDocuments: readonly ReturnedDocument[];
};

export type RefusalProblem = 'REASON_NEEDED' | 'NOTE_NEEDED' | 'OPERATOR_NEEDED' | 'RETURNED_DOCUMENTS_NEEDED';

/**
 * Is the refusal complete? The list of returned documents may be empty only when nothing was handed in; `other` needs a note of its own.
 * The answer says whether a note of invalidity goes to journal J-05.
 * Source: COM-14, COM-04, COM-05
 */
export function decideRefusal(
  refusal: Refusal,
  hasDocumentsInHand: boolean,
): Decision<{ readonly reason: RefusalReason; readonly keepsInvalidityNote: boolean }, RefusalProblem> {
  const { reasonCode } = refusal;
  if (!isRefusalReason(reasonCode)) return fail('REASON_NEEDED');
  if (refusalReasons[reasonCode].message === null && refusal.note.trim() === '') return fail('NOTE_NEEDED');
  if (refusal.operatorLogin === '') return fail('OPERATOR_NEEDED');
  if (hasDocumentsInHand && refusal.returnedDocuments.length === 0) return fail('RETURNED_DOCUMENTS_NEEDED');
  return ok({ reason: reasonCode, keepsInvalidityNote: refusalReasons[reasonCode].keepsInvalidityNote });
}

/**
 * The documents to give back, in the order of the matrix, as the list to be ticked: everything that the case asks for and that was shown.
 * The application itself (D-01) is kept. The identity document, the SIM and the connection form go back on hand-over too.
 * Source: COM-14, SIM-19
 */
export function listDocumentsToReturn(data: ApplicationData): ReturnedDocument[] {
  return listRequiredDocuments(data)
    .filter(({ code }) => code !== 'D-01' && data.presented[code]?.isShown === true)
    .map(({ code }) => ({ document: code, note: data.presented[code]?.note ?? '' }));
}

/** The shown originals that a list of returned documents leaves out, by code: nothing of the applicant's stays behind. Source: SIM-19 */
export function findDocumentsNotReturned(data: ApplicationData, returned: readonly Pick<ReturnedDocument, 'document'>[]): string[] {
  const given = new Set(returned.map(({ document }) => document));
  return listDocumentsToReturn(data)
    .map(({ document }) => document)
    .filter((document) => !given.has(document));
}
