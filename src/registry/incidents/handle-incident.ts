import type { IncidentEntity } from '../../shared/registry-api/incident.ts';
import { rejected, type Effect } from '../intake/effect.ts';

/** A supervisor of the office has dealt with it. Said twice, from two desks, the later word stands beside the act of the earlier. Source: ADR-0025 */
export const handleIncident: Effect<'incident.handle'> = ({ aggregate, envelope, payload, desk, nowMs }) => {
  if (aggregate.rev === 0) return rejected('INCIDENT_UNKNOWN');
  const before = JSON.parse(aggregate.body) as IncidentEntity;
  const handled = { atMs: nowMs, byLogin: envelope.actor.login, byName: payload.byName, deskId: desk.deskId, note: payload.note };
  const body: IncidentEntity = { ...before, handled };
  return { kind: 'applied', change: { state: 'handled', body, isRemark: true } };
};
