import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { Signal } from '../../ui/signal.tsx';

export interface RailStep {
  readonly id: string;
  readonly name: string;
  readonly state: 'done' | 'open' | 'later';
  /** Code of why it is not offered now; empty when it is. */
  readonly reason: string;
}

/** The way of a package or a request: done, now, later; what is now and still not possible says why. */
export function StepRail({ steps }: { readonly steps: readonly RailStep[] }) {
  const texts = useTexts();
  const { t } = texts;
  return (
    <section className="panel" aria-label={t('packages.steps')}>
      <h2>{t('packages.steps')}</h2>
      <ol className="timeline">
        {steps.map((step) => (
          <li key={step.id} aria-current={step.state === 'open' ? 'step' : undefined}>
            <Signal tone={step.state === 'done' ? 'good' : step.state === 'open' ? 'wait' : 'neutral'} icon={icons[step.state]}>
              {step.name}
              <span className="visually-hidden">, {t(`packages.stepState.${step.state}`)}</span>
            </Signal>
            {step.reason !== '' && <div className="small quiet">{sayCode(texts, step.reason)}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}

const icons = { done: 'check', open: 'arrow', later: 'dot' } as const;
