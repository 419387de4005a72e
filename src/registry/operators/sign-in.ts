import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { findAggregate } from '../store/aggregates.ts';
import { hashPassword, isPasswordRight } from './passwords.ts';
import { publishOperator } from './operator-records.ts';

export const maxWrongTries = 5;
export const lockOutMs = 30 * 60_000;

/** Compared when the login is unknown, so that the time of the answer does not tell. */
let decoy: Promise<string> | undefined;

/** Online sign-in. Refusals are told apart only where the person may know: locked out, disabled. Source: procedures.md §16 */
export async function signIn(
  registry: Registry,
  desk: Desk,
  request: { login: string; password: string; officeId: string },
): Promise<OperatorRecord> {
  const { store } = registry;
  const found = await store.read(async (session) => {
    const secret = await session.db.selectFrom('operator_secret').selectAll().where('login', '=', request.login).executeTakeFirst();
    const row = secret === undefined ? undefined : await findAggregate(session, 'operator', secret.operator_id);
    return secret === undefined || row === undefined ? undefined : { secret, officeId: row.office_id };
  });
  if (found === undefined || found.officeId !== desk.officeId || request.officeId !== desk.officeId) {
    decoy ??= hashPassword('no operator has this password', registry.passwordCost);
    await isPasswordRight(await decoy, request.password);
    throw new RegistryError(401, 'SIGN_IN_REFUSED');
  }
  // A locked account is not even compared, so guessing cannot go on behind the lock.
  if (found.secret.locked_until_ms > registry.nowMs())
    throw new RegistryError(401, 'LOCKED_OUT', { until_ms: found.secret.locked_until_ms });
  const isRight = await isPasswordRight(found.secret.password_hash, request.password);
  const outcome = await store.transact(async (session) => {
    const secret = await session.db
      .selectFrom('operator_secret')
      .selectAll()
      .where('operator_id', '=', found.secret.operator_id)
      .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
      .executeTakeFirstOrThrow();
    const nowMs = registry.nowMs();
    if (secret.locked_until_ms > nowMs) return { lockedUntilMs: secret.locked_until_ms };
    // A lock that has run out starts a new count.
    const triesBefore = secret.locked_until_ms > 0 ? 0 : secret.failed_tries;
    const tries = isRight ? 0 : triesBefore + 1;
    const lockedUntilMs = tries >= maxWrongTries ? nowMs + lockOutMs : 0;
    await session.db
      .updateTable('operator_secret')
      .set({ failed_tries: tries, locked_until_ms: lockedUntilMs })
      .where('operator_id', '=', secret.operator_id)
      .execute();
    const row = await findAggregate(session, 'operator', secret.operator_id);
    if (row === undefined) throw new Error('An operator has a password and no record.');
    let record = JSON.parse(row.body) as OperatorRecord;
    const isLockedOut = lockedUntilMs > 0;
    if (record.isLockedOut !== isLockedOut) {
      record = await publishOperator(session, desk.officeId, secret.operator_id, (known) => ({ ...(known ?? record), isLockedOut }));
    }
    return { lockedUntilMs, record };
  });
  store.announce(desk.officeId);
  if (outcome.lockedUntilMs > 0) throw new RegistryError(401, 'LOCKED_OUT', { until_ms: outcome.lockedUntilMs });
  if (!isRight || outcome.record === undefined) throw new RegistryError(401, 'SIGN_IN_REFUSED');
  if (outcome.record.isDisabled) throw new RegistryError(401, 'OPERATOR_DISABLED');
  return outcome.record;
}
