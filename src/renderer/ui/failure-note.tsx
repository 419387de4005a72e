import { Button } from '@mantine/core';
import { sayFailure } from '../app/say.ts';
import { useTexts } from '../app/text.ts';
import type { Failure } from '../desk-client/index.ts';
import { Note } from './signal.tsx';

/** What went wrong, beside what caused it, with a second try where one may help. */
export function FailureNote({ failure, onRetry }: { readonly failure: Failure | null; readonly onRetry?: () => void }) {
  const texts = useTexts();
  if (failure === null) return null;
  return (
    <Note tone={failure.kind === 'domain' ? 'stop' : 'attention'} role="alert">
      <div className="row">
        <span style={{ flex: 1 }}>{sayFailure(texts, failure)}</span>
        {onRetry !== undefined && failure.kind !== 'domain' && (
          <Button variant="default" onClick={onRetry}>
            {texts.t('frame.retry')}
          </Button>
        )}
      </div>
    </Note>
  );
}
