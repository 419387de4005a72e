import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import type { CommandKind, Envelope } from '../../shared/registry-api/envelope.ts';
import { permissionsOfRole } from '../../shared/rules/rights.ts';
import { roles, type Permission, type Role } from '../../shared/rules/vocabulary.ts';
import { holdsRoleAt, listOperators } from '../operators/operator-records.ts';
import type { Desk } from '../registry.ts';
import type { Session } from '../store/store.ts';

/** Which role may order what. Source: procedures.md §16, COM-10 */
const rolesOfKind: Readonly<Record<CommandKind, readonly Role[]>> = {
  'application.send': ['registrar'],
  'application.activate': ['registrar', 'centre_officer'],
  // Whoever may sign for the centre.
  'application.sign_contract': rolesWith('centre.sign'),
  'application.begin_hand_over': ['registrar'],
  'application.hand_over': ['registrar'],
  'application.send_scans': ['authorised_officer'],
  'application.enter_scans': ['document_entry'],
  'application.archive': ['registrar'],
  'application.refuse': ['registrar'],
  'application.withdraw': ['registrar'],
  'register.review': ['supervisor'],
  'register.correct': ['registrar'],
  'incident.handle': ['supervisor'],
  'operator.create': ['rights_administrator'],
  'operator.appoint': ['rights_administrator'],
  'operator.disable': ['rights_administrator'],
  'operator.enable': ['rights_administrator'],
  'operator.reset_password': ['rights_administrator'],
  'operator.unlock': ['rights_administrator'],
  'operator.bind_card': ['rights_administrator'],
  // Everybody's own; that it is his own is judged by the effect.
  'operator.change_password': roles,
  'card.claim': ['personalisation_operator'],
  'card.issue': ['personalisation_operator'],
  'card.personalised': ['personalisation_operator'],
  'card.match': ['personalisation_operator'],
  'card.spoil': ['personalisation_operator'],
  'card.dispatch': ['personalisation_operator'],
  'card.receive': ['registrar'],
  'card.return': ['registrar'],
  // At the card service of any desk.
  'card.block': rolesWith('card.service'),
  'card.pin_reissue': ['registrar'],
  'stock.take_in': ['personalisation_operator'],
  'stock.write_off': ['personalisation_operator'],
  // An office sends papers, envelopes and returned cards to the centre and receives from it; the centre does the same with its one role.
  'package.prepare': ['personalisation_operator', 'registrar'],
  'package.dispatch': ['personalisation_operator', 'registrar'],
  'package.arrive': ['registrar', 'authorised_officer', 'personalisation_operator'],
  'package.sign_act': ['authorised_officer', 'personalisation_operator'],
  'package.record': ['registrar', 'personalisation_operator'],
  'package.check': ['registrar', 'personalisation_operator'],
  'package.confirm': ['registrar', 'personalisation_operator'],
  'package.return': ['registrar', 'authorised_officer', 'personalisation_operator'],
  'pin.request': ['registrar'],
  'pin.sign_contract': rolesWith('centre.sign'),
  'pin.scan': ['registrar', 'authorised_officer', 'document_entry'],
  'pin.send': ['registrar'],
  'pin.renewed': ['personalisation_operator'],
  'pin.back': ['registrar'],
  'pin.hand_over': ['registrar'],
  'pin.refuse': ['registrar'],
  'pin.archive': ['registrar'],
};

function rolesWith(permission: Permission): readonly Role[] {
  return roles.filter((role) => permissionsOfRole[role].includes(permission));
}

/** What only the personalisation centre does, on the cases of every office. Source: ADR-0027 */
const centreKinds: readonly CommandKind[] = [
  'card.claim',
  'card.issue',
  'card.personalised',
  'card.match',
  'card.spoil',
  'card.dispatch',
  'stock.take_in',
  'stock.write_off',
  'pin.renewed',
];
/** Both ends of a package act on it: which one may do what is judged by the package. */
const packageKinds = 'package.';

/** A desk acts for its own office; only the centre's act on what is another's, and both ends on a package. Null when nothing is against it. */
export function decideOfficeRefusal(kind: CommandKind, officeId: string, desk: Desk, centre: string): string | null {
  if (centreKinds.includes(kind)) return centre !== '' && desk.officeId === centre ? null : 'NOT_THE_CENTRE';
  return officeId === desk.officeId || kind.startsWith(packageKinds) ? null : 'OTHER_OFFICE';
}

/**
 * Whether the operator who gave the order held the role at that moment, null when he did. An act done offline is judged by the
 * appointments of its own time; an online act by those of now.
 */
export function decideActorRefusal(operator: ActingOperator | undefined, desk: Desk, envelope: Envelope, atMs: number): string | null {
  if (!rolesOfKind[envelope.kind].includes(envelope.actor.role)) return 'ROLE_NOT_ALLOWED';
  if (operator === undefined || operator.record.officeId !== desk.officeId) return 'OPERATOR_UNKNOWN';
  if (operator.record.login !== envelope.actor.login) return 'OPERATOR_UNKNOWN';
  if (!holdsRoleAt(operator.record, envelope.actor.role, atMs)) return 'ROLE_NOT_HELD';
  return operator.record.isDisabled && operator.disabledAtMs !== null && operator.disabledAtMs <= atMs ? 'OPERATOR_DISABLED' : null;
}

/** What is asked of whoever gave an order. */
export interface ActingOperator {
  readonly record: OperatorRecord;
  readonly disabledAtMs: number | null;
}

export async function listActingOperators(session: Session, operatorIds: readonly string[]): Promise<Map<string, ActingOperator>> {
  const records = await listOperators(session, operatorIds);
  const disabled = [...records].filter(([, record]) => record.isDisabled).map(([operatorId]) => operatorId);
  const disabledAtMs = new Map<string, number | null>();
  if (disabled.length > 0) {
    const rows = await session.db
      .selectFrom('operator_secret')
      .select(['operator_id', 'disabled_at_ms'])
      .where('operator_id', 'in', disabled)
      .execute();
    for (const row of rows) disabledAtMs.set(row.operator_id, row.disabled_at_ms);
  }
  return new Map([...records].map(([operatorId, record]) => [operatorId, { record, disabledAtMs: disabledAtMs.get(operatorId) ?? null }]));
}
