import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProductionRow } from '../../../shared/contract/production.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, useAct } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { ScrapDialog } from './scrap-dialog.tsx';

interface Props {
  readonly row: ProductionRow;
  readonly isInBatch?: boolean;
  readonly onChanged: () => void;
}

/** A card that broke off: what journal and card say is safe, and three buttons. Source: PRS-03; ADR-0027 */
export function HalfCard({ row, isInBatch = false, onChanged }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const act = useAct();
  const [isScrapping, setScrapping] = useState(false);
  const [openedAtMs] = useState(() => Date.now());
  const runId = row.run?.runId ?? '';
  const isRunning = row.run?.isRunning === true;
  const isWorking = act.startedAtMs !== null || isRunning;
  // The card may be put in while this stands on the screen.
  const query = useQuery(
    queries.production.inspect.queryOptions({ input: { runId }, enabled: !isWorking, refetchInterval: 2_000, staleTime: 0, retry: false }),
  );
  if (row.run === null) return null;
  const seen = query.data;
  const resume = (how: 'continue' | 'wipe'): void => {
    void act
      .run(() => desk.production.resumeCard({ runId, how }))
      .then(() => {
        onChanged();
      });
  };
  const leave = (): void => {
    void act.run(() => desk.production.leaveCard({ applicationId: row.applicationId })).then(onChanged);
  };
  return (
    <div className="col">
      <p>
        <strong>{row.holderName}</strong> · <span className="mono">{row.run.cardSerial}</span>
        {row.run.step !== null && <> · {t('production.half.step', { step: t(`production.step.${row.run.step}`) })}</>}
        {row.run.code !== '' && <> · {sayCode(texts, row.run.code)}</>}
      </p>
      {isWorking ? (
        <Busy text={t('production.prompt.working', { serial: row.run.cardSerial })} sinceMs={act.startedAtMs ?? openedAtMs} />
      ) : (
        seen !== undefined && (
          <Note tone={seen.action === 'insert' ? 'attention' : 'wait'}>
            {seen.action === 'insert'
              ? t('production.half.insert', { serial: row.run.cardSerial })
              : seen.action === 'abandoned'
                ? t('production.half.safe.scrap')
                : t(`production.half.safe.${seen.action}`)}
          </Note>
        )
      )}
      <FailureNote failure={act.failure} />
      <div className="row">
        <ActionButton
          command="continueCard"
          label={t('production.half.continue')}
          isQuiet={seen?.action !== 'continue'}
          isDisabled={seen?.mayContinue !== true}
          isBusy={isWorking}
          onRun={() => resume('continue')}
        />
        <ActionButton
          command="wipeCard"
          label={t('production.half.wipe')}
          isQuiet={seen?.action !== 'wipe'}
          isDisabled={seen?.mayWipe !== true}
          isBusy={isWorking}
          onRun={() => resume('wipe')}
        />
        <ActionButton
          command="scrapCard"
          label={t('production.half.scrap')}
          isQuiet
          isDisabled={seen?.mayScrap !== true}
          isBusy={isWorking}
          onRun={() => setScrapping(true)}
        />
        {isInBatch && <ActionButton command="leaveCard" isQuiet label={t('production.half.leave')} isBusy={isWorking} onRun={leave} />}
      </div>
      {isScrapping && (
        <ScrapDialog
          runId={runId}
          serial={row.run.cardSerial}
          reason="chip_failed"
          onDone={onChanged}
          onClose={() => {
            setScrapping(false);
          }}
        />
      )}
    </div>
  );
}

export function HalfCardDialog({ row, onClose }: { readonly row: ProductionRow; readonly onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Dialog isOpen title={t('production.half')} size="lg" onClose={onClose}>
      <HalfCard row={row} onChanged={onClose} />
    </Dialog>
  );
}
