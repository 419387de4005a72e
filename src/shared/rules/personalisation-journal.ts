import type { spoilReasons } from '../registry-api/card-commands.ts';

/**
 * What the journal of a card's personalisation says, and what may safely be done with the card that is in sight now. Each step is written down before it
 * is begun and again when it has ended, so a power cut leaves at most one step of which nobody knows how far it came. Two things are never put at risk:
 * a request gets one card, and codes that may have been printed are never printed again. Source: ADR-0027; PRS-03; cards.md §10
 */
export const journalSteps = [
  /** The registry gives the card to the request. */
  'claim',
  'wipe',
  'codes',
  'keys',
  'requests',
  /** The registry's certificates for the keys on the chip. */
  'issue',
  'certificates',
  'objects',
  'close',
  'verify',
  /** Only when the codes were lost, or an envelope was: new ones through the derived PUK. */
  'new_codes',
  'envelope',
  /** What is queued for the registry: the card is made. */
  'report',
] as const;
export type JournalStep = (typeof journalSteps)[number];

/** What is counted when a card is half done. */
export const mainSteps: readonly JournalStep[] = journalSteps.filter((step) => step !== 'new_codes');

export type SpoilReason = (typeof spoilReasons)[number];

export interface JournalEntry {
  readonly step: JournalStep;
  /** `begun`: written before the step; nothing is known of it while it is the last word. */
  readonly outcome: 'begun' | 'done' | 'failed';
  /** Why it failed: a code of the card host or of the registry. */
  readonly code: string;
}

/** The card in the reader, seen from one journal. */
export type CardInSight =
  | { readonly kind: 'none' }
  /** Another chip, or a card that is none of ours: nothing is ever written to it from this journal. */
  | { readonly kind: 'another' }
  | {
      readonly kind: 'this';
      readonly life: 'blank' | 'open' | 'closed' | 'unknown';
      /** The serial that the card itself names. */
      readonly serial: 'none' | 'this' | 'other';
      /** Against what the registry issued for this journal. */
      readonly certificates: 'none' | 'these' | 'others';
    };

export type RecoveryDecision =
  | { readonly action: 'continue'; readonly step: JournalStep }
  /** Everything on the card is deleted and made anew; certificates of the old keys are revoked when the new ones are certified. */
  | { readonly action: 'wipe' }
  /** The card is out for good and the request waits for another one. */
  | { readonly action: 'scrap'; readonly reason: SpoilReason }
  /** The card of this journal has to be put in first. */
  | { readonly action: 'insert' }
  /** The registry did not give the card to the request: nothing was done. */
  | { readonly action: 'abandoned' }
  | { readonly action: 'finished' };

/** Steps that ask the registry and leave the card alone. */
const withoutCard: readonly JournalStep[] = ['claim', 'issue', 'report'];
/** The same refusal so often is the card's, not chance's. */
const maxRefusals = 3;
/** The card was not there, or the way to it failed: the card itself refused nothing. */
const transientCodes: readonly string[] = [
  'SERVICE_DOWN',
  'LINK_MISSING',
  'READER_UNKNOWN',
  'CARD_ABSENT',
  'CARD_REMOVED',
  'CARD_RESET',
  'CARD_SHARED',
  'CARD_MUTE',
  'CARD_TIMEOUT',
  'TRANSPORT_FAILED',
  'CARD_EXCHANGED',
  'TOKEN_MISSING',
  'TOKEN_FAILED',
  'CANCELLED',
  'CARD_HOST_FAILED',
];

export function isTransient(code: string): boolean {
  return transientCodes.includes(code);
}

/**
 * The registry was asked for certificates and its answer is not known. Other keys would revoke them, and the old question may still be on its way: nothing
 * is wiped before it is answered.
 */
export function isIssuePending(journal: readonly JournalEntry[]): boolean {
  return journal.findLast(({ step }) => step === 'issue')?.outcome === 'begun';
}

/** The keys on the card are those that the registry certified last. */
function isIssued(journal: readonly JournalEntry[]): boolean {
  const issuedAt = journal.findLastIndex(({ step, outcome }) => step === 'issue' && outcome === 'done');
  return issuedAt > journal.findLastIndex(({ step }) => step === 'wipe');
}

/** The card's access conditions may apply since `close` was begun. */
function mayBeClosed(journal: readonly JournalEntry[]): boolean {
  return journal.some(({ step }) => step === 'close');
}

function countRefusals(journal: readonly JournalEntry[], step?: JournalStep): number {
  const isCounted = (entry: JournalEntry): boolean => entry.outcome === 'failed' && !isTransient(entry.code);
  return journal.filter((entry) => isCounted(entry) && (step === undefined || entry.step === step)).length;
}

/** What comes next by the journal alone, as if the card in the reader were as the journal left it. Source: cards.md §3.4 */
export function decideNextStep(journal: readonly JournalEntry[]): RecoveryDecision {
  const last = journal.at(-1);
  if (last === undefined) return { action: 'continue', step: 'claim' };
  const { step, outcome, code } = last;
  if (outcome === 'done') return afterDone(step);
  const isRefused = outcome === 'failed' && !isTransient(code);
  switch (step) {
    case 'claim':
      return isRefused ? { action: 'abandoned' } : { action: 'continue', step };
    case 'wipe':
    case 'codes':
    case 'keys':
      return countRefusals(journal) >= maxRefusals ? { action: 'scrap', reason: 'chip_failed' } : { action: 'wipe' };
    case 'requests':
      if (!isRefused) return { action: 'continue', step };
      return countRefusals(journal) >= maxRefusals ? { action: 'scrap', reason: 'chip_failed' } : { action: 'wipe' };
    case 'issue':
      // The registry said no to these keys: others may please it, a few times.
      if (!isRefused) return { action: 'continue', step };
      return countRefusals(journal, 'issue') >= maxRefusals ? { action: 'scrap', reason: 'other' } : { action: 'wipe' };
    case 'certificates':
      if (code !== 'CERTIFICATE_OTHER_KEY') return again(journal, step);
      return countRefusals(journal) >= maxRefusals ? { action: 'scrap', reason: 'chip_failed' } : { action: 'wipe' };
    case 'objects':
    case 'close':
      return again(journal, step);
    case 'verify':
      if (code === 'CODES_GONE') return { action: 'continue', step: 'new_codes' };
      return again(journal, step);
    case 'new_codes':
      return again(journal, step);
    case 'envelope':
      // Printed or not, its number and its codes are gone with it. Source: ADR-0027
      return { action: 'continue', step: 'new_codes' };
    case 'report':
      return { action: 'continue', step };
  }
}

function again(journal: readonly JournalEntry[], step: JournalStep): RecoveryDecision {
  const last = journal.at(-1);
  const isFinal = last?.code === 'PUK_SPENT' || last?.code === 'CARD_CHECK_FAILED';
  if (isFinal || countRefusals(journal, step) >= maxRefusals) return { action: 'scrap', reason: 'chip_failed' };
  return { action: 'continue', step };
}

function afterDone(step: JournalStep): RecoveryDecision {
  // The requests are in memory only: asked for again, they are the same keys' words.
  if (step === 'requests') return { action: 'continue', step: 'requests' };
  if (step === 'new_codes') return { action: 'continue', step: 'verify' };
  if (step === 'report') return { action: 'finished' };
  const next = mainSteps[mainSteps.indexOf(step) + 1];
  return next === undefined ? { action: 'finished' } : { action: 'continue', step: next };
}

/**
 * The one safe answer to a journal that broke off and the card that is in sight. Total: every beginning of a journal and every sight has exactly one.
 */
export function decideRecovery(journal: readonly JournalEntry[], sight: CardInSight): RecoveryDecision {
  const next = decideNextStep(journal);
  if (next.action === 'finished' || next.action === 'abandoned' || next.action === 'scrap') return next;
  if (next.action === 'continue' && withoutCard.includes(next.step)) return next;
  if (sight.kind !== 'this') return { action: 'insert' };
  return mayBeClosed(journal) ? decideClosed(journal, next, sight) : decideOpen(journal, next, sight);
}

type ThisCard = Extract<CardInSight, { kind: 'this' }>;

/** Before `close` was begun no card of ours is closed, and all of it may be begun anew. */
function decideOpen(journal: readonly JournalEntry[], next: RecoveryDecision, sight: ThisCard): RecoveryDecision {
  if (sight.life === 'closed') return { action: 'scrap', reason: 'wrong_card' };
  if (next.action === 'wipe' || (next.action === 'continue' && next.step === 'wipe')) return next;
  // What the card shows is not what the journal put there.
  if (sight.life === 'unknown' || sight.certificates === 'others' || sight.serial === 'other') return { action: 'wipe' };
  if (isIssued(journal)) return sight.life === 'open' ? next : { action: 'wipe' };
  if (sight.certificates !== 'none' || sight.serial !== 'none') return { action: 'wipe' };
  // Keys were made on it and it shows nothing: it was wiped by somebody else, or lost what it was told.
  const isEmptied = next.action === 'continue' && (next.step === 'codes' || next.step === 'keys');
  return !isEmptied && sight.life === 'blank' ? { action: 'wipe' } : next;
}

/** From `close` on: a card that is open to everybody, or carries something else, never leaves the desk. Source: cards.md §10 */
function decideClosed(journal: readonly JournalEntry[], next: RecoveryDecision, sight: ThisCard): RecoveryDecision {
  if (sight.serial !== 'this' || sight.certificates !== 'these') return { action: 'scrap', reason: 'wrong_card' };
  const isClosing = next.action === 'continue' && next.step === 'close';
  if (sight.life === 'closed' || (isClosing && sight.life === 'open')) return next;
  return { action: 'scrap', reason: journal.at(-1)?.step === 'close' ? 'interrupted' : 'chip_failed' };
}

export interface RecoveryChoices {
  readonly mayContinue: boolean;
  readonly mayWipe: boolean;
  readonly mayScrap: boolean;
}

/** Which of the three buttons a person may press; the safe answer is always among them while there is one. */
export function listRecoveryChoices(journal: readonly JournalEntry[], sight: CardInSight): RecoveryChoices {
  const decision = decideRecovery(journal, sight);
  const isOver = decision.action === 'finished' || decision.action === 'abandoned';
  const isClaimed = journal.some(({ step, outcome }) => step === 'claim' && outcome === 'done');
  const isThisOpen = sight.kind === 'this' && sight.life !== 'closed';
  return {
    mayContinue: decision.action === 'continue',
    mayWipe: !isOver && isClaimed && isThisOpen && decision.action !== 'scrap' && !isIssuePending(journal) && !mayBeClosed(journal),
    mayScrap: !isOver && isClaimed,
  };
}
