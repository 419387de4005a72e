import type { SessionView } from '../../../shared/contract/session.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Actor } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import { forgetSignInAttempts, saveVerifier } from '../../storage/repositories/operator-repository.ts';
import type { OwnPassword } from '../operator/index.ts';
import { attemptKey, findLockOut, noteWrongPassword, type Door } from './sign-in.ts';

interface Passwords {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * The operator's own password. The registry checks the current one first, so that an unattended desk gives nobody an account; a wrong one counts
 * like a wrong sign-in. The new one leaves the desk only as its argon2id hash, in an online-only command. Source: R-08
 */
export async function changePassword(
  door: Door,
  ownPassword: OwnPassword,
  call: Call,
  input: Passwords,
): Promise<Result<SessionView, Failure>> {
  const { actor } = call;
  return actor === null ? fail('NOT_SIGNED_IN') : door.takeTurn(actor.login, () => change(door, ownPassword, call, actor, input));
}

async function change(
  { desk, sessions, passwords }: Door,
  ownPassword: OwnPassword,
  call: Call,
  actor: Actor,
  input: Passwords,
): Promise<Result<SessionView, Failure>> {
  const lockOut = findLockOut(desk, actor.login);
  if (lockOut !== null) return lockOut;
  if (input.newPassword === input.currentPassword) return fail('PASSWORD_UNCHANGED');
  if (ownPassword.isWeak(input.newPassword, actor.login)) return fail('PASSWORD_TOO_WEAK');
  const proof = await desk.registry.signIn(actor.login, input.currentPassword);
  if (!proof.ok) return proof.failure.code === 'SIGN_IN_REFUSED' ? noteWrongPassword(desk, actor.login) : proof;
  if (proof.value.operatorId !== actor.operatorId) return fail('FORBIDDEN');
  const changed = await ownPassword.change(call, input.newPassword);
  if (!changed.ok) return changed;
  const verifier = await passwords.make(input.newPassword);
  const attempts = attemptKey(desk, actor.login);
  desk.db.transact((tx) => {
    saveVerifier(tx, actor.operatorId, verifier, desk.clock.nowMs());
    forgetSignInAttempts(tx, attempts);
  });
  const view = sessions.find();
  return view === null ? fail('NOT_SIGNED_IN') : succeed(view);
}
