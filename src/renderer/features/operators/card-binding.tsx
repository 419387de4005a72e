import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OperatorView } from '../../../shared/contract/operator.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';

/** The card an operator signs in with. Whoever came in with a card of his own signs the order with PIN2 in the PIN window. */
export function CardBinding({ operator }: { readonly operator: OperatorView }) {
  const { t } = useTexts();
  const act = useAct();
  const query = useQuery(queries.operator.cards.queryOptions());
  const cards = query.data ?? [];
  const [chosen, setChosen] = useState('');
  const { operatorId, fullName, card } = operator;
  const selected = cards.find(({ chipSerialHex }) => chipSerialHex === chosen) ?? cards[0];
  const order = (which: 'bind' | 'unbind'): void => {
    const serial = which === 'bind' ? (selected?.cardSerial ?? '') : '';
    const named =
      which === 'bind' && selected !== undefined ? { readerName: selected.readerName, chipSerialHex: selected.chipSerialHex } : null;
    const sentence = t(`cards.bindSentence.${which}`, { name: fullName, serial });
    void act
      .run((commandId) => desk.operator.bindCard({ commandId, operatorId, card: named, sentence }))
      .then((answer) => {
        if (answer !== undefined) void queryClient.invalidateQueries({ queryKey: queries.operator.key() });
      });
  };
  const isBusy = act.startedAtMs !== null;
  return (
    <section className="col" aria-label={t('cards.bindTitle')}>
      <h2>{t('cards.bindTitle')}</h2>
      <p className="quiet">
        {card === null
          ? t('cards.notBound')
          : t('cards.bound', { serial: card.cardSerial, at: formatDateTime(card.boundAtMs), by: card.byLogin })}
      </p>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <NativeSelect
          label={t('cards.chooseCard')}
          description={t('cards.bindHint')}
          value={selected?.chipSerialHex ?? ''}
          data={
            cards.length === 0
              ? [{ value: '', label: t('cards.noCard') }]
              : cards.map((each) => ({ value: each.chipSerialHex, label: `${each.cardSerial} · ${each.readerName}` }))
          }
          style={{ flex: 1 }}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        />
        <Button
          variant="default"
          disabled={isBusy || selected === undefined}
          onClick={() => {
            order('bind');
          }}
        >
          {t('cards.bind')}
        </Button>
        {card !== null && (
          <Button
            variant="default"
            disabled={isBusy}
            onClick={() => {
              order('unbind');
            }}
          >
            {t('cards.unbind')}
          </Button>
        )}
      </div>
      <FailureNote failure={act.failure} />
      {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
    </section>
  );
}
