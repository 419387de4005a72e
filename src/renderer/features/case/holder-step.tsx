import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { attemptText, maxAttempts } from '../../../shared/rules/attempts.ts';
import { attendees, type Attendee } from '../../../shared/rules/vocabulary.ts';
import { useCommand } from '../../app/commands.ts';
import { sayCode } from '../../app/say.ts';
import { useStatus } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { CardStatus } from './card-status.tsx';
import { useCaseAct } from './use-case-act.ts';

/** The card lies ready: whoever came is found again by his FİN and compared with his document, then the hand-over begins. Source: HND-01..HND-06 */
export function HolderStep({ view, onMoved }: { readonly view: ApplicationView; readonly onMoved: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const { applicationId } = view;
  const act = useCaseAct();
  const isOffline = useStatus()?.link.state === 'offline';
  const [attendee, setAttendee] = useState<Attendee>('applicant');
  const last = view.lookUps.findLast(({ kind }) => kind === 'holder');
  const isFound = last !== undefined && last.outcome === 'found' && !last.isStale;
  const spent = view.attempts.holder;
  const isBusy = act.startedAtMs !== null;
  const lookUp = (): void => {
    void act.run((commandId) => desk.application.lookUp({ commandId, applicationId, kind: 'holder' }));
  };
  const confirm = (isBearer: boolean): void => {
    void act
      .run((commandId) => desk.application.confirmHolder({ commandId, applicationId, isBearer, attendee }))
      .then((isDone) => {
        if (isDone && isBearer) onMoved();
      });
  };
  useCommand(
    'bearerYes',
    () => {
      confirm(true);
    },
    { isEnabled: isFound && !isBusy, label: t('keys.bearerYes') },
  );
  useCommand(
    'bearerNo',
    () => {
      confirm(false);
    },
    { isEnabled: !isBusy, label: t('keys.bearerNo') },
  );
  return (
    <>
      <CardStatus view={view} />
      <p>{t('case.holderHint')}</p>
      <div className="row">
        <ActionButton
          command="lookUp"
          isQuiet={isFound}
          label={t('case.holderLookUp')}
          onRun={lookUp}
          isBusy={isBusy}
          isDisabled={isOffline || isFound || spent >= maxAttempts}
          reason={isOffline ? t('reasons.NEEDS_REGISTRY') : spent >= maxAttempts ? t('reasons.ATTEMPTS_SPENT') : undefined}
        />
        {isFound ? (
          <Signal tone="good">{t('case.holderFound')}</Signal>
        ) : (
          spent < maxAttempts && <strong>{t('form.nextAttempt', { n: attemptText(spent + 1) })}</strong>
        )}
      </div>
      {view.data.representative.isPresent && (
        <div className="row" role="radiogroup" aria-label={t('form.atDesk')}>
          <span className="small">{t('form.atDesk')}</span>
          {attendees.map((one) => (
            <Button
              key={one}
              variant={one === attendee ? 'light' : 'default'}
              size="compact-sm"
              role="radio"
              aria-checked={one === attendee}
              onClick={() => {
                setAttendee(one);
              }}
            >
              {t(one === 'applicant' ? 'form.atDeskApplicant' : 'form.atDeskRepresentative')}
            </Button>
          ))}
        </div>
      )}
      {act.notices.map((one) => (
        <Note key={one.code} tone="stop">
          {sayCode(texts, one.code, one.params)}
        </Note>
      ))}
      <FailureNote failure={act.failure} />
      <div className="row" role="group" aria-label={t('case.holderQuestion')}>
        <strong>{t('case.holderQuestion')}</strong>
        <ActionButton
          label={t('case.holderYes')}
          isQuiet={!isFound}
          onRun={() => {
            confirm(true);
          }}
          isBusy={isBusy}
          isDisabled={!isFound}
          reason={t('reasons.NEEDS_PERSON_FOUND')}
        />
        <Button
          variant="default"
          disabled={isBusy}
          aria-keyshortcuts={shortcutOf('bearerNo')}
          onClick={() => {
            confirm(false);
          }}
        >
          {t('case.holderNo')}
          <KeyHint id="bearerNo" />
        </Button>
      </div>
    </>
  );
}
