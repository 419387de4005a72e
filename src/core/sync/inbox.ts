import type { DeskEvent } from '../../shared/contract/system.ts';
import type { ChangesPage } from '../../shared/registry-api/endpoints.ts';
import type { Projection } from '../desk.ts';
import type { Tx } from '../storage/database.ts';
import { sqliteCodeOf } from '../storage/failures.ts';

type Change = Omit<ChangesPage['changes'][number], 'body'> & { readonly body?: unknown };

/** The projections that read one entity. One without a list of entities is shown every change but makes none known. */
function readersOf(projections: readonly Projection[], entity: string): readonly Projection[] {
  return projections.filter((projection) => projection.onChange !== undefined && (projection.entities ?? [entity]).includes(entity));
}

/**
 * Applies a page in the transaction that stores its cursor: each change once, only when newer than what is known, whatever the order or
 * number of deliveries. What no feature reads yet waits in `inbox_deferred` for a newer program.
 */
export function applyChanges(tx: Tx, changes: readonly Change[], projections: readonly Projection[]): DeskEvent[] {
  const events: DeskEvent[] = [];
  for (const change of changes) {
    const key = { entity: change.entity, id: change.id };
    const local = tx.get('SELECT rev, is_stale FROM entity_revs WHERE entity = @entity AND id = @id', key);
    if (local !== undefined && local['is_stale'] === 0 && change.rev <= Number(local['rev'])) continue;
    const told = tell(tx, projections, { ...key, rev: change.rev, op: change.op, body: change.body, isAnew: local?.['is_stale'] === 1 });
    events.push(...told.events);
    if (told.deferred !== null) defer(tx, change, told.deferred);
    tx.run(
      `INSERT INTO entity_revs(entity, id, rev, is_deleted, is_stale) VALUES (@entity, @id, @rev, @isDeleted, 0)
       ON CONFLICT(entity, id) DO UPDATE SET rev = excluded.rev, is_deleted = excluded.is_deleted, is_stale = 0`,
      { ...key, rev: change.rev, isDeleted: change.op === 'tombstone' ? 1 : 0 },
    );
  }
  return events;
}

type Deferral = 'UNKNOWN_ENTITY' | 'UNREADABLE' | 'UNKNOWN_FIELDS';

/** Keeps the newest form of an entity for a newer program. */
function defer(tx: Tx, change: Change, reason: Deferral): void {
  const key = { entity: change.entity, id: change.id };
  tx.run('DELETE FROM inbox_deferred WHERE entity = @entity AND entity_id = @id', key);
  tx.run(
    'INSERT INTO inbox_deferred(pos, entity, entity_id, rev, op, body, reason) VALUES (@pos, @entity, @id, @rev, @op, @body, @reason)',
    {
      ...key,
      pos: change.pos,
      rev: change.rev,
      op: change.op,
      body: JSON.stringify(change.body ?? null),
      reason,
    },
  );
}

interface Told {
  readonly events: DeskEvent[];
  /** Why the change has to be shown again to a newer program. */
  readonly deferred: Deferral | null;
}

/**
 * Shows one change to its readers, all of them or none: a form that a reader does not understand is put aside for a newer program, and the
 * feed goes on.
 */
function tell(
  tx: Tx,
  projections: readonly Projection[],
  change: {
    readonly entity: string;
    readonly id: string;
    readonly rev: number;
    readonly op: 'upsert' | 'tombstone';
    readonly body: unknown;
    readonly isAnew: boolean;
  },
): Told {
  const readers = readersOf(projections, change.entity);
  if (readers.length === 0) return { events: [], deferred: 'UNKNOWN_ENTITY' };
  const kept = { saysMore: false };
  const shown = {
    ...change,
    keepForUpgrade: () => {
      kept.saysMore = true;
    },
  };
  tx.run('SAVEPOINT change');
  try {
    const events = readers.flatMap((reader) => reader.onChange?.(tx, shown) ?? []);
    tx.run('RELEASE change');
    return { events, deferred: kept.saysMore ? 'UNKNOWN_FIELDS' : null };
  } catch (error) {
    if (sqliteCodeOf(error) !== '') throw error;
    tx.run('ROLLBACK TO change');
    tx.run('RELEASE change');
    return { events: [], deferred: 'UNREADABLE' };
  }
}

/** At start: hands over what waited for a newer program, unless something newer of the same thing came in the meantime. */
export function replayDeferred(tx: Tx, projections: readonly Projection[]): DeskEvent[] {
  const events: DeskEvent[] = [];
  for (const row of tx.all('SELECT id, entity, entity_id, rev, op, body FROM inbox_deferred ORDER BY id')) {
    const key = { entity: String(row['entity']), id: String(row['entity_id']) };
    const rev = Number(row['rev']);
    const local = tx.get('SELECT rev FROM entity_revs WHERE entity = @entity AND id = @id', key);
    const isNewest = local === undefined || Number(local['rev']) === rev;
    const op = row['op'] === 'tombstone' ? 'tombstone' : 'upsert';
    const told: Told = isNewest
      ? tell(tx, projections, { ...key, rev, op, body: JSON.parse(String(row['body'])) as unknown, isAnew: false })
      : { events: [], deferred: null };
    events.push(...told.events);
    if (told.deferred === null) tx.run('DELETE FROM inbox_deferred WHERE id = @id', { id: Number(row['id']) });
  }
  return events;
}

/**
 * Everything is read again from the start and replaces what is known, whatever its revision. Nothing local disappears while that lasts, and
 * pending commands stay; what was not met again is removed at the end (`sweepStale`). Both survive a crash: the marks are in the database.
 */
export function beginResync(tx: Tx): void {
  tx.run('UPDATE entity_revs SET is_stale = 1 WHERE is_deleted = 0');
  tx.run("UPDATE sync_state SET cursor = '', is_resyncing = 1 WHERE id = 1");
}

/** So many removals share a transaction: a removal costs about a millisecond. */
const sweepLimit = 20;

/**
 * The reading has come to the end of the feed: what is still stale the registry no longer has. One step; `isDone` when nothing is left, and only
 * then the resync is over.
 */
export function sweepStale(tx: Tx, projections: readonly Projection[]): { readonly events: DeskEvent[]; readonly isDone: boolean } {
  const rows = tx.all(`SELECT entity, id, rev FROM entity_revs WHERE is_stale = 1 ORDER BY entity, id LIMIT ${sweepLimit}`);
  const events: DeskEvent[] = [];
  for (const row of rows) {
    const key = { entity: String(row['entity']), id: String(row['id']) };
    events.push(...tell(tx, projections, { ...key, rev: Number(row['rev']), op: 'tombstone', body: null, isAnew: true }).events);
    tx.run('UPDATE entity_revs SET is_stale = 0, is_deleted = 1 WHERE entity = @entity AND id = @id', key);
  }
  const isDone = rows.length < sweepLimit;
  if (isDone) tx.run('UPDATE sync_state SET is_resyncing = 0 WHERE id = 1');
  return { events, isDone };
}
