import path from 'node:path';
import { implement, ORPCError } from '@orpc/server';
import { recoveryContract, recoveryFailureCodes, type KeyReturned, type RecoveryCounts } from '../shared/contract/recovery.ts';
import type { CoreStart } from '../shared/platform/host-messages.ts';
import type { Failure } from '../shared/platform/result.ts';
import { createSigner } from './act/envelope.ts';
import { joinMaintenance } from './maintenance/index.ts';
import { createKeyRecovery } from './maintenance/key-recovery.ts';
import { createRecoveryDoor } from './maintenance/recovery-door.ts';
import type { PortLike } from '../channel/message-port-channel.ts';
import { systemClock } from './platform/clock.ts';
import { createLog } from './platform/logger.ts';
import { systemRandomness } from './platform/randomness.ts';
import { createPasswordHash } from './platform/password-hash.ts';
import { readRegistryAccess } from './registry-access.ts';
import type { RecoveryRouter } from './rpc/index.ts';
import { listBackups } from './storage/recovery/backups.ts';
import { createHttpsTransport } from './sync/https-transport.ts';

/** A core without its database: it can say what is left and restore it, and nothing else. */
export interface StartedRecovery {
  readonly router: RecoveryRouter;
  joinMaintenance(port: PortLike): void;
  stop(): Promise<void>;
}

/** Failures of a start that a person at the desk can end himself. */
export function isRecoverable(code: string): boolean {
  return code === 'DATABASE_DAMAGED' || code === 'SECRET_MISSING';
}

/** Long enough for the answer to leave a busy machine. */
const resumeAfterMs = 500;

export interface RecoveryShell {
  /** Called when a person has read what it came to: the core ends and the shell starts it anew. */
  resume(): void;
  /** Keeps the database key as the device keeps secrets; true when it is durable. */
  keepKey(databaseKeyHex: string): Promise<boolean>;
}

export function startRecovery(start: CoreStart, code: string, shell: RecoveryShell): StartedRecovery {
  const { config, secrets } = start;
  const log = createLog();
  const databaseFile = path.join(config.dataFolder, 'desk.db');
  const transport = createHttpsTransport(readRegistryAccess(config, secrets));
  const joined = joinMaintenance(
    start.maintenanceSocketPath,
    { file: databaseFile, keyHex: secrets.databaseKey, deskId: config.desk.id },
    systemClock,
  );
  const prove = createRecoveryDoor({
    config,
    databaseFile,
    databaseKeyHex: secrets.databaseKey,
    transport,
    passwords: createPasswordHash(),
    clock: systemClock,
  });
  const keys =
    code === 'SECRET_MISSING'
      ? createKeyRecovery({
          config,
          databaseFile,
          transport,
          signer: createSigner(secrets.signingKeyPem),
          clock: systemClock,
          random: systemRandomness,
          keep: (databaseKeyHex) => shell.keepKey(databaseKeyHex),
        })
      : null;
  const askedOf = () => {
    if (keys === null) return null;
    const { checkNumber, wrap } = keys.question();
    return {
      checkNumber,
      wrap:
        wrap === null ? null : { sealedAtMs: wrap.sealed_at_ms, recoveryKeyId: wrap.recipient_key_id, databaseKeyId: wrap.database_key_id },
    };
  };
  let keyReturned: KeyReturned | null = null;
  let counts: RecoveryCounts | null = null;
  let isWorking = false;
  log.warn('recovery.started', { code });

  const refuse = (failure: Failure): never => {
    const known = recoveryFailureCodes.find((each) => each === failure.code) ?? 'RECOVERY_FAILED';
    log.warn('recovery.refused', { code: failure.code });
    throw new ORPCError(known, { message: known, data: { params: {}, retryable: failure.retryable ?? false } });
  };
  const bare = implement(recoveryContract);
  const router = {
    recovery: {
      state: bare.recovery.state.handler(() => ({
        code,
        officeName: config.office.name,
        deskId: config.desk.id,
        backups: listBackups(databaseFile).map(({ atMs, sizeBytes }) => ({ atMs, sizeBytes })),
        isWorking,
        counts,
        keyQuestion: askedOf(),
        keyReturned,
      })),
      restore: bare.recovery.restore.handler(async ({ input }) => {
        if (counts !== null) return counts;
        // Without its key nothing of a database can be read.
        if (keys !== null) return refuse({ code: 'KEY_WRAP_MISSING' });
        if (isWorking) return refuse({ code: 'DATABASE_IN_USE', retryable: true });
        isWorking = true;
        try {
          const proven = await prove(input.login, input.password);
          if (!proven.ok) return refuse(proven.failure);
          const restored = await joined.maintenance.restore({ nowMs: systemClock.nowMs(), byLogin: proven.value });
          if (!restored.ok) return refuse(restored.failure);
          counts = restored.value;
          log.info('recovery.done', { actsRecovered: counts.actsRecovered, actsLost: counts.actsLost });
          return counts;
        } finally {
          isWorking = false;
        }
      }),
      returnKey: bare.recovery.returnKey.handler(async ({ input }) => {
        if (keyReturned !== null) return keyReturned;
        if (keys === null) return refuse({ code: 'RECOVERY_FAILED' });
        if (isWorking) return refuse({ code: 'DATABASE_IN_USE', retryable: true });
        isWorking = true;
        try {
          const brought = await keys.bringBack(input.first, input.second);
          if (!brought.ok) return refuse(brought.failure);
          keyReturned = brought.value;
          log.info('recovery.key_returned', { checkNumber: keyReturned.checkNumber });
          return keyReturned;
        } finally {
          isWorking = false;
        }
      }),
      resume: bare.recovery.resume.handler(() => {
        if (counts === null && keyReturned === null) return { done: false };
        // After the answer has left.
        setTimeout(() => shell.resume(), resumeAfterMs);
        return { done: true };
      }),
    },
  };
  return {
    router,
    joinMaintenance: (port) => joined.join(port),
    stop: async () => {
      joined.maintenance.close();
      await transport.close();
    },
  };
}
