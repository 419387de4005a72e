import { permissionsOf } from '../../../shared/rules/rights.ts';
import type { Permission, Role } from '../../../shared/rules/vocabulary.ts';
import type { SessionView } from '../../../shared/contract/session.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { ActiveSession, SessionPort } from '../../rpc/session-port.ts';
import { findOperatorById } from '../../storage/repositories/operator-repository.ts';

/** The card that a session rests on. */
export interface SessionCard {
  readonly readerName: string;
  readonly certificateSha256: string;
}

interface OpenSession {
  readonly sessionId: string;
  readonly operatorId: string;
  readonly login: string;
  readonly fullName: string;
  readonly roles: readonly Role[];
  readonly authMethod: Actor['authMethod'];
  readonly signedInAtMs: number;
  /** What he came in with, when it was a card; the reader is where it lies now. */
  card: SessionCard | null;
  role: Role;
  isLocked: boolean;
  /** By the monotonic clock, so that a clock set back keeps nobody unlocked. */
  touchedMs: number;
}

/**
 * The one session of a desk. It lives in the core, not in a socket: a reloaded or reconnected screen finds it again. A lock keeps the
 * session and everything that was typed; only the operator's proof opens it.
 */
export interface SessionState extends SessionPort {
  find(): SessionView | null;
  open(session: Omit<OpenSession, 'sessionId' | 'isLocked' | 'touchedMs' | 'card'> & { readonly card?: SessionCard }): SessionView;
  /** `card_left`: the card left its reader, or nobody can tell any more whether it is there. */
  lock(reason: 'asked' | 'idle' | 'card_left'): void;
  unlock(card?: SessionCard): void;
  card(): SessionCard | null;
  close(reason: 'asked' | 'replaced' | 'operator_disabled'): void;
  changeRole(role: Role): void;
  /** Answers when the lock falls, by the device clock. */
  touch(): number;
  actor(): Actor | null;
  /** The core is about to close its database: nothing is locked or recorded by the clock any more. */
  stop(): void;
}

export function createSessionState(desk: Desk, idleLockMs: number): SessionState {
  let session: OpenSession | null = null;
  let isStopped = false;
  let cancelIdleCheck: () => void = () => undefined;

  const actorOf = (open: OpenSession): Actor => ({
    operatorId: open.operatorId,
    login: open.login,
    fullName: open.fullName,
    role: open.role,
    sessionId: open.sessionId,
    authMethod: open.authMethod,
  });
  const record = (act: string, detail: Readonly<Record<string, string | number | boolean>> = {}) => {
    const actor = session === null ? null : actorOf(session);
    desk.acts.record(actor, () => ({ value: undefined, audit: { act, detail }, events: [{ type: 'session.changed' }] }));
  };
  /** As the registry said last: a password that is reset under a running session stops it too. */
  const mustChangePassword = (open: OpenSession) => findOperatorById(desk.db, open.operatorId)?.record.mustChangePassword === true;
  const idleForMs = (open: OpenSession) => desk.clock.monotonicMs() - open.touchedMs;

  function watchIdle(): void {
    cancelIdleCheck();
    if (isStopped || session === null || session.isLocked) return;
    cancelIdleCheck = desk.clock.schedule(Math.max(0, idleLockMs - idleForMs(session)), () => {
      try {
        lockIfIdle();
      } catch (error) {
        // The lock holds; only its line in the journal found no room on the disk. A timer that throws would end the core.
        desk.log.error('session.idle_lock_failed', error);
      }
      watchIdle();
    });
  }
  function lockIfIdle(): void {
    if (session !== null && !session.isLocked && idleForMs(session) >= idleLockMs) state.lock('idle');
  }

  const state: SessionState = {
    current(): ActiveSession | 'OPERATOR_DISABLED' | null {
      lockIfIdle();
      if (session === null) return null;
      const known = findOperatorById(desk.db, session.operatorId);
      if (known?.record.isDisabled === true || known?.record.roles.includes(session.role) === false) {
        state.close('operator_disabled');
        return 'OPERATOR_DISABLED';
      }
      return {
        actor: actorOf(session),
        permissions: permissionSetOf(session.role),
        isLocked: session.isLocked,
        mustChangePassword: known?.record.mustChangePassword === true,
      };
    },
    find() {
      lockIfIdle();
      return session === null ? null : viewOf(session, mustChangePassword(session));
    },
    open(opened) {
      if (session !== null) state.close('replaced');
      session = {
        ...opened,
        card: opened.card ?? null,
        sessionId: desk.random.uuid(),
        isLocked: false,
        touchedMs: desk.clock.monotonicMs(),
      };
      record('session.sign_in', { method: session.authMethod, role: session.role });
      watchIdle();
      return viewOf(session, mustChangePassword(session));
    },
    lock(reason) {
      if (session === null || session.isLocked) return;
      session.isLocked = true;
      cancelIdleCheck();
      record('session.lock', { reason });
    },
    unlock(card) {
      if (session === null) return;
      if (card !== undefined) session.card = card;
      session.isLocked = false;
      session.touchedMs = desk.clock.monotonicMs();
      record('session.unlock');
      watchIdle();
    },
    stop() {
      isStopped = true;
      cancelIdleCheck();
    },
    close(reason) {
      if (session === null) return;
      cancelIdleCheck();
      record('session.sign_out', { reason });
      session = null;
    },
    changeRole(role) {
      if (session === null) return;
      const before = session.role;
      session.role = role;
      record('session.role', { from: before, to: role });
    },
    touch() {
      if (session !== null && !session.isLocked) session.touchedMs = desk.clock.monotonicMs();
      watchIdle();
      return Math.round(desk.clock.nowMs() + (session === null ? 0 : Math.max(0, idleLockMs - idleForMs(session))));
    },
    actor: () => (session === null ? null : actorOf(session)),
    card: () => session?.card ?? null,
  };
  return state;
}

const permissionSets = new Map<Role, ReadonlySet<Permission>>();
/** A session works in one role at a time: its rights are those of that role alone. */
function permissionSetOf(role: Role): ReadonlySet<Permission> {
  const known = permissionSets.get(role);
  if (known !== undefined) return known;
  const made = new Set(permissionsOf([role]));
  permissionSets.set(role, made);
  return made;
}

function viewOf(session: OpenSession, mustChangePassword: boolean): SessionView {
  return {
    operatorId: session.operatorId,
    login: session.login,
    fullName: session.fullName,
    roles: [...session.roles],
    role: session.role,
    permissions: [...permissionSetOf(session.role)],
    isLocked: session.isLocked,
    isOffline: session.authMethod === 'password_offline' || session.authMethod === 'card_offline',
    cardReader: session.card?.readerName ?? '',
    signedInAtMs: session.signedInAtMs,
    mustChangePassword,
  };
}
