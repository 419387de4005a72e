import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PaperView } from '../../../shared/contract/paper.ts';
import type { RegisterRow } from '../../../shared/contract/register.ts';
import { addCivilDays } from '../../../shared/language/civil-date.ts';
import { parseTypedDate } from '../../../shared/language/dates.ts';
import { mayPrintDayRegister } from '../../../shared/rules/rights.ts';
import { useNowMs } from '../../app/clock.ts';
import { civilDateAt, formatDate, formatTime } from '../../app/format.ts';
import { useMay, useSession } from '../../app/session.ts';
import { sayAct } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { DataList, type Column } from '../../ui/data-list.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal, type Tone } from '../../ui/signal.tsx';
import { SyncState } from '../../ui/sync-word.tsx';
import { ComparePanel } from './compare-panel.tsx';
import { DayPaperDialog } from './day-paper-dialog.tsx';
import { ReturnDialog } from './return-dialog.tsx';

const reviewTones: Readonly<Record<RegisterRow['review'], Tone>> = {
  none: 'neutral',
  reviewed: 'good',
  returned: 'attention',
  corrected: 'wait',
};

/** The day's acts of the office; the supervisor reviews or returns them. Source: R-31 */
export function RegisterPage() {
  const texts = useTexts();
  const { t } = texts;
  const may = useMay();
  const navigate = useNavigate();
  const todayOn = civilDateAt(useNowMs(60_000));
  const [on, setOn] = useState(todayOn);
  const [typed, setTyped] = useState<string | null>(null);
  const [review, setReview] = useState<RegisterRow['review'] | ''>('');
  const [selected, setSelected] = useState<RegisterRow | undefined>(undefined);
  const [isReturning, setReturning] = useState(false);
  const [isComparing, setComparing] = useState(false);
  const [paper, setPaper] = useState<PaperView | null>(null);
  const query = useQuery(queries.register.day.queryOptions({ input: { on } }));
  const act = useAct();
  const canReview = may('register.review');
  const canPrint = mayPrintDayRegister(useSession()?.permissions ?? []);
  const chosen = query.data?.rows.find((row) => row.commandId === selected?.commandId);

  const markReviewed = (): void => {
    if (chosen === undefined) return;
    void act
      .run((commandId) => desk.register.review({ commandId, actCommandId: chosen.commandId, verdict: 'reviewed', reason: '' }))
      .then(() => query.refetch());
  };
  const preparePaper = (): void => {
    void act
      .run((commandId) => desk.register.preparePaper({ commandId, on }))
      .then((answer) => {
        if (answer !== undefined) setPaper(answer);
      });
  };
  const columns: readonly Column<RegisterRow>[] = [
    {
      id: 'at',
      header: t('register.time'),
      width: '70px',
      value: (row) => row.atMs,
      cell: (row) => <span className="num">{formatTime(row.atMs)}</span>,
    },
    {
      id: 'kind',
      header: t('register.act'),
      width: '1.3fr',
      value: (row) => sayAct(texts, row.kind),
      cell: (row) => sayAct(texts, row.kind),
    },
    { id: 'person', header: t('list.person'), width: '1.2fr', value: (row) => row.personMasked, cell: (row) => row.personMasked },
    {
      id: 'serials',
      header: t('register.serials'),
      width: '1fr',
      value: (row) => row.serials.join(' '),
      cell: (row) => <span className="mono small">{row.serials.map((serial) => serial.slice(-8)).join(', ')}</span>,
    },
    { id: 'operator', header: t('sync.operator'), width: '1fr', value: (row) => row.operatorName, cell: (row) => row.operatorName },
    { id: 'desk', header: t('register.desk'), width: '80px', value: (row) => row.deskId, cell: (row) => row.deskId },
    {
      id: 'documents',
      header: t('register.documents'),
      width: '130px',
      value: (row) => t(`register.documents.${row.documents}`),
      cell: (row) => (
        <Signal tone={row.documents === 'complete' ? 'good' : row.documents === 'incomplete' ? 'attention' : 'neutral'}>
          {t(`register.documents.${row.documents}`)}
        </Signal>
      ),
    },
    {
      id: 'sync',
      header: t('list.sync'),
      width: '150px',
      value: (row) => t(`states.sync.${row.sync}`),
      cell: (row) => <SyncState word={row.sync} />,
    },
    {
      id: 'review',
      header: t('register.review'),
      width: '1.9fr',
      value: (row) => t(`register.review.${row.review}`),
      cell: (row) => (
        <Signal tone={reviewTones[row.review]}>
          {t(`register.review.${row.review}`)}
          {row.reviewReason === '' ? '' : `: ${row.reviewReason}`}
        </Signal>
      ),
    },
  ];
  const tools = (
    <>
      <TextInput
        aria-label={t('register.date')}
        value={typed ?? formatDate(on)}
        w={110}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          const parsed = parseTypedDate(event.currentTarget.value, todayOn);
          if (parsed !== undefined) setOn(parsed);
        }}
        onBlur={() => {
          setTyped(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'PageUp' || event.key === 'PageDown') {
            event.preventDefault();
            setTyped(null);
            setOn(addCivilDays(on, event.key === 'PageUp' ? -1 : 1));
          }
        }}
      />
      <NativeSelect
        aria-label={t('register.review')}
        value={review}
        data={[
          { value: '', label: t('register.anyReview') },
          ...(['none', 'reviewed', 'returned', 'corrected'] as const).map((value) => ({ value, label: t(`register.review.${value}`) })),
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setReview((['none', 'reviewed', 'returned', 'corrected'] as const).find((one) => one === value) ?? '');
        }}
      />
      {canReview && (
        <>
          <ActionButton
            command="reviewRow"
            isQuiet
            label={t('register.markReviewed')}
            isDisabled={chosen === undefined}
            isBusy={act.startedAtMs !== null}
            onRun={markReviewed}
          />
          <ActionButton
            command="returnRow"
            isQuiet
            label={t('register.returnRow')}
            isDisabled={chosen === undefined}
            onRun={() => {
              setReturning(true);
            }}
          />
        </>
      )}
      <ActionButton
        command="compare"
        isQuiet
        label={t('register.compare')}
        onRun={() => {
          setComparing(true);
        }}
      />
      {canPrint && (
        <ActionButton command="print" isQuiet label={t('register.print')} isBusy={act.startedAtMs !== null} onRun={preparePaper} />
      )}
    </>
  );
  return (
    <Page title={t('register.title', { date: formatDate(on) })} fills>
      <FailureNote failure={act.failure} />
      {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
      {isComparing && (
        <ComparePanel
          key={on}
          on={on}
          onClose={() => {
            setComparing(false);
          }}
        />
      )}
      <QueryGate query={query}>
        {(data) => (
          <>
            <p className="row num">
              {Object.entries(data.counts).map(([kind, count]) => (
                <span key={kind}>
                  {sayAct(texts, kind)}: <strong>{count}</strong>
                </span>
              ))}
            </p>
            <DataList
              name="register"
              label={t('register.title', { date: formatDate(on) })}
              rows={data.rows.filter((row) => review === '' || row.review === review)}
              columns={columns}
              rowKey={(row) => row.commandId}
              onOpen={(row) => void navigate({ to: '/applications/$applicationId', params: { applicationId: row.applicationId } })}
              onSelect={setSelected}
              empty={t('register.empty')}
              tools={tools}
              hasAutoFocus
              isRoomy
            />
          </>
        )}
      </QueryGate>
      {isReturning && chosen !== undefined && (
        <ReturnDialog
          row={chosen}
          onClose={() => {
            setReturning(false);
          }}
        />
      )}
      {paper !== null && (
        <DayPaperDialog
          paper={paper}
          onClose={() => {
            setPaper(null);
          }}
        />
      )}
    </Page>
  );
}
