import type { EntitlementAnswer } from '../../shared/registry-api/endpoints.ts';
import type { SigningKind } from '../../shared/rules/vocabulary.ts';
import { bakuDayOf } from '../intake/baku-day.ts';
import { findEntitlement } from '../population/entitlements.ts';
import type { Registry } from '../registry.ts';
import { findOrganisation, findPersonByFin, requireRegister, stamp } from './registers.ts';

export interface EntitlementKey {
  readonly fin: string;
  readonly voen: string;
  readonly kinds: readonly SigningKind[];
}

/** A right is a person's, to kinds of certificates, while the contract runs; one that names a body needs a body that is known. Source: AID-02, CR-29, X-06 */
export function decideEntitlement(
  { fin, voen, kinds }: EntitlementKey,
  todayOn: string,
): Pick<EntitlementAnswer, 'isEntitled' | 'contractingBody' | 'kinds'> {
  const found = findPersonByFin(fin) === null ? null : findEntitlement(fin);
  if (found === null || found.validUntilOn < todayOn) return { isEntitled: false, contractingBody: null, kinds: [] };
  const isBodyKnown = voen !== '' && findOrganisation(voen) !== null;
  const covered = kinds.filter((kind) => found.kinds.includes(kind) && (kind === 'PER' || isBodyKnown));
  return {
    isEntitled: covered.length === kinds.length,
    contractingBody: { name: found.contractingBody, contractNumber: found.contractNumber, validUntilOn: found.validUntilOn },
    kinds: covered,
  };
}

export function lookUpEntitlement(registry: Registry, query: EntitlementKey & { queryId: string }): EntitlementAnswer {
  requireRegister(registry, 'X-06');
  return { ...stamp(registry, query.queryId), system: 'X-06', ...decideEntitlement(query, bakuDayOf(registry.nowMs())) };
}
