import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { partitionOf } from '../store/partition.ts';
import type { Session } from '../store/store.ts';
import { listFresh, refuseStray, type Order } from './admit.ts';
import { checkAuditHeads } from './audit-anchors.ts';

/**
 * Throws what `admit` would throw, and changes nothing: for commands that come together in more than one request, of which none may happen when one of them
 * shows that the desk was copied. Source: F-25, I-10
 */
export async function checkAdmission(
  registry: Registry,
  session: Session,
  desk: Desk,
  orders: readonly Order[],
  epoch: number,
): Promise<void> {
  const fresh = await listFresh(session, desk, orders);
  refuseStray(registry, epoch, fresh);
  await checkAuditHeads(
    session,
    desk,
    orders.map((order) => order.envelope),
  );
  const places = fresh.filter(({ envelope }) => envelope.desk_seq > 0);
  if (places.length === 0) return;
  const taken = await session.db
    .selectFrom('desk_command')
    .select(['epoch', 'seq'])
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .where(
      'seq',
      'in',
      places.map(({ envelope }) => envelope.desk_seq),
    )
    .execute();
  const isTaken = (order: Order): boolean =>
    taken.some((row) => row.epoch === order.envelope.desk_epoch && row.seq === order.envelope.desk_seq);
  const twice = places.find(isTaken);
  if (twice !== undefined) throw new RegistryError(409, 'DESK_FORK', { detail: String(twice.envelope.desk_seq) });
}
