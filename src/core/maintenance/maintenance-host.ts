import type { Channel } from '../../shared/platform/ports.ts';
import { verifyAudit } from '../audit/verify.ts';
import { systemClock } from '../platform/clock.ts';
import { sqliteCodeOf } from '../storage/failures.ts';
import { checkDatabase } from '../storage/recovery/check.ts';
import { backUpDatabase } from '../storage/recovery/backups.ts';
import { drillRestore } from '../storage/recovery/drill.ts';
import { restoreDatabase } from '../storage/recovery/restore.ts';
import { openReader } from '../storage/open-reader.ts';
import type { MaintenanceAnswer, MaintenanceRequest } from './protocol.ts';

/**
 * The maintenance process: what reads a whole database (the audit chain, every page, a copy) runs here with a read connection of its own, so that
 * the core's loop is never held. One task at a time; each opens and closes what it needs, so nothing is left open between them.
 * Source: ADR-0003
 */
export function serveMaintenance(channel: Channel, onEnd: () => void): void {
  let queue: Promise<void> = Promise.resolve();
  channel.onClose(onEnd);
  channel.onMessage((message) => {
    // The only peer is the core of this program.
    const request = message as MaintenanceRequest;
    queue = queue.then(async () => channel.send(await answer(request)));
  });
}

async function answer(request: MaintenanceRequest): Promise<MaintenanceAnswer> {
  try {
    return await perform(request);
  } catch (error) {
    const code = sqliteCodeOf(error);
    // The kind of the error only: a path or a value of the database has no place in a log.
    process.stderr.write(`maintenance ${request.task.kind} failed: ${code || (error instanceof Error ? error.name : 'unknown')}\n`);
    return { kind: 'failed', id: request.id, code: 'MAINTENANCE_FAILED' };
  }
}

async function perform({ id, desk, task }: MaintenanceRequest): Promise<MaintenanceAnswer> {
  switch (task.kind) {
    case 'verify_audit': {
      const reader = await openReader(desk.file, desk.keyHex);
      if (!reader.ok) return { kind: 'failed', id, code: reader.failure.code };
      try {
        return { kind: 'verified', id, ...(await verifyAudit(reader.value, desk.deskId)) };
      } finally {
        reader.value.close();
      }
    }
    case 'check': {
      const checked = await checkDatabase(desk, task.isFull);
      return checked.ok ? { kind: 'checked', id, ...checked.value } : { kind: 'failed', id, code: checked.failure.code };
    }
    case 'backup': {
      const made = await backUpDatabase(desk, task);
      if (!made.ok) return { kind: 'failed', id, code: made.failure.code };
      const { atMs, sizeBytes, auditRows, commands, applications } = made.value;
      return { kind: 'backed_up', id, facts: { atMs, sizeBytes, auditRows, commands, applications } };
    }
    case 'restore': {
      const restored = await restoreDatabase({
        ...desk,
        nowMs: task.nowMs,
        byLogin: task.byLogin,
        from: 'newest',
        cause: 'damaged',
        take: 'everything',
      });
      if (!restored.ok) return { kind: 'failed', id, code: restored.failure.code };
      const { backupAtMs, actsRecovered, actsLost, actsToSend, auditAside, auditLost } = restored.value;
      return { kind: 'restored', id, counts: { backupAtMs, actsRecovered, actsLost, actsToSend, auditAside, auditLost } };
    }
    case 'drill': {
      const drilled = await drillRestore(desk, { ...task, monotonicMs: () => systemClock.monotonicMs() });
      return drilled.ok ? { kind: 'drilled', id, facts: drilled.value } : { kind: 'failed', id, code: drilled.failure.code };
    }
  }
}
