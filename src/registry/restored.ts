import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { hasFile, readOwnFile, writeOwnFile } from './provision/folder.ts';
import { findMeta, writeMeta, type Session, type Store } from './store/store.ts';

/**
 * One life of the registry's memory. A registry that was restored from a backup has forgotten the newest acts, while desks hold receipts for them: it begins a
 * new life under another epoch, so that desks read everything anew and bring what it forgot again. Source: F-26, I-19
 */
export interface Memory {
  readonly epoch: string;
  /** When the last restoration was noticed; 0 when there was none. */
  readonly restoredAtMs: number;
  /** Whether this start began a new life. */
  readonly isRestored: boolean;
}

const markSchema = z.object({ changes: z.number().int(), registry_epoch: z.string() });

/** Outside of the database, so that it is not restored with it. */
function markFile(folder: string): string {
  return path.join(folder, 'memory-mark.json');
}

/** How many changes the feed has ever had: it only grows. */
async function countChanges(session: Session): Promise<number> {
  const row = await session.db
    .selectFrom('feed_sequencer')
    .select((build) => build.fn.sum<string | number | null>('last_place').as('changes'))
    .executeTakeFirst();
  return Number(row?.changes ?? 0);
}

/** Whoever restored a backup says so (`--restored`); when he forgets, the mark that is kept beside the database tells. */
export async function openMemory(
  store: Store,
  folder: string,
  options: { readonly isRestored: boolean; readonly nowMs: () => number },
): Promise<Memory> {
  const mark = hasFile(markFile(folder)) ? markSchema.safeParse(JSON.parse(readOwnFile(markFile(folder)))).data : undefined;
  return await store.transact(async (session) => {
    const known = await findMeta(session, 'registry_epoch');
    const hasForgotten = mark !== undefined && (await countChanges(session)) < mark.changes;
    const isRestored = options.isRestored || hasForgotten;
    if (known !== undefined && !isRestored)
      return { epoch: known, restoredAtMs: Number((await findMeta(session, 'restored_at_ms')) ?? 0), isRestored: false };
    const epoch = randomUUID();
    await writeMeta(session, 'registry_epoch', epoch);
    const restoredAtMs = isRestored ? options.nowMs() : 0;
    await writeMeta(session, 'restored_at_ms', String(restoredAtMs));
    return { epoch, restoredAtMs, isRestored };
  });
}

/** Notes how far the memory has come. What happens after the last note is not noticed by itself. */
export async function markMemory(store: Store, folder: string, epoch: string): Promise<void> {
  const changes = await store.read(countChanges);
  writeOwnFile(markFile(folder), JSON.stringify({ changes, registry_epoch: epoch }), false);
}
