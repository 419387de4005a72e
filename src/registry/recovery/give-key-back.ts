import { createHash, verify } from 'node:crypto';
import {
  checkNumberOf,
  keyRequestText,
  type KeyRecoveryAnswer,
  type KeyRecoveryCall,
  type KeyRequest,
} from '../../shared/registry-api/key-recovery.ts';
import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import { decideKeyRecovery } from '../../shared/rules/key-recovery.ts';
import { signIn } from '../operators/sign-in.ts';
import { findEnrolment } from '../provision/provision-desk.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { openRecoveryKeys } from './recovery-keys.ts';
import { openSealed, sealFor } from './sealed-key.ts';

/**
 * Gives a desk its database key back, for its fresh device key only, when two people have proved themselves. What was given is on record before it
 * leaves; a request is answered once. Source: ADR-0024; procedures.md §16
 */
export async function giveKeyBack(registry: Registry, desk: Desk, call: KeyRecoveryCall): Promise<KeyRecoveryAnswer> {
  const { request } = call;
  judgeRequest(registry, desk, request);
  await refuseUsed(registry, request);
  const first = await proveAs(registry, desk, call, 'first');
  const second = await proveAs(registry, desk, call, 'second');
  const problem = decideKeyRecovery(first, second);
  if (problem === 'SAME_PERSON') throw new RegistryError(403, 'SAME_PERSON');
  if (problem !== null) throw new RegistryError(403, 'FORBIDDEN', { detail: problem === 'FIRST_NOT_ALLOWED' ? 'first' : 'second' });

  const privateKey = openRecoveryKeys(registry.paths).findPrivateKey(request.sealed.recipient_key_id);
  if (privateKey === undefined) throw new RegistryError(410, 'RECOVERY_KEY_GONE', { detail: request.sealed.recipient_key_id });
  const key = openSealed(request.sealed, privateKey);
  if (key === null) throw new RegistryError(422, 'KEY_WRAP_DAMAGED');
  const atMs = registry.nowMs();
  const sealed = sealFor(request.device_key, key, {
    desk_id: desk.deskId,
    database_key_id: request.sealed.database_key_id,
    request_id: request.request_id,
    sealed_at_ms: atMs,
  });
  key.fill(0);
  if (sealed === null) throw new RegistryError(422, 'KEY_WRAP_DAMAGED', { detail: 'device_key' });
  const checkNumber = checkNumberOf(digestOf(request));
  await registry.store.transact(async ({ db }) => {
    const taken = await db
      .insertInto('key_recovery')
      .values({
        request_id: request.request_id,
        desk_id: desk.deskId,
        office_id: desk.officeId,
        first_login: first.login,
        second_login: second.login,
        recovery_key_id: request.sealed.recipient_key_id,
        database_key_id: request.sealed.database_key_id,
        device_key_id: sealed.recipient_key_id,
        check_number: checkNumber,
        at_ms: atMs,
      })
      .onConflict((conflict) => conflict.column('request_id').doNothing())
      .returning('request_id')
      .execute();
    if (taken.length === 0) throw new RegistryError(409, 'KEY_REQUEST_USED');
  });
  registry.log(`the database key of desk ${desk.deskId} was given back, check number ${checkNumber}`);
  return {
    request_id: request.request_id,
    sealed,
    check_number: checkNumber,
    first_login: first.login,
    second_login: second.login,
    recorded_at_ms: atMs,
  };
}

/** Everything that can be said without a password. */
function judgeRequest(registry: Registry, desk: Desk, request: KeyRequest): void {
  // Asked of the folder each time: a connection may be older than the revocation.
  if (findEnrolment(registry.paths.folder, desk.deskId)?.revokedAtMs !== undefined) throw new RegistryError(403, 'DESK_REVOKED');
  const { sig, ...signed } = request;
  const isOwn = verify(
    'sha256',
    Buffer.from(keyRequestText(signed), 'utf8'),
    { key: desk.publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(sig, 'base64url'),
  );
  if (request.desk_id !== desk.deskId || request.sealed.desk_id !== desk.deskId) throw new RegistryError(409, 'KEY_WRONG_DESK');
  if (!isOwn) throw new RegistryError(403, 'SIGNATURE_INVALID');
  if (request.sealed.purpose !== 'recovery') throw new RegistryError(422, 'KEY_WRAP_DAMAGED', { detail: 'purpose' });
}

async function refuseUsed(registry: Registry, request: KeyRequest): Promise<void> {
  const used = await registry.store.read(({ db }) =>
    db.selectFrom('key_recovery').select('request_id').where('request_id', '=', request.request_id).executeTakeFirst(),
  );
  if (used !== undefined) throw new RegistryError(409, 'KEY_REQUEST_USED');
}

async function proveAs(registry: Registry, desk: Desk, call: KeyRecoveryCall, who: 'first' | 'second'): Promise<OperatorRecord> {
  try {
    return await signIn(registry, desk, { ...call[who], login: call[who].login.trim().toLowerCase(), officeId: call.officeId });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new RegistryError(error.status, error.body.code, { ...error.body, detail: who });
  }
}

function digestOf(request: KeyRequest): Buffer {
  return createHash('sha256').update(keyRequestText(request)).digest();
}
