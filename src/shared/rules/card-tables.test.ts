import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cardTransitions,
  decideCardTransition,
  emptyCardFacts,
  finalCardStates,
  listNextCardStates,
  type CardFacts,
} from './card-states.ts';
import {
  decidePackageTransition,
  emptyPackageFacts,
  finalPackageStates,
  listNextPackageStates,
  packageTransitions,
  type PackageFacts,
} from './package-states.ts';
import {
  decidePinRequestTransition,
  emptyPinRequestFacts,
  finalPinRequestStates,
  listNextPinRequestStates,
  pinRequestTransitions,
  type PinRequestFacts,
} from './pin-request-states.ts';
import { cardStates, packageStates, permissions, pinRequestStates } from './vocabulary.ts';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly source: string;
}
interface Machine {
  readonly name: string;
  readonly states: readonly string[];
  readonly edges: readonly Edge[];
  readonly finals: readonly string[];
  /** Everything of the case can be over here, though more may follow years later. */
  readonly rests: readonly string[];
  readonly next: (state: string) => readonly string[];
  readonly ofSpecification: readonly string[];
  readonly derived: readonly string[];
}

const machines: readonly Machine[] = [
  {
    name: 'card (14.3)',
    states: cardStates,
    edges: cardTransitions,
    finals: finalCardStates,
    rests: ['HANDED'],
    next: (state) => listNextCardStates(cardStates.find((each) => each === state) ?? 'BLANK'),
    ofSpecification: [
      'BLANK>PERSONALISED operator',
      'PERSONALISED>MATCHED operator',
      'MATCHED>DISPATCHED operator',
      'DISPATCHED>RECEIVED officer',
      'DISPATCHED>RETURNED registrar',
      'RECEIVED>REGISTERED registrar',
      'RECEIVED>MISMATCH registrar',
      'RECEIVED>NO_ENVELOPE registrar',
      'MISMATCH>REGISTERED registrar',
      'MISMATCH>RETURNED registrar',
      'NO_ENVELOPE>RETURNED registrar',
      'REGISTERED>HANDED registrar',
      'HANDED>BLOCKED holder',
      'HANDED>PIN_REISSUE registrar',
      'BLOCKED>HANDED holder',
      'BLOCKED>PIN_REISSUE registrar',
      'PIN_REISSUE>HANDED registrar',
    ],
    derived: ['BLANK>SPOILED operator', 'PERSONALISED>SPOILED operator', 'MATCHED>SPOILED operator', 'REGISTERED>RETURNED registrar'],
  },
  {
    name: 'package (14.4)',
    states: packageStates,
    edges: packageTransitions,
    finals: finalPackageStates,
    rests: [],
    next: (state) => listNextPackageStates(packageStates.find((each) => each === state) ?? 'PREPARED'),
    ofSpecification: [
      'PREPARED>WITH_COURIER sender',
      'WITH_COURIER>AT_OFFICE receiver',
      'WITH_COURIER>ID_FAILED receiver',
      'AT_OFFICE>DAMAGED receiver',
      'AT_OFFICE>ACT_SIGNED officer',
      'DAMAGED>RETURNED receiver',
      'ACT_SIGNED>RECORDED receiver',
      'RECORDED>CHECKED receiver',
      'CHECKED>CONFIRMED receiver',
    ],
    derived: ['ID_FAILED>AT_OFFICE receiver', 'ID_FAILED>RETURNED receiver'],
  },
  {
    name: 'PIN request (14.5)',
    states: pinRequestStates,
    edges: pinRequestTransitions,
    finals: finalPinRequestStates,
    rests: [],
    next: (state) => listNextPinRequestStates(pinRequestStates.find((each) => each === state) ?? 'REQUESTED'),
    ofSpecification: [
      'REQUESTED>VERIFIED registrar',
      'REQUESTED>REFUSED registrar',
      'VERIFIED>CONTRACT_SIGNED registrar',
      'CONTRACT_SIGNED>SCANNED registrar',
      'SCANNED>SENT_TO_CENTRE registrar',
      'SENT_TO_CENTRE>READY_AT_CENTRE centre',
      'READY_AT_CENTRE>BACK_AT_OFFICE registrar',
      'HANDED>ARCHIVED registrar',
    ],
    derived: [
      'VERIFIED>REFUSED registrar',
      'CONTRACT_SIGNED>REFUSED registrar',
      'SCANNED>REFUSED registrar',
      'BACK_AT_OFFICE>HANDED registrar',
    ],
  },
];

describe.each(machines)('the table of the $name', ({ states, edges, finals, rests, next, ofSpecification, derived }) => {
  it('has exactly the edges of the specification, and those derived marked so', () => {
    const named = ({ from, to, actor }: Edge) => `${from}>${to} ${actor}`;
    // What the specification itself marks as derived stands with ours.
    expect(
      edges
        .filter((edge) => edge.source !== '[D]')
        .map(named)
        .sort(),
    ).toEqual([...ofSpecification].sort());
    expect(
      edges
        .filter((edge) => edge.source === '[D]')
        .map(named)
        .sort(),
    ).toEqual([...derived].sort());
    for (const edge of edges) expect(edge.source).not.toBe('');
  });

  it('leads from its first state to every state', () => {
    const reached = new Set<string>(states.slice(0, 1));
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const edge of edges) if (reached.has(edge.from)) reached.add(edge.to);
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });

  it('has nothing after a final state, and no other end', () => {
    expect(states.filter((state) => next(state).length === 0).sort()).toEqual([...finals].sort());
  });

  it('comes to an end or to rest on every path', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: states.length, maxLength: 3 * states.length }), (choices) => {
        let state = states[0] ?? '';
        let hasRested = false;
        for (const choice of choices) {
          const following = next(state);
          if (following.length === 0) break;
          state = following[choice % following.length] ?? state;
          hasRested ||= rests.includes(state);
        }
        expect(hasRested || finals.includes(state), state).toBe(true);
      }),
    );
  });

  it('lists each following state once', () => {
    for (const state of states) expect(new Set(next(state)).size).toBe(next(state).length);
  });
});

const cardDone: CardFacts = {
  permissions,
  isVerified: true,
  isSerialRight: true,
  isEnvelopeSound: true,
  isPackageDispatched: true,
  isPackageDamaged: false,
  isActSigned: true,
  hasReturnRegister: true,
  hasReason: true,
  isCaseEnded: true,
  isHolderIdentified: true,
  isContractSigned: true,
  isActivated: true,
  arePinsSpent: false,
  hasPinRequest: true,
  isNewEnvelopeHere: true,
};

describe('decideCardTransition', () => {
  const reason = (from: (typeof cardStates)[number], to: (typeof cardStates)[number], facts: Partial<CardFacts> = {}) => {
    const decision = decideCardTransition(from, to, { ...cardDone, ...facts });
    return decision.ok ? 'ok' : decision.error;
  };

  it('refuses every pair that is no edge with STATE, and every edge without the right', () => {
    for (const from of cardStates) {
      for (const to of cardStates) {
        const isEdge = cardTransitions.some((edge) => edge.from === from && edge.to === to);
        if (!isEdge) expect(reason(from, to)).toBe('STATE');
        else expect(reason(from, to, { permissions: ['card.view'] })).toBe('NOT_YOUR_RIGHT');
      }
    }
  });

  it.each([
    ['BLANK', 'PERSONALISED', { isVerified: false }, 'CARD_NOT_VERIFIED'],
    ['PERSONALISED', 'SPOILED', { hasReason: false }, 'REASON_NEEDED'],
    ['MATCHED', 'DISPATCHED', { isPackageDispatched: false }, 'PACKAGE_NOT_DISPATCHED'],
    ['DISPATCHED', 'RECEIVED', { isActSigned: false }, 'ACT_NOT_SIGNED'],
    ['DISPATCHED', 'RECEIVED', { isPackageDamaged: true }, 'M-17'],
    ['DISPATCHED', 'RETURNED', {}, 'PACKAGE_NOT_DAMAGED'],
    ['DISPATCHED', 'RETURNED', { isPackageDamaged: true }, 'ok'],
    ['RECEIVED', 'MISMATCH', {}, 'SERIAL_RIGHT'],
    ['RECEIVED', 'MISMATCH', { isSerialRight: false }, 'ok'],
    ['RECEIVED', 'NO_ENVELOPE', {}, 'ENVELOPE_SOUND'],
    ['MISMATCH', 'REGISTERED', { hasReason: false }, 'REASON_NEEDED'],
    ['MISMATCH', 'RETURNED', { hasReturnRegister: false }, 'REGISTER_NEEDED'],
    ['NO_ENVELOPE', 'RETURNED', { hasReturnRegister: false }, 'REGISTER_NEEDED'],
    ['REGISTERED', 'RETURNED', { isCaseEnded: false, hasReturnRegister: false }, 'CASE_NOT_ENDED'],
    ['REGISTERED', 'RETURNED', { isCaseEnded: false }, 'ok'],
    ['HANDED', 'BLOCKED', {}, 'PINS_NOT_SPENT'],
    ['HANDED', 'BLOCKED', { arePinsSpent: true }, 'ok'],
    ['BLOCKED', 'HANDED', { arePinsSpent: true }, 'PUK_NOT_USED'],
    ['HANDED', 'PIN_REISSUE', { hasPinRequest: false }, 'PIN_REQUEST_MISSING'],
    ['PIN_REISSUE', 'HANDED', { isNewEnvelopeHere: false }, 'PIN_ENVELOPE_NOT_HERE'],
  ] as const)('%s to %s with %j: %s', (from, to, facts, expected) => {
    expect(reason(from, to, facts)).toBe(expected);
  });

  it('PRS-07 M-18: a card whose serial is not that of its envelope is not matched', () => {
    expect(reason('PERSONALISED', 'MATCHED')).toBe('ok');
    expect(reason('PERSONALISED', 'MATCHED', { isSerialRight: false })).toBe('M-18');
  });

  it('PKG-09 PKG-10 M-19: only a right serial with a sound envelope is registered', () => {
    expect(reason('RECEIVED', 'REGISTERED')).toBe('ok');
    expect(reason('RECEIVED', 'REGISTERED', { isSerialRight: false })).toBe('M-18');
    expect(reason('RECEIVED', 'REGISTERED', { isEnvelopeSound: false })).toBe('M-19');
  });

  it('HND-13: nothing is handed over before the contract is signed and the certificates are active', () => {
    expect(reason('REGISTERED', 'HANDED')).toBe('ok');
    expect(reason('REGISTERED', 'HANDED', { isHolderIdentified: false })).toBe('HOLDER_NOT_IDENTIFIED');
    expect(reason('REGISTERED', 'HANDED', { isContractSigned: false })).toBe('CONTRACT_NOT_SIGNED');
    expect(reason('REGISTERED', 'HANDED', { isActivated: false })).toBe('NOT_ACTIVATED');
  });

  it('offers nothing when nothing is known, but what needs no fact', () => {
    for (const edge of cardTransitions) {
      const decision = decideCardTransition(edge.from, edge.to, { ...emptyCardFacts, permissions });
      const isFree = edge.guard === 'serial_wrong' || edge.guard === 'envelope_wrong' || edge.guard === 'puk_used';
      expect(decision.ok, edge.guard).toBe(isFree);
    }
  });
});

describe('decidePackageTransition', () => {
  const done: PackageFacts = {
    permissions,
    side: 'to',
    isAddressChecked: true,
    hasRegister: true,
    hasCourier: true,
    isCourierRight: true,
    hasAnswerOfCentre: true,
    isDamaged: false,
    isActSigned: true,
    isCourierNamed: true,
    isEveryLineDecided: true,
  };
  const reason = (from: (typeof packageStates)[number], to: (typeof packageStates)[number], facts: Partial<PackageFacts> = {}) => {
    const decision = decidePackageTransition(from, to, { ...done, ...facts });
    return decision.ok ? 'ok' : decision.error;
  };

  it('refuses every pair that is no edge with STATE', () => {
    for (const from of packageStates) {
      for (const to of packageStates) {
        if (!packageTransitions.some((edge) => edge.from === from && edge.to === to)) expect(reason(from, to)).toBe('STATE');
      }
    }
  });

  it('lets only the sending office dispatch and only the receiving one receive', () => {
    expect(reason('PREPARED', 'WITH_COURIER', { side: 'from' })).toBe('ok');
    expect(reason('PREPARED', 'WITH_COURIER')).toBe('NOT_YOUR_PACKAGE');
    expect(reason('WITH_COURIER', 'AT_OFFICE', { side: 'from' })).toBe('NOT_YOUR_PACKAGE');
    expect(reason('WITH_COURIER', 'AT_OFFICE', { permissions: ['card.view'] })).toBe('NOT_YOUR_RIGHT');
  });

  it('PKG-02 PRS-12: no package leaves without an address read, a register and a courier', () => {
    const from = { side: 'from' } as const;
    expect(reason('PREPARED', 'WITH_COURIER', { ...from, isAddressChecked: false })).toBe('ADDRESS_NOT_CHECKED');
    expect(reason('PREPARED', 'WITH_COURIER', { ...from, hasRegister: false })).toBe('REGISTER_NEEDED');
    expect(reason('PREPARED', 'WITH_COURIER', { ...from, hasCourier: false })).toBe('COURIER_MISSING');
  });

  it('PKG-04 M-16: a courier whose document is not his own stops the package until the centre answered', () => {
    expect(reason('WITH_COURIER', 'AT_OFFICE', { isCourierRight: false })).toBe('M-16');
    expect(reason('WITH_COURIER', 'ID_FAILED', { isCourierRight: false })).toBe('ok');
    expect(reason('WITH_COURIER', 'ID_FAILED')).toBe('COURIER_IDENTIFIED');
    expect(reason('ID_FAILED', 'AT_OFFICE', { hasAnswerOfCentre: false })).toBe('CENTRE_NOT_ASKED');
    expect(reason('ID_FAILED', 'RETURNED')).toBe('ok');
  });

  it('PKG-05 PKG-06 M-17: a damaged package is not signed for but goes back', () => {
    expect(reason('AT_OFFICE', 'ACT_SIGNED', { isDamaged: true })).toBe('M-17');
    expect(reason('AT_OFFICE', 'ACT_SIGNED', { isActSigned: false })).toBe('ACT_NOT_SIGNED');
    expect(reason('AT_OFFICE', 'DAMAGED')).toBe('PACKAGE_NOT_DAMAGED');
    expect(reason('AT_OFFICE', 'DAMAGED', { isDamaged: true })).toBe('ok');
    expect(reason('DAMAGED', 'RETURNED', { hasRegister: false })).toBe('REGISTER_NEEDED');
  });

  it('PKG-12: nothing is confirmed with an open line', () => {
    expect(reason('RECORDED', 'CHECKED', { isEveryLineDecided: false })).toBe('LINES_OPEN');
    expect(reason('CHECKED', 'CONFIRMED', { isEveryLineDecided: false })).toBe('LINES_OPEN');
    expect(reason('CHECKED', 'CONFIRMED')).toBe('ok');
    expect(reason('ACT_SIGNED', 'RECORDED', { isCourierNamed: false })).toBe('COURIER_NAME_MISSING');
  });

  it('offers nothing but the alarm when nothing is known', () => {
    for (const edge of packageTransitions) {
      const side = edge.actor === 'sender' ? 'from' : 'to';
      const decision = decidePackageTransition(edge.from, edge.to, { ...emptyPackageFacts, permissions, side });
      expect(decision.ok, edge.guard).toBe(edge.guard === 'document_not_couriers');
    }
  });
});

describe('decidePinRequestTransition', () => {
  const done: PinRequestFacts = {
    permissions,
    isHolderIdentified: true,
    isCardFound: true,
    isCardOfHolder: true,
    hasReason: true,
    isContractSigned: true,
    isContractScanned: true,
    hasRegister: true,
    areCodesReady: true,
    isEnvelopeHere: true,
    hasArchiveList: true,
  };
  const reason = (from: (typeof pinRequestStates)[number], to: (typeof pinRequestStates)[number], facts: Partial<PinRequestFacts> = {}) => {
    const decision = decidePinRequestTransition(from, to, { ...done, ...facts });
    return decision.ok ? 'ok' : decision.error;
  };

  it('refuses every pair that is no edge with STATE, every edge without the right, and all when nothing is known', () => {
    for (const from of pinRequestStates) {
      for (const to of pinRequestStates) {
        const isEdge = pinRequestTransitions.some((edge) => edge.from === from && edge.to === to);
        expect(reason(from, to)).toBe(isEdge ? 'ok' : 'STATE');
        if (!isEdge) continue;
        expect(reason(from, to, { permissions: ['card.view'] })).toBe('NOT_YOUR_RIGHT');
        expect(decidePinRequestTransition(from, to, { ...emptyPinRequestFacts, permissions }).ok).toBe(false);
      }
    }
  });

  it('PIN-06 M-22: new codes are asked for a card that is there and belongs to the person found', () => {
    expect(reason('REQUESTED', 'VERIFIED', { isHolderIdentified: false })).toBe('HOLDER_NOT_IDENTIFIED');
    expect(reason('REQUESTED', 'VERIFIED', { isCardFound: false })).toBe('M-22');
    expect(reason('REQUESTED', 'VERIFIED', { isCardOfHolder: false })).toBe('CARD_NOT_OF_HOLDER');
  });

  it.each([
    ['VERIFIED', 'CONTRACT_SIGNED', { isContractSigned: false }, 'CONTRACT_NOT_SIGNED'],
    ['CONTRACT_SIGNED', 'SCANNED', { isContractScanned: false }, 'CONTRACT_NOT_SCANNED'],
    ['SCANNED', 'SENT_TO_CENTRE', { hasRegister: false }, 'REGISTER_NEEDED'],
    ['SENT_TO_CENTRE', 'READY_AT_CENTRE', { areCodesReady: false }, 'NEW_CODES_NOT_READY'],
    ['READY_AT_CENTRE', 'BACK_AT_OFFICE', { isEnvelopeHere: false }, 'PIN_ENVELOPE_NOT_HERE'],
    ['BACK_AT_OFFICE', 'HANDED', { isHolderIdentified: false }, 'HOLDER_NOT_IDENTIFIED'],
    ['HANDED', 'ARCHIVED', { hasArchiveList: false }, 'ARCHIVE_LIST_MISSING'],
    ['REQUESTED', 'REFUSED', { hasReason: false }, 'REASON_NEEDED'],
  ] as const)('%s to %s with %j: %s', (from, to, facts, expected) => {
    expect(reason(from, to, facts)).toBe(expected);
  });
});
