import type { SignedPolicy } from '../../shared/registry-api/policy.ts';
import type { Desk } from '../desk.ts';
import { readKeyReturn, readKeyWrap, removeKeyReturn, writeKeyWrap } from '../storage/recovery/key-wrap.ts';
import { databaseKeyIdOf, publicKeyIdOf, sealDatabaseKey } from '../storage/recovery/sealed-key.ts';
import type { SealedKey } from '../../shared/registry-api/key-recovery.ts';

export interface KeyCustodyParts {
  readonly desk: Pick<Desk, 'db' | 'clock' | 'log' | 'acts' | 'identity'>;
  readonly databaseFile: string;
  readonly databaseKeyHex: string;
  /** The registry's policy as far as it is believed. */
  readonly policy: () => SignedPolicy | null;
}

/** Keeps the wrap for the registry's recovery key as that key is. */
export interface KeyCustody {
  start(): void;
  stop(): void;
}

const lookEveryMs = 5_000;

/**
 * The database key is wrapped a second time for the registry, beside the database; made at the first policy that names a recovery key, and anew when
 * that key changes or the file is not what was written. The file comes before its row and audit row: a crash in between is made good at the next
 * look. Source: ADR-0024
 */
export function createKeyCustody(parts: KeyCustodyParts): KeyCustody {
  const { desk, databaseFile, databaseKeyHex } = parts;
  const databaseKeyId = databaseKeyIdOf(databaseKeyHex);
  let cancel = (): void => undefined;
  /** The recovery key that was looked after last: nothing is read while it stays the same. */
  let settledFor = '';

  const look = (): void => {
    const recoveryKey = parts.policy()?.recovery_key;
    if (recoveryKey === undefined || recoveryKey === settledFor || desk.db.isSpaceShort) return;
    try {
      const present = readKeyWrap(databaseFile);
      const isCurrent = present?.recipient_key_id === publicKeyIdOf(recoveryKey) && present.database_key_id === databaseKeyId;
      const wrap = isCurrent && present.desk_id === desk.identity.deskId ? present : wrapAnew(recoveryKey);
      settledFor = recoveryKey;
      if (wrap !== null) note(wrap);
    } catch {
      // A full disk or a damaged database; both are told of elsewhere, and the next look tries again.
      desk.log.warn('storage.key_wrap_failed');
    }
  };
  const wrapAnew = (recoveryKey: string): SealedKey | null => {
    const nowMs = desk.clock.nowMs();
    const wrap = sealDatabaseKey(databaseKeyHex, { publicKey: recoveryKey, deskId: desk.identity.deskId, nowMs });
    if (wrap === null) desk.log.warn('storage.recovery_key_unusable');
    else writeKeyWrap(databaseFile, wrap);
    return wrap;
  };
  const note = (wrap: SealedKey): void => {
    const key = { recoveryKeyId: wrap.recipient_key_id, databaseKeyId: wrap.database_key_id, sealedAtMs: wrap.sealed_at_ms };
    const known = desk.db.get(
      'SELECT 1 FROM key_wrap WHERE recovery_key_id = @recoveryKeyId AND database_key_id = @databaseKeyId AND sealed_at_ms = @sealedAtMs',
      key,
    );
    if (known !== undefined) return;
    desk.acts.record(null, (tx) => {
      tx.run(
        'INSERT INTO key_wrap(recovery_key_id, database_key_id, sealed_at_ms) VALUES (@recoveryKeyId, @databaseKeyId, @sealedAtMs)',
        key,
      );
      return { value: undefined, audit: { act: 'storage.key_wrapped', detail: { recoveryKeyId: key.recoveryKeyId } } };
    });
  };
  const schedule = (): void => {
    cancel = desk.clock.schedule(lookEveryMs, () => {
      look();
      schedule();
    });
  };

  return {
    start() {
      look();
      schedule();
    },
    stop() {
      cancel();
    },
  };
}

/** The journal says who brought the key back, once, whatever crashed in between. */
export function noteReturnedKey(desk: Pick<Desk, 'db' | 'clock' | 'acts'>, databaseFile: string): void {
  const returned = readKeyReturn(databaseFile);
  if (returned === null) return;
  const known = desk.db.get('SELECT 1 FROM key_return WHERE request_id = @requestId', { requestId: returned.requestId });
  if (known === undefined)
    desk.acts.record(null, (tx) => {
      tx.run(
        `INSERT INTO key_return(request_id, check_number, first_login, second_login, recovery_key_id, recorded_at_ms, noted_at_ms)
         VALUES (@requestId, @checkNumber, @firstLogin, @secondLogin, @recoveryKeyId, @recordedAtMs, @notedAtMs)`,
        { ...returned, notedAtMs: desk.clock.nowMs() },
      );
      const { checkNumber, firstLogin, secondLogin, recordedAtMs } = returned;
      return { value: undefined, audit: { act: 'storage.key_returned', detail: { checkNumber, firstLogin, secondLogin, recordedAtMs } } };
    });
  removeKeyReturn(databaseFile);
}
