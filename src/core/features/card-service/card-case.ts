import type { CardState } from '../../../shared/rules/vocabulary.ts';
import type { Reader } from '../../storage/database.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import { findStanding } from '../../storage/repositories/operator-card-repository.ts';

/** The case of a card, as far as the card service acts on it. */
export interface CardCase {
  readonly applicationId: string;
  readonly rev: number | null;
  readonly leaseToken: number;
  /** Of the holder; empty while the case does not say it. */
  readonly bornOn: string;
  readonly card: { readonly serial: string; readonly state: CardState } | null;
}

/** The case in which these certificates were issued, by the registry's word, where this office has it. */
export function findCardCase(db: Reader, serials: readonly string[]): CardCase | undefined {
  for (const serial of serials) {
    const applicationId = findStanding(db, serial)?.applicationId ?? '';
    const found = applicationId === '' ? undefined : findApplication(db, applicationId);
    if (found === undefined) continue;
    const { rev, leaseToken, data, card } = found;
    return { applicationId, rev, leaseToken, bornOn: data.person.birthOn, card };
  }
  return undefined;
}
