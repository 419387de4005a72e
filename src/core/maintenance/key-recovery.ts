import type { KeyReturned } from '../../shared/contract/recovery.ts';
import type { DeskConfig } from '../../shared/platform/desk-config.ts';
import type { Clock, Randomness } from '../../shared/platform/ports.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { endpoints, registryErrorSchema } from '../../shared/registry-api/endpoints.ts';
import {
  checkNumberOf,
  keyRequestText,
  type KeyRecoveryAnswer,
  type KeyRequest,
  type SealedKey,
} from '../../shared/registry-api/key-recovery.ts';
import type { CommandSigner } from '../act/envelope.ts';
import { sha256 } from '../platform/canonical.ts';
import { listBackups } from '../storage/recovery/backups.ts';
import { listKeyWraps, writeKeyReturn } from '../storage/recovery/key-wrap.ts';
import { makeDeviceKeyPair, openSealedKey, publicKeyIdOf, type DeviceKeyPair } from '../storage/recovery/sealed-key.ts';
import { openReader } from '../storage/open-reader.ts';
import type { RegistryReply, RegistryTransport } from '../sync/transport.ts';

export interface Credentials {
  readonly login: string;
  readonly password: string;
}

export interface KeyRecovery {
  /** What two people compare before they prove themselves; null wrap: nothing can be asked. */
  question(): { readonly checkNumber: string; readonly wrap: SealedKey | null };
  bringBack(first: Credentials, second: Credentials): Promise<Result<KeyReturned, Failure>>;
}

export interface KeyRecoveryParts {
  readonly config: Pick<DeskConfig, 'office' | 'desk'>;
  readonly databaseFile: string;
  readonly transport: RegistryTransport;
  readonly signer: CommandSigner;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Randomness, 'uuid'>;
  /** Hands the key to whoever keeps the secrets of this device; true when it is durable there. */
  readonly keep: (databaseKeyHex: string) => Promise<boolean>;
}

interface Question {
  readonly pair: DeviceKeyPair;
  readonly request: KeyRequest;
  readonly checkNumber: string;
}

const timeoutMs = 20_000;
const answerLimitBytes = 64 * 1024;

/**
 * Brings the key of the database back to a device that has lost it. The steps, any of which may be the last before a crash: a key pair of this question's
 * own; the registry's record and answer; the note for the journal beside the database; the device's store. Before the last one the desk is as it was
 * and asks anew, after it the desk starts. Each question is asked once: after every answer that gave nothing there is another. Source: ADR-0024
 */
export function createKeyRecovery(parts: KeyRecoveryParts): KeyRecovery {
  const { config, databaseFile, clock } = parts;
  /** Wraps that the registry could not open: the next question takes another one, where there is one. */
  const refused = new Set<string>();
  let question: Question | null = null;

  const listWraps = (): SealedKey[] =>
    listKeyWraps(
      databaseFile,
      listBackups(databaseFile).map(({ file }) => file),
    );
  const chooseWrap = (): SealedKey | null => {
    const wraps = listWraps();
    return wraps.find((wrap) => !refused.has(wrap.ciphertext)) ?? wraps[0] ?? null;
  };
  const present = (): Question | null => {
    const sealed = chooseWrap();
    if (sealed === null) return null;
    if (question?.request.sealed.ciphertext === sealed.ciphertext) return question;
    const pair = makeDeviceKeyPair();
    const unsigned = {
      request_id: parts.random.uuid(),
      desk_id: config.desk.id,
      requested_at_ms: clock.nowMs(),
      sealed,
      device_key: pair.publicKey,
    };
    const text = keyRequestText(unsigned);
    question = { pair, request: { ...unsigned, sig: parts.signer.sign(text) }, checkNumber: checkNumberOf(sha256(text)) };
    return question;
  };

  const accept = async (asked: Question, answer: KeyRecoveryAnswer): Promise<Result<KeyReturned, Failure>> => {
    const { sealed } = answer;
    const isOurs =
      answer.request_id === asked.request.request_id &&
      answer.check_number === asked.checkNumber &&
      sealed.purpose === 'device' &&
      sealed.request_id === asked.request.request_id &&
      sealed.desk_id === config.desk.id &&
      sealed.recipient_key_id === publicKeyIdOf(asked.pair.publicKey) &&
      sealed.database_key_id === asked.request.sealed.database_key_id;
    const keyHex = isOurs ? openSealedKey(sealed, asked.pair.privateKey) : null;
    if (keyHex === null || !(await opensDatabase(databaseFile, keyHex))) return fail('KEY_ANSWER_INVALID');
    const returned = {
      checkNumber: asked.checkNumber,
      firstLogin: answer.first_login,
      secondLogin: answer.second_login,
      recordedAtMs: answer.recorded_at_ms,
    };
    writeKeyReturn(databaseFile, {
      ...returned,
      requestId: asked.request.request_id,
      recoveryKeyId: asked.request.sealed.recipient_key_id,
    });
    return (await parts.keep(keyHex)) ? succeed(returned) : fail('KEY_NOT_KEPT', {}, true);
  };

  return {
    question: () => {
      const asked = present();
      return { checkNumber: asked?.checkNumber ?? '', wrap: asked?.request.sealed ?? null };
    },
    bringBack: async (first, second) => {
      const asked = present();
      if (asked === null) return fail('KEY_WRAP_MISSING');
      const { method, path, answer } = endpoints.giveKeyBack;
      const body = JSON.stringify({ request: asked.request, officeId: config.office.id, first, second });
      const reply = await parts.transport.send({ method, path, body, timeoutMs, maxAnswerBytes: answerLimitBytes });
      if (reply.kind === 'answer' && reply.status === 200) {
        question = null;
        const given = answer.safeParse(readJson(reply.body));
        return given.success ? accept(asked, given.data) : fail('KEY_ANSWER_INVALID', {}, true);
      }
      const failure = failureOf(reply);
      // A lost answer may have been given, and a used question is never answered again.
      if (failure.code === 'REGISTRY_UNREACHABLE' || failure.code === 'KEY_REQUEST_USED') question = null;
      if (failure.code === 'KEY_WRAP_DAMAGED' || failure.code === 'RECOVERY_KEY_GONE' || failure.code === 'KEY_WRONG_DESK')
        refused.add(asked.request.sealed.ciphertext);
      return { ok: false, failure };
    },
  };
}

/** True also where the file is damaged or gone: that is another matter, and the key is right by its id. */
async function opensDatabase(databaseFile: string, keyHex: string): Promise<boolean> {
  const reader = await openReader(databaseFile, keyHex);
  if (!reader.ok) return reader.failure.code !== 'DATABASE_KEY';
  reader.value.close();
  return true;
}

function failureOf(reply: RegistryReply): Failure {
  if (reply.kind === 'failed') return { code: reply.reason === 'tls' ? 'REGISTRY_REFUSED_DESK' : 'REGISTRY_UNREACHABLE', retryable: true };
  const parsed = registryErrorSchema.safeParse(readJson(reply.body));
  if (!parsed.success) return { code: 'REGISTRY_UNREACHABLE', retryable: true };
  const { code, detail } = parsed.data;
  const isFirst = detail === 'first';
  if (code === 'SIGN_IN_REFUSED') return { code: isFirst ? 'FIRST_REFUSED' : 'SECOND_REFUSED' };
  if (code === 'FORBIDDEN') return { code: isFirst ? 'FIRST_NOT_ALLOWED' : 'SECOND_NOT_ALLOWED' };
  if (plainCodes.includes(code)) return { code };
  return { code: reply.status === 403 ? 'REGISTRY_REFUSED_DESK' : 'REGISTRY_UNREACHABLE', retryable: true };
}

/** Said as the registry says them. */
const plainCodes: readonly string[] = [
  'LOCKED_OUT',
  'OPERATOR_DISABLED',
  'SAME_PERSON',
  'DESK_REVOKED',
  'KEY_WRONG_DESK',
  'KEY_WRAP_DAMAGED',
  'RECOVERY_KEY_GONE',
  'KEY_REQUEST_USED',
];

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
