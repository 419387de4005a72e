import type { PackageRow } from '../../../shared/contract/package.ts';
import type { Tone } from '../../ui/signal.tsx';

export function toneOfState(state: PackageRow['state']): Tone {
  if (state === 'CONFIRMED') return 'good';
  if (state === 'ID_FAILED' || state === 'DAMAGED') return 'stop';
  return state === 'RETURNED' ? 'attention' : 'wait';
}
