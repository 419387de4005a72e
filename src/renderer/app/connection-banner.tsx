import { useConnection } from '../desk-client/index.ts';
import { useNowMs } from './clock.ts';
import { formatDuration } from './format.ts';
import { useTexts } from './text.ts';

/** Says that the engine is away, for how long, and that nothing saved is lost. */
export function ConnectionBanner() {
  const { t, language } = useTexts();
  const { phase, sinceMs } = useConnection();
  const nowMs = useNowMs();
  if (phase === 'other_version') {
    return (
      <div className="banner" role="alert">
        {t('frame.otherVersion')}
      </div>
    );
  }
  if (phase !== 'lost') return null;
  return (
    <div className="banner" role="alert">
      {t('frame.engineLost', { time: formatDuration(Math.max(0, nowMs - sinceMs), language) })}
    </div>
  );
}
