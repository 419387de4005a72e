import { succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { AuditVerdict } from '../../audit/verify.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { listAuditRows } from '../../storage/repositories/audit-repository.ts';

/** Recomputes the whole chain, outside the core's loop. */
export type VerifyAudit = () => Promise<Result<AuditVerdict, Failure>>;

/** Reading the audit log; writing it is the act runner's alone. Source: J-16 */
export function createAuditFeature(desk: Desk, verifyAudit: VerifyAudit): Handlers<'audit'> {
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
    verify: () => verifyAudit(),
  };
}
