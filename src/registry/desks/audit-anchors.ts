import { createPublicKey, sign, verify } from 'node:crypto';
import { auditAnchorText, type AuditAnchor } from '../../shared/registry-api/audit-anchor.ts';
import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { isOneOf } from '../store/many-rows.ts';
import { partitionOf } from '../store/partition.ts';
import type { Session } from '../store/store.ts';

export type AuditPair = Pick<AuditAnchor, 'epoch' | 'seq' | 'head'>;

/**
 * The pairs of (life, row) and head that a batch shows, one for each row. Two heads for one row, here or against what was countersigned, mean that the chain was
 * rewritten or that two desks go under one name. Source: I-10, F-29
 */
export async function checkAuditHeads(session: Session, desk: Desk, envelopes: readonly Envelope[]): Promise<AuditPair[]> {
  const shown = new Map<string, AuditPair>();
  for (const envelope of envelopes) {
    const pair = { epoch: envelope.desk_epoch, seq: envelope.audit_seq, head: envelope.audit_head };
    const other = shown.get(`${pair.epoch}/${pair.seq}`);
    if (other !== undefined && other.head !== pair.head) throw contradiction(pair);
    shown.set(`${pair.epoch}/${pair.seq}`, pair);
  }
  const pairs = [...shown.values()];
  const known = await session.db
    .selectFrom('audit_anchor')
    .select(['epoch', 'seq', 'head'])
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .where(
      isOneOf(
        session,
        'seq',
        pairs.map((pair) => pair.seq),
      ),
    )
    .execute();
  for (const { epoch, seq, head } of known) {
    const pair = shown.get(`${epoch}/${seq}`);
    if (pair !== undefined && pair.head !== head) throw contradiction(pair);
  }
  return pairs;
}

function contradiction(pair: AuditPair): RegistryError {
  return new RegistryError(409, 'AUDIT_FORK', { detail: `${pair.epoch}/${pair.seq}` });
}

/** Signs a head and keeps it for good. */
export async function countersign(registry: Registry, session: Session, desk: Desk, pair: AuditPair): Promise<AuditAnchor> {
  const anchor = { desk_id: desk.deskId, ...pair, at_ms: registry.nowMs() };
  const sig = sign(null, Buffer.from(auditAnchorText(anchor), 'utf8'), registry.receiptKey).toString('base64url');
  await session.db
    .insertInto('audit_anchor')
    .values({ partition: partitionOf(desk.deskId), ...anchor, sig })
    .execute();
  return { ...anchor, sig };
}

/**
 * A countersigned head that a desk shows as proof: signed by this registry, be it in a life of its memory that is lost, and not contradicted by what it still
 * has.
 */
export async function checkShownAnchor(registry: Registry, session: Session, desk: Desk, anchor: AuditAnchor): Promise<void> {
  const { sig, ...signed } = anchor;
  const isOwn = verify(
    null,
    Buffer.from(auditAnchorText(signed), 'utf8'),
    createPublicKey(registry.receiptKey),
    Buffer.from(sig, 'base64url'),
  );
  if (!isOwn || anchor.desk_id !== desk.deskId) throw contradiction(anchor);
  const kept = await session.db
    .selectFrom('audit_anchor')
    .select('head')
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .where('epoch', '=', anchor.epoch)
    .where('seq', '=', anchor.seq)
    .executeTakeFirst();
  if (kept !== undefined && kept.head !== anchor.head) throw contradiction(anchor);
}

export async function hasAnchors(session: Session, desk: Desk): Promise<boolean> {
  const row = await session.db
    .selectFrom('audit_anchor')
    .select('seq')
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .executeTakeFirst();
  return row !== undefined;
}
