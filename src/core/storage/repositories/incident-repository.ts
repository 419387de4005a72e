import type { IncidentEntity } from '../../../shared/registry-api/incident.ts';
import type { IncidentKind, IncidentParams } from '../../../shared/rules/incidents.ts';
import type { Reader, Tx } from '../database.ts';
import { textOf } from './columns.ts';

export interface StoredIncident {
  readonly incidentId: string;
  readonly kind: IncidentKind;
  readonly deskId: string;
  readonly isFromRegistry: boolean;
  readonly rev: number;
  readonly atMs: number;
  readonly times: number;
  readonly params: IncidentParams;
}

export interface IncidentHandling {
  readonly atMs: number;
  readonly byName: string;
  readonly note: string;
}

/** Sets down what this desk found out itself. The same story again counts in its row, and opens it again when it had been handled. */
export function noteIncident(tx: Tx, incident: Pick<StoredIncident, 'incidentId' | 'kind' | 'deskId' | 'atMs' | 'params'>): void {
  tx.run(
    `INSERT INTO incident(incident_id, kind, desk_id, is_from_registry, rev, at_ms, last_at_ms, times, params)
     VALUES (@incidentId, @kind, @deskId, 0, 0, @atMs, @atMs, 1, @params)
     ON CONFLICT(incident_id) DO UPDATE SET last_at_ms = excluded.last_at_ms, times = times + 1, params = excluded.params`,
    { ...incident, params: JSON.stringify(incident.params) },
  );
  tx.run('DELETE FROM incident_handling WHERE incident_id = @incidentId', { incidentId: incident.incidentId });
}

/** Sets down what the registry tells. Its word on whether it was handled is the newest. */
export function saveRegistryIncident(tx: Tx, rev: number, entity: IncidentEntity): void {
  const { incidentId, kind, deskId, firstAtMs, lastAtMs, times, params, handled } = entity;
  tx.run(
    `INSERT INTO incident(incident_id, kind, desk_id, is_from_registry, rev, at_ms, last_at_ms, times, params)
     VALUES (@incidentId, @kind, @deskId, 1, @rev, @firstAtMs, @lastAtMs, @times, @params)
     ON CONFLICT(incident_id) DO UPDATE SET is_from_registry = 1, rev = excluded.rev, last_at_ms = excluded.last_at_ms, times = excluded.times`,
    { incidentId, kind, deskId, rev, firstAtMs, lastAtMs, times, params: JSON.stringify(params) },
  );
  if (handled === null) tx.run('DELETE FROM incident_handling WHERE incident_id = @incidentId', { incidentId });
  else saveHandling(tx, incidentId, handled.byLogin, handled);
}

export function forgetRegistryIncident(tx: Tx, incidentId: string): void {
  tx.run('UPDATE incident SET is_from_registry = 0, rev = 0 WHERE incident_id = @incidentId', { incidentId });
}

export function listStoredIncidents(db: Reader): StoredIncident[] {
  return db.all('SELECT * FROM incident ORDER BY at_ms DESC LIMIT 500').map((row) => ({
    incidentId: textOf(row, 'incident_id'),
    kind: textOf(row, 'kind') as IncidentKind,
    deskId: textOf(row, 'desk_id'),
    isFromRegistry: row['is_from_registry'] === 1,
    rev: Number(row['rev']),
    atMs: Number(row['at_ms']),
    times: Number(row['times']),
    params: JSON.parse(textOf(row, 'params')) as IncidentParams,
  }));
}

export function listHandlings(db: Reader): Map<string, IncidentHandling> {
  const rows = db.all('SELECT incident_id, at_ms, by_name, note FROM incident_handling');
  return new Map(
    rows.map((row) => [
      textOf(row, 'incident_id'),
      { atMs: Number(row['at_ms']), byName: textOf(row, 'by_name'), note: textOf(row, 'note') },
    ]),
  );
}

export function saveHandling(tx: Tx, incidentId: string, byLogin: string, { atMs, byName, note }: IncidentHandling): void {
  tx.run(
    `INSERT INTO incident_handling(incident_id, at_ms, by_login, by_name, note) VALUES (@incidentId, @atMs, @byLogin, @byName, @note)
     ON CONFLICT(incident_id) DO UPDATE SET at_ms = excluded.at_ms, by_login = excluded.by_login, by_name = excluded.by_name, note = excluded.note`,
    { incidentId, atMs, byLogin, byName, note },
  );
}

/** When the program was started the last time and was not closed since; undefined when it was closed in order. */
export function findOpenRunAtMs(db: Reader): number | undefined {
  const row = db.get('SELECT started_at_ms FROM run_mark WHERE id = 1 AND is_open = 1');
  return row === undefined ? undefined : Number(row['started_at_ms']);
}

export function saveRun(tx: Tx, startedAtMs: number): void {
  tx.run(
    'INSERT INTO run_mark(id, started_at_ms, is_open) VALUES (1, @startedAtMs, 1) ON CONFLICT(id) DO UPDATE SET started_at_ms = excluded.started_at_ms, is_open = 1',
    { startedAtMs },
  );
}

export function closeRun(tx: Tx): void {
  tx.run('UPDATE run_mark SET is_open = 0 WHERE id = 1');
}
