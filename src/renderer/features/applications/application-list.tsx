import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { ApplicationRow } from '../../../shared/contract/application.ts';
import { useNowMs } from '../../app/clock.ts';
import { useCommand } from '../../app/commands.ts';
import { civilDateAt, formatDate, formatDuration, formatTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, useAct } from '../../desk-client/index.ts';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Signal } from '../../ui/signal.tsx';
import { SyncState } from '../../ui/sync-word.tsx';

interface Props {
  readonly label: string;
  readonly rows: readonly ApplicationRow[];
  readonly empty: string;
  readonly tools?: ReactNode;
  readonly hasAutoFocus?: boolean;
}

/** How long a revealed value stays in sight. */
const revealMs = 20_000;

/** Cases in rows, masked. One key shows name, FİN and phone of the chosen row for a while; the engine writes down who looked. */
export function ApplicationList({ label, rows, empty, tools, hasAutoFocus = false }: Props) {
  const { t, language, find } = useTexts();
  const navigate = useNavigate();
  const may = useMay();
  const nowMs = useNowMs(15_000);
  const [selected, setSelected] = useState<ApplicationRow | undefined>(undefined);
  const [shown, setShown] = useState<{ id: string; name: string; fin: string; phone: string } | null>(null);
  const act = useAct();
  const reveal = (): void => {
    const row = selected ?? rows[0];
    if (row === undefined) return;
    const { applicationId } = row;
    void act
      .run(async () => {
        const fields = ['name', 'fin', 'phone'] as const;
        const [name, fin, phone] = await Promise.all(fields.map((field) => desk.application.reveal({ applicationId, field })));
        return { id: applicationId, name: name?.value ?? '', fin: fin?.value ?? '', phone: phone?.value ?? '' };
      })
      .then((answer) => {
        if (answer === undefined) return;
        setShown(answer);
        setTimeout(() => {
          setShown((now) => (now?.id === answer.id ? null : now));
        }, revealMs);
      });
  };
  useCommand('reveal', reveal, { isEnabled: may('person.reveal') && rows.length > 0, label: t('keys.reveal') });
  const of = (row: ApplicationRow): typeof shown => (shown?.id === row.applicationId ? shown : null);
  const columns: readonly Column<ApplicationRow>[] = [
    {
      id: 'due',
      header: t('list.due'),
      width: '104px',
      value: (row) => row.dueAtMs ?? Number.MAX_SAFE_INTEGER,
      cell: (row) => <Due row={row} nowMs={nowMs} />,
    },
    {
      id: 'next',
      header: t('list.next'),
      width: '146px',
      value: (row) => find(`next.${row.nextAction}`),
      cell: (row) => <strong>{find(`next.${row.nextAction}`)}</strong>,
    },
    {
      id: 'person',
      header: t('list.person'),
      width: '1.2fr',
      value: (row) => row.personName,
      cell: (row) => of(row)?.name ?? row.personName,
    },
    {
      id: 'fin',
      header: t('form.label.person.fin'),
      width: '70px',
      value: (row) => row.finMasked,
      cell: (row) => <span className="mono">{of(row)?.fin ?? row.finMasked}</span>,
    },
    {
      id: 'phone',
      header: t('list.phone'),
      width: '130px',
      value: (row) => row.phoneMasked,
      cell: (row) => <span className="mono small">{of(row)?.phone ?? row.phoneMasked}</span>,
    },
    {
      id: 'kind',
      header: t('list.kind'),
      width: '66px',
      value: (row) => `${row.category} ${row.kinds.join(' ')}`,
      cell: (row) => `${row.category} ${row.kinds.join('+')}`,
    },
    {
      id: 'state',
      header: t('list.state'),
      width: '1.2fr',
      value: (row) => t(`states.${row.state}`),
      cell: (row) => t(`states.${row.state}`),
    },
    {
      id: 'contract',
      header: t('list.contract'),
      // On two lines the number breaks after the year.
      width: '100px',
      value: (row) => row.contractNumber,
      cell: (row) => <span className="mono small">{row.contractNumber}</span>,
    },
    {
      id: 'filed',
      header: t('list.filed'),
      width: '78px',
      value: (row) => row.filedAtMs,
      cell: (row) => (
        <span className="num">
          {civilDateAt(row.filedAtMs) === civilDateAt(nowMs) ? formatTime(row.filedAtMs) : formatDate(civilDateAt(row.filedAtMs))}
        </span>
      ),
    },
    {
      id: 'sync',
      header: t('list.sync'),
      width: '2.4fr',
      value: (row) => [t(`states.sync.${row.sync}`), row.returnedReason].filter((part) => part !== '').join(': '),
      // What must be put right comes before where the act stands: that it was registered is no comfort then.
      cell: (row) =>
        row.returnedReason !== '' && row.sync === 'registered' ? (
          <Signal tone="attention">{row.returnedReason}</Signal>
        ) : (
          <SyncState word={row.sync} reason={row.returnedReason} />
        ),
    },
  ];
  function Due({ row, nowMs: at }: { readonly row: ApplicationRow; readonly nowMs: number }) {
    if (row.dueAtMs === null) return <span className="quiet">–</span>;
    const leftMs = row.dueAtMs - at;
    return (
      <Signal tone={leftMs < 0 ? 'stop' : leftMs < 3_600_000 ? 'attention' : 'neutral'} icon="clock">
        <span className="num">
          {leftMs < 0 ? t('home.late', { time: formatDuration(-leftMs, language) }) : formatDuration(leftMs, language)}
        </span>
      </Signal>
    );
  }
  return (
    <>
      <FailureNote failure={act.failure} />
      <DataList
        name="applications"
        label={label}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.applicationId}
        onOpen={(row) => void navigate({ to: '/applications/$applicationId', params: { applicationId: row.applicationId } })}
        onSelect={setSelected}
        empty={empty}
        tools={tools}
        hasAutoFocus={hasAutoFocus}
        isRoomy
      />
    </>
  );
}
