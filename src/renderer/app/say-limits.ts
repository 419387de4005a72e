import type { OfflineUse } from '../../shared/rules/offline-limits.ts';
import { formatBytes } from './format.ts';
import type { Texts } from './text.ts';

/** How near one bound of working without the registry is. */
export function sayUse(texts: Texts, use: OfflineUse | undefined): string {
  if (use === undefined) return '';
  const say = (amount: number): string | number => (use.limit === 'space' ? formatBytes(amount, texts.language) : amount);
  return texts.t(`frame.limit.${use.limit}`, { used: say(use.used), max: say(use.max) });
}
