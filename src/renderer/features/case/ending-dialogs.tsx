import { Checkbox, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { isRefusalReason, listDocumentsToReturn, refusalReasonCodes, refusalReasons } from '../../../shared/rules/refusal.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Busy } from '../../ui/busy.tsx';
import { useCaseAct } from './use-case-act.ts';

interface Props {
  readonly view: ApplicationView;
  readonly onClose: () => void;
}

/** What the case itself gives as the reason; the registrar may choose another. */
function likelyReason(view: ApplicationView): string {
  if (view.problems.some((problem) => problem.code === 'M-02')) return 'document_expired';
  if (view.attempts.person >= view.attempts.limit) return 'person_not_found';
  if (view.attempts.organisation >= view.attempts.limit) return 'organisation_not_found';
  if (view.kindsDecision?.refusals.some((one) => one.code === 'M-28') === true) return 'business_and_state';
  if (view.kindsDecision?.refusals.some((one) => one.code === 'M-11') === true) return 'kind_not_for_service';
  if (view.state === 'ACT_FAILED') return 'activation_failed';
  return view.state === 'INVALID' ? 'request_invalid' : '';
}

/** Refusal on the spot: reason, note, and which documents went back. Source: COM-14 */
export function RefuseDialog({ view, onClose }: Props) {
  const { t, find } = useTexts();
  const act = useCaseAct();
  const [reason, setReason] = useState<string>(() => likelyReason(view));
  const [note, setNote] = useState('');
  const documents = listDocumentsToReturn(view.data);
  const [returned, setReturned] = useState<readonly string[]>(() => documents.map((one) => one.document));
  const needsNote = isRefusalReason(reason) && refusalReasons[reason].message === null;
  const refuse = (): void => {
    const returnedDocuments = documents.filter((one) => returned.includes(one.document));
    void act
      .run((commandId) =>
        desk.application.refuse({ commandId, applicationId: view.applicationId, reasonCode: reason, note: note.trim(), returnedDocuments }),
      )
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <ConfirmDialog
      isOpen
      title={t('case.refuseTitle')}
      confirmLabel={t('case.refuse')}
      onClose={onClose}
      onConfirm={refuse}
      isDisabled={reason === '' || (needsNote && note.trim() === '')}
      isBusy={act.startedAtMs !== null}
    >
      <p>{t('case.refuseWarning')}</p>
      <NativeSelect
        label={t('case.reason')}
        value={reason}
        data={[
          { value: '', label: t('form.choose') },
          ...refusalReasonCodes.map((code) => ({ value: code, label: t(`case.refusal.${code}`) })),
        ]}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Textarea
        label={t('case.note')}
        value={note}
        maxLength={500}
        autosize={false}
        rows={2}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      {documents.length > 0 && (
        <fieldset>
          <legend>{t('case.returnedDocuments')}</legend>
          <div className="ticks">
            {documents.map(({ document }) => (
              <Checkbox
                key={document}
                label={`${document} · ${find(`terms.document.${document}`)}`}
                checked={returned.includes(document)}
                onChange={(event) => {
                  const { checked } = event.currentTarget;
                  setReturned((now) => (checked ? [...now, document] : now.filter((one) => one !== document)));
                }}
              />
            ))}
          </div>
        </fieldset>
      )}
      <FailureNote failure={act.failure} onRetry={refuse} />
      {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
    </ConfirmDialog>
  );
}

/** The applicant takes the application back. */
export function WithdrawDialog({ view, onClose }: Props) {
  const { t } = useTexts();
  const act = useCaseAct();
  const [reason, setReason] = useState('');
  const withdraw = (): void => {
    void act
      .run((commandId) => desk.application.withdraw({ commandId, applicationId: view.applicationId, reason: reason.trim() }))
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <ConfirmDialog
      isOpen
      title={t('case.withdrawTitle')}
      confirmLabel={t('case.withdraw')}
      onClose={onClose}
      onConfirm={withdraw}
      isDisabled={reason.trim().length < 3}
      isBusy={act.startedAtMs !== null}
    >
      <p>{t('case.withdrawWarning')}</p>
      <Textarea
        label={t('case.reason')}
        value={reason}
        maxLength={500}
        rows={2}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <FailureNote failure={act.failure} onRetry={withdraw} />
    </ConfirmDialog>
  );
}
