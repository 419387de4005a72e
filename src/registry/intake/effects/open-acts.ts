import type { CertificateKind } from '../../../shared/rules/vocabulary.ts';
import type { Session } from '../../store/store.ts';

/** The carrier of a card that is not made yet: one holder has one request for a kind and organisation at a time. */
export const cardCarrier = 'asan_id';

interface ActOfHolder {
  readonly fin: string;
  /** The number of the SIM, or `cardCarrier`. */
  readonly carrier: string;
  readonly voen: string;
}

export async function findOpenAct(
  session: Session,
  { fin, carrier, kinds, voen }: ActOfHolder & { readonly kinds: readonly CertificateKind[] },
): Promise<boolean> {
  const open = await session.db
    .selectFrom('open_act')
    .select('kind')
    .where('fin', '=', fin)
    .where('phone', '=', carrier)
    .where('kind', 'in', kinds)
    .where('voen', 'in', ['', voen])
    .executeTakeFirst();
  return open !== undefined;
}

/** One open act for a holder, carrier, kind and organisation. Source: b4, one-shot acts */
export async function openAct(
  session: Session,
  { fin, carrier, kind, voen, applicationId }: ActOfHolder & { readonly kind: CertificateKind; readonly applicationId: string },
): Promise<boolean> {
  const inserted = await session.db
    .insertInto('open_act')
    .values({ fin, phone: carrier, kind, voen, application_id: applicationId })
    .onConflict((conflict) => conflict.columns(['fin', 'phone', 'kind', 'voen']).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows !== 0n;
}

export async function closeActs(session: Session, applicationId: string): Promise<void> {
  await session.db.deleteFrom('open_act').where('application_id', '=', applicationId).execute();
}
