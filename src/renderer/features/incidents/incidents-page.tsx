import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { IncidentRow } from '../../../shared/contract/incident.ts';
import { formatDateTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';
import { HandleDialog } from './handle-dialog.tsx';
import { sayIncident } from './say-incident.ts';

/** What happened to the desks of the office: one row an incident, its whole story below. Source: ADR-0025 */
export function IncidentsPage() {
  const texts = useTexts();
  const { t } = texts;
  const may = useMay();
  const query = useQuery(queries.incident.list.queryOptions({ refetchInterval: 30_000 }));
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [isHandling, setHandling] = useState(false);
  const rows = query.data?.rows ?? [];
  const chosen = rows.find(({ incidentId }) => incidentId === selectedId) ?? rows[0];
  const canHandle = may('register.review') && chosen?.handled === null;
  const begin = (): void => {
    if (canHandle) setHandling(true);
  };
  const columns: readonly Column<IncidentRow>[] = [
    {
      id: 'at',
      header: t('incidents.when'),
      width: '150px',
      value: (row) => row.atMs,
      cell: (row) => <span className="num">{formatDateTime(row.atMs)}</span>,
    },
    {
      id: 'desk',
      header: t('incidents.desk'),
      width: '170px',
      value: (row) => sayIncident(texts, row).desk,
      cell: (row) => sayIncident(texts, row).desk,
    },
    {
      id: 'what',
      header: t('incidents.happened'),
      width: '1.2fr',
      value: (row) => sayIncident(texts, row).title,
      cell: (row) => <Signal tone={row.handled === null ? 'attention' : 'neutral'}>{sayIncident(texts, row).title}</Signal>,
    },
    {
      id: 'kept',
      header: t('incidents.kept'),
      width: '2fr',
      value: (row) => sayIncident(texts, row).kept.join(' '),
      cell: (row) => sayIncident(texts, row).kept.join(' '),
    },
    {
      id: 'state',
      header: t('incidents.state'),
      width: '130px',
      value: (row) => t(row.handled === null ? 'incidents.state.open' : 'incidents.state.handled'),
      cell: (row) => t(row.handled === null ? 'incidents.state.open' : 'incidents.state.handled'),
    },
  ];
  return (
    <Page
      title={t('incidents.title')}
      fills
      head={
        may('register.review') && (
          <ActionButton command="handleIncident" isQuiet label={t('incidents.handle')} isDisabled={!canHandle} onRun={begin} />
        )
      }
    >
      <QueryGate query={query}>
        {(data) => (
          <>
            <DataList
              name="incidents"
              label={t('incidents.list')}
              rows={data.rows}
              columns={columns}
              rowKey={(row) => row.incidentId}
              onOpen={begin}
              onSelect={(row) => {
                setSelectedId(row?.incidentId ?? null);
              }}
              empty={t('incidents.empty')}
              hasAutoFocus
              isRoomy
            />
            {chosen !== undefined && <StoryPanel incident={chosen} />}
          </>
        )}
      </QueryGate>
      {isHandling && chosen !== undefined && (
        <HandleDialog
          incident={chosen}
          onClose={() => {
            setHandling(false);
          }}
        />
      )}
    </Page>
  );
}

/** The story of the selected row in whole sentences; spoken when another row is selected. */
function StoryPanel({ incident }: { readonly incident: IncidentRow }) {
  const texts = useTexts();
  const { t } = texts;
  const said = sayIncident(texts, incident);
  const lines = [
    [t('incidents.happened'), said.what],
    [t('incidents.kept'), said.kept],
    [t('incidents.next'), said.next],
  ] as const;
  return (
    <section className="panel" aria-label={said.title} aria-live="polite">
      <h2>
        {said.title} · {said.desk} · <span className="num">{formatDateTime(incident.atMs)}</span>
      </h2>
      <table className="plain facts" aria-label={said.title}>
        <tbody>
          {lines.map(([head, sentences]) => (
            <tr key={head}>
              <th scope="row">{head}</th>
              <td>{sentences.join(' ')}</td>
            </tr>
          ))}
          {incident.handled !== null && (
            <tr>
              <th scope="row">{t('incidents.state')}</th>
              <td>
                <Signal tone="good">
                  {t('incidents.handledBy', { name: incident.handled.byName, at: formatDateTime(incident.handled.atMs) })}
                </Signal>
                {incident.handled.note !== '' && <p>{incident.handled.note}</p>}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
