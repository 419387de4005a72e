import { describe, expect, it } from 'vitest';
import type { ApplicationData } from './application-data.ts';
import { listProblems } from './application-form.ts';
import { findSendStop } from './application-states.ts';
import { decideAttempt, isSearchAllowed } from './attempts.ts';
import { emptyCaseRecord, factsOfData, type CaseRecord } from './case-data-facts.ts';
import { emptyCaseFacts, type CaseFacts } from './case-facts.ts';
import { decideNextAction, listSteps, type StepCode } from './case-steps.ts';
import { decideCardKinds } from './certificate-kinds.ts';
import { findMissingDocuments, listRequiredDocuments } from './document-matrix.ts';
import { exampleApplication, exampleTodayOn } from './example-application.ts';
import { isFieldNeeded } from './form-fields.ts';
import { lookUpKey, lookUpQueryFor } from './look-up-queries.ts';
import { decidePaper, isPrintedByActs, listPapersOfCase, losesSignatures } from './papers.ts';
import {
  applicationStates,
  categories,
  lookUpKinds,
  permissions,
  type ApplicationState,
  type Category,
  type PaperForm,
} from './vocabulary.ts';

/** The example's application for a card instead of a SIM; it has one signing certificate of its kind. */
function forCard(category: Category = 'K1', carrier: Partial<ApplicationData['carrier']> = {}): ApplicationData {
  const data = exampleApplication(category);
  const { 'D-09': _form, 'D-10': _sim, ...presented } = data.presented;
  return {
    ...data,
    presented,
    carrier: { ...data.carrier, kind: 'asan_id', phone: '', iccid: '', operator: '', connectionFormNumber: '', ...carrier },
  };
}
function recordOf(data: ApplicationData, change: Partial<CaseRecord> = {}): CaseRecord {
  const lookUps = Object.fromEntries(
    lookUpKinds.map((kind) => [kind, { attempts: 0, outcome: kind === 'sim' ? 'none' : 'found', key: lookUpKey(kind, data) }]),
  ) as CaseRecord['lookUps'];
  return {
    ...emptyCaseRecord,
    bearer: 'is_bearer',
    attendee: 'applicant',
    hasSecretAnswer: true,
    lookUps,
    entitlement: { kinds: data.kinds },
    ...change,
  };
}
const factsOf = (data: ApplicationData, record: CaseRecord = recordOf(data)): CaseFacts => ({
  ...emptyCaseFacts,
  ...factsOfData(data, record, exampleTodayOn),
  hasPhoto: true,
  isOnline: true,
  permissions,
});

describe('the application for an Asan ID', () => {
  it.each(categories)('AID-07 AID-11: %s without any field of a SIM is complete and can be sent', (category) => {
    const data = forCard(category);
    expect(listProblems(data, exampleTodayOn)).toEqual([]);
    expect(findMissingDocuments(data, exampleTodayOn)).toEqual([]);
    expect(findSendStop(factsOf(data))).toBeNull();
  });

  it('AID-07: the fields of the SIM are not on the form, and those of the card not on a SIM’s', () => {
    const sim = exampleApplication();
    for (const path of [
      'carrier.phone',
      'carrier.iccid',
      'carrier.operator',
      'carrier.isCorporate',
      'carrier.connectionFormNumber',
      'purpose',
    ]) {
      expect([path, isFieldNeeded(path, forCard()), isFieldNeeded(path, sim)]).toEqual([path, false, true]);
    }
    expect([isFieldNeeded('carrier.entitlement', forCard()), isFieldNeeded('carrier.entitlement', sim)]).toEqual([true, false]);
    expect([isFieldNeeded('carrier.kind', forCard()), isFieldNeeded('carrier.kind', sim)]).toEqual([true, true]);
    expect(isFieldNeeded('carrier.corporateVoen', forCard('K1', { isCorporate: true }))).toBe(false);
  });

  it('CR-28: exactly one signing certificate', () => {
    const two = { ...forCard('K3'), kinds: ['PER', 'BUS'] as ApplicationData['kinds'] };
    expect(listProblems(two, exampleTodayOn)).toEqual([{ field: 'kinds', code: 'ONE_KIND_ON_CARD', params: {} }]);
    expect(decideCardKinds(two, { kinds: ['PER', 'BUS'] })).toEqual({ ok: false, refusals: [{ code: 'ONE_KIND_ON_CARD', params: {} }] });
    expect(listProblems({ ...forCard(), kinds: [] }, exampleTodayOn)).toMatchObject([{ field: 'kinds', code: 'REQUIRED' }]);
  });

  it('CR-28: Personal, Business or State alone, with the authentication certificate and nothing added', () => {
    expect(decideCardKinds(forCard('K1'), { kinds: ['PER'] })).toEqual({ ok: true, issue: ['AUT', 'PER'], notes: [] });
    expect(decideCardKinds(forCard('K3'), { kinds: ['BUS'] })).toEqual({ ok: true, issue: ['AUT', 'BUS'], notes: [] });
    expect(decideCardKinds(forCard('K5'), { kinds: ['STA'] })).toEqual({ ok: true, issue: ['AUT', 'STA'], notes: [] });
    expect(decideCardKinds({ ...forCard('K1'), kinds: ['BUS'] }, { kinds: ['BUS'] })).toMatchObject({
      ok: false,
      refusals: [{ code: 'KIND_NOT_FOR_CATEGORY' }],
    });
  });

  it('AID-10 CR-29: a kind that the contracting body does not confirm is refused with M-39', () => {
    const refused = { ok: false, refusals: [{ code: 'M-39', params: {} }] };
    expect(decideCardKinds(forCard('K3'), { kinds: ['PER'] })).toEqual(refused);
    expect(decideCardKinds(forCard('K3'), null)).toEqual(refused);
    expect(decideCardKinds(forCard('K3', { entitlement: 'document' }), null).ok).toBe(true);
  });

  it('AID-02: the right is shown by D-12 or confirmed by the body’s service, which is asked only then', () => {
    const onPaper = forCard('K1', { entitlement: 'document' });
    expect(listRequiredDocuments(forCard()).map(({ code }) => code)).toEqual(['D-01', 'D-02']);
    expect(listRequiredDocuments(onPaper)).toContainEqual({ code: 'D-12', need: 'C', reason: 'asan_id', demand: 'original' });
    expect(findMissingDocuments(onPaper, exampleTodayOn)).toEqual([{ document: 'D-12', code: 'M-04', params: { siyahı: 'D-12' } }]);
    const shown = { ...onPaper, presented: { ...onPaper.presented, 'D-12': { isShown: true, validUntilOn: '', note: '' } } };
    const notAsked = recordOf(shown, {
      lookUps: { ...recordOf(shown).lookUps, entitlement: emptyCaseRecord.lookUps.entitlement },
      entitlement: null,
    });
    expect(findSendStop(factsOf(shown, notAsked))).toBeNull();
    const asked = recordOf(forCard());
    expect(factsOf(forCard(), { ...asked, lookUps: { ...asked.lookUps, entitlement: emptyCaseRecord.lookUps.entitlement } }).kinds).toBe(
      'unknown',
    );
  });

  it('AID-10 AID-11: sending waits for the answer about the right, then for the photo', () => {
    const facts = factsOf(forCard());
    expect(findSendStop({ ...facts, kinds: 'unknown' })).toBe('NEEDS_ENTITLEMENT');
    expect(findSendStop({ ...facts, kinds: 'refused' })).toBe('KINDS_REFUSED');
    expect(findSendStop({ ...facts, hasPhoto: false })).toBe('NEEDS_PHOTO');
    expect(decideNextAction({ ...facts, hasPhoto: false })).toBe('take_photo');
    expect(decideNextAction({ ...facts, kinds: 'unknown' })).toBe('check');
  });

  it('AID-10: the question names holder, organisation and kind; a Personal one no organisation', () => {
    expect(lookUpQueryFor('entitlement', forCard('K3'), exampleTodayOn)).toEqual({
      ok: true,
      value: { fin: 'QYD0001', voen: '0000012341', kinds: ['BUS'] },
    });
    expect(lookUpQueryFor('entitlement', forCard('K1'), exampleTodayOn)).toMatchObject({ value: { voen: '', kinds: ['PER'] } });
    expect(lookUpQueryFor('entitlement', exampleApplication(), exampleTodayOn).ok).toBe(false);
    expect(lookUpQueryFor('sim', forCard(), exampleTodayOn).ok).toBe(false);
  });

  it('HND-05 AID-10: the holder has three searches that end nothing, the right as many as needed', () => {
    expect(decideAttempt('holder', 0, 'not_found')).toMatchObject({ message: 'M-05', counted: true, endsCase: false });
    expect(decideAttempt('holder', 2, 'not_found')).toMatchObject({ message: 'M-09', keepsInvalidityNote: false });
    expect(isSearchAllowed('holder', 3)).toBe(false);
    expect(decideAttempt('entitlement', 7, 'not_found')).toMatchObject({ message: 'M-39', counted: false });
    expect(isSearchAllowed('entitlement', 9)).toBe(true);
  });
});

describe('the steps of a card', () => {
  const card = (state: ApplicationState, change: Partial<CaseFacts> = {}): CaseFacts => ({
    ...factsOf(forCard()),
    state,
    card: { state: 'REGISTERED', isHolderConfirmed: true, isMatched: false, isTested: false },
    ...change,
  });
  const step = (code: StepCode, facts: CaseFacts): string => {
    const found = listSteps(facts).find((each) => each.code === code);
    return found === undefined ? 'absent' : (found.reason ?? found.status);
  };
  it('AID-12 AID-13: after sending the notice is printed, the first documents are scanned, then the card is waited for', () => {
    expect(decideNextAction(card('PERSONALISING'))).toBe('print_acceptance');
    const told = { isAcceptancePrinted: true } as const;
    expect(decideNextAction(card('PERSONALISING', told))).toBe('scan');
    const entered = { areCaptured: true, areSent: true, areEntered: true };
    expect(decideNextAction(card('PERSONALISING', { ...told, scans: { ...entered, areSent: false, areEntered: false } }))).toBe(
      'send_scans',
    );
    expect(decideNextAction(card('DISPATCHED', { ...told, scans: { ...entered, areEntered: false } }))).toBe('enter_scans');
    expect(decideNextAction(card('DISPATCHED', { ...told, scans: entered }))).toBe('none');
    for (const state of ['PERSONALISING', 'DISPATCHED'] as const) {
      expect(step('card', card(state))).toBe('CARD_UNDER_WAY');
      expect(step('holder', card(state))).toBe('CARD_NOT_READY');
      expect(step('contract', card(state))).toBe('CARD_NOT_READY');
    }
    expect(step('acceptance', card('CHECKING'))).toBe('NOT_SENT');
    expect(step('sim', card('DRAFT'))).toBe('absent');
    expect(step('card', { ...factsOf(forCard()), carrierKind: 'sim' })).toBe('absent');
  });
  it('HND-06 M-21: at READY the holder is checked first, and only for a registered card', () => {
    expect(decideNextAction(card('READY'))).toBe('confirm_holder');
    expect([step('card', card('READY')), step('holder', card('READY')), step('contract', card('READY'))]).toEqual([
      'done',
      'current',
      'HOLDER_NOT_CONFIRMED',
    ]);
    const received = card('READY', {
      card: { ...card('READY').card, state: 'RECEIVED' },
      scans: { areCaptured: true, areSent: true, areEntered: true },
    });
    expect([decideNextAction(received), step('holder', received)]).toEqual(['none', 'CARD_NOT_READY']);
  });
  it('HND-11 HND-12: after the notice the card and its envelope are checked, then handed over', () => {
    const activated = {
      contract: { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true },
      activation: { attempts: 1, outcome: 'activated' },
      isNoticePrinted: true,
    } as const;
    expect(decideNextAction(card('ACTIVATING', activated))).toBe('check_card');
    expect(step('hand_over', card('ACTIVATING', activated))).toBe('CARD_NOT_MATCHED');
    const matched = { ...card('ACTIVATING').card, isMatched: true };
    expect(step('hand_over', card('ACTIVATING', { ...activated, card: matched }))).toBe('CARD_NOT_TESTED');
    const tested = card('ACTIVATING', { ...activated, card: { ...matched, isTested: true } });
    expect([decideNextAction(tested), step('card_check', tested)]).toEqual(['hand_over', 'done']);
  });
});

describe('the papers of a card', () => {
  const decide = (form: PaperForm, state: ApplicationState): string => {
    const decided = decidePaper(form, { ...factsOf(forCard()), state, activation: { attempts: 1, outcome: 'activated' } });
    return decided.ok ? String(decided.value.copies) : decided.error;
  };
  it('HND-07 COM-08: the contract of a card in two copies once the holder was confirmed, never that of a SIM', () => {
    expect(applicationStates.filter((state) => decide('appendix-6', state) === '2')).toEqual([
      'CONTRACT',
      'CERT_PRINTED',
      'ACTIVATING',
      'ACT_FAILED',
      'HANDED',
      'SCANNED',
    ]);
    expect([decide('appendix-6', 'READY'), decide('appendix-6', 'DISPATCHED')]).toEqual(['HOLDER_NOT_CONFIRMED', 'CARD_NOT_READY']);
    for (const state of applicationStates) expect(decide('appendix-5', state)).toBe('STATE');
    expect(losesSignatures('appendix-6', 'CERT_PRINTED')).toBe(true);
  });
  it('AID-13: F-23 from the sending until the hand-over begins', () => {
    expect(applicationStates.filter((state) => decide('F-23', state) === '1')).toEqual(['PERSONALISING', 'DISPATCHED', 'READY']);
    expect(decide('F-23', 'DRAFT')).toBe('NOT_SENT');
    expect(decidePaper('F-23', { ...emptyCaseFacts, permissions, state: 'SENT' })).toEqual({ ok: false, error: 'STATE' });
  });
  it('HND-07 AID-13: the case’s list names its own contract and the notice of acceptance', () => {
    expect(listPapersOfCase({ certificateForm: 'paper', carrierKind: 'asan_id' })).toEqual([
      'appendix-1',
      'F-23',
      'appendix-6',
      'F-20',
      'appendix-10',
    ]);
    const contract = { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true };
    expect(isPrintedByActs('appendix-6', { state: 'HANDED', contract, carrierKind: 'asan_id' })).toBe(true);
    expect(isPrintedByActs('appendix-5', { state: 'HANDED', contract, carrierKind: 'asan_id' })).toBe(false);
  });
});
