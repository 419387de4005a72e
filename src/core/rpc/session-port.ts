import type { Permission } from '../../shared/rules/vocabulary.ts';
import type { Actor } from '../act/act.ts';

/** What the dispatcher must know of the signed-in operator. */
export interface ActiveSession {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  readonly isLocked: boolean;
  /** Until he changed his password an operator may do nothing else. */
  readonly mustChangePassword: boolean;
}

/** Kept by the session feature; one desk has at most one session, whatever the number of sockets or reloads. */
export interface SessionPort {
  /** The session as of now: locked when it was idle too long, gone with `OPERATOR_DISABLED` when the operator lost the right to be here. */
  current(): ActiveSession | 'OPERATOR_DISABLED' | null;
}
