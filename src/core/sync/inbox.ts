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
    const told = tell(tx, projections, { ...key, rev: change.rev, op: change.op, body: change.body });
    if (Array.isArray(told)) events.push(...told);
    else {
      tx.run(
        `INSERT INTO inbox_deferred(pos, entity, entity_id, rev, op, body, reason) VALUES (@pos, @entity, @id, @rev, @op, @body, @reason)`,
        {
          ...key,
          pos: change.pos,
          rev: change.rev,
          op: change.op,
          body: JSON.stringify(change.body ?? null),
          reason: told,
        },
      );
    }
    tx.run(
      `INSERT INTO entity_revs(entity, id, rev, is_deleted, is_stale) VALUES (@entity, @id, @rev, @isDeleted, 0)
       ON CONFLICT(entity, id) DO UPDATE SET rev = excluded.rev, is_deleted = excluded.is_deleted, is_stale = 0`,
      { ...key, rev: change.rev, isDeleted: change.op === 'tombstone' ? 1 : 0 },
    );
  }
  return events;
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
  },
): DeskEvent[] | 'UNKNOWN_ENTITY' | 'UNREADABLE' {
  const readers = readersOf(projections, change.entity);
  if (readers.length === 0) return 'UNKNOWN_ENTITY';
  tx.run('SAVEPOINT change');
  try {
    const events = readers.flatMap((reader) => reader.onChange?.(tx, change) ?? []);
    tx.run('RELEASE change');
    return events;
  } catch (error) {
    if (sqliteCodeOf(error) !== '') throw error;
    tx.run('ROLLBACK TO change');
    tx.run('RELEASE change');
    return 'UNREADABLE';
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
    const told = isNewest ? tell(tx, projections, { ...key, rev, op, body: JSON.parse(String(row['body'])) as unknown }) : [];
    if (!Array.isArray(told)) continue;
    events.push(...told);
    tx.run('DELETE FROM inbox_deferred WHERE id = @id', { id: Number(row['id']) });
  }
  return events;
}

/** Everything is read again from the start and replaces what is known whatever its revision; nothing local is removed, pending commands stay. */
export function beginResync(tx: Tx): void {
  tx.run('UPDATE entity_revs SET is_stale = 1');
  tx.run("UPDATE sync_state SET cursor = '' WHERE id = 1");
}
