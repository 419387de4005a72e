import { cardCommandKinds, type CardCommandKind } from '../../shared/registry-api/card-commands.ts';
import { rejected, type Effect } from '../intake/effect.ts';

/** Kinds that this registry knows by name and does not take yet. */
export const cardEffects = Object.fromEntries(cardCommandKinds.map((kind) => [kind, () => rejected('STATE')] as const)) as unknown as {
  readonly [K in CardCommandKind]: Effect<K>;
};
