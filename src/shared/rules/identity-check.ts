import type { ApplicationData, IdentityDocument } from './application-data.ts';
import { acceptedIdentityDocuments } from './document-matrix.ts';
import { isDocumentValidOn } from './identity-document-number.ts';
import type { RuleParams } from './rule-codes.ts';
import type { Category } from './vocabulary.ts';

export type IdentityStop = { readonly code: 'M-01' | 'M-02' | 'DOCUMENT_KIND_NOT_ACCEPTED'; readonly params: RuleParams };
export type IdentityWarning = { readonly code: 'PASSPORT_NEEDS_CENTRE_OFFICER'; readonly params: RuleParams };

export type IdentityDecision = {
  /** Nothing stands against the document; a warning may still ask for the centre officer. */
  readonly isAccepted: boolean;
  readonly stops: IdentityStop[];
  readonly warnings: IdentityWarning[];
};

/**
 * Is the document of an accepted kind and in force on this day? Its last day counts as in force. A passport of a foreigner who is not K1
 * is a warning: the centre officer may let the case go on (C-02).
 * Source: COM-02, C-02, CR-09; procedures.md §4.2
 */
export function decideIdentityDocument(data: Pick<ApplicationData, 'category' | 'document'>, todayOn: string): IdentityDecision {
  return decideDocument(data.category, data.document, todayOn);
}

/** The same checks for the document of whoever files for the applicant. Source: COM-16 */
export function decideRepresentativeDocument(data: Pick<ApplicationData, 'representative'>, todayOn: string): IdentityDecision {
  if (!data.representative.isPresent) return { isAccepted: true, stops: [], warnings: [] };
  // No list names the representative's documents; a natural person's list applies, since the representative acts as one.
  return decideDocument('K1', data.representative.document, todayOn);
}

function decideDocument(category: Category, document: IdentityDocument, todayOn: string): IdentityDecision {
  const stops: IdentityStop[] = [];
  const warnings: IdentityWarning[] = [];
  if (!acceptedIdentityDocuments(category).includes(document.kind)) {
    if (document.kind === 'foreign_passport') warnings.push({ code: 'PASSPORT_NEEDS_CENTRE_OFFICER', params: { category } });
    else stops.push({ code: 'DOCUMENT_KIND_NOT_ACCEPTED', params: { category, kind: document.kind } });
  }
  if (!document.isUnlimited && document.validUntilOn !== '' && !isDocumentValidOn(document.validUntilOn, todayOn)) {
    stops.push({ code: 'M-02', params: { tarix: document.validUntilOn } });
  }
  return { isAccepted: stops.length === 0, stops, warnings };
}

/**
 * What the registrar saw when he compared the person with the document. Somebody else's document ends the case; until he has said so,
 * identity is not established.
 * Source: COM-01, SIM-03
 */
export function decideBearer(bearer: 'not_asked' | 'is_bearer' | 'not_bearer'): {
  readonly isEstablished: boolean;
  readonly endsCase: boolean;
  readonly message: 'M-01' | null;
} {
  return { isEstablished: bearer === 'is_bearer', endsCase: bearer === 'not_bearer', message: bearer === 'not_bearer' ? 'M-01' : null };
}

/** The centre officer let this very passport pass in this very category. Source: C-02 */
export function isPassportAllowed({ category, document, passportAllowance }: ApplicationData): boolean {
  return passportAllowance !== undefined && passportAllowance.category === category && passportAllowance.documentNumber === document.number;
}

/** Only a passport that the category does not name, and that nobody has let pass yet, waits for the centre officer. Source: C-02 */
export function needsCentreOfficer(data: ApplicationData, todayOn: string): boolean {
  return !isPassportAllowed(data) && decideIdentityDocument(data, todayOn).warnings.length > 0;
}
