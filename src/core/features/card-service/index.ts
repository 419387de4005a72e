import { succeed } from '../../../shared/platform/result.ts';
import { diagnoseCards } from '../../../shared/rules/card-diagnosis.ts';
import type { CardHost, CardHostRequestOf } from '../../cards/ports.ts';
import type { Call, Desk } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { createReaderViews } from './reader-views.ts';
import { recordBlock } from './record-block.ts';
import { createStandings } from './standings.ts';

export interface CardServiceFeature {
  readonly handlers: Handlers<'card'>;
  stop(): void;
}

/**
 * What is on a card, and the holder's own changes to it. The codes are typed in the PIN window or on the pad and go from there to the card host; here only
 * progress and outcome are known. Source: issue 4 §5; C-27
 */
export function createCardServiceFeature(desk: Desk, cards: CardHost): CardServiceFeature {
  const standings = createStandings(desk);
  const views = createReaderViews(desk, cards, standings);
  const stopListening = cards.onEvent((event) => {
    if (event.kind === 'pin_window' || event.kind === 'pin_window_closed') {
      desk.publish({ type: 'pin.window', address: event.kind === 'pin_window' ? event.address : '' });
      return;
    }
    views.forget('readerName' in event ? event.readerName : null);
    desk.publish({ type: 'card.changed' });
  });

  const perform = async (kind: 'change_pin' | 'unblock_pin', asked: Omit<CardHostRequestOf<'change_pin'>, 'kind'>, call: Call) => {
    const { readerName, chipSerialHex, pin } = asked;
    const done = await views.whileBusy(readerName, () =>
      cards.ask({ kind, readerName, chipSerialHex, pin, ...views.holderOf(readerName) }),
    );
    const code = done.ok ? 'OK' : done.failure.code;
    // Whose card it was stands in no line: the journal says that a code was changed here, by whom, and with what outcome.
    desk.acts.record(call.actor, () => ({
      value: undefined,
      audit: { act: `card.${kind}`, detail: { pin, code } },
      events: [{ type: 'card.changed' }],
    }));
    return done.ok ? succeed({ tries: done.value.tries }) : done;
  };

  const handlers: Handlers<'card'> = {
    readers: () => views.list(),
    changePin: (input, call) => perform('change_pin', input, call),
    unblockPin: (input, call) => perform('unblock_pin', input, call),
    async cancel({ readerName }) {
      const cancelled = await cards.ask({ kind: 'cancel', readerName });
      return cancelled.ok ? succeed({ done: true }) : cancelled;
    },
    recordBlock: (input, call) => recordBlock(desk, cards, standings, call, input),
    async diagnosis() {
      const answer = await cards.ask({ kind: 'status' });
      const status = answer.ok ? answer.value.status : null;
      const findings = diagnoseCards(status, { needsCentre: false, isTraining: desk.identity.mode === 'training' });
      return succeed({ status, findings, atMs: Math.round(desk.clock.nowMs()) });
    },
  };
  return { handlers, stop: stopListening };
}
