import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { CardStatus } from './card-status.tsx';
import { useCaseAct } from './use-case-act.ts';

/** Card and envelope are compared with the case by their barcodes, and the card proves itself on the reader before it leaves. Source: HND-11, HND-12 */
export function CardCheckStep({ view, onMoved }: { readonly view: ApplicationView; readonly onMoved: () => void }) {
  const isMatched = view.card?.isMatched === true;
  return (
    <>
      <CardStatus view={view} />
      {isMatched ? <CardTest view={view} onMoved={onMoved} /> : <CardMatch view={view} />}
    </>
  );
}

function CardMatch({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const act = useCaseAct();
  const [cardSerial, setCard] = useState('');
  const [envelopeNumber, setEnvelope] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useEffect(() => {
    first.current?.focus();
  }, []);
  const isReady = cardSerial.trim() !== '' && envelopeNumber.trim() !== '';
  const match = (): void => {
    if (!isReady) return;
    void act
      .run((commandId) => desk.application.matchCard({ commandId, applicationId: view.applicationId, cardSerial, envelopeNumber }))
      .then((isDone) => {
        if (isDone) return;
        // The next scan goes over what was wrong.
        first.current?.focus();
        first.current?.select();
      });
  };
  return (
    <>
      <p>{t('case.cardCheckHint')}</p>
      <TextInput
        ref={first}
        label={t('case.cardBarcode')}
        classNames={{ input: 'mono' }}
        maxLength={40}
        value={cardSerial}
        onChange={(event) => {
          setCard(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey) return;
          event.preventDefault();
          second.current?.focus();
          second.current?.select();
        }}
      />
      <TextInput
        ref={second}
        label={t('case.envelopeBarcode')}
        classNames={{ input: 'mono' }}
        maxLength={40}
        value={envelopeNumber}
        onChange={(event) => {
          setEnvelope(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey) return;
          event.preventDefault();
          match();
        }}
      />
      <FailureNote failure={act.failure} />
      <ActionButton label={t('case.cardMatch')} onRun={match} isBusy={act.startedAtMs !== null} isDisabled={!isReady} />
    </>
  );
}

function CardTest({ view, onMoved }: { readonly view: ApplicationView; readonly onMoved: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const { applicationId, card } = view;
  const act = useCaseAct();
  const readers = useQuery(queries.application.cardReaders.queryOptions({ refetchInterval: 3000 }));
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const names = readers.data?.readers ?? [];
  const reader = names.find((name) => name === chosen) ?? names[0];
  const isBusy = act.startedAtMs !== null;
  if (card === null) return null;
  const moveOn = (isDone: boolean): void => {
    if (isDone) onMoved();
  };
  const test = (): void => {
    if (reader !== undefined) void act.run((commandId) => desk.application.testCard({ commandId, applicationId, readerName: reader }));
  };
  const waive = (): void => {
    void act.run((commandId) => desk.application.waiveCardTest({ commandId, applicationId, reason: reason.trim() })).then(moveOn);
  };
  return (
    <>
      <Signal tone="good">{t('case.cardMatched')}</Signal>
      {card.test === 'passed' && <Signal tone="good">{t('case.cardTested')}</Signal>}
      {card.test === 'waived' && <Signal tone="attention">{t('case.cardWaived', { reason: card.waiveReason })}</Signal>}
      {card.faults.map((code) => (
        <Note key={code} tone="stop">
          {sayCode(texts, code)}
        </Note>
      ))}
      {(card.test === null || card.test === 'failed') && (
        <>
          <p>{t('case.cardTestHint')}</p>
          {reader === undefined ? (
            <Note tone="attention">{t('case.cardNoReader')}</Note>
          ) : (
            <div className="row">
              <NativeSelect
                aria-label={t('case.cardReader')}
                value={reader}
                data={names}
                onChange={(event) => {
                  setChosen(event.currentTarget.value);
                }}
              />
              <ActionButton label={t('case.cardTest')} onRun={test} isBusy={isBusy} />
            </div>
          )}
          {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
          <FailureNote failure={act.failure} />
          {card.test === null && (reader === undefined || act.failure !== null) && (
            <>
              <TextInput
                label={t('case.cardWaiveReason')}
                value={reason}
                maxLength={300}
                onChange={(event) => {
                  setReason(event.currentTarget.value);
                }}
              />
              <ActionButton
                label={t('case.cardWaive')}
                isQuiet={reader !== undefined}
                onRun={waive}
                isBusy={isBusy}
                isDisabled={reason.trim().length < 3}
                reason={t('reasons.REASON_NEEDED')}
              />
            </>
          )}
        </>
      )}
    </>
  );
}
