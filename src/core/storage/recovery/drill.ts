import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { verifyAudit } from '../../audit/verify.ts';
import { openReader } from '../open-reader.ts';
import { freeAfterBackupBytes, listBackups, type BackupTarget } from './backups.ts';
import { freeBytesOf } from './files.ts';
import { restoreDatabase } from './restore.ts';

export interface DrillReport {
  readonly backupAtMs: number;
  readonly sizeBytes: number;
  readonly tookMs: number;
  readonly auditRows: number;
  readonly commands: number;
  readonly applications: number;
}

/**
 * Restores the newest copy as an emergency would, into a folder of its own that is removed afterwards, and looks through what came out: every
 * page, the whole chain, the counts. The desk may be at work meanwhile. A copy that fails here is found before it is needed.
 */
export async function drillRestore(
  target: BackupTarget,
  moment: { readonly nowMs: number; readonly monotonicMs: () => number; readonly freeAfterBytes?: number },
): Promise<Result<DrillReport, Failure>> {
  const [newest] = listBackups(target.file);
  if (newest === undefined) return fail('BACKUP_MISSING');
  const folder = path.dirname(target.file);
  const free = freeBytesOf(folder);
  if (free !== null && free < 2 * newest.sizeBytes + (moment.freeAfterBytes ?? freeAfterBackupBytes)) return fail('DISK_FULL', {}, true);
  const startedMs = moment.monotonicMs();
  const room = mkdtempSync(path.join(folder, 'drill-'));
  try {
    mkdirSync(room, { recursive: true, mode: 0o700 });
    const file = path.join(room, path.basename(target.file));
    const restored = await restoreDatabase({
      ...target,
      file,
      nowMs: moment.nowMs,
      from: { backup: newest.file },
      cause: 'asked',
      take: 'nothing',
      byLogin: '',
    });
    if (!restored.ok) return restored;
    const reader = await openReader(file, target.keyHex);
    if (!reader.ok) return reader;
    try {
      const verdict = await verifyAudit(reader.value, target.deskId);
      if (verdict.firstBadSeq !== null) return fail('BACKUP_DAMAGED', { reason: 'audit' });
      const counts = reader.value.get(
        'SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM intents) AS commands, (SELECT count(*) FROM application) AS applications',
      );
      return succeed({
        backupAtMs: newest.atMs,
        sizeBytes: newest.sizeBytes,
        tookMs: Math.round(moment.monotonicMs() - startedMs),
        // The last row is the drill's own.
        auditRows: verdict.rows - 1,
        commands: Number(counts?.['commands'] ?? 0),
        applications: Number(counts?.['applications'] ?? 0),
      });
    } finally {
      reader.value.close();
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}
