import type { AuditAnchor } from '../../shared/registry-api/audit-anchor.ts';
import { partitionOf } from '../store/partition.ts';
import type { Session } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type DeskHead = Tables['desk_head'];

function firstHead(deskId: string): DeskHead {
  return {
    partition: partitionOf(deskId),
    desk_id: deskId,
    epoch: 1,
    last_seq: 0,
    anchor_epoch: 0,
    anchor_seq: 0,
    anchor_head: '',
    anchor_at_ms: 0,
    anchor_sig: '',
  };
}

/** Holds the desk's row until the transaction ends: one desk is admitted by one at a time, and no transaction that holds it touches an aggregate. */
export async function lockDeskHead(session: Session, deskId: string): Promise<DeskHead> {
  const known = await findLocked(session, deskId);
  if (known !== undefined) return known;
  await session.db
    .insertInto('desk_head')
    .values(firstHead(deskId))
    .onConflict((conflict) => conflict.columns(['partition', 'desk_id']).doNothing())
    .execute();
  const made = await findLocked(session, deskId);
  if (made === undefined) throw new Error('A desk has a head once it was made.');
  return made;
}

async function findLocked(session: Session, deskId: string): Promise<DeskHead | undefined> {
  return await session.db
    .selectFrom('desk_head')
    .selectAll()
    .where('partition', '=', partitionOf(deskId))
    .where('desk_id', '=', deskId)
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .executeTakeFirst();
}

export async function findDeskHead(session: Session, deskId: string): Promise<DeskHead> {
  const row = await session.db
    .selectFrom('desk_head')
    .selectAll()
    .where('partition', '=', partitionOf(deskId))
    .where('desk_id', '=', deskId)
    .executeTakeFirst();
  return row ?? firstHead(deskId);
}

export async function saveDeskHead(session: Session, head: DeskHead): Promise<void> {
  const { partition, desk_id, ...values } = head;
  await session.db.updateTable('desk_head').set(values).where('partition', '=', partition).where('desk_id', '=', desk_id).execute();
}

/** The newest countersigned head; null when there is none. */
export function anchorOf(head: DeskHead): AuditAnchor | null {
  if (head.anchor_sig === '') return null;
  return {
    desk_id: head.desk_id,
    epoch: head.anchor_epoch,
    seq: head.anchor_seq,
    head: head.anchor_head,
    at_ms: head.anchor_at_ms,
    sig: head.anchor_sig,
  };
}

export function withAnchor(head: DeskHead, anchor: AuditAnchor): DeskHead {
  return {
    ...head,
    anchor_epoch: anchor.epoch,
    anchor_seq: anchor.seq,
    anchor_head: anchor.head,
    anchor_at_ms: anchor.at_ms,
    anchor_sig: anchor.sig,
  };
}
