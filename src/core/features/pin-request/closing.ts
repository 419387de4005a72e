import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Call } from '../../desk.ts';
import type { PinContext } from './context.ts';
import { cardCommand, commandFor, failStop, moveTo, performOnRequest, type PinAnswer, type PinAsk } from './perform.ts';

/** The holder, asked again, gets card and envelope; his card is in use again. Source: PIN-12, HND-12; procedures.md §14.3, §14.5 */
export function handOver(context: PinContext, call: Call, input: PinAsk): Result<PinAnswer, Failure> {
  const { desk } = context;
  return performOnRequest(context, call, 'pinRequest.handOver', input, (stored, tx, facts) => {
    const reached = moveTo(stored.state, 'HANDED', facts);
    if (!reached.ok) return reached;
    const { requestId, applicationId, cardSerial } = stored;
    return succeed({
      request: { ...stored, state: reached.value },
      act: 'pin.hand_over',
      outbox: [
        commandFor(stored, 'pin.hand_over', { requestId, handedAtMs: desk.clock.nowMs() }),
        cardCommand(desk, tx, call.actor, applicationId, {
          kind: 'card.pin_reissue',
          payload: { applicationId, cardSerial, requestId, isOver: true },
        }),
      ],
    });
  });
}

/** Source: COM-11, T-08 */
export function archive(
  context: PinContext,
  call: Call,
  input: PinAsk & { readonly receiver: string; readonly listNumber: string },
): Result<PinAnswer, Failure> {
  return performOnRequest(context, call, 'pinRequest.archive', input, (stored, _tx, facts) => {
    const reached = moveTo(stored.state, 'ARCHIVED', { ...facts, hasArchiveList: input.listNumber !== '' });
    if (!reached.ok) return reached;
    const { requestId } = stored;
    return succeed({
      request: { ...stored, state: reached.value, archiveListNumber: input.listNumber },
      act: 'pin.archive',
      outbox: [commandFor(stored, 'pin.archive', { requestId, receiver: input.receiver, listNumber: input.listNumber })],
    });
  });
}

/** Until its papers leave, the request may be given up; the card stays the holder's. Source: procedures.md §14.5 */
export function refuse(context: PinContext, call: Call, input: PinAsk & { readonly reason: string }): Result<PinAnswer, Failure> {
  const { desk } = context;
  const note = input.reason.trim();
  if (note.length < 3) return fail('FIELDS_INVALID', { field: 'reason', code: 'REQUIRED' });
  return performOnRequest(context, call, 'pinRequest.refuse', input, (stored, tx, facts) => {
    const reached = moveTo(stored.state, 'REFUSED', { ...facts, hasReason: true });
    if (!reached.ok) return reached;
    if (stored.packageNumber !== '') return failStop('STATE', stored.state);
    const { requestId, applicationId, cardSerial } = stored;
    return succeed({
      request: { ...stored, state: reached.value, refusalReason: 'other' },
      act: 'pin.refuse',
      outbox: [
        commandFor(stored, 'pin.refuse', { requestId, reasonCode: 'other', note }),
        ...(cardSerial === ''
          ? []
          : [
              cardCommand(desk, tx, call.actor, applicationId, {
                kind: 'card.pin_reissue',
                payload: { applicationId, cardSerial, requestId, isOver: true },
              }),
            ]),
      ],
    });
  });
}
