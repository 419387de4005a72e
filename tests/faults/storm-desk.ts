import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { Client } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import { busyWaitMs, fullJitterMs } from '../../src/core/sync/backoff.ts';
import { canonicalJson, sha256Hex } from '../../src/registry/intake/canonical.ts';
import { trainingOperators, type DeskCredentials } from '../../src/registry/index.ts';
import type { CommandKind, CommandPayload, CommandResult, Envelope } from '../../src/shared/registry-api/envelope.ts';

/** A desk that is nothing but its key, its queue and its connection: two thousand fit into one process. */
export interface StormDesk {
  readonly deskId: string;
  readonly acts: number;
  readonly commandIds: readonly string[];
  /** Sends everything, as a real desk would: one batch on its way, the same bytes again until they are answered. */
  sendAll(road: Road): Promise<void>;
  close(): Promise<void>;
}

export interface Road {
  /** Called when a request leaves. */
  noteRequest(): void;
  noteAnswer(status: number, tookMs: number): void;
}

const actsPerCase = 3;
/** As the real desk: 30 s and what a busy registry may add. */
const timeoutMs = 45_000;
const longestTries = 200;

/** Cases of three acts each: refused without having been sent, then corrected twice. Every act follows its own predecessor. */
export function createStormDesk(
  url: string,
  credentials: DeskCredentials,
  { acts, batch }: { readonly acts: number; readonly batch: number },
): StormDesk {
  const key = createPrivateKey(credentials.privateKeyPem);
  const client = new Client(url, {
    connect: { timeout: timeoutMs, ca: credentials.registryCaPem, cert: credentials.certificatePem, key: credentials.privateKeyPem },
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 120_000,
  });
  const drafts: {
    readonly commandId: string;
    readonly applicationId: string;
    readonly after: string;
    readonly first: string;
    readonly seq: number;
  }[] = [];
  while (drafts.length < acts) {
    const applicationId = uuidv7();
    let after = '';
    let first = '';
    for (let index = 0; index < actsPerCase && drafts.length < acts; index += 1) {
      const commandId = uuidv7();
      if (first === '') first = commandId;
      drafts.push({ commandId, applicationId, after, first, seq: drafts.length + 1 });
      after = commandId;
    }
  }

  const makeEnvelope = ({ commandId, applicationId, after, first, seq }: (typeof drafts)[number]): Envelope =>
    after === ''
      ? signCommand(key, credentials.deskId, 'application.refuse', refusal(applicationId), { commandId, after, seq })
      : signCommand(
          key,
          credentials.deskId,
          'register.correct',
          { applicationId, actCommandId: first, note: `düzəliş ${seq}` },
          { commandId, after, seq },
        );
  // Signed in the hours without a link, as at a real desk: the storm itself only carries them.
  const batches = Array.from({ length: Math.ceil(acts / batch) }, (_, index) => {
    const commands = drafts.slice(index * batch, (index + 1) * batch).map(makeEnvelope);
    return { count: commands.length, body: Buffer.from(JSON.stringify({ commands })) };
  });

  const post = async (body: Buffer, road: Road): Promise<{ status: number; retryAfterS: number; text: string }> => {
    road.noteRequest();
    const sentAtMs = performance.now();
    try {
      const answer = await client.request({
        method: 'POST',
        path: '/v1/sync/commands',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const text = await answer.body.text();
      road.noteAnswer(answer.statusCode, performance.now() - sentAtMs);
      return { status: answer.statusCode, retryAfterS: Number(answer.headers['retry-after'] ?? 0), text };
    } catch {
      road.noteAnswer(0, performance.now() - sentAtMs);
      return { status: 0, retryAfterS: 0, text: '' };
    }
  };

  return {
    deskId: credentials.deskId,
    acts,
    commandIds: drafts.map((draft) => draft.commandId),
    async sendAll(road) {
      for (const { count, body } of batches) {
        for (let tried = 1; ; tried += 1) {
          const { status, retryAfterS, text } = await post(body, road);
          if (status === 200) {
            const { results } = JSON.parse(text) as { results: CommandResult[] };
            const bad = results.find(({ result, receipt }) => result.outcome !== 'applied' || receipt === null);
            if (bad !== undefined || results.length !== count) throw new Error(`${credentials.deskId}: ${JSON.stringify(bad?.result)}`);
            break;
          }
          const mayPass = status === 0 || status === 429 || status >= 500;
          if (!mayPass || tried >= longestTries) throw new Error(`${credentials.deskId}: ${status} ${text.slice(0, 300)}`);
          // As the real desk waits, by its own rule.
          const waitMs =
            status === 429 || status === 503 ? busyWaitMs(tried, Math.random(), retryAfterS * 1000) : fullJitterMs(tried, Math.random());
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        }
      }
    },
    close: () => client.destroy(),
  };
}

function refusal(applicationId: string): CommandPayload<'application.refuse'> {
  return {
    applicationId,
    reasonCode: 'M-04',
    note: '',
    invalidityNote: false,
    returnedDocuments: [{ document: 'identity', note: '' }],
    summary: { category: 'K1', fin: 'QYD0099', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  };
}

const registrar = trainingOperators.find((each) => each.login === 'leyla');

/** A command as a desk makes it in its offline hours. */
export function signCommand<K extends CommandKind>(
  key: KeyObject,
  deskId: string,
  kind: K,
  payload: CommandPayload<K> & { readonly applicationId: string },
  place: { readonly commandId: string; readonly after: string; readonly seq: number },
): Envelope {
  const unsigned: Omit<Envelope, 'sig'> = {
    v: 1,
    command_id: place.commandId,
    desk_id: deskId,
    desk_epoch: 1,
    desk_seq: place.seq,
    aggregate: { type: 'application', key: payload.applicationId },
    after: place.after,
    base_rev: null,
    lease_token: 0,
    kind,
    kind_v: 1,
    payload,
    payload_sha256: sha256Hex(canonicalJson(payload)),
    attachments: [],
    actor: {
      operator_id: registrar?.operatorId ?? '',
      login: 'leyla',
      role: 'registrar',
      auth_method: 'password_offline',
      session_id: 's-1',
    },
    occurred_at_ms: Date.now(),
    boot_id: 'b-1',
    mono_ms: place.seq,
    clock_offset_ms: 0,
    audit_seq: place.seq,
    audit_head: sha256Hex(`${deskId}/${place.seq}`),
    app_version: '0.1.0',
    schema_version: 1,
  };
  const sig = sign('sha256', Buffer.from(canonicalJson(unsigned), 'utf8'), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { ...unsigned, sig };
}
