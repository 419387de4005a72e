import { attemptText, maxAttempts } from '../../../shared/rules/attempts.ts';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { LookUpKind } from '../../../shared/rules/vocabulary.ts';
import { useNowMs } from '../../app/clock.ts';
import { civilDateAt, formatDate, formatMoment } from '../../app/format.ts';
import { useStatus } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { Busy } from '../../ui/busy.tsx';
import { ActionButton } from '../../ui/main-button.tsx';
import { Signal, type Tone } from '../../ui/signal.tsx';
import { useDraftState } from './form-context.ts';
import { isFound, kindsToLookUp, lookUpKindsOf, type FormActs } from './use-form-acts.ts';

/** The state registers: which attempt the next search is, what came back and when, and what differs. Source: COM-04…COM-07 */
export function LookUpPanel({ acts }: { readonly acts: FormActs }) {
  const { t } = useTexts();
  const view = useDraftState((state) => state.view);
  const isOffline = useStatus()?.link.state === 'offline';
  const isEditable = ['DRAFT', 'CHECKING', 'INVALID'].includes(view.state);
  const kinds = lookUpKindsOf(view);
  const canAdopt = kinds.some((kind) => isFound(view, kind));
  const isBusy = acts.running !== null;
  const hasAdopted = useDraftState((state) => state.data.adopted.length > 0);
  return (
    <fieldset>
      <legend>{t('form.group.registers')}</legend>
      <div className="col" style={{ gap: 4 }}>
        <div className="row">
          <ActionButton
            command="lookUp"
            label={t('form.lookUpAll')}
            isQuiet
            isBusy={isBusy}
            takesKeyWhileBusy
            isDisabled={!isEditable || isOffline || kindsToLookUp(view).length === 0}
            reason={isOffline ? t('reasons.NEEDS_REGISTRY') : undefined}
            onRun={() => void acts.lookUp()}
          />
          <ActionButton
            command="adopt"
            label={t('form.adoptAll')}
            isQuiet
            isBusy={isBusy}
            takesKeyWhileBusy
            isDisabled={!canAdopt || !isEditable}
            onRun={() => void acts.adopt()}
          />
          {hasAdopted && <Signal tone="good">{t('form.adoptedMark')}</Signal>}
          {acts.running?.name === 'lookUp' && <Busy text={t('form.asking')} sinceMs={acts.running.sinceMs} />}
        </div>
        <table className="plain" aria-label={t('form.group.registers')}>
          <tbody>
            {kinds.map((kind) => (
              <LookUpRow key={kind} kind={kind} />
            ))}
          </tbody>
        </table>
      </div>
    </fieldset>
  );
}

function LookUpRow({ kind }: { readonly kind: LookUpKind }) {
  const { t } = useTexts();
  const view = useDraftState((state) => state.view);
  const nowMs = useNowMs(60_000);
  const last = view.lookUps.findLast((one) => one.kind === kind);
  const isCounted = kind !== 'sim' && kind !== 'entitlement';
  const spent = isCounted ? view.attempts[kind] : 0;
  const differing = last?.comparison.filter((one) => one.verdict === 'differs').length ?? 0;
  const [tone, word] = wordOf();
  function wordOf(): readonly [Tone, string] {
    if (last === undefined) return ['neutral', t('form.notAsked')];
    if (last.isStale) return ['wait', t('form.stale')];
    if (last.outcome === 'unavailable') return ['attention', t('messages.M-43', { sistem: last.system })];
    if (last.outcome === 'not_found') return ['stop', t('form.notFound')];
    return differing > 0 ? ['attention', t('form.foundDiffers', { n: differing })] : ['good', t('form.found')];
  }
  const service = kind === 'sim' ? view.simService : null;
  const line = (
    <tr data-joined={service !== null || undefined}>
      <th scope="row">{t(`form.lookUp.${kind}`)}</th>
      <td>
        <Signal tone={tone}>{word}</Signal>
      </td>
      <td className="num quiet whole">{last === undefined ? '' : `${last.system} · ${formatMoment(last.atMs, nowMs)}`}</td>
      <td className="num whole">
        {!isCounted ? (
          <span className="quiet">{t('form.notCounted')}</span>
        ) : isFound(view, kind) ? (
          t('form.attemptsUsed', { n: spent, limit: maxAttempts })
        ) : spent >= maxAttempts ? (
          <Signal tone="stop">{t('reasons.ATTEMPTS_SPENT')}</Signal>
        ) : (
          <strong>{t('form.nextAttempt', { n: attemptText(spent + 1) })}</strong>
        )}
      </td>
    </tr>
  );
  if (service === null) return line;
  return (
    <>
      {line}
      <tr>
        <td colSpan={4}>
          <SimService service={service} />
        </td>
      </tr>
    </>
  );
}

/** What the operator said of the service, and when certificates issued now would end, with the rule that says so. Source: C-36, C-37 */
function SimService({ service }: { readonly service: NonNullable<ApplicationView['simService']> }) {
  const { t } = useTexts();
  const { serviceType, serviceActivatedOn, serviceUntilOn, certificatesUntilMs, validityRule } = service;
  const params = { type: t(`terms.serviceType.${serviceType}`), from: formatDate(serviceActivatedOn), until: formatDate(serviceUntilOn) };
  return (
    <div className="quiet small">
      {t(serviceActivatedOn === '' ? 'form.serviceLineNoStart' : 'form.serviceLine', params)}
      {' · '}
      {t('form.endsBy', { until: formatDate(civilDateAt(certificatesUntilMs)), rule: t(`case.validityRule.${validityRule}`) })}
    </div>
  );
}
