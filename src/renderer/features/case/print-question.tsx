import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../app/text.ts';
import { Signal } from '../../ui/signal.tsx';

interface QuestionProps {
  readonly copies: number;
  readonly isBusy: boolean;
  /** The print queue gave the job up: half a page may lie in the tray. */
  readonly hasQueueFailed?: boolean;
  readonly onAnswer: (verdict: 'good' | 'spoilt', reason: string) => void;
  readonly onLater: () => void;
}
/** One question after every print. What came out is known to the registrar alone. */
export function PrintQuestion({ copies, isBusy, hasQueueFailed = false, onAnswer, onLater }: QuestionProps) {
  const { t } = useTexts();
  const [isSpoilt, setSpoilt] = useState(false);
  const [reason, setReason] = useState('');
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isSpoilt) yes.current?.focus();
  }, [isSpoilt]);
  const question = copies === 2 ? t('paper.question2') : copies === 1 ? t('paper.question1') : t('paper.questionN', { n: copies });
  return (
    <div className="note tone-wait" role="group" aria-label={question} style={{ color: 'inherit' }}>
      <div className="col">
        {hasQueueFailed && <Signal tone="attention">{t('paper.queueFailed')}</Signal>}
        <strong>{question}</strong>
        {isSpoilt ? (
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim() !== '' && !isBusy) onAnswer('spoilt', reason.trim());
            }}
          >
            <TextInput
              label={t('paper.spoiltReason')}
              value={reason}
              autoFocus
              maxLength={300}
              onChange={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
            <Button type="submit" disabled={reason.trim() === ''} aria-disabled={isBusy || undefined} aria-busy={isBusy || undefined}>
              {t('paper.spoilt')}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setSpoilt(false);
              }}
            >
              {t('frame.cancel')}
            </Button>
          </form>
        ) : (
          <div className="row">
            <Button
              ref={yes}
              aria-disabled={isBusy}
              aria-busy={isBusy || undefined}
              onClick={() => {
                if (!isBusy) onAnswer('good', '');
              }}
            >
              {t('form.yes')}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setSpoilt(true);
              }}
            >
              {t('paper.spoilt')}
            </Button>
            <Button variant="default" onClick={onLater}>
              {t('paper.later')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
