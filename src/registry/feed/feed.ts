import type { ChangesPage } from '../../shared/registry-api/endpoints.ts';
import type { Desk, Registry } from '../registry.ts';
import { positionOf, readNews } from '../store/feed-places.ts';
import { partitionCount } from '../store/partition.ts';
import { readCursor, writeCursor } from './cursor.ts';

export const maxWaitS = 25;

/** What changed in the desk's office after the cursor; an empty feed is waited for, up to `waitS`. Source: sync-and-reliability b3 */
export async function readChanges(
  registry: Registry,
  desk: Desk,
  query: { cursor: string; limit: number; waitS: number },
  signal: AbortSignal,
): Promise<ChangesPage> {
  const from =
    query.cursor === ''
      ? new Array<number>(partitionCount).fill(0)
      : readCursor(registry.cursorKey, query.cursor, registry.epoch, desk.officeId).places;
  const endsAtMs = performance.now() + Math.min(query.waitS, maxWaitS) * 1000;
  for (;;) {
    const news = await registry.store.read((session) => readNews(session, desk.officeId, from, query.limit));
    const leftMs = endsAtMs - performance.now();
    if (news.changes.length > 0 || leftMs <= 0 || signal.aborted) {
      return {
        changes: news.changes.map(({ partition, place, entity, id, rev, op, body }) => ({
          ...{ entity, id, rev, op },
          body: JSON.parse(body) as unknown,
          pos: positionOf(partition, place),
        })),
        next_cursor: writeCursor(registry.cursorKey, { epoch: registry.epoch, officeId: desk.officeId, places: news.places }),
        has_more: news.hasMore,
        registry_epoch: registry.epoch,
        server_time_ms: registry.nowMs(),
      };
    }
    await registry.store.waitForChange(desk.officeId, leftMs, signal);
  }
}

/** The registry's own count of an office's acts on a Baku day, by the time of the act. */
export async function countDay(
  registry: Registry,
  desk: Desk,
  on: string,
): Promise<{ on: string; counts: Record<string, number>; commandIds: string[] }> {
  const rows = await registry.store.read(({ db }) =>
    db
      .selectFrom('act')
      .select(['command_id', 'kind'])
      .where('office_id', '=', desk.officeId)
      .where('baku_day', '=', on)
      .orderBy('at_ms')
      .orderBy('command_id')
      .execute(),
  );
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.kind] = (counts[row.kind] ?? 0) + 1;
  return { on, counts, commandIds: rows.map((row) => row.command_id) };
}
