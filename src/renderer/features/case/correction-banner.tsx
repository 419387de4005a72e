import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { formatDateTime } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Note } from '../../ui/signal.tsx';
import { useCaseAct } from './use-case-act.ts';

/** The supervisor returned an act: why, who, when, and how the registrar answers. Source: R-31 */
export function CorrectionBanner({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const may = useMay();
  const act = useCaseAct();
  const [note, setNote] = useState('');
  const returned = view.returnedForCorrection;
  if (returned === null) return null;
  return (
    <Note tone="attention">
      <p>{t('case.returnedBy', { name: returned.byName, time: formatDateTime(returned.atMs), reason: returned.reason })}</p>
      {may('application.edit') && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            void act.run((commandId) =>
              desk.application.reportCorrected({ commandId, applicationId: view.applicationId, note: note.trim() }),
            );
          }}
        >
          <TextInput
            aria-label={t('case.whatCorrected')}
            placeholder={t('case.whatCorrected')}
            value={note}
            onChange={(event) => {
              setNote(event.currentTarget.value);
            }}
            style={{ flex: 1 }}
          />
          <Button type="submit" variant="default" disabled={note.trim().length < 3}>
            {t('case.reportCorrected')}
          </Button>
        </form>
      )}
      <FailureNote failure={act.failure} />
    </Note>
  );
}
