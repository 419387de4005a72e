import type { DeskEpoch, RaiseEpoch } from '../../shared/registry-api/desk-epoch.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import type { Session } from '../store/store.ts';
import { beginLife } from './admit.ts';
import { checkShownAnchor, hasAnchors } from './audit-anchors.ts';
import { anchorOf, findDeskHead, lockDeskHead, saveDeskHead, type DeskHead } from './desk-head.ts';

function show(registry: Registry, head: DeskHead): DeskEpoch {
  return {
    desk_id: head.desk_id,
    epoch: head.epoch,
    last_seq: head.last_seq,
    audit_anchor: anchorOf(head),
    registry_epoch: registry.epoch,
  };
}

export async function readDeskEpoch(registry: Registry, desk: Desk): Promise<DeskEpoch> {
  return show(registry, await registry.store.read((session) => findDeskHead(session, desk.deskId)));
}

/** Begins the desk's next life and shuts out every copy that lives in an older one. Source: I-16, b8 */
export async function raiseDeskEpoch(registry: Registry, desk: Desk, request: RaiseEpoch): Promise<DeskEpoch> {
  return await registry.store.transact(async (session) => {
    const head = await lockDeskHead(session, desk.deskId);
    if (await isPresentLife(session, head, request.raise_id)) return show(registry, head);
    if (request.audit_anchor !== null) await checkShownAnchor(registry, session, desk, request.audit_anchor);
    else if (request.cause === 'restored' && (await hasAnchors(session, desk)))
      throw new RegistryError(409, 'AUDIT_FORK', { detail: 'no anchor shown' });
    // A registry that was restored may know less of the desk's lives than the desk.
    const epoch = Math.max(head.epoch, request.from_epoch) + 1;
    await beginLife(session, head, epoch, {
      raiseId: request.raise_id,
      cause: request.cause,
      anchor: request.audit_anchor,
      atMs: registry.nowMs(),
    });
    const next = { ...head, epoch, last_seq: 0 };
    await saveDeskHead(session, next);
    return show(registry, next);
  });
}

async function isPresentLife(session: Session, head: DeskHead, raiseId: string): Promise<boolean> {
  const row = await session.db
    .selectFrom('desk_life')
    .select('raise_id')
    .where('partition', '=', head.partition)
    .where('desk_id', '=', head.desk_id)
    .where('epoch', '=', head.epoch)
    .executeTakeFirst();
  return row?.raise_id === raiseId;
}
