import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PackageStep, PackageView } from '../../../shared/contract/package.ts';
import { sayCode } from '../../app/say.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { ActionButton } from '../../ui/main-button.tsx';
import { OwnPapers } from './own-papers.tsx';
import type { PackageAct } from './use-package-act.ts';

interface Props {
  readonly view: PackageView;
  readonly act: PackageAct;
}

/** Why this step is not offered now, in words; empty when it is. */
export function useStop(view: PackageView, step: PackageStep): string {
  const texts = useTexts();
  const reason = view.steps.find((one) => one.step === step)?.reason ?? '';
  return reason === '' ? '' : sayCode(texts, reason === 'STATE' ? 'PACKAGE_STATE' : reason);
}

/** The courier's document first; where it is another's, the inspection is not asked any more. Source: PKG-03..PKG-05 */
export function ArriveStep({ view, act }: Props) {
  const { t } = useTexts();
  const [courierFin, setCourierFin] = useState('');
  const [isDamaged, setDamaged] = useState<boolean | null>(null);
  const [note, setNote] = useState('');
  const stop = useStop(view, 'arrive');
  const { packageNumber } = view;
  const isReady = courierFin.trim().length >= 5 && isDamaged !== null;
  const send = (): void => {
    if (isDamaged === null) return;
    void act.run((commandId) => desk.package.arrive({ commandId, packageNumber, courierFin, isDamaged, note }));
  };
  return (
    <section className="panel col" aria-label={t('packages.step.arrive')}>
      <h2>{t('packages.step.arrive')}</h2>
      <TextInput
        label={t('packages.courierFin')}
        description={t('packages.courierFinHint')}
        value={courierFin}
        maxLength={12}
        autoFocus
        autoComplete="off"
        w={280}
        onChange={(event) => {
          setCourierFin(event.currentTarget.value);
        }}
      />
      <fieldset className="row">
        <legend>{t('packages.damageQuestion')}</legend>
        {([false, true] as const).map((answer) => (
          <label key={String(answer)} className="row">
            <input
              type="radio"
              name="damage"
              checked={isDamaged === answer}
              onChange={() => {
                setDamaged(answer);
              }}
            />
            {t(answer ? 'packages.damaged' : 'packages.whole')}
          </label>
        ))}
      </fieldset>
      <TextInput
        label={t('packages.note')}
        value={note}
        maxLength={500}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      <ActionButton
        label={t('packages.arrive')}
        onRun={send}
        isDisabled={stop !== '' || !isReady}
        reason={stop}
        isBusy={act.startedAtMs !== null}
      />
    </section>
  );
}

/** After M-16 only the centre's word goes on. */
export function AnswerStep({ view, act }: Props) {
  const { t } = useTexts();
  const [note, setNote] = useState('');
  const stop = useStop(view, 'answer_centre');
  const { packageNumber } = view;
  const answer = (isAccepted: boolean): void => {
    void act.run((commandId) => desk.package.answerCentre({ commandId, packageNumber, isAccepted, note }));
  };
  const common = { isDisabled: stop !== '' || note.trim().length < 3, reason: stop, isBusy: act.startedAtMs !== null };
  return (
    <section className="panel col" aria-label={t('packages.step.answer_centre')}>
      <h2>{t('packages.step.answer_centre')}</h2>
      <p>{t('messages.M-16')}</p>
      <TextInput
        label={t('packages.centreSaid')}
        value={note}
        maxLength={500}
        autoFocus
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      <div className="row">
        <ActionButton
          label={t('packages.accept')}
          onRun={() => {
            answer(true);
          }}
          {...common}
        />
        <ActionButton
          command="returnRow"
          isQuiet
          label={t('packages.sendBack')}
          onRun={() => {
            answer(false);
          }}
          {...common}
        />
      </div>
    </section>
  );
}

/** A damaged package goes back whole, with F-26 of its cards. Source: PKG-05, M-17 */
export function ReturnAllStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'return_all');
  const { packageNumber } = view;
  const isPrinted = view.papers.mismatch.length > 0 && view.papers.mismatch.every(({ state }) => state === 'printed');
  return (
    <section className="panel col" aria-label={t('packages.step.return_all')}>
      <h2>{t('packages.step.return_all')}</h2>
      <p>{t('messages.M-17')}</p>
      <OwnPapers
        papers={view.papers.mismatch}
        prepareLabel={t('packages.prepareF26')}
        isSecond={isPrinted}
        onPrepare={(commandId) => desk.package.prepareReturn({ commandId, packageNumber, form: 'F-26' })}
      />
      {isPrinted && (
        <ActionButton
          label={t('packages.sendBack')}
          onRun={() => void act.run((commandId) => desk.package.returnAll({ commandId, packageNumber }))}
          isDisabled={stop !== ''}
          reason={stop}
          isBusy={act.startedAtMs !== null}
        />
      )}
    </section>
  );
}

/** Both copies of the act, then the officer's own hand: signed in himself, or beside the registrar. Source: PKG-06, COU-03, R-06 */
export function SignStep({ view, act }: Props) {
  const { t } = useTexts();
  const may = useMay();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const stop = useStop(view, 'sign_act');
  const { packageNumber } = view;
  const isOfficer = may('package.sign') || may('card.dispatch');
  const isPrinted = view.papers.act.length > 0 && view.papers.act.every(({ state }) => state === 'printed');
  const sign = (): void => {
    void act
      .run((commandId) =>
        desk.package.signAct({ commandId, packageNumber, login: isOfficer ? '' : login, password: isOfficer ? '' : password }),
      )
      .then(() => {
        setPassword('');
      });
  };
  return (
    <section className="panel col" aria-label={t('packages.step.sign_act')}>
      <h2>{t('packages.step.sign_act')}</h2>
      <OwnPapers
        papers={view.papers.act}
        prepareLabel={t('packages.prepareAct')}
        isSecond={isPrinted}
        onPrepare={(commandId) => desk.package.prepareAct({ commandId, packageNumber })}
      />
      {isPrinted && (
        <form
          className="col"
          onSubmit={(event) => {
            event.preventDefault();
          }}
        >
          <p className="quiet">{t('packages.officerHint')}</p>
          {!isOfficer && (
            <div className="row">
              <TextInput
                label={t('packages.officer')}
                value={login}
                maxLength={60}
                autoFocus
                autoComplete="off"
                onChange={(event) => {
                  setLogin(event.currentTarget.value);
                }}
              />
              <PasswordInput
                label={t('packages.officerPassword')}
                value={password}
                maxLength={200}
                autoComplete="off"
                w={220}
                onChange={(event) => {
                  setPassword(event.currentTarget.value);
                }}
              />
            </div>
          )}
          <ActionButton
            label={t('packages.signHere')}
            onRun={sign}
            isDisabled={stop !== '' || (!isOfficer && (login.trim() === '' || password === ''))}
            reason={stop}
            isBusy={act.startedAtMs !== null}
          />
        </form>
      )}
    </section>
  );
}

/** Source: PKG-07, PKG-08 */
export function RecordStep({ view, act }: Props) {
  const { t } = useTexts();
  const [courierName, setCourierName] = useState(view.courierName);
  const stop = useStop(view, 'record');
  const { packageNumber } = view;
  return (
    <section className="panel col" aria-label={t('packages.step.record')}>
      <h2>{t('packages.step.record')}</h2>
      <TextInput label={t('packages.number')} value={packageNumber} readOnly w={280} />
      <TextInput
        label={t('packages.courierName')}
        value={courierName}
        maxLength={120}
        autoFocus
        w={280}
        onChange={(event) => {
          setCourierName(event.currentTarget.value);
        }}
      />
      <ActionButton
        label={t('packages.record')}
        onRun={() => void act.run((commandId) => desk.package.record({ commandId, packageNumber, courierName }))}
        isDisabled={stop !== '' || courierName.trim() === ''}
        reason={stop}
        isBusy={act.startedAtMs !== null}
      />
    </section>
  );
}

/** Source: PKG-11 */
export function ConfirmStep({ view, act }: Props) {
  const { t } = useTexts();
  const stop = useStop(view, 'confirm');
  const { packageNumber } = view;
  const right = view.lines.filter((line) => line.isGreen || line.decision === 'removed').length;
  return (
    <section className="panel col" aria-label={t('packages.step.confirm')}>
      <h2>{t('packages.step.confirm')}</h2>
      <p className="num">{t('packages.counts', figuresOf(view))}</p>
      <p className="quiet">{t('packages.confirmHint')}</p>
      <ActionButton
        label={t('packages.confirm', { n: right })}
        onRun={() => void act.run((commandId) => desk.package.confirm({ commandId, packageNumber }))}
        isDisabled={stop !== ''}
        reason={stop}
        isBusy={act.startedAtMs !== null}
      />
    </section>
  );
}

export function figuresOf({ counts: { expected, cards, envelopes, open } }: PackageView) {
  return { expected, cards, envelopes, open };
}
