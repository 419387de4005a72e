import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PackageView, ReadyOffice } from '../../../shared/contract/dispatch.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal, type Tone } from '../../ui/signal.tsx';
import { ChooseDialog } from './choose-dialog.tsx';
import { PackageDialog } from './package-dialog.tsx';

/** Matched cards by office, and the packages made of them. Source: PRS-10..PRS-16 */
export function DispatchPage() {
  const { t } = useTexts();
  const ready = useQuery(queries.dispatch.ready.queryOptions({ refetchInterval: 30_000 }));
  const packages = useQuery(queries.dispatch.packages.queryOptions({ refetchInterval: 30_000 }));
  const [office, setOffice] = useState<ReadyOffice | undefined>(undefined);
  const [choosing, setChoosing] = useState<ReadyOffice | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const chosen = ready.data?.find(({ officeId }) => officeId === office?.officeId) ?? ready.data?.[0];
  const begin = (row: ReadyOffice | undefined): void => {
    if (row !== undefined && row.cards.length > 0) setChoosing(row);
  };
  const shown = packages.data?.find(({ packageNumber }) => packageNumber === opened);
  return (
    <Page title={t('dispatch.title')} fills>
      <QueryGate query={ready}>
        {(offices) => (
          <section className="col" style={{ flex: 1, minHeight: 150 }} aria-label={t('dispatch.ready')}>
            <h2>{t('dispatch.ready')}</h2>
            <DataList
              name="dispatch-ready"
              label={t('dispatch.ready')}
              rows={offices}
              columns={officeColumns(t)}
              rowKey={(row) => row.officeId}
              onOpen={begin}
              onSelect={setOffice}
              empty={t('dispatch.ready.empty')}
              hasAutoFocus
              tools={
                <ActionButton
                  label={t('dispatch.prepare', { n: chosen?.cards.length ?? 0 })}
                  isDisabled={(chosen?.cards.length ?? 0) === 0}
                  onRun={() => begin(chosen)}
                />
              }
            />
          </section>
        )}
      </QueryGate>
      <QueryGate query={packages}>
        {(rows) => (
          <section className="col" style={{ flex: 1.4, minHeight: 180 }} aria-label={t('dispatch.packages')}>
            <h2>{t('dispatch.packages')}</h2>
            <DataList
              name="dispatch-packages"
              label={t('dispatch.packages')}
              rows={rows}
              columns={packageColumns(t)}
              rowKey={(row) => row.packageNumber}
              onOpen={(row) => setOpened(row.packageNumber)}
              empty={t('dispatch.packages.empty')}
            />
          </section>
        )}
      </QueryGate>
      {choosing !== null && (
        <ChooseDialog
          office={choosing}
          onClose={() => setChoosing(null)}
          onPrepared={(made) => {
            setChoosing(null);
            setOpened(made.packageNumber);
          }}
        />
      )}
      {shown !== undefined && <PackageDialog key={shown.packageNumber} shown={shown} onClose={() => setOpened(null)} />}
    </Page>
  );
}

type T = ReturnType<typeof useTexts>['t'];

function officeColumns(t: T): readonly Column<ReadyOffice>[] {
  const soonest = (row: ReadyOffice): number => Math.min(...row.cards.map(({ dueAtMs }) => dueAtMs));
  return [
    { id: 'office', header: t('dispatch.office'), width: '2fr', value: (row) => row.officeName, cell: (row) => row.officeName },
    {
      id: 'cards',
      header: t('dispatch.cards'),
      width: '90px',
      value: (row) => row.cards.length,
      cell: (row) => <span className="num">{row.cards.length}</span>,
    },
    {
      id: 'spoilt',
      header: t('dispatch.spoilt'),
      width: '90px',
      value: (row) => row.spoilt.length,
      cell: (row) => <span className="num">{row.spoilt.length === 0 ? '' : row.spoilt.length}</span>,
    },
    {
      id: 'due',
      header: t('dispatch.soonest'),
      width: '170px',
      value: soonest,
      cell: (row) => <span className="num">{row.cards.length === 0 ? '' : formatDateTime(soonest(row))}</span>,
    },
  ];
}

const tones: Readonly<Record<PackageView['state'], Tone>> = {
  PREPARED: 'wait',
  WITH_COURIER: 'good',
  ID_FAILED: 'stop',
  AT_OFFICE: 'good',
  DAMAGED: 'stop',
  ACT_SIGNED: 'good',
  RECORDED: 'good',
  CHECKED: 'good',
  CONFIRMED: 'good',
  RETURNED: 'attention',
};

function packageColumns(t: T): readonly Column<PackageView>[] {
  return [
    {
      id: 'number',
      header: t('dispatch.package'),
      width: '170px',
      value: (row) => row.packageNumber,
      cell: (row) => <span className="mono">{row.packageNumber}</span>,
    },
    { id: 'office', header: t('dispatch.office'), width: '1.6fr', value: (row) => row.toOfficeName, cell: (row) => row.toOfficeName },
    {
      id: 'cards',
      header: t('dispatch.cards'),
      width: '70px',
      value: (row) => row.cards.length,
      cell: (row) => <span className="num">{row.cards.length}</span>,
    },
    { id: 'courier', header: t('dispatch.courier'), width: '1.2fr', value: (row) => row.courierName, cell: (row) => row.courierName },
    {
      id: 'register',
      header: t('dispatch.register'),
      width: '180px',
      value: (row) => row.registerNumber,
      cell: (row) => <span className="mono small">{row.registerNumber}</span>,
    },
    {
      id: 'prepared',
      header: t('dispatch.preparedAt'),
      width: '150px',
      value: (row) => row.preparedAtMs,
      cell: (row) => <span className="num">{formatDateTime(row.preparedAtMs)}</span>,
    },
    {
      id: 'state',
      header: t('dispatch.state'),
      width: '160px',
      value: (row) => t(`dispatch.state.${row.state}`),
      cell: (row) => <Signal tone={tones[row.state]}>{t(`dispatch.state.${row.state}`)}</Signal>,
    },
  ];
}
