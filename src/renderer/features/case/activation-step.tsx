import type { ApplicationView } from '../../../shared/contract/application.ts';
import { maxActivationAttempts } from '../../../shared/rules/application-states.ts';
import { sayCode } from '../../app/say.ts';
import { useStatus } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { useCaseAct } from './use-case-act.ts';

/** Activation with one renewal; the third try is support's. Source: SIM-16, COM-13, M-12 */
export function ActivationStep({ view }: { readonly view: ApplicationView }) {
  const texts = useTexts();
  const { t } = texts;
  const act = useCaseAct();
  const { applicationId } = view;
  if (view.sync === 'unknown') return <UnknownOutcome view={view} />;
  // By the User ID that the activation gives: the certificates of a replaced SIM were active before.
  const isDone =
    view.userId !== '' || (view.card !== null && view.certificates.some(({ kind, state }) => kind !== 'AUT' && state === 'ACTIVE'));
  if (isDone) return <Signal tone="good">{t('case.activated')}</Signal>;
  const isSupport = view.state === 'ACT_FAILED';
  const activate = (): void => {
    void act.run((commandId) =>
      isSupport
        ? desk.application.activateBySupport({ commandId, applicationId })
        : desk.application.activate({ commandId, applicationId }),
    );
  };
  return (
    <>
      <p>{t('case.activationTries', { n: view.activationAttempts, limit: maxActivationAttempts })}</p>
      {isSupport && <Note tone="attention">{t('case.supportOnly')}</Note>}
      <FailureNote failure={act.failure} onRetry={activate} />
      {act.notices.map((one) => (
        <Note key={one.code} tone="attention" role="alert">
          {sayCode(texts, one.code, one.params)}
        </Note>
      ))}
      {act.startedAtMs !== null && <Busy text={t('case.activating')} sinceMs={act.startedAtMs} />}
      <ActionButton
        label={t(view.activationAttempts > 0 ? 'case.renewActivation' : 'case.activate')}
        onRun={activate}
        isBusy={act.startedAtMs !== null}
      />
    </>
  );
}

export function SendStep({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  if (view.sync === 'unknown' || view.state === 'SENT') return <UnknownOutcome view={view} />;
  return <Signal tone="good">{t('case.sent')}</Signal>;
}

/** The answer was lost on the way: nothing else may be tried before the registry was asked what became of it. */
export function UnknownOutcome({ view }: { readonly view: ApplicationView }) {
  const texts = useTexts();
  const { t } = texts;
  const act = useCaseAct();
  const isOffline = useStatus()?.link.state === 'offline';
  const ask = (): void => {
    void act.run(() => desk.application.askOutcome({ applicationId: view.applicationId }));
  };
  return (
    <>
      <Note tone="attention">{t('case.unknownOutcome')}</Note>
      <FailureNote failure={act.failure} onRetry={ask} />
      {act.notices.map((one) => (
        <Note key={one.code} tone="attention">
          {sayCode(texts, one.code, one.params)}
        </Note>
      ))}
      {act.startedAtMs !== null && <Busy text={t('form.asking')} sinceMs={act.startedAtMs} />}
      <ActionButton
        label={t('case.askOutcome')}
        onRun={ask}
        isBusy={act.startedAtMs !== null}
        isDisabled={isOffline}
        reason={isOffline ? t('reasons.NEEDS_REGISTRY') : undefined}
      />
    </>
  );
}
