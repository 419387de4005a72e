import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import type { Role } from '../../shared/rules/vocabulary.ts';
import { lockAggregate, writeAggregate } from '../store/aggregates.ts';
import { isOneOf } from '../store/many-rows.ts';
import type { Session } from '../store/store.ts';

/** One person never holds both for the same office: who checks does not act. Source: procedures.md §16, R-31 */
export function hasRoleConflict(roles: readonly Role[]): boolean {
  return roles.includes('supervisor') && roles.includes('registrar');
}

/** The record with exactly these roles; appointments that end are closed, not deleted. */
export function withRoles(record: OperatorRecord, roles: readonly Role[], atMs: number, byLogin: string): OperatorRecord {
  const wanted = [...new Set(roles)];
  const kept = record.appointments.map((each) =>
    each.untilMs === null && !wanted.includes(each.role) ? { ...each, untilMs: atMs } : each,
  );
  const held = kept.filter((each) => each.untilMs === null).map((each) => each.role);
  const added = wanted.filter((role) => !held.includes(role)).map((role) => ({ role, fromMs: atMs, untilMs: null, byLogin }));
  return { ...record, roles: wanted, appointments: [...kept, ...added] };
}

/** Whether an appointment to the role covered this moment. */
export function holdsRoleAt(record: OperatorRecord, role: Role, atMs: number): boolean {
  return record.appointments.some((each) => each.role === role && each.fromMs <= atMs && (each.untilMs === null || atMs < each.untilMs));
}

export async function findOperatorOfLogin(session: Session, login: string): Promise<OperatorRecord | undefined> {
  const secret = await session.db.selectFrom('operator_secret').select('operator_id').where('login', '=', login).executeTakeFirst();
  return secret === undefined ? undefined : (await listOperators(session, [secret.operator_id])).get(secret.operator_id);
}

/** By the copies that are kept for it: what a command asks about its operator is never in a foreign partition. */
export async function listOperators(session: Session, operatorIds: readonly string[]): Promise<Map<string, OperatorRecord>> {
  const rows = await session.db
    .selectFrom('operator_record')
    .select(['operator_id', 'record'])
    .where(isOneOf(session, 'operator_id', operatorIds))
    .execute();
  // The registry's own records, written whole by itself.
  return new Map(rows.map((row) => [row.operator_id, JSON.parse(row.record) as OperatorRecord]));
}

export interface NewOperator {
  readonly operatorId: string;
  readonly login: string;
  readonly fullName: string;
  readonly officeId: string;
  readonly roles: readonly Role[];
}

export function makeRecord(operator: NewOperator, atMs: number, byLogin: string, mustChangePassword: boolean): OperatorRecord {
  const { operatorId, login, fullName, officeId } = operator;
  const empty: OperatorRecord = {
    operatorId,
    login,
    fullName,
    officeId,
    roles: [],
    isDisabled: false,
    isLockedOut: false,
    mustChangePassword,
    appointments: [],
  };
  return withRoles(empty, operator.roles, atMs, byLogin);
}

export async function insertSecret(session: Session, operatorId: string, login: string, passwordHash: string): Promise<boolean> {
  const inserted = await session.db
    .insertInto('operator_secret')
    .values({ operator_id: operatorId, login, password_hash: passwordHash, failed_tries: 0, locked_until_ms: 0, disabled_at_ms: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** Writes the record as a new revision, outside of a command: seeding and what sign-in finds out. */
export async function publishOperator(
  session: Session,
  officeId: string,
  operatorId: string,
  change: (record: OperatorRecord | undefined) => OperatorRecord,
): Promise<OperatorRecord> {
  const row = await lockAggregate(session, 'operator', operatorId, officeId);
  const next = change(row.rev === 0 ? undefined : (JSON.parse(row.body) as OperatorRecord));
  // Nobody's decision rests on it, so it makes no command stale.
  await writeAggregate(session, row, { state: next.isDisabled ? 'disabled' : 'enabled', body: next, isRemark: row.rev > 0 });
  return next;
}
