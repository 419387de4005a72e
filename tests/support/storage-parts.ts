import { verifyAudit } from '../../src/core/audit/verify.ts';
import type { Desk } from '../../src/core/desk.ts';
import { createStorageFeature } from '../../src/core/features/storage/index.ts';
import { fail, succeed } from '../../src/shared/platform/result.ts';

/** What a desk without a maintenance process has in its place: the chain is verified here, copies are not made. */
export function storagePartsOf(desk: Desk) {
  return {
    verifyAudit: async () => succeed(await verifyAudit(desk.db, desk.identity.deskId)),
    storage: createStorageFeature(desk, {
      space: () => ({ level: 'fine' as const, freeBytes: null }),
      nextBackupAtMs: () => desk.clock.nowMs(),
      backUp: () => Promise.resolve(fail('MAINTENANCE_UNAVAILABLE', {}, true)),
    }),
  };
}
