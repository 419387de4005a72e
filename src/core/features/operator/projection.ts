import type { DeskEvent } from '../../../shared/contract/system.ts';
import { operatorRecordSchema, type OperatorRecord } from '../../../shared/registry-api/endpoints.ts';
import type { CommandPayload } from '../../../shared/registry-api/envelope.ts';
import type { Projection } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import { hasUnknownKeys } from '../../platform/unknown-keys.ts';
import { dropVerifier, findOperatorById, forgetOperatorRev, saveOperatorRecord } from '../../storage/repositories/operator-repository.ts';

/** After these the proof kept here is of a password that lets nobody in any more. */
const kindsWithoutProof: readonly string[] = ['operator.disable', 'operator.reset_password', 'operator.change_password'];

/** Whom the registry no longer has may not sign in; his name stays where he acted. */
function shutOut(tx: Tx, operatorId: string): DeskEvent[] {
  const known = findOperatorById(tx, operatorId);
  if (known === undefined) return [];
  saveOperatorRecord(tx, { ...known.record, isDisabled: true }, 0);
  dropVerifier(tx, operatorId);
  return [{ type: 'operator.changed', operatorId }, { type: 'session.changed' }];
}

/** What the registry answered and published about operators. The session looks at these rows on every call, so a disabled operator is out at once. */
export function createOperatorProjection(): Projection {
  return {
    entities: ['operator'],
    onCommandResult(tx, command, { result }) {
      if (!command.kind.startsWith('operator.') || result.outcome !== 'applied') return [];
      const operatorId = command.aggregateKey;
      // The feed may have been quicker and knows more.
      const isNews = (findOperatorById(tx, operatorId)?.rev ?? 0) < result.rev;
      const record = isNews ? recordAfter(tx, command.kind, operatorId, command.payload) : undefined;
      // Without a revision: the change feed brings the whole record with its appointments.
      if (record !== undefined) saveOperatorRecord(tx, record, 0);
      if (kindsWithoutProof.includes(command.kind)) dropVerifier(tx, operatorId);
      return [{ type: 'operator.changed', operatorId }, { type: 'session.changed' }];
    },
    onChange(tx, change) {
      if (change.entity !== 'operator') return [];
      if (change.op === 'tombstone') return shutOut(tx, change.id);
      const record = operatorRecordSchema.parse(change.body);
      if (hasUnknownKeys(change.body, record)) change.keepForUpgrade();
      if (change.isAnew) forgetOperatorRev(tx, record.operatorId);
      const before = findOperatorById(tx, record.operatorId);
      if (!saveOperatorRecord(tx, record, change.rev)) return [];
      const isProofOld = record.passwordSetAtMs !== undefined && record.passwordSetAtMs > (before?.seenOnlineAtMs ?? 0);
      if (record.isDisabled || isProofOld || (record.mustChangePassword && before?.record.mustChangePassword === false))
        dropVerifier(tx, record.operatorId);
      return [{ type: 'operator.changed', operatorId: record.operatorId }, { type: 'session.changed' }];
    },
  };
}

function recordAfter(tx: Tx, kind: string, operatorId: string, payload: unknown): OperatorRecord | undefined {
  const known = findOperatorById(tx, operatorId)?.record;
  if (kind === 'operator.create') {
    const { login, fullName, roles } = payload as CommandPayload<'operator.create'>;
    return {
      operatorId,
      login,
      fullName,
      roles,
      officeId: '',
      isDisabled: false,
      isLockedOut: false,
      mustChangePassword: true,
      appointments: [],
    };
  }
  if (known === undefined) return undefined;
  switch (kind) {
    case 'operator.appoint':
      return { ...known, roles: (payload as CommandPayload<'operator.appoint'>).roles };
    case 'operator.disable':
      return { ...known, isDisabled: true };
    case 'operator.enable':
      return { ...known, isDisabled: false };
    case 'operator.reset_password':
      return { ...known, isLockedOut: false, mustChangePassword: true };
    case 'operator.change_password':
      return { ...known, isLockedOut: false, mustChangePassword: false };
    case 'operator.bind_card':
      // Serials and hashes come with the whole record by the feed; until then nobody comes in with the old card.
      return { ...known, card: null };
    case 'operator.unlock':
      return { ...known, isLockedOut: false };
    default:
      return undefined;
  }
}
