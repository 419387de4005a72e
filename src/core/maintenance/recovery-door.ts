import type { DeskConfig } from '../../shared/platform/desk-config.ts';
import type { Clock } from '../../shared/platform/ports.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { endpoints, registryErrorSchema, type OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import { permissionsOf } from '../../shared/rules/rights.ts';
import type { PasswordHash } from '../platform/password-hash.ts';
import { openReader } from '../storage/open-reader.ts';
import { listBackups } from '../storage/recovery/backups.ts';
import { findOperatorByLogin, type KnownOperator } from '../storage/repositories/operator-repository.ts';
import type { RegistryTransport } from '../sync/transport.ts';

export interface RecoveryDoorParts {
  readonly config: Pick<DeskConfig, 'office'>;
  readonly databaseFile: string;
  readonly databaseKeyHex: string;
  readonly transport: RegistryTransport;
  readonly passwords: PasswordHash;
  readonly clock: Clock;
}

const answerLimitBytes = 256 * 1024;
const timeoutMs = 15_000;
const maxWrong = 5;
const lockOutMs = 30 * 60_000;
/** As for every other sign-in without the link. Source: sync-and-reliability (b6) */
const offlineMs = 7 * 24 * 60 * 60_000;

/**
 * Who may restore, when the desk's own operators cannot be read: a supervisor or a rights administrator. The registry is asked; without the link
 * the proof in the newest readable copy counts, under the same seven days as every sign-in without the link. Source: ADR-0015
 */
export function createRecoveryDoor(parts: RecoveryDoorParts): (login: string, password: string) => Promise<Result<string, Failure>> {
  let wrong = 0;
  let lockedUntilMs = 0;
  return async (typed, password) => {
    const login = typed.trim().toLowerCase();
    if (parts.clock.monotonicMs() < lockedUntilMs) return fail('LOCKED_OUT');
    const answer = await askRegistry(parts, login, password);
    const proven = answer.ok || answer.failure.code !== 'REGISTRY_UNREACHABLE' ? answer : await askNewestCopy(parts, login, password);
    if (!proven.ok) {
      if (proven.failure.code !== 'SIGN_IN_REFUSED') return proven;
      wrong += 1;
      if (wrong >= maxWrong) {
        wrong = 0;
        lockedUntilMs = parts.clock.monotonicMs() + lockOutMs;
      }
      return proven;
    }
    if (proven.value.isDisabled) return fail('OPERATOR_DISABLED');
    wrong = 0;
    return permissionsOf(proven.value.roles).includes('storage.care') ? succeed(login) : fail('FORBIDDEN');
  };
}

async function askRegistry(
  { transport, config }: RecoveryDoorParts,
  login: string,
  password: string,
): Promise<Result<OperatorRecord, Failure>> {
  const { method, path, answer } = endpoints.signIn;
  const body = JSON.stringify({ login, password, officeId: config.office.id });
  const reply = await transport.send({ method, path, body, timeoutMs, maxAnswerBytes: answerLimitBytes });
  if (reply.kind === 'failed') return fail(reply.reason === 'tls' ? 'REGISTRY_REFUSED_DESK' : 'REGISTRY_UNREACHABLE', {}, true);
  const parsed = parseJson(reply.body);
  if (reply.status === 200) {
    const known = answer.safeParse(parsed);
    return known.success ? succeed(known.data.operator) : fail('REGISTRY_UNREACHABLE', {}, true);
  }
  const refused = registryErrorSchema.safeParse(parsed);
  const code = refused.success ? refused.data.code : '';
  if (code === 'SIGN_IN_REFUSED' || code === 'LOCKED_OUT' || code === 'OPERATOR_DISABLED') return fail(code);
  return fail(reply.status === 403 ? 'REGISTRY_REFUSED_DESK' : 'REGISTRY_UNREACHABLE', {}, true);
}

async function askNewestCopy(parts: RecoveryDoorParts, login: string, password: string): Promise<Result<OperatorRecord, Failure>> {
  const known = await findInNewestCopy(parts, login);
  const isFresh = known !== undefined && known.seenOnlineAtMs !== null && Math.abs(parts.clock.nowMs() - known.seenOnlineAtMs) <= offlineMs;
  if (known === undefined || known.verifier === '' || !isFresh) return fail('OFFLINE_SIGN_IN_NOT_ALLOWED');
  return (await parts.passwords.matches(known.verifier, password)) ? succeed(known.record) : fail('SIGN_IN_REFUSED');
}

async function findInNewestCopy({ databaseFile, databaseKeyHex }: RecoveryDoorParts, login: string): Promise<KnownOperator | undefined> {
  for (const { file } of listBackups(databaseFile)) {
    const reader = await openReader(file, databaseKeyHex);
    if (!reader.ok) continue;
    try {
      return findOperatorByLogin(reader.value, login);
    } catch {
      // A damaged page in this copy: the one before it may say it.
    } finally {
      reader.value.close();
    }
  }
  return undefined;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
