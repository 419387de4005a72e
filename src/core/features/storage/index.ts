import { succeed } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers, OperationOutput } from '../../rpc/handlers.ts';
import type { storageContract } from '../../../shared/contract/storage.ts';
import {
  findKeyWrappedAtMs,
  findNewestCareRun,
  findNewestGoodCareRun,
  findNewestRestoration,
  markRestorationSeen,
  type CareRun,
} from '../../storage/repositories/storage-care-repository.ts';
import type { Failure, Result } from '../../../shared/platform/result.ts';

/** What keeps the storage, as this feature sees it. */
export interface StoragePort {
  space(): OperationOutput<typeof storageContract.state>['space'];
  nextBackupAtMs(): number;
  backUp(): Promise<Result<CareRun, Failure>>;
}

/** How safely the desk's data lies, and what a restoration came to. */
export function createStorageFeature(desk: Desk, port: StoragePort): Handlers<'storage'> {
  const { db } = desk;
  return {
    state() {
      const backup = findNewestGoodCareRun(db, 'backup');
      const tried = findNewestCareRun(db, 'backup');
      const found = findNewestRestoration(db);
      return succeed({
        lastBackup: backup === undefined ? null : { atMs: backup.atMs, sizeBytes: Number(backup.detail['sizeBytes'] ?? 0) },
        backupFailure: tried === undefined || tried.code === 'OK' ? null : { atMs: tried.atMs, code: tried.code },
        nextBackupAtMs: port.nextBackupAtMs(),
        lastCheck: shortOf(findNewestCareRun(db, 'check')),
        lastDrill: shortOf(findNewestCareRun(db, 'drill')),
        space: port.space(),
        keyWrappedAtMs: findKeyWrappedAtMs(db),
        tailDroppedAtMs: findNewestCareRun(db, 'tail_dropped')?.atMs ?? null,
        restoration:
          found === undefined
            ? null
            : {
                id: found.id,
                atMs: found.atMs,
                cause: found.cause,
                backupAtMs: found.backupAtMs,
                actsRecovered: found.counts['actsRecovered'] ?? 0,
                actsLost: found.reconciliation?.lost ?? found.counts['actsLost'] ?? 0,
                actsToSend: found.counts['actsToSend'] ?? 0,
                auditAside: found.counts['auditAside'] ?? 0,
                auditLost: found.counts['auditLost'] ?? 0,
                reconciliation: found.reconciliation,
                isSeen: found.seenAtMs !== null,
              },
      });
    },
    async backUp() {
      const made = await port.backUp();
      return made.ok ? succeed({ atMs: made.value.atMs, sizeBytes: Number(made.value.detail['sizeBytes'] ?? 0) }) : made;
    },
    confirmRestoration({ id }, call) {
      const login = call.actor?.login ?? '';
      desk.acts.record(call.actor, (tx) => ({
        value: undefined,
        audit: { act: 'storage.restoration_seen', detail: { isNew: markRestorationSeen(tx, id, desk.clock.nowMs(), login) } },
      }));
      return succeed({ done: true });
    },
  };
}

function shortOf(run: CareRun | undefined): { readonly atMs: number; readonly code: string } | null {
  return run === undefined ? null : { atMs: run.atMs, code: run.code };
}
