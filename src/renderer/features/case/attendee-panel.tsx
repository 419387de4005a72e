import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { contractFormOf } from '../../../shared/rules/application-states.ts';
import { printedFullName } from '../../../shared/rules/names.ts';
import { findRepresentativePower, papersOfHandOver } from '../../../shared/rules/signers.ts';
import type { Attendee, SignablePaper } from '../../../shared/rules/vocabulary.ts';
import { useCommand } from '../../app/commands.ts';
import { formatDate } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useMay } from '../../app/session.ts';
import { useTexts, type Texts } from '../../app/text.ts';
import { desk } from '../../desk-client/index.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { KeyHint, shortcutOf } from '../../ui/key-hint.tsx';
import { Signal } from '../../ui/signal.tsx';
import { useCaseAct } from './use-case-act.ts';

type StepCode = ApplicationView['steps'][number]['code'];

/** The papers that are signed in a step; none where the step signs nothing. */
function papersOfStep(step: StepCode, view: ApplicationView): readonly SignablePaper[] {
  switch (step) {
    case 'contract':
      return [contractFormOf(view.data.carrier.kind)];
    case 'certificate_paper':
      return ['F-20'];
    case 'notice':
      return ['appendix-10'];
    case 'hand_over':
      return papersOfHandOver(view.data.certificateForm);
    default:
      return [];
  }
}

/** Who of the applicant's side, as the papers and the screens name him. */
function nameOfAttendee({ t }: Texts, { data }: Pick<ApplicationView, 'data'>, attendee: Attendee): string {
  const power = findRepresentativePower(data);
  if (attendee === 'applicant') return `${printedFullName(data.person)}, ${t('case.atDeskApplicant')}`;
  const words = t('case.atDeskRepresentative', { number: power?.number ?? '', on: formatDate(power?.issuedOn ?? '') });
  return `${printedFullName(data.representative.person)}, ${words}`;
}

/**
 * Where a representative has filed: who stands at the desk now, whether he may sign the papers of this step, and the other one when it is he who
 * has come. Source: COM-01, COM-16
 */
export function AttendeePanel({ view, step }: { readonly view: ApplicationView; readonly step: StepCode }) {
  const texts = useTexts();
  const papers = papersOfStep(step, view);
  const isDone = view.steps.some(({ code, status }) => code === step && status === 'done');
  if (isDone) return <Signed texts={texts} view={view} step={step} />;
  if (!view.data.representative.isPresent || papers.length === 0 || view.attendee === '') return null;
  return <Attendance view={view} papers={papers} attendee={view.attendee} />;
}

/** Whose hand it was. */
function Signed({ texts, view, step }: { readonly texts: Texts; readonly view: ApplicationView; readonly step: StepCode }) {
  const { t } = texts;
  const who = step === 'contract' ? view.contractSignedBy : step === 'hand_over' ? view.handedTo : '';
  if (!view.data.representative.isPresent || who === '') return null;
  return <p>{t(step === 'contract' ? 'case.contractSignedBy' : 'case.handedTo', { who: nameOfAttendee(texts, view, who) })}</p>;
}

interface Props {
  readonly view: ApplicationView;
  readonly papers: readonly SignablePaper[];
  readonly attendee: Attendee;
}

function Attendance({ view, papers, attendee }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const may = useMay();
  const act = useCaseAct();
  const [isAsking, setAsking] = useState(false);
  const other: Attendee = attendee === 'applicant' ? 'representative' : 'applicant';
  const stop = view.signers.find(({ form, stop: found }) => papers.includes(form) && found !== null)?.stop ?? null;
  const canChange = may('application.edit') && ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'].includes(view.state);
  const ask = (): void => {
    act.clear();
    setAsking(true);
  };
  useCommand('attendee', ask, { isEnabled: canChange, label: t('keys.attendee') });
  const confirm = (): void => {
    void act
      .run((commandId) => desk.application.nameAttendee({ commandId, applicationId: view.applicationId, attendee: other }))
      .then((isDone) => {
        if (isDone) setAsking(false);
      });
  };
  return (
    <div className="col" style={{ gap: 4 }} role="group" aria-label={t('keys.attendee')}>
      <div className="row">
        <strong>{t('case.atDesk', { name: nameOfAttendee(texts, view, attendee) })}</strong>
        {canChange && (
          <Button variant="default" size="compact-sm" onClick={ask} aria-keyshortcuts={shortcutOf('attendee')}>
            {t(other === 'applicant' ? 'case.applicantCame' : 'case.representativeCame')}
            <KeyHint id="attendee" />
          </Button>
        )}
      </div>
      <Signal tone={stop === null ? 'good' : 'stop'}>{stop === null ? t('case.signsThis') : sayCode(texts, stop.code, stop.params)}</Signal>
      <ConfirmDialog
        isOpen={isAsking}
        isDanger={false}
        isBusy={act.startedAtMs !== null}
        title={t('case.attendeeQuestion', { name: nameOfAttendee(texts, view, other) })}
        confirmLabel={t('case.attendeeConfirm')}
        onClose={() => {
          setAsking(false);
        }}
        onConfirm={confirm}
      >
        <p>{t('case.attendeeHint')}</p>
        <FailureNote failure={act.failure} />
      </ConfirmDialog>
    </div>
  );
}
