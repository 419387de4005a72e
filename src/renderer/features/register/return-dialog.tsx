import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { RegisterRow } from '../../../shared/contract/register.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';

/** Returns an act to its registrar with a reason that lands in his list. */
export function ReturnDialog({ row, onClose }: { readonly row: RegisterRow; readonly onClose: () => void }) {
  const { t } = useTexts();
  const act = useAct();
  const [reason, setReason] = useState('');
  const giveBack = (): void => {
    void act
      .run((commandId) => desk.register.review({ commandId, actCommandId: row.commandId, verdict: 'returned', reason: reason.trim() }))
      .then((answer) => {
        if (answer === undefined) return;
        void queryClient.invalidateQueries({ queryKey: queries.register.key() });
        onClose();
      });
  };
  return (
    <ConfirmDialog
      isOpen
      title={t('register.returnTitle')}
      confirmLabel={t('register.returnRow')}
      isDanger={false}
      onClose={onClose}
      onConfirm={giveBack}
      isDisabled={reason.trim().length < 3}
      isBusy={act.startedAtMs !== null}
    >
      <p>{t('register.returnHint', { name: row.operatorName })}</p>
      <Textarea
        label={t('case.reason')}
        value={reason}
        maxLength={500}
        rows={2}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <FailureNote failure={act.failure} onRetry={giveBack} />
    </ConfirmDialog>
  );
}
