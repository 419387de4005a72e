import type { DeskConfig } from '../../../shared/platform/desk-config.ts';
import { fail, succeed } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { OwnPassword } from '../operator/index.ts';
import { changePassword } from './change-password.ts';
import { createSessionState, type SessionState } from './session-state.ts';
import { signIn, unlock } from './sign-in.ts';

export type TrainingOperators = NonNullable<DeskConfig['training']>['operators'];

export interface SessionFeature {
  readonly handlers: Handlers<'session'>;
  readonly sessions: SessionState;
}

export function createSessionFeature(
  desk: Desk,
  idleLockMs: number,
  trainingOperators: TrainingOperators,
  ownPassword: OwnPassword,
): SessionFeature {
  const sessions = createSessionState(desk, idleLockMs);
  const viewOrFail = () => {
    const view = sessions.find();
    return view === null ? fail('NOT_SIGNED_IN') : succeed(view);
  };
  const handlers: Handlers<'session'> = {
    current: () => succeed(sessions.find()),
    // Never in production, whatever the configuration says.
    listTrainingOperators: () => succeed(desk.identity.mode === 'training' ? trainingOperators : []),
    signIn: (input) => signIn(desk, sessions, input),
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
    unlock: (input) => unlock(desk, sessions, input.password),
    changePassword: (input, call) => changePassword(desk, sessions, ownPassword, call, input),
    signOut() {
      sessions.close('asked');
      return succeed({ done: true });
    },
    touch: () => succeed({ lockAtMs: sessions.touch() }),
  };
  return { handlers, sessions };
}
