import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import type { CommandKind, Envelope } from '../../shared/registry-api/envelope.ts';
import { permissionsOfRole } from '../../shared/rules/rights.ts';
import { roles, type Role } from '../../shared/rules/vocabulary.ts';
import { holdsRoleAt } from '../operators/operator-records.ts';
import type { Desk } from '../registry.ts';
import { findAggregate } from '../store/aggregates.ts';
import type { Session } from '../store/store.ts';

/** Which role may order what. Source: procedures.md §16, COM-10 */
const rolesOfKind: Readonly<Record<CommandKind, readonly Role[]>> = {
  'application.send': ['registrar'],
  'application.activate': ['registrar', 'centre_officer'],
  // Whoever may sign for the centre.
  'application.sign_contract': roles.filter((role) => permissionsOfRole[role].includes('centre.sign')),
  'application.hand_over': ['registrar'],
  'application.send_scans': ['authorised_officer'],
  'application.enter_scans': ['document_entry'],
  'application.archive': ['registrar'],
  'application.refuse': ['registrar'],
  'application.withdraw': ['registrar'],
  'register.review': ['supervisor'],
  'register.correct': ['registrar'],
  'operator.create': ['rights_administrator'],
  'operator.appoint': ['rights_administrator'],
  'operator.disable': ['rights_administrator'],
  'operator.enable': ['rights_administrator'],
  'operator.reset_password': ['rights_administrator'],
  'operator.unlock': ['rights_administrator'],
  // Everybody's own; that it is his own is judged by the effect.
  'operator.change_password': roles,
};

/**
 * Whether the operator who gave the order held the role at that moment, null when he did. An act done offline is judged by the
 * appointments of its own time; an online act by those of now.
 */
export async function findActorRefusal(session: Session, desk: Desk, envelope: Envelope, atMs: number): Promise<string | null> {
  if (!rolesOfKind[envelope.kind].includes(envelope.actor.role)) return 'ROLE_NOT_ALLOWED';
  const row = await findAggregate(session, 'operator', envelope.actor.operator_id);
  if (row === undefined || row.office_id !== desk.officeId) return 'OPERATOR_UNKNOWN';
  // The registry's own record, written whole by itself.
  const operator = JSON.parse(row.body) as OperatorRecord;
  if (operator.login !== envelope.actor.login) return 'OPERATOR_UNKNOWN';
  if (!holdsRoleAt(operator, envelope.actor.role, atMs)) return 'ROLE_NOT_HELD';
  if (!operator.isDisabled) return null;
  const secret = await session.db
    .selectFrom('operator_secret')
    .select('disabled_at_ms')
    .where('operator_id', '=', operator.operatorId)
    .executeTakeFirst();
  return secret?.disabled_at_ms != null && secret.disabled_at_ms <= atMs ? 'OPERATOR_DISABLED' : null;
}
