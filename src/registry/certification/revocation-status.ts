import type { Session } from '../store/store.ts';

/** Reason codes of RFC 5280 §5.3.1 that the registry gives. */
const reasonCodes = { keyCompromise: 1, cessationOfOperation: 5, certificateHold: 6, privilegeWithdrawn: 9 } as const;

export interface RevokedEntry {
  readonly serial: string;
  readonly atMs: number;
  readonly reasonCode: number;
}

interface Row {
  serial: string;
  state: string;
  not_before_ms: number;
  revoked_at_ms: number | null;
  reason: string;
}

/**
 * What a relying party must hear of a certificate: null when it is good. Before activation and under suspension it is on hold; an expired
 * one needs no word. Source: T-02, azerbaijan.md §10
 */
function toEntry(row: Row): RevokedEntry | null {
  if (row.state === 'REVOKED') {
    const reasonCode = row.reason in reasonCodes ? reasonCodes[row.reason as keyof typeof reasonCodes] : reasonCodes.cessationOfOperation;
    return { serial: row.serial, atMs: row.revoked_at_ms ?? row.not_before_ms, reasonCode };
  }
  if (row.state === 'GENERATED' || row.state.startsWith('SUSPENDED_')) {
    return { serial: row.serial, atMs: row.revoked_at_ms ?? row.not_before_ms, reasonCode: reasonCodes.certificateHold };
  }
  return null;
}

const columns = ['serial', 'state', 'not_before_ms', 'revoked_at_ms', 'reason'] as const;

export async function listRevoked(session: Session, nowMs: number): Promise<RevokedEntry[]> {
  const rows = await session.db
    .selectFrom('certificate')
    .select(columns)
    .where('state', 'not in', ['ACTIVE', 'EXPIRED', 'REVOKED_EXPIRY'])
    .where('not_after_ms', '>=', nowMs)
    .orderBy('serial')
    .execute();
  return rows.map(toEntry).filter((entry) => entry !== null);
}

/** `unknown` for a serial that this authority never gave. */
export async function findStatus(session: Session, serial: string): Promise<'good' | 'unknown' | RevokedEntry> {
  const row = await session.db.selectFrom('certificate').select(columns).where('serial', '=', serial).executeTakeFirst();
  return row === undefined ? 'unknown' : (toEntry(row) ?? 'good');
}
