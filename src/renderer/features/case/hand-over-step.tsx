import { Button, Checkbox, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { listDocumentsToReturn } from '../../../shared/rules/refusal.ts';
import { useCommand } from '../../app/commands.ts';
import { formatDateTime } from '../../app/format.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal } from '../../ui/signal.tsx';
import { useCaseAct } from './use-case-act.ts';

/** The originals go back, one tick each, and the certificates are handed over. Source: SIM-19 */
export function HandOverStep({ view }: { readonly view: ApplicationView }) {
  const { t, find } = useTexts();
  const act = useCaseAct();
  const originals = listDocumentsToReturn(view.data);
  const [returned, setReturned] = useState<readonly string[]>([]);
  const all = useRef<HTMLButtonElement>(null);
  const isOpen = view.state === 'ACTIVATING';
  const returnAll = (): void => {
    setReturned(originals.map((one) => one.document));
  };
  useEffect(() => {
    if (isOpen) all.current?.focus();
  }, [isOpen]);
  useCommand('allDocuments', returnAll, { isEnabled: isOpen, label: t('case.allReturned') });
  const handOver = (): void => {
    const returnedOriginals = originals.filter((one) => returned.includes(one.document));
    void act.run((commandId) => desk.application.handOver({ commandId, applicationId: view.applicationId, returnedOriginals }));
  };
  if (!isOpen) return <Signal tone="good">{t('states.HANDED')}</Signal>;
  const left = originals.length - returned.length;
  return (
    <>
      {view.card !== null && <p>{t('case.cardGive')}</p>}
      <p>{t('case.handOverHint')}</p>
      <Button
        ref={all}
        variant="default"
        onClick={returnAll}
        aria-keyshortcuts={shortcutOf('allDocuments')}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('case.allReturned')}
        <KeyHint id="allDocuments" />
      </Button>
      <div className="ticks" role="group" aria-label={t('case.returnedDocuments')}>
        {originals.map(({ document }) => (
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
      <FailureNote failure={act.failure} onRetry={handOver} />
      {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
      <ActionButton
        label={t('case.handOver')}
        onRun={handOver}
        isBusy={act.startedAtMs !== null}
        isDisabled={left > 0}
        reason={t('case.originalsLeft', { n: left })}
      />
    </>
  );
}

/** To the archive, at most seven working days after the papers were entered. Source: SIM-20, COM-11, T-08 */
export function ArchiveStep({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const act = useCaseAct();
  const [receiver, setReceiver] = useState('');
  const [listNumber, setListNumber] = useState('');
  const archive = (): void => {
    void act.run((commandId) =>
      desk.application.archive({ commandId, applicationId: view.applicationId, receiver: receiver.trim(), listNumber: listNumber.trim() }),
    );
  };
  if (view.state === 'ARCHIVED') return <Signal tone="good">{t('states.ARCHIVED')}</Signal>;
  return (
    <>
      {view.archiveDueAtMs !== null && <p>{t('case.archiveDue', { time: formatDateTime(view.archiveDueAtMs) })}</p>}
      <TextInput
        label={t('case.archiveReceiver')}
        value={receiver}
        autoFocus
        maxLength={200}
        onChange={(event) => {
          setReceiver(event.currentTarget.value);
        }}
      />
      <TextInput
        label={t('case.archiveList')}
        value={listNumber}
        maxLength={60}
        onChange={(event) => {
          setListNumber(event.currentTarget.value);
        }}
      />
      <FailureNote failure={act.failure} onRetry={archive} />
      <ActionButton
        label={t('case.archive')}
        onRun={archive}
        isBusy={act.startedAtMs !== null}
        isDisabled={receiver.trim().length < 2}
        reason={t('case.archiveNeeds')}
      />
    </>
  );
}
