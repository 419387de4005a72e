import { useNowMs } from '../app/clock.ts';
import { formatDuration } from '../app/format.ts';
import { useTexts } from '../app/text.ts';
import { Icon } from './icon.tsx';

/** Something is under way: what it is, for how long, and (when there is one) the way out. */
export function Busy({ text, sinceMs, onCancel }: { readonly text: string; readonly sinceMs: number; readonly onCancel?: () => void }) {
  const texts = useTexts();
  const nowMs = useNowMs(500);
  return (
    <span className="signal tone-wait" role="status">
      <Icon name="clock" />
      <span>
        {text} <span className="num">{formatDuration(Math.max(0, nowMs - sinceMs), texts.language)}</span>
      </span>
      {onCancel !== undefined && (
        <button type="button" onClick={onCancel}>
          {texts.t('frame.cancel')}
        </button>
      )}
    </span>
  );
}
