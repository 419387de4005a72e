import type { ApplicationData, PowerOfAttorney } from './application-data.ts';
import type { RuleParams } from './rule-codes.ts';
import { voenHolderKind } from './voen.ts';
import type { DocumentCode } from './vocabulary.ts';

export type PowerForm = PowerOfAttorney['form'];
export type CertificationDemand = 'notarised' | 'letterhead_seal' | 'letterhead_seal_or_notarised';

const documentOfForm: Readonly<Record<PowerForm, DocumentCode>> = { 'appendix-7': 'D-05', 'appendix-8': 'D-04', 'appendix-9': 'D-07' };

/** The forms of power of attorney that a SIM case must have. Source: COM-16, procedures.md §4.3 D-04, D-05 */
export function powerFormsNeeded(data: Pick<ApplicationData, 'category' | 'representative'>): PowerForm[] {
  const forms: PowerForm[] = [];
  if (data.representative.isPresent) forms.push('appendix-8');
  if (data.category === 'K2' || data.category === 'K4' || data.category === 'K6') forms.push('appendix-7');
  return forms;
}

/**
 * How a power of attorney must be certified. Əlavə 8 always by a notary. Əlavə 7 by a notary for an individual taxpayer, on letterhead with
 * seal or by a notary for a legal entity; for a state body the letterhead is enough (C-04), a notary's does as well. Əlavə 9 by the
 * grantor: an entity is known by its VÖEN, anybody else is an individual.
 * Source: POA-R1, C-04
 */
export function demandedCertification(form: PowerForm, category: ApplicationData['category'], grantor: string): CertificationDemand {
  if (form === 'appendix-8') return 'notarised';
  if (form === 'appendix-9') return isLegalEntity(grantor) ? 'letterhead_seal_or_notarised' : 'notarised';
  if (category === 'K2') return 'notarised';
  return category === 'K6' ? 'letterhead_seal' : 'letterhead_seal_or_notarised';
}

function isLegalEntity(grantor: string): boolean {
  return /^\d{10}$/u.test(grantor) && voenHolderKind(grantor) === 'legal';
}

function isCertified(power: PowerOfAttorney, demand: CertificationDemand): boolean {
  if (power.certification === '') return false;
  return power.certification === 'notarised' || demand !== 'notarised';
}

/** A paper signed abroad must be legalised, also one whose country nobody named yet. Source: D-13, POA-R4 */
export function isSignedAbroad(power: PowerOfAttorney): boolean {
  return power.country !== '' && power.country !== 'AZE';
}

/** A legalisation paper must be shown: signed abroad, and no treaty waives it. Source: D-13, C-05 */
export function needsLegalisation(power: PowerOfAttorney): boolean {
  return isSignedAbroad(power) && power.legalisation !== 'not_required';
}

/** Legalised or apostilled with number and date, or waived with a reason that is kept. Source: POA-R4, C-05 */
function isLegalisationProven(power: PowerOfAttorney): boolean {
  if (!isSignedAbroad(power)) return true;
  if (power.legalisation === '') return false;
  if (power.legalisation === 'not_required') return power.legalisationReason.trim() !== '';
  return power.legalisationNumber.trim() !== '' && power.legalisationOn !== '';
}

export type PowerProblem = {
  readonly document: DocumentCode;
  readonly code: 'M-03' | 'M-37' | 'M-38';
  readonly params: RuleParams;
};

/**
 * What stands against one power of attorney on this day. The last day of its term counts as in force; a power without a term does not end
 * by itself. A later hand-over asks again with its own day.
 * Source: POA-R1..POA-R4
 */
export function decidePowerOfAttorney(power: PowerOfAttorney, category: ApplicationData['category'], todayOn: string): PowerProblem[] {
  const document = documentOfForm[power.form];
  const problems: PowerProblem[] = [];
  if (power.validUntilOn !== '' && power.validUntilOn < todayOn)
    problems.push({ document, code: 'M-03', params: { sənəd: document, tarix: power.validUntilOn } });
  const demand = demandedCertification(power.form, category, power.grantor);
  if (!isCertified(power, demand)) problems.push({ document, code: 'M-38', params: { tələb: demand } });
  if (!isLegalisationProven(power)) problems.push({ document, code: 'M-37', params: { country: power.country } });
  return problems;
}

export type CasePowerProblem = {
  readonly document: DocumentCode;
  readonly code: PowerProblem['code'] | 'POA_MISSING' | 'POA_OTHER_GRANTEE' | 'POA_OTHER_GRANTOR' | 'POA_NOT_FOR_PAPER';
  readonly params: RuleParams;
};

/**
 * The powers of attorney of a case: each form that is needed is there, names the right two sides, and stands up on this day; whoever files
 * for another may sign the application. Powers the case does not need are judged too, because they were handed in and will be archived.
 * Source: COM-16, POA-R1..POA-R4
 */
export function listPowerOfAttorneyProblems(data: ApplicationData, todayOn: string): CasePowerProblem[] {
  const problems: CasePowerProblem[] = [];
  for (const form of powerFormsNeeded(data)) {
    if (!data.powersOfAttorney.some((power) => power.form === form)) {
      problems.push({ document: documentOfForm[form], code: 'POA_MISSING', params: { form } });
    }
  }
  for (const power of data.powersOfAttorney) {
    problems.push(
      ...decidePowerOfAttorney(power, data.category, todayOn),
      ...listSideProblems(power, data),
      ...listFilingProblems(power, data),
    );
  }
  return problems;
}

/** A representative files and so signs the application. Source: COM-16 */
function listFilingProblems(power: PowerOfAttorney, data: ApplicationData): CasePowerProblem[] {
  const isBounded = power.form === 'appendix-8' && data.representative.isPresent && (power.signs ?? []).length > 0;
  if (!isBounded || power.signs?.includes('appendix-1') === true) return [];
  return [{ document: documentOfForm[power.form], code: 'POA_NOT_FOR_PAPER', params: { form: 'appendix-1' } }];
}

/** Əlavə 8: applicant to representative. Əlavə 7: employer to applicant. */
function listSideProblems(power: PowerOfAttorney, data: ApplicationData): CasePowerProblem[] {
  const document = documentOfForm[power.form];
  if (power.form === 'appendix-9') return [];
  const isEmployers = power.form === 'appendix-7';
  const grantor = isEmployers ? data.organisation.voen : data.person.fin;
  const grantee = isEmployers ? data.person.fin : data.representative.person.fin;
  const problems: CasePowerProblem[] = [];
  if (power.grantor !== '' && power.grantor !== grantor)
    problems.push({ document, code: 'POA_OTHER_GRANTOR', params: { form: power.form } });
  if (power.grantee !== '' && power.grantee !== grantee)
    problems.push({ document, code: 'POA_OTHER_GRANTEE', params: { form: power.form } });
  return problems;
}
