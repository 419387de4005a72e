import type { Notice } from '../../../shared/contract/base.ts';
import { succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { maxAttempts } from '../../../shared/rules/attempts.ts';
import { normaliseCode } from '../../../shared/rules/package-counts.ts';
import type { Call } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import { findApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import {
  countPinAttempts,
  findApplicationOfCard,
  insertPinLookUp,
  type StoredPinRequest,
} from '../../storage/repositories/pin-request-repository.ts';
import type { PinContext } from './context.ts';
import { cardCommand, commandFor, failStop, moveTo, performOnRequest, type PinAct, type PinAnswer, type PinAsk } from './perform.ts';

type CardInput = PinAsk & { readonly cardSerial: string; readonly isBlocked: boolean };

/**
 * The card by the number printed on it, three attempts; a card of somebody else counts as not found for this person, and says so. A blocked card is
 * noted on its case. Source: PIN-06, M-22, CR-05
 */
export function findCard(context: PinContext, call: Call, input: CardInput): Result<PinAnswer, Failure> {
  const { desk } = context;
  const cardSerial = normaliseCode(input.cardSerial);
  return performOnRequest(context, call, 'pinRequest.findCard', input, (stored, tx, facts) => {
    if (stored.state !== 'REQUESTED') return failStop('STATE', stored.state);
    if (!stored.isPersonFound) return failStop('HOLDER_NOT_IDENTIFIED', stored.state);
    const before = countPinAttempts(tx, stored.requestId, 'card');
    const application = findCase(tx, cardSerial);
    const isOfHolder = application?.data.person.fin === stored.person.fin;
    const isFound = application !== undefined && isOfHolder && isWithHolder(application);
    insertPinLookUp(tx, {
      queryId: input.commandId,
      requestId: stored.requestId,
      kind: 'card',
      attempt: isFound ? 0 : before + 1,
      outcome: isFound ? 'found' : 'not_found',
      system: 'Qeyd',
      atMs: desk.clock.nowMs(),
      queryKey: cardSerial,
      answerSha256: '',
      operatorLogin: call.actor?.login ?? '',
    });
    if (!isFound) return succeed(notFound(stored, before + 1, application !== undefined && !isOfHolder));
    const reached = moveTo(stored.state, 'VERIFIED', { ...facts, isCardFound: true, isCardOfHolder: true });
    if (!reached.ok) return reached;
    const { applicationId, data, card } = application;
    const { requestId, filedAtMs } = stored;
    const isNewlyBlocked = input.isBlocked && card?.state === 'HANDED';
    const request: StoredPinRequest = {
      ...stored,
      state: reached.value,
      cardSerial,
      applicationId,
      chipSerial: card?.chipSerial ?? '',
      person: data.person,
      isBlocked: isNewlyBlocked || card?.state === 'BLOCKED',
    };
    const asCard = cardCommand.bind(null, desk, tx, call.actor, applicationId);
    return succeed({
      request,
      act: 'pin.request',
      detail: { isBlocked: request.isBlocked },
      outbox: [
        commandFor(request, 'pin.request', { requestId, applicationId, cardSerial, filedAtMs }),
        ...(isNewlyBlocked ? [asCard({ kind: 'card.block', payload: { applicationId, cardSerial, isBlocked: true } })] : []),
        asCard({ kind: 'card.pin_reissue', payload: { applicationId, cardSerial, requestId, isOver: false } }),
      ],
    });
  });
}

function findCase(tx: Tx, cardSerial: string): StoredApplication | undefined {
  const applicationId = findApplicationOfCard(tx, cardSerial);
  return applicationId === undefined ? undefined : findApplication(tx, applicationId);
}

/** The holder has it, or blocked it. Source: procedures.md §14.3 */
function isWithHolder({ card }: StoredApplication): boolean {
  return card?.state === 'HANDED' || card?.state === 'BLOCKED';
}

function notFound(stored: StoredPinRequest, attempt: number, isOfAnother: boolean): PinAct {
  const isLast = attempt >= maxAttempts;
  const code = isLast ? 'M-22' : isOfAnother ? 'CARD_NOT_OF_HOLDER' : 'CARD_NOT_FOUND';
  const notice: Notice = { code, params: isLast ? {} : { n: attempt } };
  return {
    request: isLast ? { ...stored, state: 'REFUSED', refusalReason: 'M-22' } : stored,
    act: 'pin.look_up',
    detail: { kind: 'card', outcome: 'not_found', attempt },
    notices: [notice],
    note: notice,
    outbox: isLast ? [commandFor(stored, 'pin.refuse', { requestId: stored.requestId, reasonCode: 'M-22', note: '' })] : [],
  };
}
