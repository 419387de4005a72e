import type { IncidentRow } from '../../../shared/contract/incident.ts';
import { incidentIdOf, type IncidentParams } from '../../../shared/rules/incidents.ts';
import type { Reader, Row } from '../../storage/database.ts';
import { nullableInt, textOf } from '../../storage/repositories/columns.ts';
import {
  listHandlings,
  listStoredIncidents,
  type IncidentHandling,
  type StoredIncident,
} from '../../storage/repositories/incident-repository.ts';

/** An incident with what handling it has to touch. */
export interface Story extends IncidentRow {
  /** The registry tells of it too, so other desks hear when it is handled. */
  readonly registryRev: number | null;
  /** Notices elsewhere on the screen that are read with it. */
  readonly restorationId?: number;
  readonly clockEventIds?: readonly number[];
}

type Found = Omit<Story, 'handled' | 'registryRev'> & { readonly seen: IncidentHandling | null };

/** A drift that the next comparison shows is the same story as the jump before it. */
const sameClockStoryMs = 60 * 60 * 1000;

/** Every incident that this desk knows of, its own told from the tables where they stand, so that their counts are those of now. Source: ADR-0025 */
export function listStories(db: Reader, deskId: string): Story[] {
  const handlings = listHandlings(db);
  const stored = listStoredIncidents(db);
  const byId = new Map(stored.map((incident) => [incident.incidentId, incident]));
  const own = [...listRestorations(db, deskId), ...listClockStories(db, deskId), ...listHealings(db, deskId)];
  const told = new Set(own.map(({ incidentId }) => incidentId));
  const others = stored
    .filter((incident) => !told.has(incident.incidentId) && !isOwnClock(incident, deskId))
    .map((one) => ofStored(one, deskId));
  return [...own, ...others]
    .map(({ seen, ...found }): Story => {
      const known = byId.get(found.incidentId);
      return { ...found, handled: handlings.get(found.incidentId) ?? seen, registryRev: known?.isFromRegistry === true ? known.rev : null };
    })
    .sort((one, other) => Number(one.handled !== null) - Number(other.handled !== null) || other.atMs - one.atMs);
}

/** The registry's word on our own clock: its story is told here with more, and it is handled together with it. */
export function listOwnClockWords(db: Reader, deskId: string): StoredIncident[] {
  const handlings = listHandlings(db);
  return listStoredIncidents(db).filter((incident) => isOwnClock(incident, deskId) && !handlings.has(incident.incidentId));
}

function isOwnClock(incident: StoredIncident, deskId: string): boolean {
  return incident.kind === 'clock_off' && incident.deskId === deskId;
}

function ofStored({ incidentId, kind, deskId: at, atMs, times, params }: StoredIncident, deskId: string): Found {
  return { incidentId, kind, deskId: at, isHere: at === deskId, atMs, params: { ...params, times }, seen: null };
}

function listRestorations(db: Reader, deskId: string): Found[] {
  const presentEpoch = Number(db.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch'] ?? 1);
  return db.all('SELECT * FROM restoration ORDER BY id DESC LIMIT 50').map((row, index): Found => {
    // The registry may have given the newest life a higher number than the restoration itself.
    const epoch = index === 0 ? presentEpoch : Number(row['desk_epoch']);
    const seenAtMs = nullableInt(row, 'seen_at_ms');
    return {
      incidentId: incidentIdOf('restored', deskId, epoch),
      kind: row['cause'] === 'damaged' ? 'damaged' : 'restored',
      deskId,
      isHere: true,
      atMs: Number(row['at_ms']),
      params: paramsOfRestoration(row),
      seen: seenAtMs === null ? null : { atMs: seenAtMs, byName: textOf(row, 'seen_by'), note: '' },
      restorationId: Number(row['id']),
    };
  });
}

function paramsOfRestoration(row: Row): IncidentParams {
  const counts = JSON.parse(textOf(row, 'counts')) as Record<string, number | null>;
  const text = textOf(row, 'reconciliation');
  const known = text === '' ? null : (JSON.parse(text) as Record<string, number>);
  return {
    copyAtMs: nullableInt(row, 'backup_at_ms') ?? 0,
    recovered: counts['actsRecovered'] ?? 0,
    toSend: counts['actsToSend'] ?? 0,
    badPages: counts['badPages'] ?? 0,
    auditAside: counts['auditAside'] ?? 0,
    auditLost: counts['auditLost'] ?? 0,
    lost: known?.['lost'] ?? counts['actsLost'] ?? 0,
    reconciled: known === null ? 0 : 1,
    known: known?.['known'] ?? 0,
    unknownHere: known?.['unknownHere'] ?? 0,
    settled: known?.['settled'] ?? 0,
  };
}

function listClockStories(db: Reader, deskId: string): Found[] {
  const rows = db.all("SELECT * FROM clock_event WHERE kind <> 'slept' ORDER BY id DESC LIMIT 200").reverse();
  const stories: (Found & { clockEventIds: number[]; isOpen: boolean })[] = [];
  for (const row of rows) {
    const offsetMs = nullableInt(row, 'offset_ms') ?? 0;
    const shownAtMs = Number(row['at_ms']);
    const atMs = shownAtMs + offsetMs;
    const seenAtMs = nullableInt(row, 'seen_at_ms');
    const last = stories.at(-1);
    if (row['kind'] === 'drift' && last !== undefined && last.kind !== 'clock_off' && Math.abs(atMs - last.atMs) < sameClockStoryMs) {
      last.clockEventIds.push(Number(row['id']));
      last.isOpen ||= seenAtMs === null;
      continue;
    }
    stories.push({
      incidentId: `clock/${deskId}/${String(row['id'])}`,
      kind: row['kind'] === 'jump_back' ? 'clock_back' : row['kind'] === 'jump_forward' ? 'clock_forward' : 'clock_off',
      deskId,
      isHere: true,
      atMs,
      params: { byMs: Math.abs(Number(row['by_ms'])), shownAtMs },
      seen: seenAtMs === null ? null : { atMs: seenAtMs, byName: textOf(row, 'seen_by'), note: '' },
      clockEventIds: [Number(row['id'])],
      isOpen: seenAtMs === null,
    });
  }
  return stories.map(({ isOpen, ...story }) => (isOpen ? { ...story, seen: null } : story));
}

function listHealings(db: Reader, deskId: string): Found[] {
  return db
    .all(
      `SELECT registry_epoch, min(reopened_at_ms) AS at_ms, count(*) AS n, sum(answered_at_ms IS NULL) AS open, sum(difference <> '') AS different
       FROM receipt_history GROUP BY registry_epoch`,
    )
    .map((row) => ({
      incidentId: `healed/${deskId}/${textOf(row, 'registry_epoch').slice(0, 12)}`,
      kind: 'registry_restored',
      deskId,
      isHere: true,
      atMs: Number(row['at_ms']),
      params: {
        n: Number(row['n']),
        open: Number(row['open']),
        answered: Number(row['n']) - Number(row['open']),
        different: Number(row['different']),
      },
      seen: null,
    }));
}
