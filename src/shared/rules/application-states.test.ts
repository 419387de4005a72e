import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areAttemptsSpent,
  caseTransitions,
  decideSigning,
  decideTransition,
  finalCaseStates,
  findContractStop,
  findSendStop,
  listNextStates,
  maxActivationAttempts,
} from './application-states.ts';
import { messageOfStepReason } from './rule-codes.ts';
import { emptyCaseFacts, type CaseFacts, type LookUpFact } from './case-facts.ts';
import { applicationStates, carrierKinds, permissions, type ApplicationState, type CarrierKind } from './vocabulary.ts';

const found: LookUpFact = { attempts: 0, outcome: 'found', isCurrent: true, isQueryReady: true };
/** Everything done: only what a test takes away stops the case. */
const ready: CaseFacts = {
  ...emptyCaseFacts,
  isDataComplete: true,
  isIdentityAccepted: true,
  areDocumentsComplete: true,
  lookUps: { person: found, representative: found, organisation: found, sim: found, entitlement: found, holder: found },
  kinds: 'allowed',
  hasPhoto: true,
  card: { state: 'REGISTERED', isHolderConfirmed: true, isMatched: true, isTested: true },
  contract: { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true },
  areCertificatesPrinted: true,
  activation: { attempts: 1, outcome: 'activated' },
  isNoticePrinted: true,
  scans: { areCaptured: true, areSent: true, areEntered: true },
  isOnline: true,
  permissions: ['application.edit', 'activation.support', 'scan.enter', 'card.dispatch'],
  lease: 'mine',
  hasReason: true,
};
function reasonOf(from: ApplicationState, to: ApplicationState, facts: Partial<CaseFacts> = {}): string {
  const decision = decideTransition(from, to, { ...ready, ...facts, state: from });
  return decision.ok ? 'ok' : decision.error;
}

describe('the table of the paths of a SIM and of an Asan ID', () => {
  it('has exactly the edges of the specification and those derived for drafts', () => {
    expect(
      caseTransitions.map(({ from, to, actor, carrier }) => `${from}>${to} ${actor}${carrier === undefined ? '' : ` ${carrier}`}`),
    ).toEqual([
      'DRAFT>CHECKING registrar',
      'DRAFT>REFUSED registrar',
      'DRAFT>REFUSED system',
      'DRAFT>WITHDRAWN applicant',
      'CHECKING>DRAFT registrar',
      'CHECKING>SENT registrar',
      'CHECKING>REFUSED system',
      'CHECKING>REFUSED registrar',
      'CHECKING>WITHDRAWN applicant',
      'SENT>INVALID back_end',
      'SENT>CONTRACT back_end sim',
      'SENT>PERSONALISING back_end asan_id',
      'SENT>REFUSED registrar',
      'SENT>WITHDRAWN applicant',
      'INVALID>DRAFT registrar',
      'INVALID>REFUSED registrar',
      'PERSONALISING>DISPATCHED personalisation_centre asan_id',
      'DISPATCHED>READY registrar asan_id',
      'DISPATCHED>PERSONALISING registrar asan_id',
      'READY>CONTRACT registrar asan_id',
      'READY>PERSONALISING registrar asan_id',
      'READY>REFUSED registrar asan_id',
      'READY>WITHDRAWN applicant asan_id',
      'CONTRACT>CERT_PRINTED registrar',
      'CONTRACT>REFUSED registrar',
      'CONTRACT>WITHDRAWN applicant',
      'CERT_PRINTED>ACTIVATING registrar',
      'CERT_PRINTED>REFUSED registrar',
      'CERT_PRINTED>WITHDRAWN applicant',
      'ACTIVATING>ACTIVATING registrar',
      'ACTIVATING>ACT_FAILED system',
      'ACTIVATING>HANDED registrar',
      'ACT_FAILED>ACTIVATING support',
      'ACT_FAILED>REFUSED registrar',
      'ACT_FAILED>WITHDRAWN applicant',
      'HANDED>SCANNED document_entry',
      'SCANNED>ARCHIVED registrar',
    ]);
  });

  it('names a source for every edge', () => {
    for (const edge of caseTransitions) expect(edge.source).not.toBe('');
  });

  it.each(carrierKinds)('leads a %s from a draft to every state of its way, and nowhere from a final one', (carrier) => {
    const reached = new Set<ApplicationState>(['DRAFT']);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const from of [...reached]) for (const to of listNextStates(from, carrier)) reached.add(to);
    }
    const ofCards: readonly ApplicationState[] = ['PERSONALISING', 'DISPATCHED', 'READY'];
    const way = applicationStates.filter((state) => carrier === 'asan_id' || !ofCards.includes(state));
    expect([...reached].sort()).toEqual([...way].sort());
    expect(way.filter((state) => listNextStates(state, carrier).length === 0)).toEqual(finalCaseStates);
  });

  it('lists each following state once', () => {
    expect(listNextStates('DRAFT', 'sim')).toEqual(['CHECKING', 'REFUSED', 'WITHDRAWN']);
    expect(listNextStates('SCANNED', 'asan_id')).toEqual(['ARCHIVED']);
    expect(listNextStates('SENT', 'sim')).toEqual(['INVALID', 'CONTRACT', 'REFUSED', 'WITHDRAWN']);
    expect(listNextStates('SENT', 'asan_id')).toEqual(['INVALID', 'PERSONALISING', 'REFUSED', 'WITHDRAWN']);
  });

  it.each(carrierKinds)(
    'refuses a %s every pair that is no edge of its own with STATE, and lets every edge pass when all is done',
    (carrierKind) => {
      const activation = { one: { attempts: 1, outcome: 'failed' }, two: { attempts: maxActivationAttempts, outcome: 'failed' } } as const;
      for (const from of applicationStates) {
        for (const to of applicationStates) {
          const isEdge = listNextStates(from, carrierKind).includes(to);
          const failed = to === 'ACT_FAILED' ? activation.two : activation.one;
          const facts = (from === 'ACTIVATING' && to === 'ACTIVATING') || to === 'ACT_FAILED' ? { activation: failed } : {};
          expect(`${from}>${to} ${reasonOf(from, to, { ...facts, carrierKind })}`).toBe(`${from}>${to} ${isEdge ? 'ok' : 'STATE'}`);
        }
      }
    },
  );

  it('PKG-11 HND-06: a SIM never waits for a card and no card skips its making', () => {
    const skipped = caseTransitions.filter(({ from, to }) => from === 'SENT' && to === 'CONTRACT');
    expect(skipped.map(({ carrier }) => carrier)).toEqual(['sim']);
    for (const state of ['PERSONALISING', 'DISPATCHED', 'READY'] as const) {
      expect(caseTransitions.filter(({ from, to }) => from === state || to === state).every(({ carrier }) => carrier === 'asan_id')).toBe(
        true,
      );
    }
  });
});

describe('guards', () => {
  it('SIM-07: a draft is checked only when every mandatory field is there', () => {
    expect(reasonOf('DRAFT', 'CHECKING')).toBe('ok');
    expect(reasonOf('DRAFT', 'CHECKING', { isDataComplete: false })).toBe('NEEDS_FIELDS');
  });

  it.each([
    ['ATTEMPTS_SPENT', { lookUps: { ...ready.lookUps, person: { ...found, attempts: 3 } } }],
    ['NEEDS_IDENTITY', { isIdentityAccepted: false }],
    ['NEEDS_DOCUMENTS', { areDocumentsComplete: false }],
    ['NEEDS_FIELDS', { isDataComplete: false }],
    ['NEEDS_PERSON_FOUND', { lookUps: { ...ready.lookUps, person: { ...found, outcome: 'none' } } }],
    ['NEEDS_PERSON_FOUND', { lookUps: { ...ready.lookUps, person: { ...found, outcome: 'not_found' } } }],
    ['NEEDS_PERSON_FOUND', { lookUps: { ...ready.lookUps, person: { ...found, isCurrent: false } } }],
    [
      'NEEDS_REPRESENTATIVE_FOUND',
      { needsRepresentative: true, lookUps: { ...ready.lookUps, representative: { ...found, isCurrent: false } } },
    ],
    ['NEEDS_ORGANISATION_FOUND', { needsOrganisation: true, lookUps: { ...ready.lookUps, organisation: { ...found, isCurrent: false } } }],
    ['NEEDS_SIM_ANSWER', { lookUps: { ...ready.lookUps, sim: { ...found, isCurrent: false } } }],
    ['NEEDS_SIM_ANSWER', { kinds: 'unknown' }],
    ['KINDS_REFUSED', { kinds: 'refused' }],
    ['NEEDS_REGISTRY', { isOnline: false }],
  ] as const)('SIM-08 SIM-09 SIM-10: sending stops with %s', (reason, facts) => {
    expect(reasonOf('CHECKING', 'SENT', facts)).toBe(reason);
    expect(findSendStop({ ...ready, ...facts })).toBe(reason);
  });

  it('SIM-09: the organisation is not asked for when only Personal is requested', () => {
    expect(
      reasonOf('CHECKING', 'SENT', {
        needsOrganisation: false,
        lookUps: { ...ready.lookUps, organisation: emptyCaseFacts.lookUps.organisation },
      }),
    ).toBe('ok');
    expect(reasonOf('CHECKING', 'SENT', { needsOrganisation: true })).toBe('ok');
  });

  it('COM-16: whoever files is searched for with attempts of his own, and only where somebody files for another', () => {
    const missing = { ...ready.lookUps, representative: { ...emptyCaseFacts.lookUps.representative, attempts: 3 } };
    expect(reasonOf('CHECKING', 'SENT', { lookUps: missing })).toBe('ok');
    expect(reasonOf('CHECKING', 'SENT', { lookUps: missing, needsRepresentative: true })).toBe('ATTEMPTS_SPENT');
    expect(reasonOf('CHECKING', 'REFUSED', { lookUps: missing, needsRepresentative: true, permissions: [], hasReason: false })).toBe('ok');
  });

  it('COM-16 SIM-14 SIM-19: a contract is not signed and nothing handed over by one who may not sign', () => {
    const not = (paper: keyof CaseFacts['maySign']) => ({ maySign: { ...ready.maySign, [paper]: false } });
    expect(reasonOf('CONTRACT', 'CERT_PRINTED', not('appendix-5'))).toBe('SIGNER_NOT_ALLOWED');
    expect(reasonOf('CONTRACT', 'CERT_PRINTED', not('F-20'))).toBe('ok');
    expect(reasonOf('ACTIVATING', 'HANDED', not('appendix-10'))).toBe('SIGNER_NOT_ALLOWED');
    expect(reasonOf('ACTIVATING', 'HANDED', not('F-20'))).toBe('SIGNER_NOT_ALLOWED');
    expect(reasonOf('ACTIVATING', 'HANDED', { ...not('F-20'), certificateForm: 'electronic' })).toBe('ok');
  });

  it('a complete case meets nothing that stops its sending', () => {
    expect(findSendStop(ready)).toBeNull();
  });

  it('COM-04 COM-05: three misses of the person, or of a needed organisation, end the case by the system', () => {
    const person = { ...ready.lookUps, person: { ...found, attempts: 3 } };
    const organisation = { ...ready.lookUps, organisation: { ...found, attempts: 3 } };
    const noRights = { permissions: [], hasReason: false } as const;
    for (const from of ['DRAFT', 'CHECKING'] as const) {
      expect(reasonOf(from, 'REFUSED', { ...noRights, lookUps: person })).toBe('ok');
      expect(reasonOf(from, 'REFUSED', { ...noRights, lookUps: organisation, needsOrganisation: true })).toBe('ok');
      expect(reasonOf(from, 'REFUSED', { ...noRights, lookUps: organisation, needsOrganisation: false })).not.toBe('ok');
    }
    expect(reasonOf('CHECKING', 'REFUSED', { permissions: [] })).toBe('ATTEMPTS_LEFT');
    expect(areAttemptsSpent({ ...ready, needsOrganisation: false, lookUps: person })).toBe(true);
    expect(areAttemptsSpent({ ...ready, needsOrganisation: true, lookUps: { ...ready.lookUps, person: { ...found, attempts: 2 } } })).toBe(
      false,
    );
  });

  it.each(['DRAFT', 'CHECKING', 'SENT', 'INVALID', 'CONTRACT', 'CERT_PRINTED', 'ACT_FAILED'] as const)(
    'COM-14: a refusal in %s needs a reason code',
    (from) => {
      expect(reasonOf(from, 'REFUSED')).toBe('ok');
      expect(reasonOf(from, 'REFUSED', { hasReason: false })).not.toBe('ok');
    },
  );

  it('a withdrawal needs its reason, and a certificate that is being activated or was handed over cannot be withdrawn', () => {
    for (const from of ['DRAFT', 'CHECKING', 'SENT', 'CONTRACT', 'CERT_PRINTED', 'ACT_FAILED'] as const) {
      expect(reasonOf(from, 'WITHDRAWN')).toBe('ok');
      expect(reasonOf(from, 'WITHDRAWN', { hasReason: false })).toBe('REASON_NEEDED');
    }
    for (const from of ['ACTIVATING', 'HANDED', 'SCANNED', 'ARCHIVED'] as const) expect(reasonOf(from, 'WITHDRAWN')).toBe('STATE');
  });

  it.each([
    ['CONTRACT_NOT_PRINTED', { isPrinted: false, isSignedByCentre: true, isSignedByHolder: true }],
    ['CENTRE_NOT_SIGNED', { isPrinted: true, isSignedByCentre: false, isSignedByHolder: true }],
    ['CONTRACT_NOT_SIGNED', { isPrinted: true, isSignedByCentre: true, isSignedByHolder: false }],
  ] as const)('COM-08 M-44: the contract stops with %s', (reason, contract) => {
    expect(reasonOf('CONTRACT', 'CERT_PRINTED', { contract })).toBe(reason);
    expect(findContractStop({ contract })).toBe(reason);
  });

  it('COM-08: the contract is done when the centre and then the holder signed both copies', () => {
    expect(reasonOf('CONTRACT', 'CERT_PRINTED')).toBe('ok');
    expect(findContractStop(ready)).toBeNull();
  });

  it('SIM-15 C-10: the papers are printed before activation unless the holder chose the electronic form', () => {
    expect(reasonOf('CERT_PRINTED', 'ACTIVATING', { areCertificatesPrinted: false })).toBe('CERTIFICATE_NOT_PRINTED');
    expect(reasonOf('CERT_PRINTED', 'ACTIVATING', { areCertificatesPrinted: false, certificateForm: 'electronic' })).toBe('ok');
    expect(reasonOf('CERT_PRINTED', 'ACTIVATING', { isOnline: false })).toBe('NEEDS_REGISTRY');
  });

  it('COM-13: one renewal by the registrar, and after the second error only support', () => {
    const once = { activation: { attempts: 1, outcome: 'failed' } } as const;
    const twice = { activation: { attempts: 2, outcome: 'failed' } } as const;
    expect(maxActivationAttempts).toBe(2);
    expect(reasonOf('ACTIVATING', 'ACTIVATING', once)).toBe('ok');
    expect(reasonOf('ACTIVATING', 'ACTIVATING', { ...once, isOnline: false })).toBe('NEEDS_REGISTRY');
    expect(reasonOf('ACTIVATING', 'ACTIVATING', twice)).toBe('SUPPORT_ONLY');
    expect(reasonOf('ACTIVATING', 'ACTIVATING')).toBe('ACTIVATION_NOT_TRIED');
    expect(reasonOf('ACTIVATING', 'ACT_FAILED', once)).toBe('ACTIVATION_NOT_TRIED');
    expect(reasonOf('ACTIVATING', 'ACT_FAILED', { activation: { attempts: 2, outcome: 'activated' } })).toBe('ACTIVATION_NOT_TRIED');
    expect(reasonOf('ACTIVATING', 'ACT_FAILED', twice)).toBe('ok');
    expect(reasonOf('ACT_FAILED', 'ACTIVATING', { permissions: ['application.edit'] })).toBe('NOT_YOUR_RIGHT');
    expect(reasonOf('ACT_FAILED', 'ACTIVATING', { permissions: ['activation.support'] })).toBe('ok');
    expect(reasonOf('ACT_FAILED', 'ACTIVATING', { isOnline: false })).toBe('NEEDS_REGISTRY');
  });

  it('SIM-17: the case is handed over after activation and with the printed notice', () => {
    expect(reasonOf('ACTIVATING', 'HANDED', { activation: { attempts: 1, outcome: 'none' } })).toBe('NOT_ACTIVATED');
    expect(reasonOf('ACTIVATING', 'HANDED', { isNoticePrinted: false })).toBe('NOTICE_NOT_PRINTED');
    expect(reasonOf('ACTIVATING', 'HANDED')).toBe('ok');
  });

  it('R-06 R-07 COM-10: scans are sent by one right and entered by another before the case counts as scanned', () => {
    expect(reasonOf('HANDED', 'SCANNED', { scans: { areCaptured: true, areSent: false, areEntered: true } })).toBe('SCANS_NOT_SENT');
    expect(reasonOf('HANDED', 'SCANNED', { scans: { areCaptured: true, areSent: true, areEntered: false } })).toBe('SCANS_NOT_ENTERED');
    expect(reasonOf('HANDED', 'SCANNED', { permissions: ['application.edit', 'scan.send', 'scan.capture'] })).toBe('NOT_YOUR_RIGHT');
    expect(reasonOf('HANDED', 'SCANNED', { permissions: ['scan.enter'] })).toBe('ok');
  });

  it('R-05: a registrar’s edges need the right to edit, the back end and the clock need none', () => {
    for (const edge of caseTransitions) {
      const decision = decideTransition(edge.from, edge.to, {
        ...ready,
        carrierKind: edge.carrier ?? 'sim',
        permissions: permissions.filter((each) => each === 'audit.view'),
        hasReason: true,
      });
      if (edge.actor === 'back_end') expect(decision.ok).toBe(true);
      else if (edge.actor !== 'system') expect(decision.ok).toBe(false);
    }
  });

  it('HND-05 HND-06 M-21: the contract of a card begins when the card is registered and its holder confirmed', () => {
    const begin = (card: Partial<CaseFacts['card']>) =>
      reasonOf('READY', 'CONTRACT', { carrierKind: 'asan_id', card: { ...ready.card, ...card } });
    expect(begin({})).toBe('ok');
    expect(begin({ state: 'RECEIVED' })).toBe('CARD_NOT_READY');
    expect(begin({ state: null })).toBe('CARD_NOT_READY');
    expect(begin({ isHolderConfirmed: false })).toBe('HOLDER_NOT_CONFIRMED');
    expect(messageOfStepReason.CARD_NOT_READY).toBe('M-21');
  });

  it('HND-11 HND-12 HND-13: no card leaves without its envelope, its test, both signatures and the activation', () => {
    const give = (facts: Partial<CaseFacts>, carrierKind: CarrierKind = 'asan_id') =>
      reasonOf('ACTIVATING', 'HANDED', { ...facts, carrierKind });
    expect(give({})).toBe('ok');
    expect(give({ card: { ...ready.card, isMatched: false } })).toBe('CARD_NOT_MATCHED');
    expect(give({ card: { ...ready.card, isTested: false } })).toBe('CARD_NOT_TESTED');
    expect(give({ card: { ...ready.card, state: 'MISMATCH' } })).toBe('CARD_NOT_READY');
    expect(give({ activation: { attempts: 1, outcome: 'failed' } })).toBe('NOT_ACTIVATED');
    expect(give({ contract: { isPrinted: true, isSignedByCentre: true, isSignedByHolder: false } })).toBe('CONTRACT_NOT_SIGNED');
    expect(give({ card: emptyCaseFacts.card }, 'sim')).toBe('ok');
  });

  it('COM-14: a card that is being made or carried is waited for, at READY the case may end', () => {
    for (const from of ['PERSONALISING', 'DISPATCHED'] as const)
      for (const to of ['REFUSED', 'WITHDRAWN'] as const) expect(reasonOf(from, to, { carrierKind: 'asan_id' })).toBe('STATE');
    for (const to of ['REFUSED', 'WITHDRAWN'] as const) expect(reasonOf('READY', to, { carrierKind: 'asan_id' })).toBe('ok');
  });

  it('another desk’s lease and an unknown outcome stop the operator but not the back end', () => {
    expect(reasonOf('CONTRACT', 'CERT_PRINTED', { lease: 'held_by_other' })).toBe('LEASE_HELD');
    expect(reasonOf('CONTRACT', 'REFUSED', { unknownOutcome: 'send' })).toBe('OUTCOME_UNKNOWN');
    expect(reasonOf('CERT_PRINTED', 'ACTIVATING', { unknownOutcome: 'activate' })).toBe('OUTCOME_UNKNOWN');
    expect(reasonOf('SENT', 'CONTRACT', { lease: 'held_by_other', unknownOutcome: 'send' })).toBe('ok');
    expect(reasonOf('CONTRACT', 'CERT_PRINTED', { lease: 'not_needed' })).toBe('ok');
  });

  it('the reason is that of the first edge between two states', () => {
    expect(reasonOf('DRAFT', 'REFUSED', { hasReason: false })).toBe('REASON_NEEDED');
    expect(reasonOf('DRAFT', 'REFUSED', { permissions: [] })).toBe('NOT_YOUR_RIGHT');
  });

  it('the answer names the edge that was taken', () => {
    const decision = decideTransition('DRAFT', 'CHECKING', ready);
    expect(decision).toEqual({
      ok: true,
      value: { from: 'DRAFT', to: 'CHECKING', actor: 'registrar', guard: 'mandatory_fields', source: 'T §9.1.1.1.7' },
    });
  });

  it('with no rights, no random facts move a case but the system’s and the back end’s edges', () => {
    const states = fc.constantFrom(...applicationStates);
    fc.assert(
      fc.property(states, states, fc.boolean(), fc.boolean(), (from, to, isOnline, hasReason) => {
        const decision = decideTransition(from, to, { ...ready, isOnline, hasReason, permissions: [] });
        if (decision.ok) expect(['system', 'back_end']).toContain(decision.value.actor);
      }),
    );
  });
});

describe('signing', () => {
  const unsigned = { isPrinted: true, isSignedByCentre: false, isSignedByHolder: false };
  const decide = (state: ApplicationState, before = unsigned, change: Partial<CaseFacts> = {}) => {
    const decided = decideSigning(before, { ...ready, state, ...change });
    return decided.ok ? decided.value : decided.error;
  };
  it('SIM-14 COM-08: the first contract moves the case on, the one after a void one leaves it where it stands', () => {
    expect(decide('CONTRACT')).toBe('CERT_PRINTED');
    for (const state of ['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'] as const) {
      expect(decide(state)).toBe(state);
      expect(decide(state, { isPrinted: true, isSignedByCentre: true, isSignedByHolder: true })).toBe('STATE');
    }
    for (const state of ['DRAFT', 'SENT', 'HANDED', 'ARCHIVED', 'REFUSED'] as const) expect(decide(state)).toBe('STATE');
  });
  it('M-44: rights, the lease and both signatures are asked again', () => {
    expect(decide('ACTIVATING', unsigned, { permissions: [] })).toBe('NOT_YOUR_RIGHT');
    expect(decide('ACTIVATING', unsigned, { lease: 'held_by_other' })).toBe('LEASE_HELD');
    expect(decide('ACTIVATING', unsigned, { contract: { ...unsigned, isSignedByCentre: true } })).toBe('CONTRACT_NOT_SIGNED');
    expect(decide('ACTIVATING', unsigned, { contract: { ...unsigned, isPrinted: false } })).toBe('CONTRACT_NOT_PRINTED');
  });
  it('COM-08: a void contract stops activation and hand-over', () => {
    expect(reasonOf('CERT_PRINTED', 'ACTIVATING', { contract: unsigned })).toBe('CENTRE_NOT_SIGNED');
    expect(reasonOf('ACTIVATING', 'HANDED', { contract: unsigned })).toBe('CENTRE_NOT_SIGNED');
    expect(reasonOf('ACT_FAILED', 'ACTIVATING', { contract: unsigned })).toBe('CENTRE_NOT_SIGNED');
  });
});
