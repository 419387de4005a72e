import type { SyncWord } from '../../shared/rules/vocabulary.ts';
import { useTexts } from '../app/text.ts';
import { Signal, type Tone } from './signal.tsx';

const tones: Readonly<Record<SyncWord, Tone>> = {
  saved: 'neutral',
  queued: 'wait',
  registered: 'good',
  refused: 'stop',
  attention: 'attention',
  unknown: 'attention',
};

/** The word for the state of an act, the same on every screen; with the reason where there is one. */
export function SyncState({ word, reason }: { readonly word: SyncWord; readonly reason?: string }) {
  const { t } = useTexts();
  return (
    <Signal tone={tones[word]}>
      {t(`states.sync.${word}`)}
      {reason === undefined || reason === '' ? '' : `: ${reason}`}
    </Signal>
  );
}
