import type { DeskConfig } from '../../../shared/platform/desk-config.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { PasswordHash } from '../../platform/password-hash.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { OwnPassword } from '../operator/index.ts';
import { changePassword } from './change-password.ts';
import { createSessionState, type SessionState } from './session-state.ts';
import { signIn, unlock, vouch, type Door } from './sign-in.ts';
import { createTurns } from './turns.ts';

export type TrainingOperators = NonNullable<DeskConfig['training']>['operators'];

export interface SessionFeature {
  readonly handlers: Handlers<'session'>;
  readonly sessions: SessionState;
  /** Another operator proves himself here for one act in this role; the session goes on. */
  readonly vouch: (login: string, password: string, role: Role) => Promise<Result<Actor, Failure>>;
}

export function createSessionFeature(
  desk: Desk,
  idleLockMs: number,
  trainingOperators: TrainingOperators,
  ownPassword: OwnPassword,
  passwords: PasswordHash,
): SessionFeature {
  const sessions = createSessionState(desk, idleLockMs);
  const door: Door = { desk, sessions, passwords, takeTurn: createTurns() };
  const viewOrFail = () => {
    const view = sessions.find();
    return view === null ? fail('NOT_SIGNED_IN') : succeed(view);
  };
  const handlers: Handlers<'session'> = {
    current: () => succeed(sessions.find()),
    // Never in production, whatever the configuration says.
    listTrainingOperators: () => succeed(desk.identity.mode === 'training' ? trainingOperators : []),
    signIn: (input) => signIn(door, input),
    changeRole(input) {
      const view = sessions.find();
      if (view === null) return fail('NOT_SIGNED_IN');
      if (!view.roles.includes(input.role)) return fail('FORBIDDEN');
      sessions.changeRole(input.role);
      return viewOrFail();
    },
    lock() {
      sessions.lock('asked');
      return viewOrFail();
    },
    unlock: (input) => unlock(door, input.password),
    changePassword: (input, call) => changePassword(door, ownPassword, call, input),
    signOut() {
      sessions.close('asked');
      return succeed({ done: true });
    },
    touch: () => succeed({ lockAtMs: sessions.touch() }),
  };
  return { handlers, sessions, vouch: (login, password, role) => vouch(door, { login, password }, role) };
}
