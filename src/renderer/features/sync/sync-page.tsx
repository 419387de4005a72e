import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useNowMs } from '../../app/clock.ts';
import { formatBytes, formatDateTime, formatDuration, formatNumber } from '../../app/format.ts';
import { sayAct, sayAnswer } from '../../app/say.ts';
import { AnswerWords } from './answer-words.tsx';
import { answerOfRow } from './answer-of-row.ts';
import { ClockRow } from './clock-row.tsx';
import { useHandOver } from './hand-over.tsx';
import type { QueueRowData } from './page-data.ts';
import { PlacesRow } from './places-row.tsx';
import { RowDialog } from './row-dialog.tsx';
import { sayUse } from '../../app/say-limits.ts';
import { useTexts, type Texts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Signal } from '../../ui/signal.tsx';
import { RestorationNote, StoragePanel } from '../storage/index.ts';

/** What waits for the registry, in plain words, and the one thing to do about it. */
export function SyncPage() {
  const texts = useTexts();
  const { t, language } = texts;
  const navigate = useNavigate();
  const nowMs = useNowMs();
  const query = useQuery(queries.sync.page.queryOptions({ refetchInterval: 5_000 }));
  const act = useAct();
  const handOver = useHandOver();
  const [openRow, setOpenRow] = useState<QueueRowData | null>(null);
  const sendNow = (): void => {
    void act.run(() => desk.sync.sendNow()).then(() => queryClient.invalidateQueries({ queryKey: queries.sync.key() }));
  };
  const ago = (atMs: number): string => t('sync.ago', { time: formatDuration(Math.max(0, nowMs - atMs), language) });
  return (
    <Page
      title={t('frame.sync')}
      fills
      head={
        <>
          <ActionButton label={t('sync.sendNow')} onRun={sendNow} isBusy={act.startedAtMs !== null} />
          {act.startedAtMs !== null && <Busy text={t('sync.sending')} sinceMs={act.startedAtMs} />}
          {handOver.buttons}
        </>
      }
    >
      <FailureNote failure={act.failure} onRetry={sendNow} />
      {handOver.notes}
      <RestorationNote />
      <RowDialog
        row={openRow}
        onClose={() => {
          setOpenRow(null);
        }}
        onOpenCase={(applicationId) => {
          setOpenRow(null);
          void navigate({ to: '/applications/$applicationId', params: { applicationId } });
        }}
      />
      <QueryGate query={query}>
        {({ link, queue, places, limits, clock, nextTryAtMs, rows, lastDrain }) => (
          <>
            <section className="panel">
              <table className="plain facts" aria-label={t('sync.summary')}>
                <tbody>
                  <tr>
                    <th scope="row">{t('sync.link')}</th>
                    <td>
                      <Signal tone={link.state === 'online' ? 'good' : link.state === 'checking' ? 'wait' : 'stop'}>
                        {t(`sync.link.${link.state}`)}
                      </Signal>{' '}
                      <span className="num">{t('frame.since', { time: formatDateTime(link.sinceMs) })}</span>
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">{t('sync.waiting')}</th>
                    <td className="num">
                      {queue.queued === 0
                        ? t('sync.nothingWaits')
                        : t('sync.waits', {
                            n: formatNumber(queue.queued, 0, language),
                            size: formatBytes(queue.attachmentsBytes, language),
                          })}
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">{t('sync.oldest')}</th>
                    <td className="num">
                      {queue.oldestAtMs === null ? '–' : `${formatDateTime(queue.oldestAtMs)} (${ago(queue.oldestAtMs)})`}
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">{t('sync.nextTry')}</th>
                    <td className="num">
                      {sayNextTry(texts, { isOffline: link.state === 'offline', queued: queue.queued, nextTryAtMs, nowMs })}
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">{t('sync.lastAnswer')}</th>
                    <td>
                      {link.lastAnswer === null ? (
                        t('sync.noAnswer')
                      ) : (
                        <AnswerWords code={link.lastAnswer.code} after={`(${ago(link.lastAnswer.atMs)})`} />
                      )}
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">{t('sync.speed')}</th>
                    <td className="num">
                      {lastDrain === null
                        ? '–'
                        : t('sync.drained', {
                            n: lastDrain.commands,
                            time: formatDuration(Math.max(1_000, lastDrain.tookMs), language),
                            at: formatDateTime(lastDrain.atMs),
                          })}
                    </td>
                  </tr>
                  <PlacesRow places={places} />
                  <ClockRow clock={clock} />
                  <tr>
                    <th scope="row">{t('sync.limits')}</th>
                    <td>
                      <Signal tone={limits.level === 'reached' ? 'stop' : limits.level === 'warning' ? 'attention' : 'neutral'}>
                        {t(`sync.limits.${limits.level}`)}
                      </Signal>
                      {limits.uses.map((use) => (
                        <p key={use.limit} className="num">
                          {sayUse(texts, use)}
                        </p>
                      ))}
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">{t('sync.needsPerson')}</th>
                    <td>
                      <Signal tone={queue.attention + queue.unknown > 0 ? 'attention' : 'neutral'}>
                        {t('sync.needsPersonCount', { attention: queue.attention, unknown: queue.unknown })}
                      </Signal>
                    </td>
                  </tr>
                </tbody>
              </table>
            </section>
            <StoragePanel />
            <DataList
              name="sync"
              isRoomy
              label={t('sync.list')}
              rows={rows}
              rowKey={(row) => row.commandId}
              empty={t('sync.empty')}
              onOpen={setOpenRow}
              columns={[
                {
                  id: 'at',
                  header: t('sync.when'),
                  width: '150px',
                  value: (row) => row.atMs,
                  cell: (row) => <span className="num">{formatDateTime(row.atMs)}</span>,
                },
                {
                  id: 'kind',
                  header: t('sync.act'),
                  width: '1.4fr',
                  value: (row) => sayAct(texts, row.kind),
                  cell: (row) => sayAct(texts, row.kind),
                },
                {
                  id: 'operator',
                  header: t('sync.operator'),
                  width: '1fr',
                  value: (row) => row.operatorName,
                  cell: (row) => row.operatorName,
                },
                {
                  id: 'state',
                  header: t('sync.state'),
                  width: '1.6fr',
                  value: (row) => t(`sync.row.${row.state}`),
                  cell: (row) => (
                    <Signal tone={row.state === 'queued' ? 'wait' : row.state === 'rejected' ? 'stop' : 'attention'}>
                      {t(`sync.row.${row.state}`)}
                    </Signal>
                  ),
                },
                {
                  id: 'tries',
                  header: t('sync.tries'),
                  width: '80px',
                  value: (row) => row.attempts,
                  cell: (row) => <span className="num">{row.attempts}</span>,
                },
                {
                  id: 'answer',
                  header: t('sync.lastAnswer'),
                  width: '2fr',
                  value: (row) => row.lastAnswer,
                  cell: (row) => (row.lastAnswer === '' ? '–' : sayAnswer(texts, answerOfRow(row))),
                },
                {
                  id: 'size',
                  header: t('sync.size'),
                  width: '80px',
                  value: (row) => row.sizeBytes,
                  cell: (row) => <span className="num">{formatBytes(row.sizeBytes, language)}</span>,
                },
              ]}
            />
          </>
        )}
      </QueryGate>
    </Page>
  );
}

/** When it goes on, and on whom that depends: the link, the clock or a person. */
function sayNextTry(
  { t, language }: Texts,
  facts: { readonly isOffline: boolean; readonly queued: number; readonly nextTryAtMs: number | null; readonly nowMs: number },
): string {
  if (facts.isOffline && facts.queued > 0) return t('sync.tryOnLink');
  if (facts.nextTryAtMs === null) return t(facts.queued > 0 ? 'sync.tryStopped' : 'sync.noTryNeeded');
  const leftMs = facts.nextTryAtMs - facts.nowMs;
  return leftMs < 1000 ? t('sync.tryNow') : t('sync.inTime', { time: formatDuration(leftMs, language) });
}
