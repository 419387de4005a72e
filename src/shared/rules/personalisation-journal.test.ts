import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideNextStep,
  decideRecovery,
  listRecoveryChoices,
  isIssuePending,
  type CardInSight,
  type JournalEntry,
  type JournalStep,
  type RecoveryDecision,
} from './personalisation-journal.ts';

const lives = ['blank', 'open', 'closed', 'unknown'] as const;
const serials = ['none', 'this', 'other'] as const;
const certificates = ['none', 'these', 'others'] as const;
const sights: readonly CardInSight[] = [
  { kind: 'none' },
  { kind: 'another' },
  ...lives.flatMap((life) =>
    serials.flatMap((serial) => certificates.map((found): CardInSight => ({ kind: 'this', life, serial, certificates: found }))),
  ),
];

const codesOf: Partial<Record<JournalStep, readonly string[]>> = {
  certificates: ['CARD_REMOVED', 'CARD_REFUSED', 'CERTIFICATE_OTHER_KEY'],
  verify: ['CARD_REMOVED', 'CODES_GONE', 'CARD_CHECK_FAILED'],
  new_codes: ['CARD_REMOVED', 'PUK_SPENT'],
  envelope: ['CODES_GONE', 'ENVELOPE_USED', 'MAILER_FAILED'],
};

/** Every journal that can come to be within so many entries: each step ends well, fails in each of its ways, or the power goes. */
function listJournals(maxEntries: number): JournalEntry[][] {
  const found: JournalEntry[][] = [];
  const walk = (journal: JournalEntry[]): void => {
    found.push(journal);
    if (journal.length + 2 > maxEntries) return;
    const next = decideNextStep(journal);
    // The engine goes from the requests to the registry with what it holds; only a journal that broke off there asks again.
    const last = journal.at(-1);
    const live: RecoveryDecision = last?.step === 'requests' && last.outcome === 'done' ? { action: 'continue', step: 'issue' } : next;
    const steps = [next, live].flatMap((decision): JournalStep[] =>
      decision.action === 'continue' ? [decision.step] : decision.action === 'wipe' ? ['wipe'] : [],
    );
    for (const step of new Set(steps)) {
      const begun: JournalEntry[] = [...journal, { step, outcome: 'begun', code: '' }];
      found.push(begun);
      walk([...begun, { step, outcome: 'done', code: '' }]);
      for (const code of codesOf[step] ?? ['CARD_REMOVED', 'CARD_REFUSED']) walk([...begun, { step, outcome: 'failed', code }]);
    }
  };
  walk([]);
  return found;
}

const withoutCard: readonly JournalStep[] = ['claim', 'issue', 'report'];

describe('what may be done with a half-made card', () => {
  const journals = [...listJournals(14), ...listSpines()];

  /** The straight way and every way off it near its end, which the walk above does not reach. */
  function listSpines(): JournalEntry[][] {
    const spine: JournalEntry[] = [];
    const all: JournalEntry[][] = [];
    const steps: JournalStep[] = ['claim', 'wipe', 'codes', 'keys', 'requests', 'issue', 'certificates', 'objects', 'close'];
    steps.push('verify', 'envelope', 'new_codes', 'verify', 'envelope', 'report');
    for (const step of steps) {
      spine.push({ step, outcome: 'begun', code: '' });
      all.push([...spine]);
      for (const code of codesOf[step] ?? ['CARD_REMOVED', 'CARD_REFUSED']) all.push([...spine, { step, outcome: 'failed', code }]);
      spine.push({ step, outcome: 'done', code: '' });
      all.push([...spine]);
    }
    return all;
  }

  it('PRS-03: every beginning of a journal and every sight of the card has one safe answer', () => {
    expect(journals.length).toBeGreaterThan(2_000);
    for (const journal of journals) {
      for (const sight of sights) {
        const decision = decideRecovery(journal, sight);
        const says = JSON.stringify({ journal, sight, decision });
        const touches = decision.action === 'wipe' || (decision.action === 'continue' && !withoutCard.includes(decision.step));
        // Nothing is written to a card of which it is not certain that it is the journal's.
        if (touches) expect(sight.kind, says).toBe('this');
        // Nothing is thrown away while the registry's answer is on its way, and a card in use is never emptied.
        if (decision.action === 'wipe') {
          expect(isIssuePending(journal), says).toBe(false);
          expect(sight.kind === 'this' && sight.life, says).not.toBe('closed');
        }
        // An envelope is printed only after a check of codes that no envelope was begun with.
        if (decision.action === 'continue' && decision.step === 'envelope') {
          expect(journal.at(-1), says).toMatchObject({ step: 'verify', outcome: 'done' });
          expect(sight, says).toMatchObject({ life: 'closed', serial: 'this', certificates: 'these' });
        }
        if (decision.action === 'finished') expect(journal.at(-1), says).toMatchObject({ step: 'report', outcome: 'done' });
      }
    }
  });

  it('PRS-03: the safe answer is always one of the buttons, and a finished card has none', () => {
    for (const journal of journals) {
      for (const sight of sights) {
        const decision = decideRecovery(journal, sight);
        const { mayContinue, mayWipe, mayScrap } = listRecoveryChoices(journal, sight);
        if (decision.action === 'continue') expect(mayContinue).toBe(true);
        if (decision.action === 'wipe') expect(mayWipe).toBe(true);
        if (decision.action === 'scrap') expect(mayScrap).toBe(true);
        if (decision.action === 'finished' || decision.action === 'abandoned')
          expect([mayContinue, mayWipe, mayScrap]).toEqual([false, false, false]);
      }
    }
  });

  it('a card that somebody closed, or that carries another serial, is never gone on with', () => {
    const claimed: JournalEntry[] = [
      { step: 'claim', outcome: 'begun', code: '' },
      { step: 'claim', outcome: 'done', code: '' },
    ];
    expect(decideRecovery(claimed, { kind: 'this', life: 'closed', serial: 'other', certificates: 'others' })).toEqual({
      action: 'scrap',
      reason: 'wrong_card',
    });
    expect(decideRecovery(claimed, { kind: 'another' })).toEqual({ action: 'insert' });
  });
});

/** A card, a card host with its memory, a registry and a mailer, as far as the journal sees them. */
function createWorld() {
  const card = { life: 'blank' as 'blank' | 'open' | 'closed', keys: 0, pins: 0, certifiedKeys: 0, serial: '' };
  const world = {
    card,
    hostPins: 0,
    counter: 0,
    issuedFor: 0,
    envelopes: new Map<number, number>(),
    lastNumber: 0,
    sight(): CardInSight {
      return {
        kind: 'this',
        life: card.life,
        serial: card.serial === '' ? 'none' : 'this',
        certificates: card.certifiedKeys === 0 ? 'none' : 'these',
      };
    },
    fresh(): number {
      world.counter += 1;
      return world.counter;
    },
    /** Does the step, or as much of it as the power lasted; answers a code. */
    step(step: JournalStep, isCut: boolean): string {
      if (isCut) world.hostPins = 0;
      switch (step) {
        case 'wipe':
          if (card.life === 'closed') return 'CARD_REFUSED';
          // The power may go in the middle of it.
          Object.assign(
            card,
            isCut ? { life: 'open', certifiedKeys: 0 } : { life: 'blank', keys: 0, pins: 0, certifiedKeys: 0, serial: '' },
          );
          return '';
        case 'codes':
          if (card.life !== 'blank') return 'CARD_REFUSED';
          card.pins = world.fresh();
          if (!isCut) world.hostPins = card.pins;
          return '';
        case 'keys':
          if (card.life === 'closed') return 'CARD_REFUSED';
          Object.assign(card, { life: 'open', keys: world.fresh() });
          return '';
        case 'issue':
          world.issuedFor = card.keys;
          return '';
        case 'certificates':
          if (world.issuedFor !== card.keys) return 'CERTIFICATE_OTHER_KEY';
          card.certifiedKeys = world.issuedFor;
          return '';
        case 'objects':
          card.serial = 'this';
          return '';
        case 'close':
          card.life = 'closed';
          return '';
        case 'verify':
          return world.hostPins === 0 ? 'CODES_GONE' : card.keys === card.certifiedKeys ? '' : 'CARD_CHECK_FAILED';
        case 'new_codes':
          card.pins = world.fresh();
          if (!isCut) world.hostPins = card.pins;
          return '';
        case 'envelope': {
          if (world.hostPins === 0) return 'CODES_GONE';
          world.lastNumber = world.fresh();
          world.envelopes.set(world.lastNumber, world.hostPins);
          world.hostPins = 0;
          return '';
        }
        default:
          return '';
      }
    },
  };
  return world;
}

it('PRS-06: however often the power goes, a finished card is closed, has the keys that were certified and the codes of its last envelope', () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.constantFrom('well', 'well', 'well', 'before', 'during', 'after', 'host'), { maxLength: 40 }), (fates) => {
      const world = createWorld();
      const journal: JournalEntry[] = [];
      let hasRequests = false;
      for (let turn = 0; turn < 200; turn += 1) {
        const decision: RecoveryDecision = hasRequests ? { action: 'continue', step: 'issue' } : decideRecovery(journal, world.sight());
        hasRequests = false;
        if (decision.action !== 'continue' && decision.action !== 'wipe') {
          outcomes.add(decision.action);
          if (decision.action !== 'finished') return;
          expect(world.card).toMatchObject({ life: 'closed', serial: 'this', keys: world.issuedFor, certifiedKeys: world.issuedFor });
          expect(world.envelopes.get(world.lastNumber)).toBe(world.card.pins);
          return;
        }
        const step: JournalStep = decision.action === 'wipe' ? 'wipe' : decision.step;
        const fate = fates[turn] ?? 'well';
        journal.push({ step, outcome: 'begun', code: '' });
        if (fate === 'before') continue;
        const code = world.step(step, fate === 'during');
        if (fate === 'during' || fate === 'after') continue;
        if (fate === 'host') world.hostPins = 0;
        journal.push({ step, outcome: code === '' ? 'done' : 'failed', code });
        hasRequests = step === 'requests' && code === '';
      }
      throw new Error(`no end: ${JSON.stringify(journal.slice(-8))}`);
    }),
    { numRuns: 2_000 },
  );
  expect(outcomes).toContain('finished');
});
