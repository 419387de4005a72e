import type { DeskEvent } from '../../shared/contract/system.ts';
import type { ChangesPage } from '../../shared/registry-api/endpoints.ts';
import type { Projection } from '../desk.ts';
import type { Tx } from '../storage/database.ts';

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
    const readers = readersOf(projections, change.entity);
    if (readers.length === 0) {
      tx.run(
        `INSERT INTO inbox_deferred(pos, entity, entity_id, rev, op, body, reason) VALUES (@pos, @entity, @id, @rev, @op, @body, 'UNKNOWN_ENTITY')`,
        { ...key, pos: change.pos, rev: change.rev, op: change.op, body: JSON.stringify(change.body ?? null) },
      );
    } else {
      for (const reader of readers) {
        const told = reader.onChange?.(tx, { ...key, rev: change.rev, op: change.op, body: change.body });
        if (told !== undefined) events.push(...told);
      }
    }
    tx.run(
      `INSERT INTO entity_revs(entity, id, rev, is_deleted, is_stale) VALUES (@entity, @id, @rev, @isDeleted, 0)
       ON CONFLICT(entity, id) DO UPDATE SET rev = excluded.rev, is_deleted = excluded.is_deleted, is_stale = 0`,
      { ...key, rev: change.rev, isDeleted: change.op === 'tombstone' ? 1 : 0 },
    );
  }
  return events;
}

/** After an upgrade: hands over what waited for a feature that now exists. */
export function replayDeferred(tx: Tx, projections: readonly Projection[]): DeskEvent[] {
  const events: DeskEvent[] = [];
  for (const row of tx.all('SELECT id, entity, entity_id, rev, op, body FROM inbox_deferred ORDER BY id')) {
    const readers = readersOf(projections, String(row['entity']));
    if (readers.length === 0) continue;
    const change = {
      entity: String(row['entity']),
      id: String(row['entity_id']),
      rev: Number(row['rev']),
      op: row['op'] === 'tombstone' ? ('tombstone' as const) : ('upsert' as const),
      body: JSON.parse(String(row['body'])) as unknown,
    };
    for (const reader of readers) {
      const told = reader.onChange?.(tx, change);
      if (told !== undefined) events.push(...told);
    }
    tx.run('DELETE FROM inbox_deferred WHERE id = @id', { id: Number(row['id']) });
  }
  return events;
}

/** Everything is read again from the start and replaces what is known whatever its revision; nothing local is removed, pending commands stay. */
export function beginResync(tx: Tx): void {
  tx.run('UPDATE entity_revs SET is_stale = 1');
  tx.run("UPDATE sync_state SET cursor = '' WHERE id = 1");
}
