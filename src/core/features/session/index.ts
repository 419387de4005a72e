import type { DeskConfig } from '../../../shared/platform/desk-config.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Desk } from '../../desk.ts';
import type { PasswordHash } from '../../platform/password-hash.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { OwnPassword } from '../operator/index.ts';
import { signInWithCard, unlockWithCard, type CardDoor } from './card-sign-in.ts';
import { leavesReader } from './card-presence.ts';
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
  /** The core is about to close its database. */
  stop(): void;
}

export function createSessionFeature(
  desk: Desk,
  idleLockMs: number,
  trainingOperators: TrainingOperators,
  ownPassword: OwnPassword,
  passwords: PasswordHash,
  cards: CardHost,
): SessionFeature {
  const sessions = createSessionState(desk, idleLockMs);
  const door: Door = { desk, sessions, passwords, takeTurn: createTurns() };
  const cardDoor: CardDoor = { desk, sessions, cards, takeTurn: door.takeTurn };
  const stopListening = cards.onEvent((event) => {
    const card = sessions.card();
    if (card === null || !leavesReader(event, card.readerName)) return;
    try {
      sessions.lock('card_left');
    } catch (error) {
      // The lock holds; only its line in the journal found no room on the disk.
      desk.log.error('session.card_lock_failed', error);
    }
  });
  const viewOrFail = () => {
    const view = sessions.find();
    return view === null ? fail('NOT_SIGNED_IN') : succeed(view);
  };
  const handlers: Handlers<'session'> = {
    current: () => succeed(sessions.find()),
    // Never in production, whatever the configuration says.
    listTrainingOperators: () => succeed(desk.identity.mode === 'training' ? trainingOperators : []),
    signIn: (input) => signIn(door, input),
    cards: () => listSignInCards(cards),
    signInWithCard: (input) => signInWithCard(cardDoor, input),
    unlockWithCard: (input) => unlockWithCard(cardDoor, input),
    async cancelCard({ readerName }) {
      const cancelled = await cards.ask({ kind: 'cancel', readerName });
      return cancelled.ok ? succeed({ done: true }) : cancelled;
    },
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
  return {
    handlers,
    sessions,
    vouch: (login, password, role) => vouch(door, { login, password }, role),
    stop() {
      stopListening();
      sessions.stop();
    },
  };
}

/** What the sign-in page may offer: names of readers with a card in them, and why there is none. */
async function listSignInCards(cards: CardHost) {
  const answer = await cards.ask({ kind: 'status' });
  if (!answer.ok) return succeed({ code: answer.failure.code, readers: [] });
  const { link, isServiceRunning, readers } = answer.value.status;
  const code = link === 'none' ? 'LINK_MISSING' : isServiceRunning ? '' : 'SERVICE_DOWN';
  return succeed({
    code,
    readers: readers
      .filter(({ atrHex }) => atrHex !== null)
      .map(({ name, profile, hasPinPad }) => ({ readerName: name, isOurs: profile === 'asan_id', hasPinPad })),
  });
}
