import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideKinds,
  kindsOfCategory,
  kindsOfSim,
  serviceOverrides,
  type ExistingCertificate,
  type KindsRequest,
} from './certificate-kinds.ts';
import {
  categories,
  certificateStates,
  signingKinds,
  simServiceTypes,
  type CertificateKind,
  type CertificateState,
  type SigningKind,
} from './vocabulary.ts';

const voen = '0000012341';
const base: KindsRequest = {
  requested: ['PER'],
  purpose: 'first',
  category: 'K1',
  standing: '',
  bodyKind: '',
  voen: '',
  serviceType: 'personal',
  existing: [],
};
const business: KindsRequest = {
  ...base,
  requested: ['BUS'],
  category: 'K3',
  standing: 'head',
  bodyKind: 'private',
  voen,
  serviceType: 'business',
};
const state: KindsRequest = {
  ...base,
  requested: ['STA'],
  category: 'K5',
  standing: 'head',
  bodyKind: 'administrative_body',
  voen,
  serviceType: 'state',
};

function codesOf(request: KindsRequest): string[] {
  const decision = decideKinds(request);
  return decision.ok ? [] : decision.refusals.map(({ code }) => code);
}
function issueOf(request: KindsRequest): CertificateKind[] | null {
  const decision = decideKinds(request);
  return decision.ok ? decision.issue : null;
}
function active(kind: CertificateKind, ofVoen = '', certificateState: CertificateState = 'ACTIVE'): ExistingCertificate {
  return { kind, state: certificateState, voen: ofVoen };
}

describe('kinds that a SIM gets', () => {
  it('CT-AUT CT-PER: an empty Personal SIM gets authentication and Personal', () => {
    expect(decideKinds(base)).toEqual({ ok: true, issue: ['AUT', 'PER'], notes: [] });
  });

  it('CR-21 M-30: Personal is added to Business when the SIM has none, and said so', () => {
    expect(decideKinds(business)).toEqual({ ok: true, issue: ['AUT', 'PER', 'BUS'], notes: [{ code: 'M-30', params: {} }] });
  });

  it('CR-21 M-30: Personal is added to State when the SIM has none, and said so', () => {
    expect(decideKinds(state)).toEqual({ ok: true, issue: ['AUT', 'PER', 'STA'], notes: [{ code: 'M-30', params: {} }] });
  });

  it('CR-21: nothing is added or said when Personal is asked for, or there already', () => {
    expect(decideKinds({ ...business, requested: ['BUS', 'PER'] })).toEqual({ ok: true, issue: ['AUT', 'PER', 'BUS'], notes: [] });
    expect(decideKinds({ ...business, purpose: 'additional', existing: [active('AUT'), active('PER')] })).toEqual({
      ok: true,
      issue: ['BUS'],
      notes: [],
    });
  });

  it('CT-AUT: authentication is issued whenever the SIM has no live one', () => {
    expect(issueOf({ ...business, existing: [active('PER')] })).toEqual(['AUT', 'BUS']);
    expect(issueOf({ ...business, existing: [active('PER'), active('AUT', '', 'REVOKED')] })).toEqual(['AUT', 'BUS']);
    expect(issueOf({ ...business, existing: [active('PER'), active('AUT', '', 'SUSPENDED_USER')] })).toEqual(['BUS']);
  });

  it('a kind asked for twice is issued once, in the order Personal, Business, State', () => {
    expect(issueOf({ ...business, requested: ['BUS', 'PER', 'BUS'] })).toEqual(['AUT', 'PER', 'BUS']);
  });

  it('nothing asked for is refused, and nothing else is said about it', () => {
    expect(codesOf({ ...business, requested: [] })).toEqual(['KIND_MISSING']);
    expect(codesOf({ ...state, requested: [] })).toEqual(['KIND_MISSING']);
  });
});

describe('what the operator’s service allows', () => {
  it.each([
    ['personal', 'PER', true],
    ['personal', 'BUS', false],
    ['personal', 'STA', false],
    ['business', 'PER', true],
    ['business', 'BUS', true],
    ['business', 'STA', false],
    ['state', 'BUS', false],
    ['state', 'STA', true],
  ] as const)('CR-27 M-11 CAR-SIM: a %s SIM and %s fit: %s', (serviceType, kind, fits) => {
    const request = kind === 'STA' ? state : business;
    const decision = decideKinds({ ...request, requested: [kind], serviceType });
    expect(decision.ok).toBe(fits);
    if (!decision.ok) expect(decision.refusals).toEqual([{ code: 'M-11', params: { tip: serviceType } }]);
  });

  it('C-38: a State SIM must carry a State certificate in the end', () => {
    expect(codesOf({ ...state, requested: ['PER'] })).toEqual(['M-11']);
    expect(issueOf({ ...state, requested: ['PER'], existing: [active('STA', voen)] })).toEqual(['AUT', 'PER']);
    expect(issueOf({ ...state, requested: ['PER', 'STA'] })).toEqual(['AUT', 'PER', 'STA']);
  });

  it('CAR-SIM: the table names the kinds of each SIM and Personal is required on all', () => {
    expect(kindsOfSim).toEqual({
      personal: { allowed: ['PER'], required: ['PER'] },
      business: { allowed: ['PER', 'BUS'], required: ['PER'] },
      state: { allowed: ['PER', 'STA'], required: ['PER', 'STA'] },
    });
  });

  it('C-36: Business on a Personal SIM is allowed only by the override of the operator and the activation day', () => {
    const request: KindsRequest = { ...business, serviceType: 'personal', operator: 'nar' };
    expect(codesOf({ ...request, serviceActivatedOn: '2020-06-19' })).toEqual([]);
    expect(codesOf({ ...request, serviceActivatedOn: '2020-06-20' })).toEqual(['M-11']);
    expect(codesOf({ ...request, serviceActivatedOn: '' })).toEqual(['M-11']);
    expect(codesOf(request)).toEqual(['M-11']);
    expect(codesOf({ ...request, serviceActivatedOn: '2019-01-01', operator: 'bakcell' })).toEqual(['M-11']);
    expect(codesOf({ ...state, serviceType: 'personal', operator: 'nar', serviceActivatedOn: '2019-01-01' })).toEqual(['M-11']);
    expect(codesOf({ ...business, serviceType: 'state', operator: 'nar', serviceActivatedOn: '2019-01-01' })).toEqual(['M-11']);
    expect(serviceOverrides).toEqual([{ operator: 'nar', serviceType: 'personal', activatedBeforeOn: '2020-06-20', allows: 'BUS' }]);
  });

  it('C-36: what an older contract allows is said with the day of the service and the day of the change', () => {
    const request: KindsRequest = { ...business, serviceType: 'personal', operator: 'nar', serviceActivatedOn: '2020-06-19' };
    const decision = decideKinds(request);
    const note = { code: 'BUSINESS_BY_OLD_SERVICE', params: { operator: 'nar', on: '2020-06-19', before: '2020-06-20' } };
    expect(decision.ok && decision.notes).toContainEqual(note);
    const plain = decideKinds(business);
    expect(plain.ok && plain.notes.map(({ code }) => code)).not.toContain('BUSINESS_BY_OLD_SERVICE');
  });

  it('nothing is issued on a service whose term is over; its last day still counts', () => {
    expect(codesOf({ ...base, serviceUntilOn: '2026-03-01', todayOn: '2026-03-02' })).toEqual(['SERVICE_TERM_ENDED']);
    expect(decideKinds({ ...base, serviceUntilOn: '2026-03-01', todayOn: '2026-03-02' })).toMatchObject({
      refusals: [{ params: { on: '2026-03-01' } }],
    });
    expect(codesOf({ ...base, serviceUntilOn: '2026-03-02', todayOn: '2026-03-02' })).toEqual([]);
    expect(codesOf({ ...base, serviceUntilOn: '2026-03-01' })).toEqual([]);
    expect(codesOf({ ...base, todayOn: '2026-03-02' })).toEqual([]);
  });
});

describe('what lives on the SIM already', () => {
  it('CR-22 M-29: a second Personal certificate is refused', () => {
    expect(codesOf({ ...base, purpose: 'additional', existing: [active('PER')] })).toEqual(['M-29']);
    expect(codesOf({ ...business, requested: ['PER', 'BUS'], existing: [active('PER')] })).toEqual(['M-29']);
  });

  it.each(certificateStates)('CR-22: a Personal certificate in state %s blocks a new one only while it lives', (certificateState) => {
    const isDead = ['REVOKED', 'REVOKED_EXPIRY', 'EXPIRED'].includes(certificateState);
    expect(codesOf({ ...base, existing: [active('PER', '', certificateState)] })).toEqual(isDead ? [] : ['M-29']);
  });

  it('CR-24 M-28: Business and State are refused together in one request', () => {
    expect(codesOf({ ...business, requested: ['BUS', 'STA'] })).toContain('M-28');
  });

  it('CR-24 M-28: Business is refused where State lives, and State where Business lives', () => {
    expect(codesOf({ ...business, existing: [active('PER'), active('STA', '0000000131')] })).toEqual(['M-28']);
    expect(codesOf({ ...state, existing: [active('PER'), active('BUS', '0000000131', 'SUSPENDED_BODY')] })).toEqual(['M-28']);
  });

  it('CR-24: revoked and expired certificates of the other kind do not count', () => {
    for (const dead of ['REVOKED', 'EXPIRED', 'REVOKED_EXPIRY'] as const) {
      expect(codesOf({ ...business, existing: [active('PER'), active('STA', voen, dead)] })).toEqual([]);
    }
  });

  it('CR-24: an old pair of Business and State does not stop a request for Personal alone', () => {
    expect(codesOf({ ...business, requested: ['PER'], existing: [active('BUS', voen), active('STA', voen)] })).toEqual([]);
  });

  it('CR-23: any number of Business certificates, one an organisation', () => {
    const existing = [active('AUT'), active('PER'), active('BUS', '0000000131')];
    expect(issueOf({ ...business, existing })).toEqual(['BUS']);
    expect(decideKinds({ ...business, existing: [...existing, active('BUS', voen)] })).toEqual({
      ok: false,
      refusals: [{ code: 'KIND_EXISTS_FOR_ORGANISATION', params: { kind: 'BUS', voen } }],
    });
    expect(codesOf({ ...business, existing: [...existing, active('BUS', voen, 'REVOKED')] })).toEqual([]);
  });

  it('CR-22 CR-23: a certificate of another kind for the same organisation is told apart from one of the same kind', () => {
    expect(codesOf({ ...business, existing: [active('AUT'), active('PER'), active('STA', voen)] })).toEqual(['M-28']);
  });

  it('C-38: one State certificate a body, with no fixed maximum', () => {
    const existing = [active('AUT'), active('PER'), active('STA', '0000000131'), active('STA', '0000012341')];
    expect(issueOf({ ...state, voen: '0000000211', existing })).toEqual(['STA']);
    expect(codesOf({ ...state, existing })).toEqual(['KIND_EXISTS_FOR_ORGANISATION']);
  });

  it('a SIM that bears certificates of somebody else takes none', () => {
    const existing = [{ ...active('PER'), holderFin: 'QYD0002' }];
    expect(codesOf({ ...business, fin: 'QYD0001', existing })).toEqual(['SIM_OF_ANOTHER_HOLDER']);
    expect(codesOf({ ...business, fin: 'QYD0002', existing })).toEqual([]);
    expect(codesOf({ ...business, existing })).toEqual([]);
    expect(codesOf({ ...business, fin: 'QYD0001', existing: [active('PER')] })).toEqual([]);
    expect(codesOf({ ...business, fin: 'QYD0001', existing: [{ ...active('PER', '', 'REVOKED'), holderFin: 'QYD0002' }] })).toEqual([]);
  });

  it('a duplicate SIM is empty: what the replaced card bore does not count against it', () => {
    const existing = [active('AUT'), active('PER'), active('STA', voen)];
    expect(issueOf({ ...business, purpose: 'sim_replacement', requested: ['PER', 'BUS'], existing })).toEqual(['AUT', 'PER', 'BUS']);
  });
});

describe('who may ask for what', () => {
  it.each([
    ['K1', ['PER']],
    ['K1b', ['PER', 'BUS']],
    ['K2', ['PER', 'BUS']],
    ['K3', ['PER', 'BUS']],
    ['K4', ['PER', 'BUS']],
    ['K5', ['PER', 'STA']],
    ['K6', ['PER', 'STA']],
  ] as const)('CT-BUS CT-STA: %s may ask for %j', (category, kinds) => {
    expect(kindsOfCategory[category]).toEqual(kinds);
    for (const kind of signingKinds) {
      const isState = kind === 'STA';
      const request: KindsRequest = {
        ...(isState ? state : business),
        requested: [kind],
        category,
        standing: '',
        bodyKind: isState ? 'judiciary' : '',
      };
      expect(codesOf(request).includes('KIND_NOT_FOR_CATEGORY')).toBe(!(kinds as readonly SigningKind[]).includes(kind));
    }
  });

  it('K1: an individual who asks for Business is refused with his category and the kind', () => {
    expect(decideKinds({ ...business, category: 'K1', standing: '' })).toEqual({
      ok: false,
      refusals: [{ code: 'KIND_NOT_FOR_CATEGORY', params: { category: 'K1', kind: 'BUS' } }],
    });
  });

  it.each(['K5', 'K6'] as const)('CR-26 %s: staff of a self-financing subordinate get Business, not State', (category) => {
    const request: KindsRequest = { ...business, category, standing: '', bodyKind: 'self_financing_subordinate' };
    expect(issueOf(request)).toEqual(['AUT', 'PER', 'BUS']);
    expect(codesOf({ ...request, requested: ['STA'], serviceType: 'state' })).toEqual(['BUSINESS_NOT_STATE']);
  });

  it('CR-26: the exception is for such bodies alone, and a private person gains nothing by it', () => {
    expect(codesOf({ ...business, category: 'K5', bodyKind: 'private' })).toEqual(['KIND_NOT_FOR_CATEGORY']);
    expect(codesOf({ ...business, category: 'K1', standing: '', bodyKind: 'self_financing_subordinate' })).toEqual([
      'KIND_NOT_FOR_CATEGORY',
    ]);
    expect(codesOf({ ...business, category: 'K3', bodyKind: 'self_financing_subordinate' })).toEqual([]);
  });

  it.each(['administrative_body', 'budget_financed', 'judiciary', 'prosecution', 'municipality'] as const)(
    'CT-STA CT-BUS: the staff of a body of kind %s get State and not Business',
    (bodyKind) => {
      expect(codesOf({ ...state, bodyKind })).toEqual([]);
      expect(decideKinds({ ...business, bodyKind })).toEqual({
        ok: false,
        refusals: [{ code: 'KIND_NOT_FOR_BODY', params: { kind: 'BUS', bodyKind } }],
      });
    },
  );

  it('CT-STA: a private organisation, or one nobody described, has no State certificates', () => {
    expect(codesOf({ ...state, bodyKind: 'private' })).toEqual(['KIND_NOT_FOR_BODY']);
    expect(codesOf({ ...state, bodyKind: '' })).toEqual(['KIND_NOT_FOR_BODY']);
  });

  it('CT-PER: Personal is for anybody, whatever the body', () => {
    expect(codesOf({ ...business, requested: ['PER'], bodyKind: 'judiciary' })).toEqual([]);
  });

  it.each([
    ['K2', 'employee'],
    ['K3', 'head'],
    ['K4', 'employee'],
    ['K5', 'head'],
    ['K6', 'employee'],
  ] as const)('CR-25: %s is the %s, and the other standing is refused', (category, standing) => {
    const request = category === 'K5' || category === 'K6' ? state : business;
    const other = standing === 'head' ? 'employee' : 'head';
    expect(codesOf({ ...request, category, standing })).toEqual([]);
    expect(codesOf({ ...request, category, standing: '' })).toEqual([]);
    expect(decideKinds({ ...request, category, standing: other })).toEqual({
      ok: false,
      refusals: [{ code: 'STANDING_NOT_FOR_CATEGORY', params: { category, standing: other } }],
    });
  });

  it('K1b: an individual taxpayer for his own VÖEN may call himself head', () => {
    expect(issueOf({ ...business, category: 'K1b', voen: '0000012342', standing: 'head' })).toEqual(['AUT', 'PER', 'BUS']);
  });
});

describe('over all requests', () => {
  const existing = fc.array(
    fc.record({
      kind: fc.constantFrom<CertificateKind>('AUT', 'PER', 'BUS', 'STA'),
      state: fc.constantFrom(...certificateStates),
      voen: fc.constantFrom('', '0000012341', '0000000131'),
    }),
    { maxLength: 5 },
  );
  const requests: fc.Arbitrary<KindsRequest> = fc.record({
    requested: fc.subarray([...signingKinds]),
    purpose: fc.constantFrom('first', 'additional', 'sim_replacement'),
    category: fc.constantFrom(...categories),
    standing: fc.constantFrom('', 'head', 'employee'),
    bodyKind: fc.constantFrom('', 'private', 'administrative_body', 'self_financing_subordinate'),
    voen: fc.constantFrom('0000012341', '0000000131'),
    serviceType: fc.constantFrom(...simServiceTypes),
    existing,
  });
  const isLive = (each: ExistingCertificate) => !['EXPIRED', 'REVOKED', 'REVOKED_EXPIRY'].includes(each.state);

  it('CR-22 CR-24 CR-27: what is issued never breaks the limits of the SIM', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const decision = decideKinds(request);
        if (!decision.ok) {
          expect(decision.refusals.length).toBeGreaterThan(0);
          return;
        }
        const before = request.purpose === 'sim_replacement' ? [] : request.existing.filter(isLive).map(({ kind }) => kind);
        const after: CertificateKind[] = [...before, ...decision.issue];
        expect(after.filter((kind) => kind === 'PER').length).toBe(Math.max(1, before.filter((kind) => kind === 'PER').length));
        expect(after).toContain('AUT');
        for (const kind of decision.issue) if (kind !== 'AUT') expect(kindsOfSim[request.serviceType].allowed).toContain(kind);
        if (decision.issue.includes('BUS') || decision.issue.includes('STA'))
          expect(after.includes('BUS') && after.includes('STA')).toBe(false);
        for (const kind of request.requested) expect(decision.issue).toContain(kind);
      }),
      { numRuns: 400 },
    );
  });
});
