import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PackageRow } from '../../../shared/contract/package.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, useAct } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';
import { SyncState } from '../../ui/sync-word.tsx';
import { toneOfState } from './tones.ts';

/** Packages from and to this office; one is opened by its barcode. Source: PKG-07 */
export function PackagesPage() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const query = useQuery(queries.package.list.queryOptions({ input: {}, refetchInterval: 30_000 }));
  const [typed, setTyped] = useState('');
  const act = useAct();
  const open = (packageNumber: string): void => void navigate({ to: '/packages/$packageNumber', params: { packageNumber } });
  const find = (): void => {
    void act
      .run(() => desk.package.find({ packageNumber: typed }))
      .then((found) => {
        if (found !== undefined) open(found.packageNumber);
      });
  };
  const columns: readonly Column<PackageRow>[] = [
    {
      id: 'number',
      header: t('packages.number'),
      width: '1.2fr',
      value: (row) => row.packageNumber,
      cell: (row) => <span className="mono">{row.packageNumber}</span>,
    },
    {
      id: 'purpose',
      header: t('packages.purpose'),
      width: '1fr',
      value: (row) => t(`packages.purpose.${row.purpose}`),
      cell: (row) => t(`packages.purpose.${row.purpose}`),
    },
    { id: 'from', header: t('packages.from'), width: '1.2fr', value: (row) => row.fromOfficeId, cell: (row) => row.fromOfficeId },
    { id: 'to', header: t('packages.to'), width: '1.2fr', value: (row) => row.toOfficeId, cell: (row) => row.toOfficeId },
    {
      id: 'items',
      header: t('packages.items'),
      width: '70px',
      value: (row) => row.items,
      cell: (row) => <span className="num">{row.items}</span>,
    },
    {
      id: 'dispatched',
      header: t('packages.dispatchedAt'),
      width: '150px',
      value: (row) => row.dispatchedAtMs,
      cell: (row) => <span className="num">{row.dispatchedAtMs === 0 ? '' : formatDateTime(row.dispatchedAtMs)}</span>,
    },
    {
      id: 'state',
      header: t('packages.state'),
      width: '1fr',
      value: (row) => t(`packages.state.${row.state}`),
      cell: (row) => <Signal tone={toneOfState(row.state)}>{t(`packages.state.${row.state}`)}</Signal>,
    },
    {
      id: 'sync',
      header: t('list.sync'),
      width: '1fr',
      value: (row) => t(`states.sync.${row.sync}`),
      cell: (row) => <SyncState word={row.sync} />,
    },
  ];
  return (
    <Page title={t('packages.title')} fills>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') find();
        }}
      >
        <TextInput
          label={t('packages.number')}
          description={t('packages.numberHint')}
          value={typed}
          w={320}
          maxLength={40}
          autoFocus
          onChange={(event) => {
            act.clear();
            setTyped(event.currentTarget.value);
          }}
        />
      </form>
      <FailureNote failure={act.failure} />
      <QueryGate query={query}>
        {(data) => (
          <DataList
            name="packages"
            label={t('packages.list')}
            rows={data.rows}
            columns={columns}
            rowKey={(row) => row.packageNumber}
            onOpen={(row) => {
              open(row.packageNumber);
            }}
            empty={t('packages.empty')}
            isRoomy
          />
        )}
      </QueryGate>
    </Page>
  );
}
