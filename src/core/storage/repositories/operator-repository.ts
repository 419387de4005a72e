import type { OperatorRecord } from '../../../shared/registry-api/endpoints.ts';
import { operatorCardSchema } from '../../../shared/registry-api/card-session.ts';
import { roles, type Role } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Row, Tx } from '../database.ts';

/** An operator of the office as this desk knows him: what the registry said last, and his own proof for the time without a link. */
export interface KnownOperator {
  readonly record: OperatorRecord;
  readonly rev: number;
  /** argon2id of the password with which he last signed in online here; empty when he never did. */
  readonly verifier: string;
  readonly seenOnlineAtMs: number | null;
  readonly lastSeenAtMs: number | null;
}

/** Counted under a keyed hash of the login that was typed. */
export interface SignInAttempts {
  readonly failed: number;
  readonly lockedUntilMs: number;
}

export function findOperatorByLogin(db: Reader, login: string): KnownOperator | undefined {
  const row = db.get('SELECT * FROM operator WHERE login = @login', { login });
  return row && operatorOf(row);
}

export function findOperatorById(db: Reader, operatorId: string): KnownOperator | undefined {
  const row = db.get('SELECT * FROM operator WHERE operator_id = @operatorId', { operatorId });
  return row && operatorOf(row);
}

/** By login. */
export function listOperators(db: Reader): KnownOperator[] {
  return db.all('SELECT * FROM operator ORDER BY login').map(operatorOf);
}

/** The registry is read anew: the next record counts whatever its revision. */
export function forgetOperatorRev(tx: Tx, operatorId: string): void {
  tx.run('UPDATE operator SET rev = -1 WHERE operator_id = @operatorId', { operatorId });
}

/** Takes over what the registry says; an older revision than the one kept is ignored. `rev` 0 = from a sign-in, which bears none. */
export function saveOperatorRecord(tx: Tx, record: OperatorRecord, rev: number): boolean {
  // A login that was given to somebody else meanwhile must not stop the newer record.
  tx.run("UPDATE operator SET login = 'was:' || operator_id WHERE login = @login AND operator_id <> @operatorId", {
    login: record.login,
    operatorId: record.operatorId,
  });
  const changed = tx.run(
    `INSERT INTO operator (operator_id, login, full_name, office_id, roles, is_disabled, is_locked_out, must_change_password, appointments, card, rev, verifier)
     VALUES (@operatorId, @login, @fullName, @officeId, @roles, @isDisabled, @isLockedOut, @mustChangePassword, @appointments, @card, @rev, '')
     ON CONFLICT (operator_id) DO UPDATE SET login = @login, full_name = @fullName, office_id = @officeId, roles = @roles,
       is_disabled = @isDisabled, is_locked_out = @isLockedOut, must_change_password = @mustChangePassword, appointments = @appointments, card = @card,
       rev = max(rev, @rev)
     WHERE @rev = 0 OR @rev > rev`,
    {
      operatorId: record.operatorId,
      login: record.login,
      fullName: record.fullName,
      officeId: record.officeId,
      roles: JSON.stringify(record.roles),
      isDisabled: record.isDisabled ? 1 : 0,
      isLockedOut: record.isLockedOut ? 1 : 0,
      mustChangePassword: record.mustChangePassword ? 1 : 0,
      appointments: JSON.stringify(record.appointments),
      card: record.card === undefined || record.card === null ? '' : JSON.stringify(record.card),
      rev,
    },
  );
  return changed > 0;
}

/** Keeps the proof for offline sign-in, made from the password that the registry has just accepted. */
export function saveVerifier(tx: Tx, operatorId: string, verifier: string, atMs: number): void {
  tx.run('UPDATE operator SET verifier = @verifier, seen_online_at_ms = @atMs, last_seen_at_ms = @atMs WHERE operator_id = @operatorId', {
    operatorId,
    verifier,
    atMs,
  });
}

/** A disabled operator or a reset password leaves no way in without the link. */
export function dropVerifier(tx: Tx, operatorId: string): void {
  tx.run("UPDATE operator SET verifier = '', seen_online_at_ms = NULL WHERE operator_id = @operatorId", { operatorId });
}

export function noteSeen(tx: Tx, operatorId: string, atMs: number): void {
  tx.run('UPDATE operator SET last_seen_at_ms = @atMs WHERE operator_id = @operatorId', { operatorId, atMs });
}

export function getSignInAttempts(db: Reader, loginMac: string): SignInAttempts {
  const row = db.get('SELECT failed, locked_until_ms FROM sign_in_attempt WHERE login = @login', { login: loginMac });
  return { failed: Number(row?.['failed'] ?? 0), lockedUntilMs: Number(row?.['locked_until_ms'] ?? 0) };
}

export function saveSignInAttempts(tx: Tx, loginMac: string, attempts: SignInAttempts, atMs: number): void {
  tx.run(
    `INSERT INTO sign_in_attempt (login, failed, locked_until_ms, last_at_ms) VALUES (@login, @failed, @lockedUntilMs, @atMs)
     ON CONFLICT (login) DO UPDATE SET failed = @failed, locked_until_ms = @lockedUntilMs, last_at_ms = @atMs`,
    { login: loginMac, failed: attempts.failed, lockedUntilMs: attempts.lockedUntilMs, atMs },
  );
}

export function forgetSignInAttempts(tx: Tx, loginMac: string): void {
  tx.run('DELETE FROM sign_in_attempt WHERE login = @login', { login: loginMac });
}

function operatorOf(row: Row): KnownOperator {
  const known: readonly string[] = roles;
  return {
    record: {
      operatorId: String(row['operator_id']),
      login: String(row['login']),
      fullName: String(row['full_name']),
      officeId: String(row['office_id']),
      // A role that a newer registry knows and this program does not is no right here.
      roles: (JSON.parse(String(row['roles'])) as Role[]).filter((role) => known.includes(role)),
      isDisabled: Number(row['is_disabled']) === 1,
      isLockedOut: Number(row['is_locked_out']) === 1,
      mustChangePassword: Number(row['must_change_password']) === 1,
      appointments: JSON.parse(String(row['appointments'])) as OperatorRecord['appointments'],
      card: row['card'] === '' ? null : operatorCardSchema.parse(JSON.parse(String(row['card']))),
    },
    rev: Number(row['rev']),
    verifier: String(row['verifier']),
    seenOnlineAtMs: row['seen_online_at_ms'] === null ? null : Number(row['seen_online_at_ms']),
    lastSeenAtMs: row['last_seen_at_ms'] === null ? null : Number(row['last_seen_at_ms']),
  };
}
