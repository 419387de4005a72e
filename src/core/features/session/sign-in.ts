import { hash, verify } from '@node-rs/argon2';
import { createHash } from 'node:crypto';
import type { SessionView } from '../../../shared/contract/session.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { OperatorRecord } from '../../../shared/registry-api/endpoints.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import type { Desk } from '../../desk.ts';
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
import type { SessionState } from './session-state.ts';

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly role?: Role | undefined;
}

/**
 * Online against the registry, which is asked first whenever there is a link; the password it accepted leaves an argon2id proof here.
 * Without the link the proof lets in whoever was seen online at this desk within seven days. Five wrong passwords in a row close the name
 * for half an hour, online or not, also over a restart. Source: sync-and-reliability (b6)
 */
export async function signIn(desk: Desk, sessions: SessionState, given: Credentials): Promise<Result<SessionView, Failure>> {
  const credentials = { ...given, login: given.login.trim().toLowerCase() };
  const lockOut = findLockOut(desk, credentials.login);
  if (lockOut !== null) return lockOut;
  const answer = await askRegistry(desk, credentials);
  if (answer.ok) return signInOnline(desk, sessions, credentials, answer.value);
  if (answer.failure.code === 'SIGN_IN_REFUSED') return noteWrongPassword(desk, credentials.login);
  if (answer.failure.code === 'OPERATOR_DISABLED') {
    forgetProof(desk, credentials.login);
    return answer;
  }
  if (answer.failure.code === 'REGISTRY_UNREACHABLE') return signInOffline(desk, sessions, credentials);
  return answer;
}

/** A connection that broke while the link is there is no reason to come in by the offline door: asked once more. */
async function askRegistry(desk: Desk, { login, password }: Credentials): Promise<Result<OperatorRecord, Failure>> {
  const wasOnline = desk.sync.link().state === 'online';
  const answer = await desk.registry.signIn(login, password);
  if (answer.ok || answer.failure.code !== 'REGISTRY_UNREACHABLE' || !wasOnline) return answer;
  return desk.registry.signIn(login, password);
}

async function signInOnline(
  desk: Desk,
  sessions: SessionState,
  { login, password, role }: Credentials,
  record: OperatorRecord,
): Promise<Result<SessionView, Failure>> {
  if (record.isDisabled) return fail('OPERATOR_DISABLED');
  const verifier = await hash(password);
  const nowMs = desk.clock.nowMs();
  desk.db.transact((tx) => {
    saveOperatorRecord(tx, { ...record, login }, 0);
    saveVerifier(tx, record.operatorId, verifier, nowMs);
    forgetSignInAttempts(tx, login);
  });
  return openSession(desk, sessions, record, role, 'password_online');
}

async function signInOffline(
  desk: Desk,
  sessions: SessionState,
  { login, password, role }: Credentials,
): Promise<Result<SessionView, Failure>> {
  const known = findOperatorByLogin(desk.db, login);
  const nowMs = desk.clock.nowMs();
  const isFresh = known !== undefined && known.seenOnlineAtMs !== null && Math.abs(nowMs - known.seenOnlineAtMs) <= offlineSignInMs;
  if (known === undefined || known.verifier === '' || !isFresh) return fail('OFFLINE_SIGN_IN_NOT_ALLOWED');
  if (known.record.isDisabled) return fail('OPERATOR_DISABLED');
  if (!(await verify(known.verifier, password))) return noteWrongPassword(desk, login);
  desk.db.transact((tx) => {
    forgetSignInAttempts(tx, login);
    noteSeen(tx, known.record.operatorId, nowMs);
  });
  return openSession(desk, sessions, known.record, role, 'password_offline');
}

/** The operator at the locked screen proves himself again; no other can. */
export async function unlock(desk: Desk, sessions: SessionState, password: string): Promise<Result<SessionView, Failure>> {
  const view = sessions.find();
  if (view === null) return fail('NOT_SIGNED_IN');
  if (!view.isLocked) return succeed(view);
  const lockOut = findLockOut(desk, view.login);
  if (lockOut !== null) return lockOut;
  const known = findOperatorByLogin(desk.db, view.login);
  if (known === undefined || known.verifier === '') return fail('SIGN_IN_REFUSED');
  if (!(await verify(known.verifier, password))) return noteWrongPassword(desk, view.login);
  desk.db.transact((tx) => forgetSignInAttempts(tx, view.login));
  sessions.unlock();
  const opened = sessions.find();
  return opened === null ? fail('NOT_SIGNED_IN') : succeed(opened);
}

function openSession(
  desk: Desk,
  sessions: SessionState,
  record: OperatorRecord,
  wanted: Role | undefined,
  authMethod: 'password_online' | 'password_offline',
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
    }),
  );
}

export function findLockOut(desk: Desk, login: string) {
  const attempts = getSignInAttempts(desk.db, login);
  const nowMs = desk.clock.nowMs();
  if (!isLockedOut(attempts, nowMs)) return null;
  return fail('LOCKED_OUT', { untilMs: attempts.lockedUntilMs, minutes: Math.ceil((attempts.lockedUntilMs - nowMs) / 60_000) });
}

/** Counted and audited in one transaction; the name is kept as a hash, for it may be a mistyped password. */
export function noteWrongPassword(desk: Desk, login: string): Result<never, Failure> {
  const nowMs = desk.clock.nowMs();
  const attempts = countWrongPassword(getSignInAttempts(desk.db, login), nowMs);
  desk.acts.record(null, (tx) => {
    saveSignInAttempts(tx, login, attempts, nowMs);
    const loginSha256 = createHash('sha256').update(login).digest('hex');
    return { value: undefined, audit: { act: 'session.refused', detail: { loginSha256, failed: attempts.failed } } };
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
