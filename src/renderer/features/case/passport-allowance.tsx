import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note } from '../../ui/signal.tsx';
import { useCaseAct } from './use-case-act.ts';

/** What the centre officer has to say of a foreign passport that the category does not name. Source: C-02 */
export function PassportAllowance({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const may = useMay();
  const act = useCaseAct();
  const [reason, setReason] = useState('');
  if (!may('activation.support') || !view.problems.some(({ code }) => code === 'PASSPORT_NEEDS_CENTRE_OFFICER')) return null;
  const allow = (): void => {
    void act.run((commandId) => desk.application.allowPassport({ commandId, applicationId: view.applicationId, reason: reason.trim() }));
  };
  return (
    <>
      <Note tone="attention">{t('case.allowPassportHint')}</Note>
      <TextInput
        label={t('case.allowPassportReason')}
        value={reason}
        maxLength={500}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <FailureNote failure={act.failure} onRetry={allow} />
      <ActionButton label={t('case.allowPassport')} onRun={allow} isBusy={act.startedAtMs !== null} isDisabled={reason.trim().length < 3} />
    </>
  );
}
