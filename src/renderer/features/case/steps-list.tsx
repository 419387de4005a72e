import type { ApplicationView } from '../../../shared/contract/application.ts';
import { sayCode } from '../../app/say.ts';
import { useCommand } from '../../app/commands.ts';
import { useTexts } from '../../app/text.ts';
import { Signal, type Tone } from '../../ui/signal.tsx';

type Step = ApplicationView['steps'][number];
const tones: Readonly<Record<Step['status'], Tone>> = {
  done: 'good',
  current: 'wait',
  possible: 'neutral',
  unavailable: 'neutral',
  not_needed: 'neutral',
};

interface Props {
  readonly view: ApplicationView;
  readonly shown: Step['code'] | null;
  readonly onChoose: (code: Step['code']) => void;
}

/** The way of the case: done, current, not yet; each that is not possible says why. */
export function StepsList({ view, shown, onChoose }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const steps = view.steps.filter((step) => step.status !== 'not_needed');
  const move = (by: number): void => {
    const at = steps.findIndex((step) => step.code === shown);
    const next = steps[Math.max(0, Math.min(at + by, steps.length - 1))];
    if (next !== undefined) onChoose(next.code);
  };
  useCommand(
    'nextStep',
    () => {
      move(1);
    },
    { label: t('keys.nextStep') },
  );
  useCommand(
    'previousStep',
    () => {
      move(-1);
    },
    { label: t('keys.previousStep') },
  );
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step.code}>
          <button
            type="button"
            aria-current={step.code === shown ? 'step' : undefined}
            onClick={() => {
              onChoose(step.code);
            }}
          >
            <Signal tone={tones[step.status]} icon={step.status === 'done' ? 'check' : step.status === 'current' ? 'arrow' : 'dot'}>
              {t(`case.step.${step.code}`)}
              <span className="visually-hidden">, {t(`case.stepStatus.${step.status}`)}</span>
            </Signal>
            {step.reason !== null && <div className="small quiet">{sayCode(texts, step.reason.code, step.reason.params)}</div>}
          </button>
        </li>
      ))}
    </ol>
  );
}
