import type { ApplicationData, PowerOfAttorney } from './application-data.ts';
import { fail, ok, type Decision } from './decision.ts';
import { listPowerOfAttorneyProblems } from './power-of-attorney.ts';
import type { RuleParams } from './rule-codes.ts';
import { signablePapers, type Attendee, type PaperForm, type SignablePaper } from './vocabulary.ts';

/** Whose side of a paper is signed by whom; the representative signs by this power of attorney. */
export type PaperSigner = { readonly who: Attendee; readonly power: PowerOfAttorney | null };

export type SignerStop = { readonly code: string; readonly params: RuleParams };

/** Who files: the applicant himself, or the representative whom the application names. Source: COM-16 */
export function filerOf(data: Pick<ApplicationData, 'representative'>): Attendee {
  return data.representative.isPresent ? 'representative' : 'applicant';
}

/** The power by which the representative acts. Source: D-04 */
export function findRepresentativePower(data: Pick<ApplicationData, 'powersOfAttorney'>): PowerOfAttorney | undefined {
  return data.powersOfAttorney.find((power) => power.form === 'appendix-8');
}

/**
 * May the one who stands at the desk sign this paper on this day? The applicant signs every paper of his own. The representative signs what
 * his power of attorney names, while it is in force and stands up in every other way; what it does not name waits for the applicant.
 * Source: COM-16, POA-R1..POA-R4
 */
export function decideSigner(
  paper: SignablePaper,
  attendee: Attendee | '',
  data: ApplicationData,
  todayOn: string,
): Decision<PaperSigner, SignerStop> {
  if (attendee === '') return fail({ code: 'SIGNER_UNKNOWN', params: {} });
  if (attendee === 'applicant') return ok({ who: 'applicant', power: null });
  if (!data.representative.isPresent) return fail({ code: 'REPRESENTATIVE_NOT_NAMED', params: {} });
  const problem = listPowerOfAttorneyProblems(data, todayOn).find(({ document }) => document === 'D-04');
  if (problem !== undefined && problem.code !== 'POA_NOT_FOR_PAPER') return fail({ code: problem.code, params: problem.params });
  const power = findRepresentativePower(data);
  if (power?.signs?.includes(paper) !== true) return fail({ code: 'POA_NOT_FOR_PAPER', params: { form: paper } });
  return ok({ who: 'representative', power });
}

export type MaySign = Readonly<Record<SignablePaper, boolean>>;

/** Every paper of the case with the answer. Source: COM-16 */
export function listMaySign(attendee: Attendee | '', data: ApplicationData, todayOn: string): MaySign {
  return Object.fromEntries(signablePapers.map((paper) => [paper, decideSigner(paper, attendee, data, todayOn).ok])) as MaySign;
}

/** Nobody but the applicant acts, so nothing is bounded. */
export const maySignAll: MaySign = { 'appendix-1': true, 'appendix-5': true, 'appendix-6': true, 'F-20': true, 'appendix-10': true };

/** The papers that are signed when the certificates are handed over: the notice, and the paper certificate where there is one. Source: SIM-15, SIM-17, C-09 */
export function papersOfHandOver(certificateForm: ApplicationData['certificateForm']): SignablePaper[] {
  return certificateForm === 'paper' ? ['F-20', 'appendix-10'] : ['appendix-10'];
}

export function isSignablePaper(form: PaperForm): form is SignablePaper {
  return (signablePapers as readonly string[]).includes(form);
}
