import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { decideTransition } from '../../../shared/rules/application-states.ts';
import { decideCardMatch, listCardFaults } from '../../../shared/rules/card-hand-over.ts';
import { findMissingDocuments } from '../../../shared/rules/document-matrix.ts';
import { decideIdentityDocument, decideRepresentativeDocument } from '../../../shared/rules/identity-check.ts';
import type { ApplicationState, Attendee } from '../../../shared/rules/vocabulary.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Call } from '../../desk.ts';
import type { StoredApplication, StoredCardHandOver } from '../../storage/repositories/application-repository.ts';
import { factsOfCase, findCase, findLastLookUp, isStale, todayOn, type ApplicationContext, type LoadedCase } from './case.ts';
import { listEvidence } from './evidence.ts';
import { commandFor, failStep, performOnCase, type ActAnswer, type ActRequest } from './perform.ts';

/**
 * Whoever came for the card is compared with his own document; the documents must still be in force and the applicant is found once more by his FİN, today.
 * A wrong bearer is sent away and changes nothing: the card stays at the office. Source: HND-01..HND-06, COM-01..COM-03, COM-06, M-01, M-21
 */
export function confirmHolder(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly isBearer: boolean; readonly attendee: Attendee },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.confirmHolder', input, (loaded) => {
    const { application } = loaded;
    const { attendee } = input;
    const facts = factsOfCase(context, loaded, call.permissions);
    const decided = decideTransition(application.state, 'CONTRACT', { ...facts, card: { ...facts.card, isHolderConfirmed: true } });
    if (!decided.ok) return failStep(decided.error, application);
    if (!input.isBearer) {
      const notice = { code: 'M-01', params: {} };
      return succeed({ application, act: 'application.hand_over_stopped', detail: { attendee }, notices: [notice], note: notice });
    }
    const stop = findHolderStop(context, loaded, attendee);
    if (stop !== null) return stop;
    const confirmedAtMs = context.desk.clock.nowMs();
    const cardHandOver: StoredCardHandOver = { holderConfirmedAtMs: confirmedAtMs, match: null, test: null };
    return succeed({
      application: { ...application, state: 'CONTRACT', attendee, cardHandOver },
      act: 'application.begin_hand_over',
      detail: { attendee, cardSerial: application.card?.serial ?? '' },
      outbox: commandFor(application, 'application.begin_hand_over', {
        applicationId: application.applicationId,
        attendee,
        confirmedAtMs,
        lookUps: listEvidence({ lookUps: loaded.lookUps.filter(({ kind }) => kind === 'holder') }),
      }),
    });
  });
}

function findHolderStop(context: ApplicationContext, loaded: LoadedCase, attendee: Attendee): Result<never, Failure> | null {
  const { application } = loaded;
  const { data } = application;
  const on = todayOn(context.desk);
  if (attendee === 'representative' && !data.representative.isPresent)
    return fail('STEP_NOT_POSSIBLE', { reason: 'SIGNER_NOT_ALLOWED', code: 'REPRESENTATIVE_NOT_NAMED', state: application.state });
  const decide = attendee === 'applicant' ? decideIdentityDocument : decideRepresentativeDocument;
  const expired = decide(data, on).stops.find(({ code }) => code === 'M-02');
  if (expired !== undefined) return fail('M-02', expired.params);
  const outdated = findMissingDocuments(data, on).find(({ code }) => code === 'M-03');
  if (outdated !== undefined) return fail('M-03', outdated.params);
  const last = findLastLookUp(loaded, 'holder');
  const isFound = last !== undefined && last.outcome === 'found' && !isStale(loaded, last) && civilDateAt(last.atMs) === on;
  return isFound ? null : failStep('NEEDS_PERSON_FOUND', application);
}

const matchStates: readonly ApplicationState[] = ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'];

/** What stops looking at the card now, for both of its checks. */
function findCheckStop(context: ApplicationContext, call: Call, loaded: LoadedCase): Result<never, Failure> | null {
  const { application } = loaded;
  if (application.data.carrier.kind !== 'asan_id' || !matchStates.includes(application.state)) return failStep('STATE', application);
  if (factsOfCase(context, loaded, call.permissions).lease === 'held_by_other') return failStep('LEASE_HELD', application);
  return application.card?.state === 'REGISTERED' ? null : failStep('CARD_NOT_READY', application);
}

/** Card and envelope are read by barcode; a wrong one is named and nothing changes. Source: HND-11, HND-12 */
export function matchCard(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly cardSerial: string; readonly envelopeNumber: string },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.matchCard', input, (loaded) => {
    const { application } = loaded;
    const stop = findCheckStop(context, call, loaded);
    if (stop !== null || application.card === null) return stop ?? failStep('CARD_NOT_READY', application);
    const matched = decideCardMatch(application.card, { card: input.cardSerial, envelope: input.envelopeNumber });
    if (!matched.ok) return fail('STEP_NOT_POSSIBLE', { reason: matched.error.code, ...matched.error.params });
    const { serial: cardSerial, envelopeNumber } = matched.value;
    const match = { cardSerial, envelopeNumber, atMs: context.desk.clock.nowMs() };
    return succeed({
      application: withHandOver(application, { match }),
      act: 'application.match_card',
      detail: { cardSerial, envelopeNumber },
    });
  });
}

/** The card proves itself on the desk's reader before it leaves: read without any code, and nothing is written to it. Source: HND-11, HND-12, CR-05 */
export async function testCard(
  context: ApplicationContext,
  cards: CardHost,
  call: Call,
  input: ActRequest & { readonly readerName: string },
): Promise<Result<ActAnswer, Failure>> {
  const loaded = findCase(context, context.desk.db, input.applicationId);
  if (loaded === undefined) return fail('NOT_FOUND');
  const stop = findCheckStop(context, call, loaded);
  if (stop !== null) return stop;
  const read = await cards.ask({ kind: 'read_card', readerName: input.readerName });
  if (!read.ok) return read;
  const { sight } = read.value;
  return performOnCase(context, call, 'application.testCard', input, (current) => {
    const { application } = current;
    const changed = findCheckStop(context, call, current);
    if (changed !== null || application.card === null) return changed ?? failStep('CARD_NOT_READY', application);
    const faults = listCardFaults(application.card, current.certificates, sight, (bytes) => Buffer.from(bytes).toString('base64'));
    const outcome = faults.length === 0 ? ('passed' as const) : ('failed' as const);
    const test = { outcome, reason: faults.join(', '), atMs: context.desk.clock.nowMs() };
    const notices = faults.map((code) => ({ code, params: {} }));
    return succeed({
      application: withHandOver(application, { test }),
      act: 'application.test_card',
      detail: { cardSerial: application.card.serial, outcome, faults: test.reason },
      notices,
      ...(notices[0] === undefined ? {} : { note: notices[0] }),
    });
  });
}

/** Where no reader can show the card, the registrar says so with a reason, which the audit log keeps; never for a card that failed. Source: HND-12 */
export function waiveCardTest(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly reason: string },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.waiveCardTest', input, (loaded) => {
    const { application } = loaded;
    const stop = findCheckStop(context, call, loaded);
    if (stop !== null) return stop;
    if (application.cardHandOver.test?.outcome === 'failed') return failStep('CARD_NOT_TESTED', application);
    const test = { outcome: 'waived' as const, reason: input.reason, atMs: context.desk.clock.nowMs() };
    return succeed({
      application: withHandOver(application, { test }),
      act: 'application.waive_card_test',
      detail: { cardSerial: application.card?.serial ?? '', outcome: 'waived', reason: input.reason },
    });
  });
}

function withHandOver(application: StoredApplication, change: Partial<StoredCardHandOver>): StoredApplication {
  return { ...application, cardHandOver: { ...application.cardHandOver, ...change } };
}
