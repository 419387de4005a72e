import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { Desk } from '../registry.ts';
import type { Session } from '../store/store.ts';

/** A desk holds a sent case this long after its last word on it. */
export const leaseMs = 15 * 60_000;

export interface Lease {
  readonly deskId: string;
  readonly token: number;
  readonly untilMs: number;
}

export async function findLease(session: Session, applicationId: string): Promise<Lease | undefined> {
  const row = await session.db
    .selectFrom('lease')
    .select(['desk_id', 'token', 'until_ms'])
    .where('application_id', '=', applicationId)
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .executeTakeFirst();
  return row === undefined ? undefined : { deskId: row.desk_id, token: row.token, untilMs: row.until_ms };
}

/** Gives the case to the desk: its own lease is prolonged under the same token, a free one begins under a higher token. */
export async function grantLease(session: Session, desk: Desk, applicationId: string, login: string, nowMs: number): Promise<Lease> {
  const held = await findLease(session, applicationId);
  const isOwn = held !== undefined && held.deskId === desk.deskId && held.untilMs > 0;
  const token = held === undefined ? 1 : isOwn ? held.token : held.token + 1;
  const values = { desk_id: desk.deskId, token, until_ms: nowMs + leaseMs, operator_login: login };
  await session.db
    .insertInto('lease')
    .values({ application_id: applicationId, ...values })
    .onConflict((conflict) => conflict.column('application_id').doUpdateSet(values))
    .execute();
  return { deskId: desk.deskId, token, untilMs: values.until_ms };
}

/** The token stays, so that a later holder gets a higher one. */
export async function releaseLease(session: Session, applicationId: string): Promise<void> {
  await session.db.updateTable('lease').set({ until_ms: 0 }).where('application_id', '=', applicationId).execute();
}

/**
 * A command under an old token comes too late: another desk has had the case since. A lease that ran out without a successor still
 * fences nobody. Source: F-21
 */
export async function findLeaseConflict(session: Session, desk: Desk, envelope: Envelope, nowMs: number): Promise<string[] | null> {
  if (envelope.aggregate.type !== 'application') return null;
  const lease = await findLease(session, envelope.aggregate.key);
  if (lease === undefined) return null;
  const isOther = lease.deskId !== desk.deskId;
  if (isOther && (lease.untilMs > nowMs || envelope.lease_token !== 0)) return ['lease'];
  return !isOther && envelope.lease_token !== 0 && envelope.lease_token < lease.token ? ['lease'] : null;
}
