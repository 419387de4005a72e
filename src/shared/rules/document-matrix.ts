import type { ApplicationData } from './application-data.ts';
import { listPowerOfAttorneyProblems, needsLegalisation, powerFormsNeeded } from './power-of-attorney.ts';
import type { RuleParams } from './rule-codes.ts';
import type { Category, DocumentCode, IdentityDocumentKind } from './vocabulary.ts';

const taxpayerList: readonly IdentityDocumentKind[] = ['citizen_card', 'permanent_permit', 'temporary_permit', 'military_card', 'judge'];
const stateList: readonly IdentityDocumentKind[] = ['citizen_card', 'military_card', 'judge'];

/**
 * The list of a category prevails over the general definition (C-02); K6 has no list of its own and takes that of K5 (C-03).
 * Source: procedures.md §4.2
 */
const acceptedByCategory: Readonly<Record<Category, readonly IdentityDocumentKind[]>> = {
  K1: ['citizen_card', 'permanent_permit', 'temporary_permit', 'refugee_card', 'foreign_passport', 'military_card', 'judge'],
  K1b: ['citizen_card', 'permanent_permit', 'temporary_permit', 'refugee_card', 'foreign_passport', 'military_card', 'judge'],
  K2: taxpayerList,
  K3: taxpayerList,
  K4: taxpayerList,
  K5: stateList,
  K6: stateList,
};

/** Kinds of identity document that the category may show, in the order of the list. Source: procedures.md §4.2 */
export function acceptedIdentityDocuments(category: Category): readonly IdentityDocumentKind[] {
  return acceptedByCategory[category];
}

/** What must be true of the paper itself, beyond being there. */
export type DocumentDemand = 'signed' | 'signed_and_sealed' | 'original' | 'notarised' | 'letterhead_seal_or_notarised' | 'letterhead_seal';

export type RequiredDocument = {
  readonly code: DocumentCode;
  /** Mandatory for everybody of the category, or by a condition that holds in this case. */
  readonly need: 'M' | 'C';
  /** The condition, as a key of the catalogues; `always` for a mandatory one. */
  readonly reason: 'always' | 'judge' | 'representative' | 'employee' | 'sim' | 'asan_id' | 'signed_abroad';
  readonly demand: DocumentDemand;
};

/**
 * The documents that this case asks for, in the order of the matrix. The right to an Asan ID is shown on paper or confirmed by the body's
 * service. D-06..D-08 and D-11 belong to other carriers and roles and never stand here.
 * Source: procedures.md §4.3, SIM-02, AID-02, D-12
 */
export function listRequiredDocuments(data: ApplicationData): RequiredDocument[] {
  const needed = powerFormsNeeded(data);
  const required: RequiredDocument[] = [
    { code: 'D-01', need: 'M', reason: 'always', demand: data.category === 'K3' ? 'signed_and_sealed' : 'signed' },
    { code: 'D-02', need: 'M', reason: 'always', demand: 'original' },
  ];
  if (data.document.kind === 'judge') required.push({ code: 'D-03', need: 'C', reason: 'judge', demand: 'original' });
  if (needed.includes('appendix-8')) required.push({ code: 'D-04', need: 'C', reason: 'representative', demand: 'notarised' });
  if (needed.includes('appendix-7')) required.push({ code: 'D-05', need: 'M', reason: 'employee', demand: employerDemand(data.category) });
  if (data.carrier.kind === 'asan_id') {
    if (data.carrier.entitlement === 'document') required.push({ code: 'D-12', need: 'C', reason: 'asan_id', demand: 'original' });
  } else
    required.push(
      { code: 'D-09', need: 'C', reason: 'sim', demand: 'original' },
      { code: 'D-10', need: 'C', reason: 'sim', demand: 'original' },
    );
  if (data.powersOfAttorney.some(needsLegalisation))
    required.push({ code: 'D-13', need: 'C', reason: 'signed_abroad', demand: 'original' });
  return required;
}

/** Source: procedures.md §4.3 D-05, C-04 */
function employerDemand(category: Category): DocumentDemand {
  if (category === 'K2') return 'notarised';
  return category === 'K6' ? 'letterhead_seal' : 'letterhead_seal_or_notarised';
}

export type DocumentProblem = {
  readonly document: DocumentCode;
  readonly code: 'M-03' | 'M-04' | 'M-37' | 'M-38' | 'POA_MISSING' | 'POA_OTHER_GRANTEE' | 'POA_OTHER_GRANTOR' | 'POA_NOT_FOR_PAPER';
  readonly params: RuleParams;
};

/**
 * What is wrong with the documents on this day: not shown (M-04), out of date (M-03), and what stands against the powers of attorney.
 * The identity document's own date is M-02 and judged by `decideIdentityDocument`.
 * Source: COM-03, SIM-05, D-01..D-13
 */
export function findMissingDocuments(data: ApplicationData, todayOn: string): DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  for (const { code } of listRequiredDocuments(data)) {
    const presented = data.presented[code];
    if (presented === undefined || !presented.isShown) problems.push({ document: code, code: 'M-04', params: { siyahı: code } });
    else if (presented.validUntilOn !== '' && presented.validUntilOn < todayOn) {
      problems.push({ document: code, code: 'M-03', params: { sənəd: code, tarix: presented.validUntilOn } });
    }
  }
  return [...problems, ...listPowerOfAttorneyProblems(data, todayOn)];
}
