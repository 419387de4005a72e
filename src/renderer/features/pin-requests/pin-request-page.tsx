import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { formatDateTime } from '../../app/format.ts';
import { sayCode } from '../../app/say.ts';
import { useCommand } from '../../app/commands.ts';
import { useTexts } from '../../app/text.ts';
import { queries } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { Note, Signal } from '../../ui/signal.tsx';
import { ActList, StepRail } from '../packages/index.ts';
import { RequestStep } from './request-steps.tsx';
import { usePinAct } from './use-pin-act.ts';

/** One request for new codes from the document to the archive. Source: PIN-01..PIN-13 */
export function PinRequestPage({ requestId }: { readonly requestId: string }) {
  const texts = useTexts();
  const { t } = texts;
  const navigate = useNavigate();
  const query = useQuery(queries.pinRequest.get.queryOptions({ input: { requestId } }));
  const act = usePinAct();
  useCommand('back', () => void navigate({ to: '/pin-requests' }));
  return (
    <Page title={t('pins.title')}>
      <QueryGate query={query}>
        {(view) => (
          <>
            <div className="row">
              <strong>{view.personMasked}</strong>
              <span className="mono">{view.finMasked}</span>
              {view.cardSerial !== '' && (
                <span>
                  {t('pins.card')}: <span className="mono">{view.cardSerial}</span>
                </span>
              )}
              <Signal tone={view.state === 'REFUSED' ? 'stop' : view.state === 'HANDED' || view.state === 'ARCHIVED' ? 'good' : 'wait'}>
                {t(`pins.state.${view.state}`)}
              </Signal>
              {view.dueAtMs !== null &&
                (view.isBreached ? (
                  <Signal tone="stop">{t('pins.breached', { time: formatDateTime(view.dueAtMs) })}</Signal>
                ) : (
                  <span className="quiet num">
                    {t('pins.due')}: {formatDateTime(view.dueAtMs)}
                  </span>
                ))}
            </div>
            {act.notices.map((notice) => (
              <Note key={notice.code} tone="stop" role="alert">
                {sayCode(texts, notice.code, notice.params)}
              </Note>
            ))}
            <FailureNote failure={act.failure} />
            {view.isPukSpent && <Note tone="attention">{t('pins.pukSpent')}</Note>}
            {view.isBlocked && <Note tone="attention">{t('pins.blocked')}</Note>}
            <div className="case">
              <StepRail
                steps={view.steps.map(({ step, state, reason }) => ({
                  id: step,
                  name: t(`pins.step.${step}`),
                  state,
                  reason: reasonOf(reason),
                }))}
              />
              <div className="col">
                <RequestStep view={view} act={act} />
              </div>
              <ActList acts={view.timeline} />
            </div>
          </>
        )}
      </QueryGate>
    </Page>
  );
}

function reasonOf(reason: string): string {
  return reason === 'STATE' ? 'PIN_STATE' : reason;
}
