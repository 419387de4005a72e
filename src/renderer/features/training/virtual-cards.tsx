import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { groupCode } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';

type Cards = Awaited<ReturnType<typeof desk.training.listCards>>;

/** The hands of a trainee without hardware: cards out of the box into a reader, and out again. */
export function VirtualCards() {
  const { t } = useTexts();
  const query = useQuery(queries.training.listCards.queryOptions({ refetchInterval: 3_000 }));
  const act = useAct();
  const change = (work: () => Promise<Cards>): void => {
    void act.run(work).then((cards) => {
      if (cards !== undefined) queryClient.setQueryData(queries.training.listCards.queryKey(), cards);
    });
  };
  return (
    <QueryGate query={query}>
      {(found) => (
        <section className="col" aria-label={t('training.cards')}>
          <h2>{t('training.cards')}</h2>
          <p className="quiet">{t(`training.cards.${found.link}`)}</p>
          {found.link !== 'none' && (
            <>
              <table className="plain">
                <thead>
                  <tr>
                    <th>{t('training.cards.reader')}</th>
                    <th>{t('training.cards.card')}</th>
                  </tr>
                </thead>
                <tbody>
                  {found.readers.map((reader) => (
                    <tr key={reader.name}>
                      <td>{reader.name}</td>
                      <td>
                        <ReaderSlot cards={found.cards} reader={reader} onChange={change} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <span>
                <Button
                  variant="default"
                  onClick={() => {
                    change(() => desk.training.createCard());
                  }}
                >
                  {t('training.cards.create')}
                </Button>
              </span>
            </>
          )}
          <FailureNote failure={act.failure} />
        </section>
      )}
    </QueryGate>
  );
}

function ReaderSlot({
  cards,
  reader,
  onChange,
}: {
  readonly cards: Cards['cards'];
  readonly reader: Cards['readers'][number];
  readonly onChange: (work: () => Promise<Cards>) => void;
}) {
  const { t } = useTexts();
  const free = cards.filter(({ readerName }) => readerName === null);
  const [chosen, setChosen] = useState('');
  const chipSerialHex = free.some((card) => card.chipSerialHex === chosen) ? chosen : (free[0]?.chipSerialHex ?? '');
  if (reader.chipSerialHex !== null) {
    return (
      <span className="row">
        <span className="mono">{groupCode(reader.chipSerialHex)}</span>
        <Button
          variant="default"
          onClick={() => {
            onChange(() => desk.training.ejectCard({ readerName: reader.name }));
          }}
          aria-label={`${t('training.cards.eject')}: ${reader.name}`}
        >
          {t('training.cards.eject')}
        </Button>
      </span>
    );
  }
  return (
    <span className="row">
      <NativeSelect
        aria-label={`${t('training.cards.card')}: ${reader.name}`}
        data={free.map((card) => ({
          value: card.chipSerialHex,
          label: `${groupCode(card.chipSerialHex)} (${t(`training.cards.${card.life}`)})`,
        }))}
        value={chipSerialHex}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
        }}
      />
      <Button
        variant="default"
        aria-disabled={chipSerialHex === ''}
        aria-label={`${t('training.cards.insert')}: ${reader.name}`}
        onClick={() => {
          if (chipSerialHex !== '') onChange(() => desk.training.insertCard({ readerName: reader.name, chipSerialHex }));
        }}
      >
        {t('training.cards.insert')}
      </Button>
    </span>
  );
}
