import { NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import { spoilReasons } from '../../../shared/registry-api/card-commands.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';

type Reason = (typeof spoilReasons)[number];

interface Props {
  readonly runId: string;
  readonly serial: string;
  readonly reason: Reason;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The card is out for good: it stands in the next register with this reason. */
export function ScrapDialog({ runId, serial, reason: first, onDone, onClose }: Props) {
  const { t } = useTexts();
  const act = useAct();
  const [reason, setReason] = useState<Reason>(first);
  const [note, setNote] = useState('');
  const scrap = (): void => {
    void act
      .run((commandId) => desk.production.scrapCard({ commandId, runId, reason, note: note.trim() }))
      .then(async (answer) => {
        if (answer === undefined) return;
        await queryClient.invalidateQueries({ queryKey: queries.production.key() });
        onClose();
        onDone();
      });
  };
  return (
    <ConfirmDialog
      isOpen
      title={t('production.scrapTitle')}
      confirmLabel={t('production.half.scrap')}
      onConfirm={scrap}
      onClose={onClose}
      isBusy={act.startedAtMs !== null}
    >
      <p>{t('production.scrapHint', { serial })}</p>
      <NativeSelect
        label={t('production.reason')}
        value={reason}
        data={spoilReasons.map((value) => ({ value, label: t(`production.reason.${value}`) }))}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setReason(spoilReasons.find((one) => one === value) ?? first);
        }}
      />
      <Textarea
        label={t('production.note')}
        rows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FailureNote failure={act.failure} onRetry={scrap} />
    </ConfirmDialog>
  );
}
