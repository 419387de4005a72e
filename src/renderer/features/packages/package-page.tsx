import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { PackageView } from '../../../shared/contract/package.ts';
import { formatDateTime } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useCommand } from '../../app/commands.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { ActList } from './act-list.tsx';
import { AnswerStep, ArriveStep, ConfirmStep, RecordStep, ReturnAllStep, SignStep } from './arrival-steps.tsx';
import { CountStep } from './count-step.tsx';
import { StepRail } from './step-rail.tsx';
import { toneOfState } from './tones.ts';
import { usePackageAct, type PackageAct } from './use-package-act.ts';

/** One package from the courier to the confirmation. Source: PKG-03..PKG-12 */
export function PackagePage({ packageNumber }: { readonly packageNumber: string }) {
  const texts = useTexts();
  const { t } = texts;
  const navigate = useNavigate();
  const query = useQuery(queries.package.find.queryOptions({ input: { packageNumber } }));
  const act = usePackageAct();
  useCommand('back', () => void navigate({ to: '/packages' }));
  return (
    <Page title={`${t('packages.title')} · ${packageNumber}`}>
      <QueryGate query={query}>
        {(view) => (
          <>
            <div className="row">
              <Signal tone={toneOfState(view.state)}>{t(`packages.state.${view.state}`)}</Signal>
              <span>{t(`packages.purpose.${view.purpose}`)}</span>
              <span className="quiet">
                {t('packages.from')}: {view.fromOfficeId} → {t('packages.to')}: {view.toOfficeId}
              </span>
              <span className="quiet">
                {t('packages.courier')}: {view.courierName}
              </span>
              <span className="quiet num">
                {t('packages.items')}: {view.items}
                {view.dispatchedAtMs === 0 ? '' : ` · ${t('packages.dispatchedAt')}: ${formatDateTime(view.dispatchedAtMs)}`}
              </span>
            </div>
            {act.notices.map((notice) => (
              <Note key={notice.code} tone="stop" role="alert">
                {sayCode(texts, notice.code, notice.params)}
              </Note>
            ))}
            <FailureNote failure={act.failure} />
            <div className="case">
              <StepRail
                steps={view.steps.map(({ step, state, reason }) => ({ id: step, name: t(`packages.step.${step}`), state, reason }))}
              />
              <div className="col">
                <CurrentStep view={view} act={act} />
              </div>
              <ActList acts={view.timeline} />
            </div>
          </>
        )}
      </QueryGate>
    </Page>
  );
}

function CurrentStep({ view, act }: { readonly view: PackageView; readonly act: PackageAct }) {
  const { t } = useTexts();
  switch (view.state) {
    case 'PREPARED':
      return <p>{t('packages.onWay')}</p>;
    case 'WITH_COURIER':
      return <ArriveStep view={view} act={act} />;
    case 'ID_FAILED':
      return <AnswerStep view={view} act={act} />;
    case 'DAMAGED':
      return <ReturnAllStep view={view} act={act} />;
    case 'AT_OFFICE':
      return <SignStep view={view} act={act} />;
    case 'ACT_SIGNED':
      return <RecordStep view={view} act={act} />;
    case 'RECORDED':
      return <CountStep view={view} act={act} />;
    case 'CHECKED':
      return <ConfirmStep view={view} act={act} />;
    case 'CONFIRMED':
    case 'RETURNED':
      return <p>{t('packages.finished')}</p>;
  }
}
