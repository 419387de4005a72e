import type { PaperView } from '../../../shared/contract/paper.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Call } from '../../desk.ts';
import { findPinRequest } from '../../storage/repositories/pin-request-repository.ts';
import { isPrinted, type PinContext } from './context.ts';
import { commandFor, failStop, moveTo, performOnRequest, type PinAnswer, type PinAsk } from './perform.ts';

/** Both copies of the contract on new codes. Source: PIN-07, C-13 */
export async function prepareContract(context: PinContext, call: Call, input: PinAsk): Promise<Result<PaperView[], Failure>> {
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  return context.papers.prepareOwn({
    commandId: input.commandId,
    operation: 'pinRequest.prepareContract',
    actor,
    form: 'F-21',
    subject: input.requestId,
    plan(db) {
      const stored = findPinRequest(db, input.requestId);
      if (stored === undefined) return fail('NOT_FOUND');
      if (stored.state !== 'VERIFIED') return fail('PAPER_NOT_POSSIBLE', { reason: 'PIN_STATE' });
      const { person, document, cardSerial, filedAtMs } = stored;
      const shown = { kind: document.kind, number: document.number };
      return succeed({ content: { form: 'F-21', person, document: shown, cardSerial, filedAtMs }, copies: 2 });
    },
  });
}

/** The centre signs and seals both copies first, then the holder; the second signature is the registry's to know. Source: PIN-08, COM-08 */
export function confirmSigned(
  context: PinContext,
  call: Call,
  input: PinAsk & { readonly by: 'centre' | 'holder' },
): Result<PinAnswer, Failure> {
  const { desk } = context;
  return performOnRequest(context, call, 'pinRequest.confirmSigned', input, (stored, tx, facts) => {
    if (stored.state !== 'VERIFIED') return failStop('STATE', stored.state);
    const papers = context.papers.listOwn(tx, 'F-21', stored.requestId);
    if (!isPrinted(papers)) return failStop('CONTRACT_NOT_PRINTED', stored.state);
    if (input.by === 'centre') return succeed({ request: { ...stored, isCentreSigned: true }, act: 'pin.centre_signed' });
    if (!stored.isCentreSigned) return failStop('CENTRE_NOT_SIGNED', stored.state);
    const reached = moveTo(stored.state, 'CONTRACT_SIGNED', { ...facts, isContractSigned: true });
    if (!reached.ok) return reached;
    const paperNumber = papers[0]?.number ?? '';
    const { requestId } = stored;
    return succeed({
      request: { ...stored, state: reached.value, isHolderSigned: true, paperNumber },
      act: 'pin.sign_contract',
      detail: { paper: paperNumber },
      outbox: [
        commandFor(stored, 'pin.sign_contract', {
          requestId,
          paperNumber,
          centreSignedBy: call.actor?.fullName ?? '',
          signedAtMs: desk.clock.nowMs(),
        }),
      ],
    });
  });
}

/** The signed contract was captured; its bytes follow the command. Source: PIN-09 */
export function confirmScanned(context: PinContext, call: Call, input: PinAsk): Result<PinAnswer, Failure> {
  return performOnRequest(context, call, 'pinRequest.confirmScanned', input, (stored, tx, facts) => {
    const reached = moveTo(stored.state, 'SCANNED', facts);
    if (!reached.ok) return reached;
    const { requestId } = stored;
    const attachments = context.scans
      .listOfApplication(tx, requestId)
      .map(({ sha256, sizeBytes, mediaType }) => ({ sha256, sizeBytes, mediaType, document: 'contract' as const }));
    context.scans.markQueued(
      tx,
      requestId,
      attachments.map(({ sha256 }) => sha256),
    );
    return succeed({
      request: { ...stored, state: reached.value },
      act: 'pin.scan',
      detail: { scans: attachments.length },
      outbox: [commandFor(stored, 'pin.scan', { requestId }, attachments)],
    });
  });
}
