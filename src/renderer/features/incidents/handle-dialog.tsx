import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { IncidentRow } from '../../../shared/contract/incident.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { sayIncident } from './say-incident.ts';

/** A supervisor says what he did about an incident; his note stays beside it. */
export function HandleDialog({ incident, onClose }: { readonly incident: IncidentRow; readonly onClose: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const act = useAct();
  const [note, setNote] = useState('');
  const said = sayIncident(texts, incident);
  const handle = (): void => {
    void act
      .run((commandId) => desk.incident.handle({ commandId, incidentId: incident.incidentId, note: note.trim() }))
      .then(async (answer) => {
        if (answer === undefined) return;
        await queryClient.invalidateQueries({ queryKey: queries.incident.key() });
        onClose();
      });
  };
  return (
    <Dialog isOpen title={t('incidents.handleTitle')} onClose={onClose} size="lg">
      <div className="col">
        <p>
          <strong>{said.title}</strong> · {said.desk}
        </p>
        <p>{said.next.join(' ')}</p>
        <Textarea
          label={t('incidents.note')}
          description={t('incidents.noteHint')}
          value={note}
          maxLength={500}
          rows={2}
          data-autofocus
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <ActionButton
            label={t('incidents.handle')}
            onRun={handle}
            isDisabled={note.trim().length < 3}
            isBusy={act.startedAtMs !== null}
          />
        </div>
        <FailureNote failure={act.failure} onRetry={handle} />
      </div>
    </Dialog>
  );
}
