import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReaderView } from '../../../shared/contract/card.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { CardActs } from './card-acts.tsx';
import { CardPanel } from './card-panel.tsx';

/** What is on the cards in the readers, and what their holders may do with them here. Live: the engine tells of every card that comes and goes. */
export function CardServicePage() {
  const texts = useTexts();
  const { t } = texts;
  const query = useQuery(queries.card.readers.queryOptions({ refetchInterval: 60_000 }));
  const [selectedName, setSelectedName] = useState<string | null>(null);
  const readers = query.data?.readers ?? [];
  const chosen = readers.find(({ readerName }) => readerName === selectedName) ?? readers.find(({ card }) => card !== null) ?? readers[0];
  const contentOf = (reader: ReaderView): string => {
    if (reader.card === null) return reader.code === 'CARD_ABSENT' ? t('cards.noCard') : sayCode(texts, reader.code);
    return t(reader.card.profile === 'asan_id' ? 'cards.ourCard' : 'cards.otherCard');
  };
  const toneOf = (reader: ReaderView) =>
    reader.card === null
      ? reader.code === 'CARD_ABSENT'
        ? ('neutral' as const)
        : ('attention' as const)
      : reader.card.profile === 'asan_id'
        ? ('good' as const)
        : ('attention' as const);
  const columns: readonly Column<ReaderView>[] = [
    { id: 'reader', header: t('cards.reader'), width: '1.2fr', value: (row) => row.readerName, cell: (row) => row.readerName },
    {
      id: 'content',
      header: t('cards.content'),
      width: '1.5fr',
      value: contentOf,
      cell: (row) => <Signal tone={toneOf(row)}>{contentOf(row)}</Signal>,
    },
    {
      id: 'serial',
      header: t('cards.cardSerial'),
      width: '180px',
      value: (row) => row.card?.cardSerial ?? '',
      cell: (row) => <span className="mono">{row.card?.cardSerial ?? ''}</span>,
    },
  ];
  return (
    <Page title={t('cards.title')} fills>
      <QueryGate query={query}>
        {(data) => (
          <>
            {data.code !== '' && <Note tone="attention">{sayCode(texts, data.code)}</Note>}
            {data.link === 'direct' && <Note tone="neutral">{t('cards.link.direct')}</Note>}
            <DataList
              name="card-readers"
              label={t('cards.readers')}
              rows={data.readers}
              columns={columns}
              rowKey={(row) => row.readerName}
              onSelect={(row) => {
                setSelectedName(row?.readerName ?? null);
              }}
              empty={data.code === '' ? t('cards.noReaders') : sayCode(texts, data.code)}
              hasAutoFocus
            />
            {chosen?.card != null && (
              <>
                <CardActs key={`${chosen.readerName} ${chosen.card.chipSerialHex}`} reader={chosen} card={chosen.card} />
                <CardPanel reader={chosen} card={chosen.card} />
              </>
            )}
          </>
        )}
      </QueryGate>
    </Page>
  );
}
