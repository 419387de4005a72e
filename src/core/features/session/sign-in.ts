import type { SessionView } from '../../../shared/contract/session.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { OperatorRecord } from '../../../shared/registry-api/endpoints.ts';
import type { AuthMethod } from '../../../shared/registry-api/envelope.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { PasswordHash } from '../../platform/password-hash.ts';
import { keyedHash } from '../../storage/repositories/desk-secret-repository.ts';
import {
  dropVerifier,
  findOperatorByLogin,
  forgetSignInAttempts,
  getSignInAttempts,
  noteSeen,
  saveOperatorRecord,
  saveSignInAttempts,
  saveVerifier,
} from '../../storage/repositories/operator-repository.ts';
import { countWrongPassword, isLockedOut, offlineSignInMs } from './lock-out.ts';
import type { SessionCard, SessionState } from './session-state.ts';
import type { TakeTurn } from './turns.ts';

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly role?: Role | undefined;
}

/** What every way in needs. `takeTurn` lets one attempt on a login run at a time, so that the count of wrong passwords is never passed abreast. */
export interface Door {
  readonly desk: Desk;
  readonly sessions: SessionState;
  readonly passwords: PasswordHash;
  readonly takeTurn: TakeTurn;
}

/**
 * Online against the registry, which is asked first whenever there is a link; the password it accepted leaves an argon2id proof here.
 * Without the link the proof lets in whoever was seen online at this desk within seven days. Five wrong passwords in a row close the name
 * for half an hour, online or not, also over a restart. Source: sync-and-reliability (b6)
 */
export function signIn(door: Door, given: Credentials): Promise<Result<SessionView, Failure>> {
  const credentials = { ...given, login: given.login.trim().toLowerCase() };
  return door.takeTurn(credentials.login, async () => {
    const proven = await prove(door, credentials);
    return proven.ok ? openSession(door.desk, door.sessions, proven.value.record, credentials.role, proven.value.authMethod) : proven;
  });
}

interface Proven {
  readonly record: OperatorRecord;
  readonly authMethod: 'password_online' | 'password_offline';
}

/**
 * Another operator proves himself at this desk for one act in one of his roles, by the same rules as at the door; the session of the one who works
 * here goes on, and stands in the record of the act. Source: PKG-06, R-06
 */
export function vouch(
  door: Door,
  given: { readonly login: string; readonly password: string },
  role: Role,
): Promise<Result<Actor, Failure>> {
  const credentials = { ...given, login: given.login.trim().toLowerCase() };
  return door.takeTurn(credentials.login, async () => {
    const beside = door.sessions.actor();
    if (beside === null) return fail('NOT_SIGNED_IN');
    const proven = await prove(door, credentials);
    if (!proven.ok) return proven;
    const { record, authMethod } = proven.value;
    if (!record.roles.includes(role)) return fail('FORBIDDEN');
    const { operatorId, login, fullName } = record;
    return succeed({ operatorId, login, fullName, role, sessionId: beside.sessionId, authMethod });
  });
}

async function prove(door: Door, credentials: Credentials): Promise<Result<Proven, Failure>> {
  const { desk } = door;
  const lockOut = findLockOut(desk, credentials.login);
  if (lockOut !== null) return lockOut;
  const answer = await askRegistry(desk, credentials);
  if (answer.ok) return proveOnline(door, credentials, answer.value);
  if (answer.failure.code === 'SIGN_IN_REFUSED') return noteWrongPassword(desk, credentials.login);
  if (answer.failure.code === 'OPERATOR_DISABLED') {
    forgetProof(desk, credentials.login);
    return answer;
  }
  if (answer.failure.code === 'REGISTRY_UNREACHABLE') return proveOffline(door, credentials);
  return answer;
}

/** A connection that broke while the link is there is no reason to come in by the offline door: asked once more. */
async function askRegistry(desk: Desk, { login, password }: Credentials): Promise<Result<OperatorRecord, Failure>> {
  const wasOnline = desk.sync.link().state === 'online';
  const answer = await desk.registry.signIn(login, password);
  if (answer.ok || answer.failure.code !== 'REGISTRY_UNREACHABLE' || !wasOnline) return answer;
  return desk.registry.signIn(login, password);
}

async function proveOnline(
  { desk, passwords }: Door,
  { login, password }: Credentials,
  record: OperatorRecord,
): Promise<Result<Proven, Failure>> {
  if (record.isDisabled) return fail('OPERATOR_DISABLED');
  const verifier = await passwords.make(password);
  const attempts = attemptKey(desk, login);
  const nowMs = desk.clock.nowMs();
  desk.db.transact((tx) => {
    saveOperatorRecord(tx, { ...record, login }, 0);
    saveVerifier(tx, record.operatorId, verifier, nowMs);
    forgetSignInAttempts(tx, attempts);
  });
  return succeed({ record, authMethod: 'password_online' });
}

async function proveOffline({ desk, passwords }: Door, { login, password }: Credentials): Promise<Result<Proven, Failure>> {
  const known = findOperatorByLogin(desk.db, login);
  const nowMs = desk.clock.nowMs();
  const isFresh = known !== undefined && known.seenOnlineAtMs !== null && Math.abs(nowMs - known.seenOnlineAtMs) <= offlineSignInMs;
  if (known === undefined || known.verifier === '' || !isFresh) return fail('OFFLINE_SIGN_IN_NOT_ALLOWED');
  if (known.record.isDisabled) return fail('OPERATOR_DISABLED');
  if (!(await passwords.matches(known.verifier, password))) return noteWrongPassword(desk, login);
  const attempts = attemptKey(desk, login);
  desk.db.transact((tx) => {
    forgetSignInAttempts(tx, attempts);
    noteSeen(tx, known.record.operatorId, nowMs);
  });
  return succeed({ record: known.record, authMethod: 'password_offline' });
}

/** The operator at the locked screen proves himself again; no other can. */
export async function unlock(door: Door, password: string): Promise<Result<SessionView, Failure>> {
  const view = door.sessions.find();
  return view === null ? fail('NOT_SIGNED_IN') : door.takeTurn(view.login, () => proveAgain(door, password));
}

async function proveAgain({ desk, sessions, passwords }: Door, password: string): Promise<Result<SessionView, Failure>> {
  const view = sessions.find();
  if (view === null) return fail('NOT_SIGNED_IN');
  if (!view.isLocked) return succeed(view);
  if (sessions.card() !== null) return fail('CARD_NEEDED');
  const lockOut = findLockOut(desk, view.login);
  if (lockOut !== null) return lockOut;
  const known = findOperatorByLogin(desk.db, view.login);
  if (known === undefined || known.verifier === '') return fail('SIGN_IN_REFUSED');
  if (!(await passwords.matches(known.verifier, password))) return noteWrongPassword(desk, view.login);
  // While the password was tried the session may have ended or become another's.
  if (sessions.find()?.login !== view.login) return fail('NOT_SIGNED_IN');
  const attempts = attemptKey(desk, view.login);
  desk.db.transact((tx) => forgetSignInAttempts(tx, attempts));
  sessions.unlock();
  const opened = sessions.find();
  return opened === null ? fail('NOT_SIGNED_IN') : succeed(opened);
}

export function openSession(
  desk: Desk,
  sessions: SessionState,
  record: OperatorRecord,
  wanted: Role | undefined,
  authMethod: AuthMethod,
  card?: SessionCard,
): Result<SessionView, Failure> {
  const role = wanted ?? record.roles[0];
  if (role === undefined || !record.roles.includes(role)) return fail('FORBIDDEN');
  return succeed(
    sessions.open({
      operatorId: record.operatorId,
      login: record.login,
      fullName: record.fullName,
      roles: record.roles,
      role,
      authMethod,
      signedInAtMs: desk.clock.nowMs(),
      ...(card === undefined ? {} : { card }),
    }),
  );
}

export function findLockOut(desk: Desk, login: string) {
  const attempts = getSignInAttempts(desk.db, attemptKey(desk, login));
  const nowMs = desk.clock.nowMs();
  if (!isLockedOut(attempts, nowMs)) return null;
  return fail('LOCKED_OUT', { untilMs: attempts.lockedUntilMs, minutes: Math.ceil((attempts.lockedUntilMs - nowMs) / 60_000) });
}

/** A mistyped login may be a password: neither the count nor the audit log keeps it in a form that could be tried out. */
export function attemptKey(desk: Desk, login: string): string {
  return keyedHash(desk, 'sign-in', login);
}

/** Counted and audited in one transaction. */
export function noteWrongPassword(desk: Desk, login: string): Result<never, Failure> {
  const nowMs = desk.clock.nowMs();
  const loginMac = attemptKey(desk, login);
  const attempts = countWrongPassword(getSignInAttempts(desk.db, loginMac), nowMs);
  desk.acts.record(null, (tx) => {
    saveSignInAttempts(tx, loginMac, attempts, nowMs);
    return { value: undefined, audit: { act: 'session.refused', detail: { loginMac, failed: attempts.failed } } };
  });
  return isLockedOut(attempts, nowMs)
    ? (findLockOut(desk, login) ?? fail('LOCKED_OUT', { untilMs: attempts.lockedUntilMs }))
    : fail('SIGN_IN_REFUSED');
}

function forgetProof(desk: Desk, login: string): void {
  desk.db.transact((tx) => {
    const known = findOperatorByLogin(tx, login);
    if (known !== undefined) dropVerifier(tx, known.record.operatorId);
  });
}
