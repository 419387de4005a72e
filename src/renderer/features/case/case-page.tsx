import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { sayCode } from '../../app/say.ts';
import { useCommand } from '../../app/commands.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries } from '../../desk-client/index.ts';
import { ActionButton } from '../../ui/main-button.tsx';
import { Busy } from '../../ui/busy.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Note } from '../../ui/signal.tsx';
import { ApplicationForm } from '../application-form/index.ts';
import { CaseHead } from './case-head.tsx';
import { CasePapers } from './case-papers.tsx';
import { CorrectionBanner } from './correction-banner.tsx';
import { PhotoPanel } from './photo-panel.tsx';
import { StepPanel } from './step-panel.tsx';
import { StepsList } from './steps-list.tsx';
import { Timeline } from './timeline.tsx';
import { useCaseAct } from './use-case-act.ts';

type StepCode = ApplicationView['steps'][number]['code'];
const formStates: readonly ApplicationView['state'][] = ['DRAFT', 'CHECKING'];

/** What a step waits for outside this desk: the step is still the one to look at, because it says why. */
const waitingReasons: readonly string[] = ['NEEDS_REGISTRY', 'SIGNER_NOT_ALLOWED', 'CARD_UNDER_WAY'];

/** One case, one task at a time: the form while it is being filled, then step after step. */
export function CasePage({ applicationId }: { readonly applicationId: string }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const query = useQuery(queries.application.get.queryOptions({ input: { applicationId } }));
  useCommand('back', () => void navigate({ to: '/today' }), { label: t('keys.back') });
  return (
    <Page title={t('case.title')} fills head={query.data !== undefined && <CaseHead view={query.data} />}>
      <QueryGate query={query}>{(view) => <CaseBody view={view} />}</QueryGate>
    </Page>
  );
}

function CaseBody({ view }: { readonly view: ApplicationView }) {
  const { t } = useTexts();
  const may = useMay();
  const [chosen, setChosen] = useState<StepCode | null>(null);
  const middle = useRef<HTMLElement>(null);
  const isForm = formStates.includes(view.state) && may('application.edit') && view.sync !== 'unknown';
  if (isForm) {
    return (
      <>
        <CorrectionBanner view={view} />
        <ApplicationForm view={view} photo={view.card === null ? null : <PhotoPanel view={view} />} />
      </>
    );
  }
  // Without the link, or without the one who may sign, the step that waits for it is still the one to look at: it says why.
  const current =
    (
      view.steps.find((step) => step.status === 'current') ??
      view.steps.find(({ reason }) => reason !== null && waitingReasons.includes(reason.code))
    )?.code ?? null;
  // A step that was chosen by hand is left as soon as the case moves on.
  const shown: StepCode | null = view.steps.some((step) => step.code === chosen && step.status !== 'not_needed') ? chosen : current;
  return (
    <>
      <CorrectionBanner view={view} />
      <StepFocus region={middle} step={`${view.state} ${shown ?? ''}`} />
      <div className="case">
        <nav className="panel scroll" aria-label={t('case.steps')}>
          <StepsList view={view} shown={shown} onChoose={setChosen} />
        </nav>
        <section className="panel scroll col" ref={middle} tabIndex={-1} aria-label={t('case.currentStep')}>
          {view.state === 'INVALID' ? (
            <InvalidPanel view={view} />
          ) : (
            <StepPanel
              view={view}
              step={shown}
              onMoved={() => {
                setChosen(null);
              }}
            />
          )}
        </section>
        <div className="col scroll">
          <CasePapers view={view} />
          <Timeline view={view} />
        </div>
      </div>
    </>
  );
}

/** When the case moves on, the focus goes to the step's main action, unless the step has put it somewhere better already. */
function StepFocus({ region, step }: { readonly region: RefObject<HTMLElement | null>; readonly step: string }) {
  useEffect(() => {
    const timer = setTimeout(() => {
      const { current } = region;
      const { activeElement } = document;
      const isElsewhere =
        activeElement !== null && activeElement !== document.body && !(activeElement instanceof HTMLElement && activeElement.hidden);
      if (current === null || isElsewhere) return;
      (current.querySelector<HTMLElement>('[data-main]') ?? current).focus();
    }, 50);
    return () => {
      clearTimeout(timer);
    };
  }, [region, step]);
  return null;
}

/** The registry said that the data are wrong: back to the form with its reason. Source: COM-12, M-10 */
function InvalidPanel({ view }: { readonly view: ApplicationView }) {
  const texts = useTexts();
  const { t } = texts;
  const act = useCaseAct();
  const note = view.timeline.findLast((entry) => entry.note !== null)?.note ?? null;
  return (
    <>
      <h2>{t('case.step.form')}</h2>
      <Note tone="stop">{note === null ? t('case.invalid') : sayCode(texts, note.code, note.params)}</Note>
      {view.problems.map((problem) => (
        <p key={problem.field}>
          {texts.find(`form.label.${problem.field}`)}: {sayCode(texts, problem.code, problem.params)}
        </p>
      ))}
      <FailureNote failure={act.failure} />
      {act.startedAtMs !== null && <Busy text={t('form.working')} sinceMs={act.startedAtMs} />}
      <ActionButton
        label={t('case.correct')}
        isBusy={act.startedAtMs !== null}
        onRun={() => void act.run((commandId) => desk.application.correct({ commandId, applicationId: view.applicationId }))}
      />
    </>
  );
}
