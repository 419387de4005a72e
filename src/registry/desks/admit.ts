import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { AuditAnchor } from '../../shared/registry-api/audit-anchor.ts';
import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { insertOf, isOneOf, writeRows } from '../store/many-rows.ts';
import { partitionOf } from '../store/partition.ts';
import type { Session } from '../store/store.ts';
import { checkAuditHeads, countersign } from './audit-anchors.ts';
import { anchorOf, lockDeskHead, saveDeskHead, withAnchor, type DeskHead } from './desk-head.ts';

/** A command with what two commands of one id are compared by. */
export interface Order {
  readonly desk: Desk;
  readonly envelope: Envelope;
  readonly fingerprint: string;
}

/**
 * The first of the two steps of a request, a transaction of the desk alone: ids and places are taken, the desk's life and its audit chain are judged. What
 * is refused here is refused whole, before any command of it happens. Repeating it changes nothing, so it needs no common transaction with
 * the second step, in which the commands happen each in the partition of its aggregate. Source: I-3, I-16, F-25; b2
 */
export async function admit(registry: Registry, desk: Desk, orders: readonly Order[]): Promise<AuditAnchor | null> {
  return await registry.store.transact(async (session) => {
    const before = await lockDeskHead(session, desk.deskId);
    const fresh = await listFresh(session, desk, orders);
    let head = await enterLife(registry, session, before, fresh);
    await takeIdsAndPlaces(registry, session, desk, fresh);
    // After the places: a copy of a desk contradicts both, and "cloned" says more than "its journals differ".
    const pairs = await checkAuditHeads(
      session,
      desk,
      orders.map((order) => order.envelope),
    );
    const newest = pairs.filter((pair) => pair.epoch === head.epoch).sort((one, other) => other.seq - one.seq)[0];
    if (newest !== undefined && (head.anchor_epoch !== head.epoch || newest.seq > head.anchor_seq || head.anchor_sig === ''))
      head = withAnchor(head, await countersign(registry, session, desk, newest));
    const lastSeq = Math.max(
      head.last_seq,
      ...fresh.filter(({ envelope }) => envelope.desk_epoch === head.epoch).map(({ envelope }) => envelope.desk_seq),
    );
    head = { ...head, last_seq: lastSeq };
    if (head.last_seq !== before.last_seq || head.epoch !== before.epoch || head.anchor_sig !== before.anchor_sig)
      await saveDeskHead(session, head);
    return anchorOf(head);
  });
}

/** An id that already stands for something else refuses the whole request. */
export async function listFresh(session: Session, desk: Desk, orders: readonly Order[]): Promise<Order[]> {
  const known = await listKnown(session, desk, orders);
  const fingerprints = new Map(known.map((row) => [row.command_id, row.fingerprint]));
  return orders.filter(({ envelope, fingerprint }) => {
    const stored = fingerprints.get(envelope.command_id);
    if (stored !== undefined && stored !== fingerprint)
      throw new RegistryError(422, 'FINGERPRINT_MISMATCH', { detail: envelope.command_id });
    return stored === undefined;
  });
}

async function listKnown(session: Session, desk: Desk, orders: readonly Order[]): Promise<{ command_id: string; fingerprint: string }[]> {
  const ids = orders.map((order) => order.envelope.command_id);
  return await session.db
    .selectFrom('desk_command')
    .select(['command_id', 'fingerprint'])
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .where(isOneOf(session, 'command_id', ids))
    .execute();
}

/**
 * A command of an older life that nobody knows comes from a copy of the desk. Not so after the registry itself lost its memory: then what happened before is
 * brought again in whatever life it was, and only the places tell a copy. Source: F-25, F-26
 */
async function enterLife(registry: Registry, session: Session, head: DeskHead, fresh: readonly Order[]): Promise<DeskHead> {
  const highest = Math.max(head.epoch, ...fresh.map(({ envelope }) => envelope.desk_epoch));
  refuseStray(registry, highest, fresh);
  if (highest === head.epoch) return head;
  await beginLife(session, head, highest, { raiseId: randomUUID(), cause: 'unannounced', anchor: null, atMs: registry.nowMs() });
  return { ...head, epoch: highest, last_seq: 0 };
}

export function refuseStray(registry: Registry, epoch: number, fresh: readonly Order[]): void {
  const restoredAtMs = registry.restoredAtMs ?? 0;
  const stray = fresh.find(({ envelope }) => envelope.desk_epoch < epoch && envelope.occurred_at_ms > restoredAtMs);
  if (stray !== undefined) throw new RegistryError(409, 'DESK_FORK', { detail: `epoch ${stray.envelope.desk_epoch}` });
}

export async function beginLife(
  session: Session,
  head: DeskHead,
  epoch: number,
  how: { readonly raiseId: string; readonly cause: string; readonly anchor: AuditAnchor | null; readonly atMs: number },
): Promise<void> {
  await session.db
    .insertInto('desk_life')
    .values({
      partition: head.partition,
      desk_id: head.desk_id,
      epoch,
      raise_id: how.raiseId,
      cause: how.cause,
      base_epoch: how.anchor?.epoch ?? null,
      base_seq: how.anchor?.seq ?? null,
      base_head: how.anchor?.head ?? null,
      began_at_ms: how.atMs,
    })
    .execute();
}

/**
 * The places of a desk's outbox are taken once: a place taken twice means that the desk was cloned. They may be taken out of order, because a command that is
 * held at the desk, or passed by an urgent one, holds nobody outside its aggregate.
 */
async function takeIdsAndPlaces(registry: Registry, session: Session, desk: Desk, fresh: readonly Order[]): Promise<void> {
  if (fresh.length === 0) return;
  const nowMs = registry.nowMs();
  const places = fresh.map(({ envelope, fingerprint }) => ({
    partition: partitionOf(desk.deskId),
    desk_id: desk.deskId,
    command_id: envelope.command_id,
    epoch: envelope.desk_epoch,
    seq: envelope.desk_seq,
    fingerprint,
    aggregate_type: envelope.aggregate.type,
    aggregate_key: envelope.aggregate.key,
    kind: envelope.kind,
    received_at_ms: nowMs,
  }));
  const [taken] = await writeRows(session, [insertOf('desk_command', places, sql`on conflict do nothing`)]);
  if (taken === fresh.length) return;
  const ids = new Set((await listKnown(session, desk, fresh)).map((row) => row.command_id));
  const refused = fresh.find(({ envelope }) => !ids.has(envelope.command_id));
  throw new RegistryError(409, 'DESK_FORK', { detail: String(refused?.envelope.desk_seq ?? '') });
}
