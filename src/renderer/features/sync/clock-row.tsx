import { Button } from '@mantine/core';
import { formatDateTime, formatMeasuredDuration } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import type { SyncPageData } from './page-data.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Signal } from '../../ui/signal.tsx';

const noticedMs = 2000;

/** Our clock beside the registry's, and the story of each jump, until a supervisor has read it. */
export function ClockRow({ clock }: { readonly clock: SyncPageData['clock'] }) {
  const { t, language } = useTexts();
  const may = useMay();
  const act = useAct();
  const markSeen = (): void => {
    void act
      .run((commandId) => desk.sync.markClockSeen({ commandId }))
      .then(() => queryClient.invalidateQueries({ queryKey: queries.sync.key() }));
  };
  const say = (spanMs: number): string => formatMeasuredDuration(spanMs, language);
  const news = clock.events.filter((event) => event.seenBy === '' && event.kind !== 'slept');
  const error = clock.errorMs === null ? null : say(clock.errorMs);
  return (
    <tr>
      <th scope="row">{t('sync.clock')}</th>
      <td>
        {clock.offsetMs === null || error === null
          ? t('sync.clock.unknown')
          : Math.abs(clock.offsetMs) < noticedMs
            ? t('sync.clock.same', { error })
            : t('sync.clock.known', { offset: say(clock.offsetMs), error })}
        {news.map((event) => (
          <p key={event.id}>
            <Signal tone="attention">{t(`sync.clock.${event.kind}`, { at: formatDateTime(event.atMs), by: say(event.byMs) })}</Signal>
          </p>
        ))}
        {clock.unseen > 0 && may('register.review') && (
          <p>
            <Button variant="default" size="compact-sm" onClick={markSeen} aria-busy={act.startedAtMs !== null || undefined}>
              {t('sync.clock.markSeen')}
            </Button>
          </p>
        )}
        <FailureNote failure={act.failure} onRetry={markSeen} />
      </td>
    </tr>
  );
}
