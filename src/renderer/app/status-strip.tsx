import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { LinkState, QueueState } from '../../shared/contract/system.ts';
import { queries } from '../desk-client/index.ts';
import { Icon } from '../ui/icon.tsx';
import { Signal, type Tone } from '../ui/signal.tsx';
import { announce } from './announce.ts';
import { useNowMs } from './clock.ts';
import { formatDuration, formatMoment, formatTime } from './format.ts';
import { useMay, useStatus } from './session.ts';
import { useTexts } from './text.ts';
import { sayUse } from './say-limits.ts';

const linkTones: Readonly<Record<LinkState['state'], Tone>> = { online: 'good', offline: 'stop', checking: 'wait', frozen: 'attention' };

/** Always there: the link and since when, what waits, the printer, the clock. */
export function StatusStrip() {
  const texts = useTexts();
  const { t, language } = texts;
  const status = useStatus();
  const may = useMay();
  const nowMs = useNowMs();
  useSpokenChanges(status?.link, status?.queue);
  const printers = useQuery({ ...queries.paper.listPrinters.queryOptions(), enabled: may('paper.print'), refetchInterval: 60_000 });
  const printer = printers.data?.find((one) => one.isDefault) ?? printers.data?.[0];
  return (
    <footer className="frame-status" data-region tabIndex={-1} aria-label={t('frame.status')}>
      {status !== undefined && (
        <>
          <Link to="/sync">
            <Signal tone={linkTones[status.link.state]}>
              {t(`sync.link.${status.link.state}`)} · {t('frame.since', { time: formatMoment(status.link.sinceMs, nowMs) })}
            </Signal>
          </Link>
          <Link to="/sync">
            <Signal tone={status.queue.attention > 0 ? 'attention' : status.queue.queued > 0 ? 'wait' : 'neutral'}>
              {t('frame.queue', { n: status.queue.queued })}
              {status.queue.oldestAtMs === null
                ? ''
                : ` · ${t('frame.oldest', { time: formatDuration(Math.max(0, nowMs - status.queue.oldestAtMs), language) })}`}
              {status.queue.attention > 0 ? ` · ${t('frame.attention', { n: status.queue.attention })}` : ''}
            </Signal>
          </Link>
        </>
      )}
      {status !== undefined && status.limits.level !== 'fine' && (
        <Link to="/sync">
          <Signal tone={status.limits.level === 'reached' ? 'stop' : 'attention'}>{sayUse(texts, status.limits.uses[0])}</Signal>
        </Link>
      )}
      {status !== undefined && status.clockAlerts > 0 && !may('audit.view') && (
        <Link to="/sync">
          <Signal tone="attention">{t('frame.clockAlerts', { n: status.clockAlerts })}</Signal>
        </Link>
      )}
      {status !== undefined && status.incidents > 0 && may('audit.view') && (
        <Link to="/incidents">
          <Signal tone="attention">{t('incidents.open', { n: status.incidents })}</Signal>
        </Link>
      )}
      {printer !== undefined && (
        <span className="item">
          <Signal tone={printer.state === 'ready' || printer.state === 'busy' ? 'neutral' : 'attention'} icon="printer">
            {printer.name} · {t(`paper.printer.${printer.state}`)}
          </Signal>
        </span>
      )}
      {status?.clockOffsetMs !== null && status?.clockOffsetMs !== undefined && Math.abs(status.clockOffsetMs) > 60_000 && (
        <span className="item">
          <Signal tone="attention">{t('frame.clockOff', { time: formatDuration(Math.abs(status.clockOffsetMs), language) })}</Signal>
        </span>
      )}
      <span className="item push num">
        <Icon name="clock" />
        {formatTime(nowMs)}
      </span>
      <span className="item quiet">{status?.appVersion ?? ''}</span>
    </footer>
  );
}

/** The link and the queue are spoken when they change, not every time they are read. */
function useSpokenChanges(link: LinkState | undefined, queue: QueueState | undefined): void {
  const { t } = useTexts();
  const said = useRef<string | undefined>(undefined);
  const text =
    link === undefined || queue === undefined ? undefined : `${t(`sync.link.${link.state}`)}. ${t('frame.queue', { n: queue.queued })}`;
  useEffect(() => {
    if (text === undefined || text === said.current) return;
    if (said.current !== undefined) announce(text);
    said.current = text;
  }, [text]);
}
