import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { lockAggregate, writeAggregate } from '../store/aggregates.ts';
import { grantLease, listLeases, releaseLease, saveLeases, type HeldLease, type Lease } from './leases.ts';

/** Takes, prolongs or gives back the right to edit a sent case; every desk of the office hears of it. Source: F-21 */
export async function takeLease(
  registry: Registry,
  desk: Desk,
  request: { applicationId: string; release: boolean; operatorLogin: string },
): Promise<{ applicationId: string; rev: number } & Lease> {
  const lease = await registry.store.transact(async (session) => {
    const row = await lockAggregate(session, 'application', request.applicationId, desk.officeId);
    if (row.rev === 0 || row.office_id !== desk.officeId) throw new RegistryError(404, 'UNKNOWN_CASE');
    const held = (await listLeases(session, [request.applicationId])).get(request.applicationId);
    const nowMs = registry.nowMs();
    if (held !== undefined && held.deskId !== desk.deskId && held.untilMs > nowMs) {
      throw new RegistryError(409, 'LEASE_HELD', { holder: held.deskId, until_ms: held.untilMs });
    }
    const entity = JSON.parse(row.body) as ApplicationEntity;
    const save = (lease: HeldLease) => saveLeases(session, new Map([[request.applicationId, lease]]));
    if (request.release) {
      if (held !== undefined) await save(releaseLease(held));
      const { rev } = await writeAggregate(session, row, { state: row.state, body: { ...entity, lease: null }, isRemark: true });
      return { deskId: desk.deskId, token: held?.token ?? 0, untilMs: 0, rev };
    }
    const granted = grantLease(held, desk, request.operatorLogin, nowMs);
    await save(granted);
    const { operatorLogin: _login, ...lease } = granted;
    const { rev } = await writeAggregate(session, row, { state: row.state, body: { ...entity, lease }, isRemark: true });
    return { ...lease, rev };
  });
  registry.store.announce(desk.officeId);
  return { applicationId: request.applicationId, ...lease };
}
