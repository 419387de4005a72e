import { useState } from 'react';
import type { ReaderCardView, ReaderView } from '../../../shared/contract/card.ts';
import type { CardAction } from '../../../shared/rules/card-service.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import type { CommandId } from '../../keys.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';

const commands: Readonly<Record<CardAction, CommandId>> = {
  change_pin1: 'changePin1',
  change_pin2: 'changePin2',
  unblock_pin1: 'unblockPin1',
  unblock_pin2: 'unblockPin2',
  record_block: 'recordBlock',
  record_use: 'recordBlock',
};

/** The holder's own acts. He types in the PIN window or on the pad; here stand only what is under way and how it ended. */
export function CardActs({ reader: { readerName }, card }: { readonly reader: ReaderView; readonly card: ReaderCardView }) {
  const { t } = useTexts();
  const act = useAct();
  const [done, setDone] = useState('');
  const { chipSerialHex } = card;
  const isTyping = act.startedAtMs !== null;

  const run = (action: CardAction): void => {
    setDone('');
    const work = async (commandId: string): Promise<string> => {
      if (action === 'record_block' || action === 'record_use') {
        await desk.card.recordBlock({ commandId, readerName, chipSerialHex });
        return t(`cards.done.${action}`);
      }
      const pin = action.endsWith('1') ? 'pin1' : 'pin2';
      const name = pin === 'pin1' ? 'PIN1' : 'PIN2';
      if (action.startsWith('change')) {
        await desk.card.changePin({ readerName, chipSerialHex, pin });
        return t('cards.done.change_pin', { pin: name });
      }
      await desk.card.unblockPin({ readerName, chipSerialHex, pin });
      return t('cards.done.unblock_pin', { pin: name });
    };
    void act.run(work).then((said) => {
      if (said !== undefined) setDone(said);
      void queryClient.invalidateQueries({ queryKey: queries.card.key() });
    });
  };
  // Of the two that share a key only the one that may be done, or else the block, stands there.
  const shown = card.actions.filter(({ action, reason }) => {
    if (action === 'record_use') return reason === null;
    return action !== 'record_block' || !card.actions.some((other) => other.action === 'record_use' && other.reason === null);
  });
  return (
    <section className="col" aria-label={t('cards.title')}>
      <div className="row">
        {shown.map(({ action, reason }) => (
          <ActionButton
            key={action}
            command={commands[action]}
            isQuiet
            label={t(`cards.action.${action}`)}
            isDisabled={reason !== null || isTyping}
            // What is under way says so once, below.
            reason={reason === null || reason === 'busy' ? undefined : t(`cards.reason.${reason}`)}
            onRun={() => {
              run(action);
            }}
          />
        ))}
      </div>
      {act.startedAtMs !== null && (
        <Busy text={t('cards.typing')} sinceMs={act.startedAtMs} onCancel={() => void desk.card.cancel({ readerName })} />
      )}
      {done !== '' && (
        <Note tone="good" role="status">
          {done}
        </Note>
      )}
      <FailureNote failure={act.failure} />
    </section>
  );
}
