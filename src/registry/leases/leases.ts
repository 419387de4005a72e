import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { Desk } from '../registry.ts';
import { isOneOf } from '../store/many-rows.ts';
import { partitionOf } from '../store/partition.ts';
import type { Session } from '../store/store.ts';

/** A desk holds a sent case this long after its last word on it. */
export const leaseMs = 15 * 60_000;

export interface Lease {
  readonly deskId: string;
  readonly token: number;
  readonly untilMs: number;
}

/** A lease that is to be written; `operatorLogin` of whoever took it last. */
export interface HeldLease extends Lease {
  readonly operatorLogin: string;
}

/** The leases of these cases. Whoever writes one holds its aggregate, so no row needs a lock of its own. */
export async function listLeases(session: Session, applicationIds: readonly string[]): Promise<Map<string, HeldLease>> {
  if (applicationIds.length === 0) return new Map();
  const rows = await session.db
    .selectFrom('lease')
    .select(['application_id', 'desk_id', 'token', 'until_ms', 'operator_login'])
    .where('partition', 'in', [...new Set(applicationIds.map(partitionOf))])
    .where(isOneOf(session, 'application_id', applicationIds))
    .execute();
  return new Map(
    rows.map((row) => [
      row.application_id,
      { deskId: row.desk_id, token: row.token, untilMs: row.until_ms, operatorLogin: row.operator_login },
    ]),
  );
}

export async function saveLeases(session: Session, leases: ReadonlyMap<string, HeldLease>): Promise<void> {
  if (leases.size === 0) return;
  await session.db
    .insertInto('lease')
    .values(
      [...leases].map(([applicationId, lease]) => ({
        partition: partitionOf(applicationId),
        application_id: applicationId,
        desk_id: lease.deskId,
        token: lease.token,
        until_ms: lease.untilMs,
        operator_login: lease.operatorLogin,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['partition', 'application_id']).doUpdateSet((build) => ({
        desk_id: build.ref('excluded.desk_id'),
        token: build.ref('excluded.token'),
        until_ms: build.ref('excluded.until_ms'),
        operator_login: build.ref('excluded.operator_login'),
      })),
    )
    .execute();
}

/** Gives the case to the desk: its own lease is prolonged under the same token, a free one begins under a higher token. */
export function grantLease(held: Lease | undefined, desk: Desk, operatorLogin: string, nowMs: number): HeldLease {
  const isOwn = held !== undefined && held.deskId === desk.deskId && held.untilMs > 0;
  const token = held === undefined ? 1 : isOwn ? held.token : held.token + 1;
  return { deskId: desk.deskId, token, untilMs: nowMs + leaseMs, operatorLogin };
}

/** The token stays, so that a later holder gets a higher one. */
export function releaseLease(held: HeldLease): HeldLease {
  return { ...held, untilMs: 0 };
}

/**
 * A command under an old token comes too late: another desk has had the case since. A lease that ran out without a successor still
 * fences nobody. Source: F-21
 */
export function decideLeaseConflict(lease: Lease | undefined, desk: Desk, envelope: Envelope, nowMs: number): string[] | null {
  if (envelope.aggregate.type !== 'application' || lease === undefined) return null;
  const isOther = lease.deskId !== desk.deskId;
  if (isOther && (lease.untilMs > nowMs || envelope.lease_token !== 0)) return ['lease'];
  return !isOther && envelope.lease_token !== 0 && envelope.lease_token < lease.token ? ['lease'] : null;
}
