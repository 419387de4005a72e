import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatBytes, formatDateTime } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Signal } from '../../ui/signal.tsx';

const spaceTones = { fine: 'good', warning: 'attention', read_only: 'stop' } as const;

/** How safely the data of this desk lies: its copies, their trial, the last check and the room that is left. */
export function StoragePanel() {
  const texts = useTexts();
  const { t, language } = texts;
  const may = useMay();
  const act = useAct();
  const { data } = useQuery(queries.storage.state.queryOptions({ enabled: may('sync.view'), refetchInterval: 30_000 }));
  if (data === undefined) return null;
  const backUp = (): void => {
    void act.run(() => desk.storage.backUp()).then(() => queryClient.invalidateQueries({ queryKey: queries.storage.key() }));
  };
  const sayRun = (run: { readonly atMs: number; readonly code: string } | null): ReactNode => {
    if (run === null) return t('storage.never');
    const at = formatDateTime(run.atMs);
    if (run.code === 'OK') return <Signal tone="good">{t('storage.good', { at })}</Signal>;
    return <Signal tone="attention">{t('storage.bad', { at, reason: sayCode(texts, run.code) })}</Signal>;
  };
  const { lastBackup, backupFailure, space } = data;
  return (
    <section className="panel" aria-label={t('storage.title')}>
      <table className="plain facts" aria-label={t('storage.title')}>
        <tbody>
          <tr>
            <th scope="row">{t('storage.backup')}</th>
            <td>
              <span className="row">
                <span className="num">
                  {lastBackup === null
                    ? t('storage.noBackup')
                    : t('storage.backupAt', { at: formatDateTime(lastBackup.atMs), size: formatBytes(lastBackup.sizeBytes, language) })}
                </span>
                <span className="num">
                  {t('storage.next')}: {formatDateTime(data.nextBackupAtMs)}
                </span>
                {may('storage.care') && (
                  <Button variant="default" size="compact-sm" onClick={backUp} aria-disabled={act.startedAtMs !== null}>
                    {t('storage.backUpNow')}
                  </Button>
                )}
                {act.startedAtMs !== null && <Busy text={t('storage.backingUp')} sinceMs={act.startedAtMs} />}
              </span>
              {backupFailure !== null && (
                <p>
                  <Signal tone="attention">
                    {t('storage.backupFailed', { at: formatDateTime(backupFailure.atMs), reason: sayCode(texts, backupFailure.code) })}
                  </Signal>
                </p>
              )}
              <FailureNote failure={act.failure} onRetry={backUp} />
            </td>
          </tr>
          <tr>
            <th scope="row">{t('storage.check')}</th>
            <td>
              <span className="row">
                {sayRun(data.lastCheck)}
                <span>
                  {t('storage.drill')}: {sayRun(data.lastDrill)}
                </span>
                {space.freeBytes !== null && (
                  <Signal tone={spaceTones[space.level]}>
                    {t('storage.space')}: {t(`storage.space.${space.level}`, { size: formatBytes(space.freeBytes, language) })}
                  </Signal>
                )}
              </span>
            </td>
          </tr>
          <tr>
            <th scope="row">{t('storage.key')}</th>
            <td>
              <Signal tone={data.keyWrappedAtMs === null ? 'attention' : 'good'}>
                {data.keyWrappedAtMs === null
                  ? t('storage.key.alone')
                  : t('storage.key.wrapped', { at: formatDateTime(data.keyWrappedAtMs) })}
              </Signal>
            </td>
          </tr>
          {data.tailDroppedAtMs !== null && (
            <tr>
              <td colSpan={2}>
                <Signal tone="attention">{t('storage.tailDropped', { at: formatDateTime(data.tailDroppedAtMs) })}</Signal>
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
