import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedStates } from './application-states.ts';
import { emptyCaseFacts, type CaseFacts, type LookUpFact } from './case-facts.ts';
import { decideNextAction, listSteps, stepCodes, type NextAction, type StepCode } from './case-steps.ts';
import { messageOfStepReason } from './rule-codes.ts';
import { applicationStates, cardStates, carrierKinds, permissions, type ApplicationState } from './vocabulary.ts';

const found: LookUpFact = { attempts: 0, outcome: 'found', isCurrent: true, isQueryReady: true };
const none: LookUpFact = emptyCaseFacts.lookUps.person;
const queryReady: LookUpFact = { ...none, isQueryReady: true };
const unsigned = { isPrinted: false, isSignedByCentre: false, isSignedByHolder: false };
const signed = { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true };
const noScans = { areCaptured: false, areSent: false, areEntered: false };

/** A draft typed to the end and looked up, in the hands of somebody who holds every right. */
const filled: CaseFacts = {
  ...emptyCaseFacts,
  isDataComplete: true,
  isIdentityAccepted: true,
  areDocumentsComplete: true,
  lookUps: { ...emptyCaseFacts.lookUps, person: found, representative: none, organisation: none, sim: found },
  kinds: 'allowed',
  isOnline: true,
  permissions,
};
function at(state: ApplicationState, facts: Partial<CaseFacts> = {}): CaseFacts {
  return { ...filled, state, ...(signedStates.includes(state) ? { contract: signed } : {}), ...facts };
}
function stepOf(code: StepCode, facts: CaseFacts): string {
  const step = listSteps(facts).find((each) => each.code === code);
  if (step === undefined) throw new Error(`no step ${code}`);
  return step.reason === null ? step.status : `${step.status} ${step.reason}`;
}

describe('next action', () => {
  const failedOnce = { activation: { attempts: 1, outcome: 'failed' } } as const;
  const activated = { activation: { attempts: 1, outcome: 'activated' } } as const;
  it.each<[NextAction, StepCode | null, CaseFacts]>([
    ['fill', 'identity', at('DRAFT', { isIdentityAccepted: false })],
    ['fill', 'form', at('DRAFT', { isDataComplete: false })],
    ['fill', 'form', at('CHECKING', { areDocumentsComplete: false })],
    [
      'check',
      'person',
      at('DRAFT', { lookUps: { ...emptyCaseFacts.lookUps, person: queryReady, representative: none, organisation: none, sim: none } }),
    ],
    [
      'check',
      'organisation',
      at('DRAFT', {
        needsOrganisation: true,
        lookUps: { ...emptyCaseFacts.lookUps, person: found, representative: none, organisation: queryReady, sim: none },
      }),
    ],
    [
      'check',
      'sim',
      at('CHECKING', { lookUps: { ...emptyCaseFacts.lookUps, person: found, representative: none, organisation: none, sim: queryReady } }),
    ],
    [
      'check',
      'sim',
      at('CHECKING', {
        needsOrganisation: true,
        lookUps: { ...emptyCaseFacts.lookUps, person: found, representative: none, organisation: found, sim: queryReady },
      }),
    ],
    ['send', 'send', at('CHECKING')],
    ['send', 'send', at('DRAFT')],
    ['send', null, at('CHECKING', { isOnline: false })],
    [
      'refuse',
      null,
      at('DRAFT', {
        lookUps: { ...emptyCaseFacts.lookUps, person: { ...none, attempts: 3 }, representative: none, organisation: none, sim: none },
      }),
    ],
    ['ask_outcome', 'send', at('SENT')],
    ['ask_outcome', 'send', at('CHECKING', { unknownOutcome: 'send' })],
    ['ask_outcome', 'activation', at('ACTIVATING', { unknownOutcome: 'activate' })],
    ['correct', 'form', at('INVALID')],
    ['print_contract', 'contract', at('CONTRACT')],
    ['confirm_signed', 'contract', at('CONTRACT', { contract: { ...unsigned, isPrinted: true } })],
    ['print_certificate', 'certificate_paper', at('CERT_PRINTED')],
    ['activate', 'activation', at('CERT_PRINTED', { areCertificatesPrinted: true })],
    ['activate', 'activation', at('CERT_PRINTED', { certificateForm: 'electronic' })],
    ['activate', 'activation', at('ACTIVATING')],
    ['renew_activation', 'activation', at('ACTIVATING', failedOnce)],
    ['renew_activation', 'activation', at('ACT_FAILED', { activation: { attempts: 2, outcome: 'failed' } })],
    ['print_notice', 'notice', at('ACTIVATING', activated)],
    ['hand_over', 'hand_over', at('ACTIVATING', { ...activated, isNoticePrinted: true })],
    ['scan', 'scans', at('HANDED', { ...activated, isNoticePrinted: true })],
    ['send_scans', 'scans', at('HANDED', { ...activated, scans: { ...noScans, areCaptured: true } })],
    ['enter_scans', 'scans', at('HANDED', { ...activated, scans: { areCaptured: true, areSent: true, areEntered: false } })],
    ['archive', 'archive', at('SCANNED', activated)],
    ['none', null, at('ARCHIVED', activated)],
    ['none', null, at('REFUSED')],
    ['none', null, at('WITHDRAWN')],
  ])('%s belongs to step %s', (action, step, facts) => {
    expect(decideNextAction(facts)).toBe(action);
    expect(
      listSteps(facts)
        .filter(({ status }) => status === 'current')
        .map(({ code }) => code),
    ).toEqual(step === null ? [] : [step]);
  });

  it.each<[NextAction, CaseFacts['permissions'][number], CaseFacts]>([
    ['fill', 'application.edit', at('DRAFT', { isDataComplete: false })],
    ['print_contract', 'paper.print', at('CONTRACT')],
    ['confirm_signed', 'application.edit', at('CONTRACT', { contract: { ...unsigned, isPrinted: true } })],
    ['print_certificate', 'paper.print', at('CERT_PRINTED')],
    ['print_notice', 'paper.print', at('ACTIVATING', { activation: { attempts: 1, outcome: 'activated' } })],
    ['renew_activation', 'application.edit', at('ACTIVATING', { activation: { attempts: 1, outcome: 'failed' } })],
    ['renew_activation', 'activation.support', at('ACT_FAILED')],
    ['scan', 'scan.capture', at('HANDED')],
    ['send_scans', 'scan.send', at('HANDED', { scans: { ...noScans, areCaptured: true } })],
    ['enter_scans', 'scan.enter', at('HANDED', { scans: { areCaptured: true, areSent: true, areEntered: false } })],
    ['archive', 'application.edit', at('SCANNED')],
  ])('R-05 R-06 R-07: %s is the next action only for whoever holds %s', (action, permission, facts) => {
    expect(decideNextAction({ ...facts, permissions: [permission] })).toBe(action);
    expect(decideNextAction({ ...facts, permissions: permissions.filter((each) => each !== permission) })).toBe('none');
  });
});

describe('steps', () => {
  it('the steps stand in the order of the work', () => {
    expect(listSteps({ ...filled, carrierKind: 'asan_id' }).map(({ code }) => code)).toEqual(stepCodes.filter((code) => code !== 'sim'));
    expect(listSteps(filled).map(({ code }) => code)).toEqual([
      'identity',
      'form',
      'person',
      'representative',
      'organisation',
      'sim',
      'send',
      'contract',
      'certificate_paper',
      'activation',
      'notice',
      'hand_over',
      'scans',
      'archive',
    ]);
  });

  it('SIM-09: the organisation is not needed for Personal alone', () => {
    expect(stepOf('organisation', at('DRAFT'))).toBe('not_needed');
    expect(stepOf('organisation', at('DRAFT', { needsOrganisation: true }))).toBe('unavailable NEEDS_FIELDS');
  });

  it('COM-16: the representative is searched for after the applicant and only where there is one', () => {
    expect(stepOf('representative', at('DRAFT'))).toBe('not_needed');
    const facts = at('DRAFT', { needsRepresentative: true, lookUps: { ...filled.lookUps, representative: queryReady } });
    expect(decideNextAction(facts)).toBe('check');
    expect(stepOf('representative', facts)).toBe('current');
    const spent = { ...filled.lookUps, representative: { ...queryReady, attempts: 3 } };
    expect(stepOf('representative', { ...facts, lookUps: spent })).toBe('unavailable ATTEMPTS_SPENT');
    expect(decideNextAction({ ...facts, lookUps: spent })).toBe('refuse');
  });

  it('COM-16: a paper that the one at the desk may not sign says so at its step', () => {
    const maySign = { 'appendix-1': false, 'appendix-5': false, 'appendix-6': false, 'F-20': false, 'appendix-10': false };
    const activated = { activation: { attempts: 1, outcome: 'activated' } } as const;
    expect(stepOf('contract', at('CONTRACT', { maySign }))).toBe('unavailable SIGNER_NOT_ALLOWED');
    expect(stepOf('contract', at('CERT_PRINTED', { maySign, contract: unsigned }))).toBe('unavailable SIGNER_NOT_ALLOWED');
    expect(stepOf('certificate_paper', at('CERT_PRINTED', { maySign }))).toBe('unavailable SIGNER_NOT_ALLOWED');
    expect(stepOf('notice', at('ACTIVATING', { maySign, ...activated }))).toBe('unavailable SIGNER_NOT_ALLOWED');
    expect(stepOf('hand_over', at('ACTIVATING', { maySign, ...activated, isNoticePrinted: true }))).toBe('unavailable SIGNER_NOT_ALLOWED');
  });

  it('look-ups are possible in a draft once their own fields are valid', () => {
    const draft = at('DRAFT', {
      isDataComplete: false,
      lookUps: { ...emptyCaseFacts.lookUps, person: queryReady, representative: none, organisation: none, sim: queryReady },
    });
    expect(stepOf('person', draft)).toBe('possible');
    expect(stepOf('sim', draft)).toBe('possible');
    expect(stepOf('person', { ...draft, isOnline: false })).toBe('unavailable NEEDS_REGISTRY');
    expect(stepOf('person', { ...draft, lookUps: { ...draft.lookUps, person: none } })).toBe('unavailable NEEDS_FIELDS');
    expect(stepOf('person', { ...draft, state: 'CHECKING' })).toBe('possible');
    expect(stepOf('person', { ...draft, state: 'INVALID' })).toBe('unavailable STATE');
    expect(stepOf('person', { ...draft, state: 'REFUSED' })).toBe('unavailable STATE');
  });

  it('COM-04: an answer for something typed before does not count as found', () => {
    expect(stepOf('person', at('DRAFT', { lookUps: { ...filled.lookUps, person: { ...found, isCurrent: false } } }))).not.toBe('done');
    expect(stepOf('person', at('DRAFT'))).toBe('done');
  });

  it('COM-04 COM-05: after three misses the search is closed, the SIM’s is not counted', () => {
    const spent: LookUpFact = { ...queryReady, attempts: 3, outcome: 'not_found', isCurrent: true };
    const facts = at('CHECKING', {
      needsOrganisation: true,
      lookUps: { ...emptyCaseFacts.lookUps, person: spent, representative: none, organisation: spent, sim: spent },
    });
    expect(stepOf('person', facts)).toBe('unavailable ATTEMPTS_SPENT');
    expect(stepOf('organisation', facts)).toBe('unavailable ATTEMPTS_SPENT');
    expect(stepOf('sim', facts)).toBe('possible');
    expect(stepOf('person', at('CHECKING', { lookUps: { ...facts.lookUps, person: { ...spent, attempts: 2 } } }))).toBe('current');
  });

  it('after the sending everything before it is done, whatever was edited elsewhere', () => {
    for (const state of ['SENT', 'CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED', 'HANDED', 'SCANNED', 'ARCHIVED'] as const) {
      const facts: CaseFacts = { ...emptyCaseFacts, state, permissions, needsOrganisation: true };
      for (const code of ['identity', 'form', 'person', 'organisation', 'sim'] as const)
        expect(`${state} ${stepOf(code, facts)}`).toBe(`${state} done`);
    }
  });

  it('COM-01: identity and form are open in a draft and over in a refused case', () => {
    const facts = at('DRAFT', { isIdentityAccepted: false, isDataComplete: false });
    expect(stepOf('identity', facts)).toBe('current');
    expect(stepOf('form', facts)).toBe('possible');
    expect(stepOf('form', at('DRAFT'))).toBe('done');
    expect(stepOf('form', at('DRAFT', { areDocumentsComplete: false }))).toBe('current');
    expect(stepOf('identity', { ...facts, state: 'REFUSED' })).toBe('unavailable STATE');
    expect(stepOf('form', { ...facts, state: 'WITHDRAWN' })).toBe('unavailable STATE');
    expect(stepOf('identity', { ...facts, state: 'CHECKING' })).toBe('current');
  });

  it('COM-12: an invalid request opens the form again', () => {
    expect(stepOf('form', at('INVALID'))).toBe('current');
    expect(stepOf('send', at('INVALID'))).toBe('unavailable STATE');
    expect(stepOf('contract', at('INVALID'))).toBe('unavailable NOT_ISSUED');
  });

  it('sending says what it waits for', () => {
    expect(stepOf('send', at('DRAFT'))).toBe('current');
    expect(stepOf('send', at('CHECKING', { kinds: 'refused' }))).toBe('unavailable KINDS_REFUSED');
    expect(stepOf('send', at('DRAFT', { isDataComplete: false }))).toBe('unavailable NEEDS_FIELDS');
    expect(stepOf('send', at('DRAFT', { isOnline: false }))).toBe('unavailable NEEDS_REGISTRY');
    expect(stepOf('send', at('SENT'))).toBe('current');
    expect(stepOf('send', at('SENT', { isOnline: false }))).toBe('unavailable NEEDS_REGISTRY');
    expect(stepOf('send', at('CONTRACT'))).toBe('done');
    expect(stepOf('send', at('REFUSED'))).toBe('unavailable STATE');
  });

  it('an unknown outcome stops every other open step', () => {
    const facts = at('CHECKING', { unknownOutcome: 'send', isDataComplete: false });
    expect(stepOf('send', facts)).toBe('current');
    expect(stepOf('form', facts)).toBe('unavailable OUTCOME_UNKNOWN');
    expect(stepOf('contract', facts)).toBe('unavailable OUTCOME_UNKNOWN');
    const activating = at('ACTIVATING', { unknownOutcome: 'activate' });
    expect(stepOf('activation', activating)).toBe('current');
    expect(stepOf('scans', activating)).toBe('unavailable OUTCOME_UNKNOWN');
    expect(stepOf('send', activating)).toBe('done');
  });

  it.each(['DRAFT', 'CHECKING', 'SENT'] as const)('SIM-12: in %s nothing is issued, so nothing can be printed or activated', (state) => {
    for (const code of ['contract', 'certificate_paper', 'activation'] as const)
      expect(stepOf(code, at(state))).toBe('unavailable NOT_ISSUED');
    for (const code of ['notice', 'hand_over'] as const) expect(stepOf(code, at(state))).toBe('unavailable NOT_ACTIVATED');
    expect(stepOf('scans', at(state))).toBe('unavailable NOT_HANDED_OVER');
    expect(stepOf('archive', at(state))).toBe('unavailable SCANS_NOT_SENT');
  });

  it('M-44: the certificate waits for the signatures on the contract', () => {
    const printed = { ...unsigned, isPrinted: true };
    expect(stepOf('certificate_paper', at('CONTRACT'))).toBe('unavailable CONTRACT_NOT_PRINTED');
    expect(stepOf('certificate_paper', at('CONTRACT', { contract: printed }))).toBe('unavailable CENTRE_NOT_SIGNED');
    expect(stepOf('activation', at('CONTRACT', { contract: { ...printed, isSignedByCentre: true } }))).toBe(
      'unavailable CONTRACT_NOT_SIGNED',
    );
    expect(stepOf('activation', at('CONTRACT', { contract: { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true } }))).toBe(
      'unavailable CONTRACT_NOT_SIGNED',
    );
    expect(messageOfStepReason.CONTRACT_NOT_SIGNED).toBe('M-44');
  });

  it('COM-08 M-44: a contract void after its signatures is printed and signed again where the case stands', () => {
    const printed = { ...unsigned, isPrinted: true };
    const activation = { attempts: 1, outcome: 'activated' } as const;
    for (const state of signedStates) {
      expect(decideNextAction(at(state, { contract: unsigned, activation }))).toBe('print_contract');
      expect(decideNextAction(at(state, { contract: printed, activation }))).toBe('confirm_signed');
      expect(stepOf('contract', at(state, { contract: unsigned }))).toBe('current');
    }
    expect(stepOf('certificate_paper', at('CERT_PRINTED', { contract: unsigned }))).toBe('unavailable CONTRACT_NOT_PRINTED');
    expect(stepOf('activation', at('CERT_PRINTED', { contract: printed, areCertificatesPrinted: true }))).toBe(
      'unavailable CENTRE_NOT_SIGNED',
    );
    expect(stepOf('hand_over', at('ACTIVATING', { contract: printed, activation, isNoticePrinted: true }))).toBe(
      'unavailable CENTRE_NOT_SIGNED',
    );
    // Signed at another desk, whose paper is not here.
    expect(stepOf('contract', at('ACTIVATING', { contract: { ...signed, isPrinted: false } }))).toBe('done');
    expect(stepOf('contract', at('HANDED', { contract: unsigned }))).toBe('done');
  });

  it('SIM-15 C-10: the paper certificate is done, waited for, or not needed', () => {
    expect(stepOf('certificate_paper', at('CERT_PRINTED'))).toBe('current');
    expect(stepOf('activation', at('CERT_PRINTED'))).toBe('unavailable CERTIFICATE_NOT_PRINTED');
    expect(stepOf('certificate_paper', at('CERT_PRINTED', { areCertificatesPrinted: true }))).toBe('done');
    expect(stepOf('certificate_paper', at('ACTIVATING'))).toBe('done');
    expect(stepOf('certificate_paper', at('CERT_PRINTED', { certificateForm: 'electronic' }))).toBe('not_needed');
    expect(stepOf('activation', at('CERT_PRINTED', { certificateForm: 'electronic' }))).toBe('current');
    expect(stepOf('contract', at('CERT_PRINTED'))).toBe('done');
  });

  it('COM-13: activation needs the registry, and after the second error support', () => {
    const twice = { activation: { attempts: 2, outcome: 'failed' } } as const;
    expect(stepOf('activation', at('CERT_PRINTED', { areCertificatesPrinted: true, isOnline: false }))).toBe('unavailable NEEDS_REGISTRY');
    expect(stepOf('activation', at('ACTIVATING', twice))).toBe('unavailable SUPPORT_ONLY');
    expect(stepOf('activation', at('ACT_FAILED', { ...twice, permissions: ['application.edit'] }))).toBe('unavailable NOT_YOUR_RIGHT');
    expect(stepOf('activation', at('ACT_FAILED', twice))).toBe('current');
    expect(stepOf('activation', at('ACTIVATING', { activation: { attempts: 1, outcome: 'activated' } }))).toBe('done');
    expect(stepOf('activation', at('REFUSED'))).toBe('unavailable STATE');
  });

  it('SIM-16 SIM-17: the notice follows activation and the hand-over follows the notice', () => {
    const activated = { activation: { attempts: 1, outcome: 'activated' } } as const;
    expect(stepOf('notice', at('ACTIVATING'))).toBe('unavailable NOT_ACTIVATED');
    expect(stepOf('hand_over', at('ACTIVATING'))).toBe('unavailable NOT_ACTIVATED');
    expect(stepOf('notice', at('ACTIVATING', activated))).toBe('current');
    expect(stepOf('hand_over', at('ACTIVATING', activated))).toBe('unavailable NOTICE_NOT_PRINTED');
    expect(stepOf('notice', at('ACTIVATING', { ...activated, isNoticePrinted: true }))).toBe('done');
    expect(stepOf('hand_over', at('HANDED', activated))).toBe('done');
    expect(stepOf('notice', at('WITHDRAWN'))).toBe('unavailable STATE');
    expect(stepOf('hand_over', at('REFUSED'))).toBe('unavailable STATE');
  });

  it('COM-10 R-06: papers may be scanned from the contract on, and sent after the hand-over', () => {
    const captured = { scans: { ...noScans, areCaptured: true } };
    for (const state of ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'] as const) {
      expect(stepOf('scans', at(state))).toBe('possible');
      expect(stepOf('scans', at(state, captured))).toBe('unavailable NOT_HANDED_OVER');
    }
    expect(stepOf('scans', at('HANDED', captured))).toBe('current');
    expect(stepOf('scans', at('HANDED', { ...captured, permissions: ['scan.send'] }))).toBe('current');
    expect(stepOf('scans', at('HANDED', { ...captured, permissions: ['scan.capture'] }))).toBe('possible');
    expect(stepOf('scans', at('HANDED', { ...captured, permissions: ['application.edit', 'scan.enter'] }))).toBe(
      'unavailable NOT_YOUR_RIGHT',
    );
    expect(stepOf('scans', at('SCANNED', { scans: { areCaptured: true, areSent: true, areEntered: true } }))).toBe('done');
  });

  it('the archive waits for the sending and then for the entry of the scans', () => {
    expect(stepOf('archive', at('HANDED'))).toBe('unavailable SCANS_NOT_SENT');
    expect(stepOf('archive', at('HANDED', { scans: { areCaptured: true, areSent: true, areEntered: false } }))).toBe(
      'unavailable SCANS_NOT_ENTERED',
    );
    expect(stepOf('archive', at('SCANNED'))).toBe('current');
    expect(stepOf('archive', at('ARCHIVED'))).toBe('done');
  });

  it.each([
    ['contract', at('CONTRACT'), 'paper.print'],
    ['contract', at('CONTRACT', { contract: { ...unsigned, isPrinted: true } }), 'application.edit'],
    ['certificate_paper', at('CERT_PRINTED'), 'paper.print'],
    ['notice', at('ACTIVATING', { activation: { attempts: 1, outcome: 'activated' } }), 'paper.print'],
    ['form', at('DRAFT', { isDataComplete: false }), 'application.edit'],
    ['scans', at('HANDED'), 'scan.capture'],
    ['scans', at('HANDED', { scans: { areCaptured: true, areSent: true, areEntered: false } }), 'scan.enter'],
  ] as const)('R-05: step %s is not yours without the right', (code, facts, permission) => {
    expect(stepOf(code, { ...facts, permissions: [permission] })).toBe('current');
    expect(stepOf(code, { ...facts, permissions: permissions.filter((each) => each !== permission) })).toBe('unavailable NOT_YOUR_RIGHT');
  });

  it('a case that another desk holds shows its steps but lets none be done', () => {
    const steps = listSteps(at('CONTRACT', { lease: 'held_by_other' }));
    expect(steps.filter(({ status }) => status === 'current' || status === 'possible')).toEqual([]);
    expect(steps.find(({ code }) => code === 'contract')?.reason).toBe('LEASE_HELD');
  });

  it.each(['REFUSED', 'WITHDRAWN'] as const)(
    'a case that ended as %s says so at its steps and not that another desk works on it',
    (state) => {
      const reasons = listSteps(at(state, { lease: 'held_by_other' })).flatMap(({ reason }) => reason ?? []);
      expect(reasons).toContain('STATE');
      expect(reasons).not.toContain('LEASE_HELD');
    },
  );

  it('for any facts: one current step at most, and a reason exactly where a step is unavailable', () => {
    const lookUp: fc.Arbitrary<LookUpFact> = fc.record({
      attempts: fc.integer({ min: 0, max: 3 }),
      outcome: fc.constantFrom('none', 'found', 'not_found', 'unavailable'),
      isCurrent: fc.boolean(),
      isQueryReady: fc.boolean(),
    });
    const facts: fc.Arbitrary<CaseFacts> = fc.record({
      state: fc.constantFrom(...applicationStates),
      carrierKind: fc.constantFrom(...carrierKinds),
      card: fc.record({
        state: fc.constantFrom(null, ...cardStates),
        isHolderConfirmed: fc.boolean(),
        isMatched: fc.boolean(),
        isTested: fc.boolean(),
      }),
      hasPhoto: fc.boolean(),
      isAcceptancePrinted: fc.boolean(),
      category: fc.constant('K1'),
      isDataComplete: fc.boolean(),
      isIdentityAccepted: fc.boolean(),
      areDocumentsComplete: fc.boolean(),
      needsOrganisation: fc.boolean(),
      needsRepresentative: fc.boolean(),
      lookUps: fc.record({
        person: lookUp,
        representative: lookUp,
        organisation: lookUp,
        sim: lookUp,
        entitlement: lookUp,
        holder: lookUp,
      }),
      kinds: fc.constantFrom('unknown', 'allowed', 'refused'),
      certificateForm: fc.constantFrom('paper', 'electronic'),
      maySign: fc.record({
        'appendix-1': fc.boolean(),
        'appendix-5': fc.boolean(),
        'appendix-6': fc.boolean(),
        'F-20': fc.boolean(),
        'appendix-10': fc.boolean(),
      }),
      contract: fc.record({ isPrinted: fc.boolean(), isSignedByCentre: fc.boolean(), isSignedByHolder: fc.boolean() }),
      areCertificatesPrinted: fc.boolean(),
      activation: fc.record({ attempts: fc.integer({ min: 0, max: 3 }), outcome: fc.constantFrom('none', 'failed', 'activated') }),
      isNoticePrinted: fc.boolean(),
      scans: fc.record({ areCaptured: fc.boolean(), areSent: fc.boolean(), areEntered: fc.boolean() }),
      unknownOutcome: fc.constantFrom('none', 'send', 'activate'),
      isOnline: fc.boolean(),
      permissions: fc.subarray([...permissions]),
      lease: fc.constantFrom('not_needed', 'mine', 'held_by_other'),
      hasReason: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, (each) => {
        const steps = listSteps(each);
        expect(steps.filter(({ status }) => status === 'current').length).toBeLessThanOrEqual(1);
        for (const step of steps) expect(step.reason !== null).toBe(step.status === 'unavailable');
        if (decideNextAction(each) === 'none') expect(steps.some(({ status }) => status === 'current')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
