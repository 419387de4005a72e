import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { printedFullName } from '../../../shared/rules/names.ts';
import { useNowMs } from '../../app/clock.ts';
import { useCommand } from '../../app/commands.ts';
import { formatDateTime, formatDuration, formatPhone } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { Button } from '@mantine/core';
import { ActionButton } from '../../ui/main-button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { Signal } from '../../ui/signal.tsx';
import { SyncState } from '../../ui/sync-word.tsx';
import { RefuseDialog, WithdrawDialog } from './ending-dialogs.tsx';
import { useCaseAct } from './use-case-act.ts';

const endedStates: readonly ApplicationView['state'][] = ['ARCHIVED', 'REFUSED', 'WITHDRAWN', 'HANDED', 'SCANNED'];

/** Person, carrier, kind, state and clock; what can be done at any point of the case. */
export function CaseHead({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const may = useMay();
  const [ending, setEnding] = useState<'refuse' | 'withdraw' | null>(null);
  // A card that is being made or carried is waited for.
  const isUnderWay = view.state === 'PERSONALISING' || view.state === 'DISPATCHED';
  const canEnd = may('application.edit') && !isUnderWay && !endedStates.includes(view.state);
  const name = printedFullName(view.data.person);
  useCommand(
    'refuse',
    () => {
      setEnding('refuse');
    },
    { isEnabled: canEnd, label: t('case.refuse') },
  );
  useCommand(
    'withdraw',
    () => {
      setEnding('withdraw');
    },
    { isEnabled: canEnd, label: t('case.withdraw') },
  );
  const close = (): void => {
    setEnding(null);
  };
  return (
    <>
      <strong>{name === '' ? t('case.noName') : name}</strong>
      {view.data.carrier.phone !== '' && <span className="mono">{formatPhone(view.data.carrier.phone)}</span>}
      {view.card !== null && (
        <span className="mono">{view.card.serial === '' ? t('form.carrier.asan_id') : `Asan ID ${view.card.serial}`}</span>
      )}
      <span className="quiet">
        {view.data.category} · {view.data.kinds.map((kind) => t(`terms.certificate.${kind}`)).join(', ')}
      </span>
      <Signal tone={view.state === 'REFUSED' || view.state === 'INVALID' || view.state === 'ACT_FAILED' ? 'stop' : 'neutral'}>
        {t(`states.${view.state}`)}
      </Signal>
      {(view.rev !== null || view.sync !== 'saved') && <SyncState word={view.sync} />}
      <Clock view={view} />
      <Lease view={view} />
      {canEnd && (
        <span className="row push">
          <Button
            variant="default"
            aria-keyshortcuts={shortcutOf('withdraw')}
            onClick={() => {
              setEnding('withdraw');
            }}
          >
            {t('case.withdraw')}
            <KeyHint id="withdraw" />
          </Button>
          <Button
            variant="default"
            aria-keyshortcuts={shortcutOf('refuse')}
            onClick={() => {
              setEnding('refuse');
            }}
          >
            {t('case.refuse')}
            <KeyHint id="refuse" />
          </Button>
        </span>
      )}
      {ending === 'refuse' && <RefuseDialog view={view} onClose={close} />}
      {ending === 'withdraw' && <WithdrawDialog view={view} onClose={close} />}
    </>
  );
}

/** Until when, and by how much it is late. Source: T-01, T-08 */
function Clock({ view }: { readonly view: ApplicationView }) {
  const { t, language } = useTexts();
  const nowMs = useNowMs(30_000);
  const dueAtMs = view.state === 'SCANNED' ? view.archiveDueAtMs : view.dueAtMs;
  if (dueAtMs === null || endedStates.includes(view.state)) return null;
  const leftMs = dueAtMs - nowMs;
  return (
    <span title={formatDateTime(dueAtMs)}>
      <Signal tone={leftMs < 0 ? 'stop' : leftMs < 3_600_000 ? 'attention' : 'neutral'} icon="clock">
        {leftMs < 0
          ? t('home.late', { time: formatDuration(-leftMs, language) })
          : t('home.left', { time: formatDuration(leftMs, language) })}
      </Signal>
    </span>
  );
}

/** A sent case is edited by one desk at a time. */
function Lease({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const may = useMay();
  const act = useCaseAct();
  const { lease } = view;
  const isSent = view.rev !== null && !['ARCHIVED', 'REFUSED', 'WITHDRAWN'].includes(view.state);
  if (!isSent || !may('application.edit')) return null;
  if (lease?.isMine === true) return <Signal tone="good">{t('case.leaseMine')}</Signal>;
  return (
    <>
      {lease !== null && (
        <Signal tone="attention">{t('case.leaseOther', { desk: lease.deskId, time: formatDateTime(lease.untilMs) })}</Signal>
      )}
      <ActionButton
        command="claim"
        isQuiet
        label={t('case.claim')}
        isBusy={act.startedAtMs !== null}
        onRun={() => void act.run(() => desk.application.claim({ applicationId: view.applicationId }))}
      />
      <FailureNote failure={act.failure} />
    </>
  );
}
