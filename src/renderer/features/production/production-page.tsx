import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProductionRow } from '../../../shared/contract/production.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';
import { BatchPanel } from './batch-panel.tsx';
import { FacesDialog } from './faces-dialog.tsx';
import { HalfCardDialog } from './half-card.tsx';
import { MatchDialog } from './match-dialog.tsx';
import { ReaderLine } from './reader-line.tsx';
import { isIn, stateFilters, stateOf, type StateFilter } from './row-state.ts';
import { StockDialog } from './stock-dialog.tsx';

type OpenDialog = 'match' | 'stock' | 'faces' | null;

/** The personalisation desk: requests by office, the batch that runs, stock and envelopes. Source: PRS-02..PRS-09 */
export function ProductionPage() {
  const texts = useTexts();
  const { t } = texts;
  const query = useQuery(queries.production.work.queryOptions({ refetchInterval: 15_000 }));
  const act = useAct();
  const [office, setOffice] = useState('');
  const [filter, setFilter] = useState<StateFilter | ''>('');
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [reader, setReader] = useState('');
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [halfRunId, setHalfRunId] = useState<string | null>(null);

  const all = query.data?.rows ?? [];
  const offices = [...new Map(all.map((row) => [row.officeId, row.officeName]))];
  const rows = all.filter((row) => (office === '' || row.officeId === office) && isIn(row, filter));
  const chosen = all.filter((row) => row.run === null && marked.has(row.applicationId));
  const batch = query.data?.batch ?? null;
  const isBatchOpen = batch !== null && (batch.state === 'running' || batch.state === 'paused');

  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: queries.production.key() });
  const open = (row: ProductionRow): void => {
    if (row.run?.state === 'making') {
      setHalfRunId(row.run.runId);
      return;
    }
    if (row.run !== null) return;
    const next = new Set(marked);
    if (!next.delete(row.applicationId)) next.add(row.applicationId);
    setMarked(next);
  };
  const start = (): void => {
    const applicationIds = chosen.map(({ applicationId }) => applicationId);
    void act
      .run((commandId) => desk.production.startBatch({ commandId, applicationIds, readerName: reader }))
      .then(async (answer) => {
        if (answer === undefined) return;
        setMarked(new Set());
        await refresh();
      });
  };
  const half = all.find(({ run }) => run?.runId === halfRunId);

  return (
    <Page
      title={t('production.title')}
      fills
      head={
        <>
          <ActionButton command="matchCards" isQuiet label={t('production.match')} onRun={() => setDialog('match')} />
          <ActionButton command="cardFaces" isQuiet label={t('production.faces')} onRun={() => setDialog('faces')} />
          <ActionButton command="cardStock" isQuiet label={t('production.stock.open')} onRun={() => setDialog('stock')} />
        </>
      }
    >
      <FailureNote failure={act.failure} onRetry={start} />
      <QueryGate query={query}>
        {(data) => (
          <>
            <div className="row num">
              <Signal tone={data.stock.free === 0 ? 'attention' : 'neutral'}>{t('production.stock', { n: data.stock.free })}</Signal>
              <Signal tone="neutral">{t('production.envelopes', data.envelopes)}</Signal>
              <ReaderLine reader={reader} onReader={setReader} />
            </div>
            {isBatchOpen && <BatchPanel batch={batch} rows={data.rows} onChanged={() => void refresh()} />}
            <DataList
              name="production"
              label={t('production.list')}
              rows={rows}
              columns={columnsOf(texts, marked)}
              rowKey={(row) => row.applicationId}
              onOpen={open}
              empty={t('production.empty')}
              hasAutoFocus
              isRoomy
              tools={
                <>
                  <NativeSelect
                    aria-label={t('production.office')}
                    value={office}
                    data={[{ value: '', label: t('production.anyOffice') }, ...offices.map(([value, label]) => ({ value, label }))]}
                    onChange={(event) => setOffice(event.currentTarget.value)}
                  />
                  <NativeSelect
                    aria-label={t('production.state')}
                    value={filter}
                    data={[
                      { value: '', label: t('production.anyState') },
                      ...stateFilters.map((value) => ({ value, label: t(`production.filter.${value}`) })),
                    ]}
                    onChange={(event) => {
                      const { value } = event.currentTarget;
                      setFilter(stateFilters.find((one) => one === value) ?? '');
                    }}
                  />
                  <ActionButton
                    command="markAll"
                    isQuiet
                    label={t('production.markAll')}
                    onRun={() =>
                      setMarked(
                        new Set(
                          rows
                            .filter(({ run }) => run === null)
                            .map(({ applicationId }) => applicationId)
                            .slice(0, 500),
                        ),
                      )
                    }
                  />
                  <ActionButton
                    label={t('production.start', { n: chosen.length })}
                    isDisabled={chosen.length === 0 || isBatchOpen}
                    reason={isBatchOpen ? '' : t('production.nothingMarked')}
                    isBusy={act.startedAtMs !== null}
                    onRun={start}
                  />
                </>
              }
            />
          </>
        )}
      </QueryGate>
      {dialog === 'match' && <MatchDialog rows={all} onClose={() => setDialog(null)} />}
      {dialog === 'stock' && <StockDialog onClose={() => setDialog(null)} />}
      {dialog === 'faces' && <FacesDialog rows={all} onClose={() => setDialog(null)} />}
      {half?.run && (
        <HalfCardDialog
          key={half.run.runId}
          row={half}
          onClose={() => {
            setHalfRunId(null);
            void refresh();
          }}
        />
      )}
    </Page>
  );
}

const tones = { ok: 'neutral', soon: 'attention', breached: 'stop' } as const;

function columnsOf(texts: ReturnType<typeof useTexts>, marked: ReadonlySet<string>): readonly Column<ProductionRow>[] {
  const { t } = texts;
  return [
    {
      id: 'mark',
      header: t('production.mark'),
      width: '70px',
      value: (row) => (marked.has(row.applicationId) ? 0 : 1),
      cell: (row) => (row.run === null ? (marked.has(row.applicationId) ? '☑' : '☐') : ''),
    },
    { id: 'office', header: t('production.office'), width: '1.2fr', value: (row) => row.officeName, cell: (row) => row.officeName },
    {
      id: 'holder',
      header: t('production.holder'),
      width: '1.5fr',
      value: (row) => row.holderName,
      cell: (row) => row.holderName,
    },
    {
      id: 'fin',
      header: t('production.fin'),
      width: '90px',
      value: (row) => row.fin,
      cell: (row) => <span className="mono">{row.fin}</span>,
    },
    {
      id: 'kind',
      header: t('production.kind'),
      width: '90px',
      value: (row) => t(`terms.certificate.${row.signingKind}`),
      cell: (row) => t(`terms.certificate.${row.signingKind}`),
    },
    {
      id: 'photo',
      header: t('production.photo'),
      width: '120px',
      value: (row) => t(`production.photo.${row.photo}`),
      cell: (row) => <Signal tone={row.photo === 'none' ? 'attention' : 'neutral'}>{t(`production.photo.${row.photo}`)}</Signal>,
    },
    {
      id: 'due',
      header: t('production.due'),
      width: '150px',
      value: (row) => row.dueAtMs,
      cell: (row) => (
        <Signal tone={tones[row.deadline]}>
          <span className="num">{formatDateTime(row.dueAtMs)}</span>
        </Signal>
      ),
    },
    {
      id: 'state',
      header: t('production.state'),
      width: '1.4fr',
      value: (row) => stateOf(texts, row).text,
      cell: (row) => {
        const { text, tone } = stateOf(texts, row);
        return <Signal tone={tone}>{text}</Signal>;
      },
    },
    {
      id: 'card',
      header: t('production.card'),
      width: '170px',
      value: (row) => row.run?.cardSerial ?? '',
      cell: (row) => <span className="mono small">{row.run === null ? '' : row.run.envelopeNumber || row.run.cardSerial}</span>,
    },
  ];
}
