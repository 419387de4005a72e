import { contractFormOf, isContractLost, needsPaperCertificate, signedStates } from './application-states.ts';
import type { CaseFacts } from './case-facts.ts';
import { fail, ok, type Decision } from './decision.ts';
import type { StepReasonCode } from './rule-codes.ts';
import { isSignablePaper } from './signers.ts';
import { mayPrintDayRegister } from './rights.ts';
import {
  carriageForms,
  type ApplicationState,
  type CarriageForm,
  type CarrierKind,
  type PaperForm,
  type Permission,
} from './vocabulary.ts';

/** The office's settings about paper. Source: C-09 */
export type PaperSettings = { readonly certificateCopies: number };
export const defaultPaperSettings: PaperSettings = { certificateCopies: 2 };

/** How many copies of a form are printed. Source: procedures.md §12, COM-08, C-09 */
export function copiesOf(form: PaperForm, settings: PaperSettings = defaultPaperSettings): number {
  // One for the courier, one for the archive, one with the package. Source: PRS-14, PRS-16, C-24
  if (form === 'F-25') return 3;
  if (form === 'appendix-5' || form === 'appendix-6' || form === 'F-21' || isCarriageForm(form)) return 2;
  return form === 'F-20' ? settings.certificateCopies : 1;
}

export function isCarriageForm(form: PaperForm): form is CarriageForm {
  return (carriageForms as readonly PaperForm[]).includes(form);
}

/** A paper about a day, a package or a request for new codes; it stands in no case. */
export function isOwnPaper(form: PaperForm): form is OwnPaperForm {
  return form === 'day-register' || form === 'F-21' || isCarriageForm(form);
}
export type OwnPaperForm = 'day-register' | 'F-21' | CarriageForm;

/**
 * Papers of a case are the desk's business; the day's register is also the supervisor's, what goes with a courier is for whoever gives or takes
 * packages, and the contract on new codes for whoever takes the request. Source: R-31, procedures.md §16
 */
export function mayPrintForm(form: PaperForm, held: ReadonlySet<Permission>): boolean {
  if (form === 'day-register') return mayPrintDayRegister(held);
  if (form === 'F-21') return held.has('pin.reissue');
  if (isCarriageForm(form)) return held.has('package.receive') || held.has('package.sign') || held.has('card.dispatch');
  return held.has('paper.print');
}

/**
 * A paper of a case, and the contract on new codes, name a person in full: whoever sees cases masked does not read them. The day's register is
 * masked itself, and registers of packages name cards. Source: R-07
 */
export function mayReadForm(form: PaperForm, held: ReadonlySet<Permission>): boolean {
  if (form === 'day-register') return held.has('application.view') || mayPrintDayRegister(held);
  if (isCarriageForm(form)) return held.has('card.view');
  if (form === 'F-21') return held.has('person.reveal') || held.has('pin.reissue');
  return held.has('application.view') && (held.has('person.reveal') || held.has('paper.print'));
}

const contractStates: readonly ApplicationState[] = ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED'];
/** Forms that only one carrier has. Source: CR-32, HND-07, AID-13 */
const carrierOfForm: Partial<Record<PaperForm, CarrierKind>> = { 'appendix-5': 'sim', 'appendix-6': 'asan_id', 'F-23': 'asan_id' };

/** States in which the form is made for the first time; a spoilt or lost copy is replaced later too, until the case is archived. */
const statesOf: Readonly<Record<Exclude<PaperForm, OwnPaperForm>, readonly ApplicationState[]>> = {
  'appendix-1': ['DRAFT', 'CHECKING', 'SENT', 'INVALID', 'PERSONALISING', 'DISPATCHED', 'READY', ...contractStates],
  'appendix-5': contractStates,
  'appendix-6': contractStates,
  'F-23': ['PERSONALISING', 'DISPATCHED', 'READY'],
  'F-20': ['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED'],
  'appendix-10': ['ACTIVATING', 'HANDED', 'SCANNED'],
  'F-36': ['REFUSED', 'WITHDRAWN'],
};

export type PaperDecision = { readonly copies: number };

/**
 * May this form be printed now, and how often? The paper certificate is not printed for a holder who chose the electronic one; the notice
 * needs the activation, because it carries the User ID. A paper that the one at the desk may not sign waits for the applicant.
 * Source: procedures.md §12, SIM-12, SIM-15, SIM-17, C-10, COM-16
 */
export function decidePaper(
  form: PaperForm,
  facts: CaseFacts,
  settings: PaperSettings = defaultPaperSettings,
): Decision<PaperDecision, StepReasonCode> {
  const needed: Permission = form === 'day-register' ? 'register.view' : 'paper.print';
  if (!facts.permissions.includes(needed)) return fail('NOT_YOUR_RIGHT');
  if (form === 'day-register') return ok({ copies: 1 });
  if (isOwnPaper(form)) return fail('STATE');
  if ((carrierOfForm[form] ?? facts.carrierKind) !== facts.carrierKind) return fail('STATE');
  if (form === 'F-20' && !needsPaperCertificate(facts)) return fail('STATE');
  if (!statesOf[form].includes(facts.state)) return fail(waitOf(form, facts));
  if (form === 'F-20' && isContractLost(facts)) return fail('CONTRACT_NOT_SIGNED');
  if (form === 'appendix-10' && facts.activation.outcome !== 'activated') return fail('NOT_ACTIVATED');
  // The application is signed before it is entered; the others are printed with the name of the one who signs.
  if (form !== 'appendix-1' && isSignablePaper(form) && !facts.maySign[form]) return fail('SIGNER_NOT_ALLOWED');
  return ok({ copies: copiesOf(form, settings) });
}

function waitOf(form: PaperForm, { state, carrierKind }: CaseFacts): StepReasonCode {
  if (state === 'ARCHIVED' || state === 'REFUSED' || state === 'WITHDRAWN') return 'STATE';
  if (form === 'F-23') return signedStates.includes(state) || state === 'CONTRACT' ? 'STATE' : 'NOT_SENT';
  const beforeContract = carrierKind === 'sim' ? 'NOT_ISSUED' : state === 'READY' ? 'HOLDER_NOT_CONFIRMED' : 'CARD_NOT_READY';
  if (form === 'appendix-5' || form === 'appendix-6') return beforeContract;
  if (form === 'F-20') return state === 'CONTRACT' ? 'CONTRACT_NOT_SIGNED' : beforeContract;
  return form === 'appendix-10' ? 'NOT_ACTIVATED' : 'STATE';
}

/** The papers that a case must have on file in the end: the application and the contract always. Source: CR-32, SIM-12..SIM-17, AID-13, HND-07..HND-10 */
export function listPapersOfCase(facts: Pick<CaseFacts, 'certificateForm' | 'carrierKind'>): PaperForm[] {
  const isCard = facts.carrierKind === 'asan_id';
  const papers: PaperForm[] = [
    'appendix-1',
    ...(isCard ? (['F-23'] as const) : []),
    contractFormOf(facts.carrierKind),
    'F-20',
    'appendix-10',
  ];
  return papers.filter((form) => form !== 'F-20' || needsPaperCertificate(facts));
}

/**
 * Do the acts of the case say that this paper came out, at whichever desk? Both signed the contract; nobody activates before the paper
 * certificate or hands over before the notice. Source: SIM-14, SIM-15, SIM-17; ADR 0012
 */
export function isPrintedByActs(
  form: PaperForm,
  { state, contract, carrierKind }: Pick<CaseFacts, 'state' | 'contract' | 'carrierKind'>,
): boolean {
  const handed: readonly ApplicationState[] = ['HANDED', 'SCANNED', 'ARCHIVED'];
  if (form === 'appendix-5' || form === 'appendix-6') {
    if ((form === 'appendix-5') !== (carrierKind === 'sim')) return false;
    return handed.includes(state) || (signedStates.includes(state) && contract.isSignedByCentre && contract.isSignedByHolder);
  }
  if (handed.includes(state)) return form === 'F-20' || form === 'appendix-10';
  return form === 'F-20' && (state === 'ACTIVATING' || state === 'ACT_FAILED');
}

/** Does a case lose its signatures when a paper of this form becomes void? After the hand-over they stay what they were. Source: COM-08; ADR 0009 */
export function losesSignatures(form: PaperForm, state: ApplicationState): boolean {
  return (form === 'appendix-5' || form === 'appendix-6') && signedStates.includes(state);
}
