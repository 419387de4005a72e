import { succeed } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { listAuditRows } from '../../storage/repositories/audit-repository.ts';

/** Reading the audit log; writing it is the act runner's alone. Source: J-16 */
export function createAuditFeature(
  desk: Desk,
  verifyAudit: () => Promise<{ rows: number; firstBadSeq: number | null }>,
): Handlers<'audit'> {
  return {
    list: ({ beforeSeq, limit, act, operatorLogin }) =>
      succeed(
        listAuditRows(desk.db, {
          beforeSeq: beforeSeq ?? Number.MAX_SAFE_INTEGER,
          limit,
          act: act ?? '',
          operatorLogin: operatorLogin ?? '',
        }),
      ),
    verify: async () => succeed(await verifyAudit()),
  };
}
