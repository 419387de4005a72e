import type { CardSight } from '../../../shared/card-host/host-protocol.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { defaultAlgorithm } from '../../cards/index.ts';
import type { Call } from '../../desk.ts';
import {
  findPinRequest,
  settleRenewalEnvelope,
  takeRenewalEnvelope,
  type StoredPinRequest,
} from '../../storage/repositories/pin-request-repository.ts';
import type { PinContext } from './context.ts';
import { makeNewKeys } from './new-keys.ts';
import { commandFor, failStop, moveTo, performOnRequest, writeAct, type PinAnswer, type PinAsk } from './perform.ts';
import { factsOf } from './view.ts';

type RenewInput = PinAsk & { readonly readerName: string };

/**
 * New codes at the centre, with the holder's card in the reader. The card is looked at first; the number of the envelope is written before it is
 * printed, and an envelope that failed is spoilt for good: the next try makes new codes again. A spent PUK is written on the request: this card needs
 * new keys, and its old certificates are revoked by the registry when it gets them. Source: PIN-11, cards.md §3.2; ADR-0027
 */
export async function renew(context: PinContext, call: Call, input: RenewInput): Promise<Result<PinAnswer, Failure>> {
  const { desk, cards, running } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const stored = findPinRequest(desk.db, input.requestId);
  if (stored === undefined) return fail('NOT_FOUND');
  // The same command again: it was answered before.
  if (stored.state === 'READY_AT_CENTRE') return performOnRequest(context, call, operation, input, () => failStop('STATE', stored.state));
  const facts = factsOf(context, desk.db, stored, call.permissions);
  const offered = moveTo(stored.state, 'READY_AT_CENTRE', { ...facts, areCodesReady: true });
  if (!offered.ok) return offered;
  if (running.has(input.requestId)) return fail('TOO_MANY_REQUESTS', {}, true);
  running.add(input.requestId);
  try {
    const { readerName } = input;
    const seen = await cards.ask({ kind: 'read_card', readerName });
    if (!seen.ok) return seen;
    const { sight } = seen.value;
    if (sight.profile !== 'asan_id') return fail('CARD_NOT_OURS');
    const stop = findSightStop(sight, stored);
    if (stop !== null) return stop;
    const card = { readerName, chipSerialHex: sight.chipSerialHex, cardSerial: stored.cardSerial };
    const renewed = stored.isPukSpent
      ? await makeNewKeys(context, actor, stored, card, defaultAlgorithm)
      : await cards.ask({ kind: 'new_codes', ...card });
    if (!renewed.ok) {
      if (renewed.failure.code === 'PUK_SPENT') notePukSpent(context, call, stored);
      return renewed;
    }
    const envelopeNumber = desk.db.transact((tx) => takeRenewalEnvelope(tx, stored.requestId, stored.cardSerial, desk.clock.nowMs()));
    const holderLabel = `${stored.person.surname} ${stored.person.givenName}`.trim().slice(0, 120);
    const printed = await cards.ask({ kind: 'envelope', ...card, envelopeNumber, holderLabel });
    desk.db.transact((tx) => settleRenewalEnvelope(tx, envelopeNumber, printed.ok ? 'printed' : 'spoilt'));
    if (!printed.ok) return printed;
    return finish(context, call, input, envelopeNumber);
  } finally {
    running.delete(input.requestId);
  }
}

const operation = 'pinRequest.renew';

/** The holder's own card, closed; one that is being made anew may lie there wiped, known by its chip alone. Source: PKG-09, M-18 */
function findSightStop(sight: CardSight, stored: StoredPinRequest): Result<never, Failure> | null {
  const isBegunAnew = stored.isPukSpent && sight.cardSerial === '' && stored.chipSerial !== '';
  if (!isBegunAnew && sight.cardSerial !== stored.cardSerial) return fail('M-18', { kart: sight.cardSerial, sistem: stored.cardSerial });
  if (stored.chipSerial !== '' && sight.chipSerialHex !== stored.chipSerial) return fail('CARD_EXCHANGED');
  return sight.life === 'closed' || stored.isPukSpent ? null : fail('CARD_NOT_CLOSED');
}

function finish(context: PinContext, call: Call, input: RenewInput, envelopeNumber: string): Result<PinAnswer, Failure> {
  return performOnRequest(context, call, operation, input, (stored, _tx, facts) => {
    const reached = moveTo(stored.state, 'READY_AT_CENTRE', { ...facts, areCodesReady: true });
    if (!reached.ok) return reached;
    const { requestId, isPukSpent } = stored;
    return succeed({
      request: { ...stored, state: reached.value, envelopeNumber },
      act: 'pin.renewed',
      detail: { envelope: envelopeNumber, isPukSpent },
      outbox: [commandFor(stored, 'pin.renewed', { requestId, envelopeNumber, isPukSpent })],
    });
  });
}

/** What the card said stays with the request, whoever opens it next. */
function notePukSpent({ desk }: PinContext, { actor }: Call, { requestId }: StoredPinRequest): void {
  if (actor === null) return;
  desk.acts.record(actor, (tx) => {
    const stored = findPinRequest(tx, requestId);
    if (stored === undefined) return { value: null, audit: { act: 'pin.puk_spent', detail: {} } };
    const request = { ...stored, isPukSpent: true };
    const note = { code: 'PUK_SPENT', params: {} };
    return { ...writeAct(desk, tx, actor, desk.random.uuid(), { request, act: 'pin.puk_spent', note }), value: null };
  });
}
