import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../intake/effect.ts';
import { hasRoleConflict, insertSecret, makeRecord, withRoles } from './operator-records.ts';

function applied(record: OperatorRecord): EffectResult {
  return { kind: 'applied', change: { state: record.isDisabled ? 'disabled' : 'enabled', body: record } };
}

function findRecord(context: EffectContext): OperatorRecord | undefined {
  return context.aggregate.rev === 0 ? undefined : (JSON.parse(context.aggregate.body) as OperatorRecord);
}

export const createOperator: Effect<'operator.create'> = async (context) => {
  const { payload, desk, envelope, nowMs } = context;
  if (findRecord(context) !== undefined) return rejected('OPERATOR_EXISTS');
  if (hasRoleConflict(payload.roles)) return rejected('ROLE_CONFLICT');
  if (!(await insertSecret(await context.openSession(), payload.operatorId, payload.login, payload.passwordHash)))
    return rejected('LOGIN_TAKEN', { login: payload.login });
  return applied(makeRecord({ ...payload, officeId: desk.officeId }, nowMs, envelope.actor.login, true));
};

export const appointOperator: Effect<'operator.appoint'> = (context) => {
  const record = findRecord(context);
  if (record === undefined) return Promise.resolve(rejected('OPERATOR_UNKNOWN'));
  if (hasRoleConflict(context.payload.roles)) return Promise.resolve(rejected('ROLE_CONFLICT'));
  return Promise.resolve(applied(withRoles(record, context.payload.roles, context.nowMs, context.envelope.actor.login)));
};

export const disableOperator: Effect<'operator.disable'> = async (context) => {
  const record = findRecord(context);
  if (record === undefined) return rejected('OPERATOR_UNKNOWN');
  if (record.operatorId === context.envelope.actor.operator_id) return rejected('OWN_ACCOUNT');
  await setSecret(context, { disabled_at_ms: context.nowMs });
  return applied({ ...record, isDisabled: true });
};

export const enableOperator: Effect<'operator.enable'> = async (context) => {
  const record = findRecord(context);
  if (record === undefined) return rejected('OPERATOR_UNKNOWN');
  await setSecret(context, { disabled_at_ms: null });
  return applied({ ...record, isDisabled: false });
};

export const resetPassword: Effect<'operator.reset_password'> = async (context) => {
  const record = findRecord(context);
  if (record === undefined) return rejected('OPERATOR_UNKNOWN');
  await setSecret(context, { password_hash: context.payload.passwordHash, failed_tries: 0, locked_until_ms: 0 });
  return applied({ ...record, isLockedOut: false, mustChangePassword: true, passwordSetAtMs: context.nowMs });
};

/** The operator's own act: nobody sets another's password without making him change it. Nobody's decision rests on it, hence a remark. */
export const changePassword: Effect<'operator.change_password'> = async (context) => {
  const record = findRecord(context);
  if (record === undefined) return rejected('OPERATOR_UNKNOWN');
  if (record.operatorId !== context.envelope.actor.operator_id) return rejected('OTHER_ACCOUNT');
  await setSecret(context, { password_hash: context.payload.passwordHash, failed_tries: 0, locked_until_ms: 0 });
  const next: OperatorRecord = { ...record, isLockedOut: false, mustChangePassword: false, passwordSetAtMs: context.nowMs };
  return { kind: 'applied', change: { state: 'enabled', body: next, isRemark: true } };
};

export const unlockOperator: Effect<'operator.unlock'> = async (context) => {
  const record = findRecord(context);
  if (record === undefined) return rejected('OPERATOR_UNKNOWN');
  await setSecret(context, { failed_tries: 0, locked_until_ms: 0 });
  return applied({ ...record, isLockedOut: false });
};

async function setSecret(
  context: EffectContext,
  values: { disabled_at_ms?: number | null; password_hash?: string; failed_tries?: number; locked_until_ms?: number },
): Promise<void> {
  const { db } = await context.openSession();
  await db.updateTable('operator_secret').set(values).where('operator_id', '=', context.aggregate.key).execute();
}
