import { hash } from '@node-rs/argon2';
import type { SessionView } from '../../../shared/contract/session.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Call, Desk } from '../../desk.ts';
import { forgetSignInAttempts, saveVerifier } from '../../storage/repositories/operator-repository.ts';
import type { OwnPassword } from '../operator/index.ts';
import type { SessionState } from './session-state.ts';
import { findLockOut, noteWrongPassword } from './sign-in.ts';

/**
 * The operator's own password. The registry checks the current one first, so that an unattended desk gives nobody an account; a wrong one counts
 * like a wrong sign-in. The new one leaves the desk only as its argon2id hash, in an online-only command. Source: R-08
 */
export async function changePassword(
  desk: Desk,
  sessions: SessionState,
  ownPassword: OwnPassword,
  call: Call,
  input: { readonly currentPassword: string; readonly newPassword: string },
): Promise<Result<SessionView, Failure>> {
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const lockOut = findLockOut(desk, actor.login);
  if (lockOut !== null) return lockOut;
  if (input.newPassword === input.currentPassword) return fail('PASSWORD_UNCHANGED');
  if (ownPassword.isWeak(input.newPassword, actor.login)) return fail('PASSWORD_TOO_WEAK');
  const proof = await desk.registry.signIn(actor.login, input.currentPassword);
  if (!proof.ok) return proof.failure.code === 'SIGN_IN_REFUSED' ? noteWrongPassword(desk, actor.login) : proof;
  if (proof.value.operatorId !== actor.operatorId) return fail('FORBIDDEN');
  const changed = await ownPassword.change(call, input.newPassword);
  if (!changed.ok) return changed;
  const verifier = await hash(input.newPassword);
  desk.db.transact((tx) => {
    saveVerifier(tx, actor.operatorId, verifier, desk.clock.nowMs());
    forgetSignInAttempts(tx, actor.login);
  });
  const view = sessions.find();
  return view === null ? fail('NOT_SIGNED_IN') : succeed(view);
}
