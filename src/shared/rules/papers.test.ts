import { describe, expect, it } from 'vitest';
import { emptyCaseFacts, type CaseFacts } from './case-facts.ts';
import {
  copiesOf,
  decidePaper,
  defaultPaperSettings,
  isPrintedByActs,
  listPapersOfCase,
  losesSignatures,
  mayPrintForm,
  mayReadForm,
} from './papers.ts';
import { permissionsOf } from './rights.ts';
import { applicationStates as allStates, paperForms, roles, type ApplicationState, type PaperForm, type Role } from './vocabulary.ts';

/** A SIM knows no states of a card. */
const applicationStates = allStates.filter((state) => !['PERSONALISING', 'DISPATCHED', 'READY'].includes(state));

const facts: CaseFacts = {
  ...emptyCaseFacts,
  permissions: ['paper.print', 'register.view'],
  activation: { attempts: 1, outcome: 'activated' },
  contract: { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true },
};
function decide(form: PaperForm, state: ApplicationState, change: Partial<CaseFacts> = {}): string {
  const decision = decidePaper(form, { ...facts, state, ...change });
  return decision.ok ? `${decision.value.copies}` : decision.error;
}

describe('copies', () => {
  it('COM-08 C-09: two of the contract, two of the paper certificate by default, one of everything else', () => {
    expect(paperForms.map((form) => `${form} ${copiesOf(form)}`)).toEqual([
      'appendix-1 1',
      'appendix-5 2',
      'appendix-6 2',
      'F-20 2',
      'appendix-10 1',
      'F-23 1',
      'F-36 1',
      'day-register 1',
      'F-21 2',
      'F-24 2',
      'F-25 3',
      'F-26 2',
      'F-27 2',
      'F-28 2',
      'F-29 2',
    ]);
    expect(defaultPaperSettings).toEqual({ certificateCopies: 2 });
  });

  it('C-09: the copies of the paper certificate are a setting, those of the contract are not', () => {
    expect(copiesOf('F-20', { certificateCopies: 1 })).toBe(1);
    expect(copiesOf('appendix-5', { certificateCopies: 1 })).toBe(2);
    expect(decidePaper('F-20', { ...facts, state: 'CERT_PRINTED' }, { certificateCopies: 3 })).toEqual({ ok: true, value: { copies: 3 } });
  });
});

describe('when a paper is printed', () => {
  const printable = (form: PaperForm) => applicationStates.filter((state) => /^\d$/u.test(decide(form, state)));
  it('the application until the case is over', () => {
    expect(printable('appendix-1')).toEqual(applicationStates.filter((state) => !['ARCHIVED', 'REFUSED', 'WITHDRAWN'].includes(state)));
  });

  it('SIM-12: the contract after the good status', () => {
    expect(printable('appendix-5')).toEqual(['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED']);
    for (const state of ['DRAFT', 'CHECKING', 'SENT', 'INVALID'] as const) expect(decide('appendix-5', state)).toBe('NOT_ISSUED');
  });

  it('SIM-15 M-44: the paper certificate after the signed contract', () => {
    expect(printable('F-20')).toEqual(['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED']);
    expect(decide('F-20', 'CONTRACT')).toBe('CONTRACT_NOT_SIGNED');
    expect(decide('F-20', 'SENT')).toBe('NOT_ISSUED');
  });

  it('COM-16: no paper is printed for a hand that may not sign it; the application is signed before it is entered', () => {
    const maySign = { 'appendix-1': false, 'appendix-5': false, 'appendix-6': false, 'F-20': false, 'appendix-10': false };
    expect(decide('appendix-5', 'CONTRACT', { maySign })).toBe('SIGNER_NOT_ALLOWED');
    expect(decide('F-20', 'CERT_PRINTED', { maySign })).toBe('SIGNER_NOT_ALLOWED');
    expect(decide('appendix-10', 'ACTIVATING', { maySign })).toBe('SIGNER_NOT_ALLOWED');
    expect(decide('appendix-1', 'CONTRACT', { maySign })).toBe('1');
    expect(decide('F-36', 'REFUSED', { maySign })).toBe('1');
  });

  it('C-10: none for a holder who chose the electronic certificate', () => {
    for (const state of applicationStates) expect(decide('F-20', state, { certificateForm: 'electronic' })).toBe('STATE');
  });

  it('SIM-17: the notice after the activation, because it carries the User ID', () => {
    expect(printable('appendix-10')).toEqual(['ACTIVATING', 'HANDED', 'SCANNED']);
    expect(decide('appendix-10', 'ACTIVATING', { activation: { attempts: 1, outcome: 'failed' } })).toBe('NOT_ACTIVATED');
    expect(decide('appendix-10', 'CERT_PRINTED')).toBe('NOT_ACTIVATED');
  });

  it('COM-14: the refusal when the case is refused or withdrawn', () => {
    expect(printable('F-36')).toEqual(['REFUSED', 'WITHDRAWN']);
    expect(decide('F-36', 'DRAFT')).toBe('STATE');
  });

  it('nothing of an archived case, and nothing but the refusal of a refused one', () => {
    for (const form of ['appendix-1', 'appendix-5', 'F-20', 'appendix-10'] as const) {
      for (const state of ['ARCHIVED', 'REFUSED', 'WITHDRAWN'] as const) expect(decide(form, state)).toBe('STATE');
    }
    expect(decide('F-36', 'ARCHIVED')).toBe('STATE');
  });

  it('R-31: the register is printed by whoever views it, the other papers by whoever prints', () => {
    expect(decide('day-register', 'DRAFT', { permissions: ['register.view'] })).toBe('1');
    expect(decide('day-register', 'DRAFT', { permissions: ['paper.print'] })).toBe('NOT_YOUR_RIGHT');
    expect(decide('appendix-1', 'DRAFT', { permissions: ['register.view'] })).toBe('NOT_YOUR_RIGHT');
    expect(decide('appendix-1', 'DRAFT', { permissions: ['paper.print'] })).toBe('1');
  });

  it('SIM-14 SIM-15 SIM-17: the acts of the case tell which papers came out, wherever that was', () => {
    const told = (form: PaperForm, contract = facts.contract) =>
      applicationStates.filter((state) => isPrintedByActs(form, { state, contract, carrierKind: 'sim' }));
    expect(told('appendix-5')).toEqual(['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED', 'ARCHIVED']);
    expect(told('appendix-5', emptyCaseFacts.contract)).toEqual(['HANDED', 'SCANNED', 'ARCHIVED']);
    expect(told('F-20')).toEqual(['ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED', 'ARCHIVED']);
    expect(told('appendix-10')).toEqual(['HANDED', 'SCANNED', 'ARCHIVED']);
    for (const form of ['appendix-1', 'F-36', 'day-register'] as const) expect(told(form)).toEqual([]);
  });

  it('CR-32: the application and the contract belong to every SIM case', () => {
    expect(listPapersOfCase({ certificateForm: 'paper', carrierKind: 'sim' })).toEqual(['appendix-1', 'appendix-5', 'F-20', 'appendix-10']);
    expect(listPapersOfCase({ certificateForm: 'electronic', carrierKind: 'sim' })).toEqual(['appendix-1', 'appendix-5', 'appendix-10']);
  });
});

it('COM-08: a void contract takes the signatures with it until the hand-over, no other paper does', () => {
  expect(applicationStates.filter((state) => losesSignatures('appendix-5', state))).toEqual(['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED']);
  for (const form of paperForms.filter((each) => each !== 'appendix-5' && each !== 'appendix-6'))
    expect(losesSignatures(form, 'CERT_PRINTED')).toBe(false);
});

it('COM-08 M-44: no certificate is printed while the contract has to be signed again', () => {
  const contract = { isPrinted: true, isSignedByCentre: false, isSignedByHolder: false };
  expect(decide('F-20', 'CERT_PRINTED', { contract })).toBe('CONTRACT_NOT_SIGNED');
  expect(decide('appendix-5', 'ACTIVATING', { contract })).toBe('2');
});

describe('papers that belong to no case', () => {
  const held = (role: Role) => new Set(permissionsOf([role]));
  it('F-24 F-26 F-28: whoever gives or takes packages prints what goes with the courier, whoever sees cards reads it', () => {
    expect(roles.filter((role) => mayPrintForm('F-24', held(role)))).toEqual([
      'registrar',
      'authorised_officer',
      'personalisation_operator',
    ]);
    expect(roles.filter((role) => mayReadForm('F-26', held(role)))).toEqual([
      'registrar',
      'authorised_officer',
      'personalisation_operator',
      'auditor',
      'supervisor',
    ]);
  });
  it('F-21: the contract on new codes is the registrar’s; it names a person in full', () => {
    expect(roles.filter((role) => mayPrintForm('F-21', held(role)))).toEqual(['registrar']);
    expect(roles.filter((role) => mayReadForm('F-21', held(role)))).toEqual(['registrar', 'centre_officer', 'auditor', 'supervisor']);
  });
});
