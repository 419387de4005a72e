import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { existsSync } from 'node:fs';
import type { CommandDraft } from '../../src/core/act/act.ts';
import { classifyReply, isSuccess } from '../../src/core/sync/classify.ts';
import { createHttpsTransport } from '../../src/core/sync/https-transport.ts';
import type { AttachmentSource, PendingAttachment } from '../../src/core/sync/ports.ts';
import type { RegistryRequest, RegistryTransport } from '../../src/core/sync/transport.ts';
import { trainingPassword, type DeskCredentials } from '../../src/registry/index.ts';
import type { Clock } from '../../src/shared/platform/ports.ts';
import { attachmentPieceMaxBytes, endpoints } from '../../src/shared/registry-api/endpoints.ts';
import { readStoredAttachment } from '../support/stored-attachments.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { hurryTransport } from '../support/hurried.ts';
import { openRealDesk, type RealDesk } from '../support/real-desk.ts';

export const speed = 20;
const connectTimeoutMs = 2000;

/** Every kind of request that a desk makes, and how it is told on the wire. `every` sends all of them through the fault. */
const routes: Readonly<Record<string, (request: Pick<RegistryRequest, 'method' | 'path'>) => boolean>> = {
  registry: ({ path: at }) => at === endpoints.registry.path,
  sign_in: ({ path: at }) => at === endpoints.signIn.path,
  look_up_person: ({ path: at }) => at === endpoints.lookUpPerson.path,
  look_up_organisation: ({ path: at }) => at === endpoints.lookUpOrganisation.path,
  look_up_sim: ({ path: at }) => at === endpoints.lookUpSim.path,
  commands: ({ path: at }) => at === endpoints.pushCommands.path,
  intent: ({ path: at }) => at === endpoints.submitIntent.path,
  changes: ({ path: at }) => at.startsWith(endpoints.changes.path),
  lease: ({ path: at }) => at === endpoints.lease.path,
  day_counts: ({ path: at }) => at.startsWith(endpoints.dayCounts.path),
  desk_commands: ({ path: at }) => /^\/v1\/desks\/[^/]+\/commands/u.test(at),
  desk_epoch: ({ path: at, method }) => at === endpoints.deskEpoch.path && method === 'GET',
  raise_desk_epoch: ({ path: at, method }) => at === endpoints.raiseDeskEpoch.path && method === 'POST',
  attachment_offset: ({ path: at, method }) => at.startsWith('/v1/attachments/') && method === 'HEAD',
  attachment_piece: ({ path: at, method }) => at.startsWith('/v1/attachments/') && method === 'PATCH',
  every: () => true,
};
export const requestKinds: readonly string[] = Object.keys(routes);

/** A desk whose requests of one kind go through the fault proxy, the others straight to the registry. */
export interface FaultyDesk {
  readonly desk: () => RealDesk;
  readonly proxy: FaultProxy;
  readonly direct: RegistryTransport;
  readonly credentials: DeskCredentials;
  /** Ids of every act that this desk was told is saved. */
  readonly acted: string[];
  refuse(): string;
  addFile(sizeBytes: number): string;
  filesLeft(): number;
  /** Requests that took longer than their deadline and then some. */
  readonly lateMs: number[];
  /** Closes the core and opens it as a desk that was restored from a copy: another life. */
  beginLife(): Promise<void>;
  remove(): Promise<void>;
}

export async function openFaultyDesk(
  registry: { readonly url: string; readonly port: number },
  credentials: DeskCredentials,
  clock: Clock,
  kind: string,
): Promise<FaultyDesk> {
  const proxy = await startFaultProxy(registry.port);
  const isMeant = routes[kind] ?? (() => false);
  const lateMs: number[] = [];
  const access = { caPem: credentials.registryCaPem, certificatePem: credentials.certificatePem, keyPem: credentials.privateKeyPem };
  const direct = createHttpsTransport({ url: registry.url, ...access });
  const connect = (): RegistryTransport => {
    const plain = createHttpsTransport({ url: registry.url, ...access, connectTimeoutMs });
    const faulty = createHttpsTransport({ url: proxy.url, ...access, connectTimeoutMs });
    return hurryTransport(
      {
        async send(request) {
          const fromMs = performance.now();
          const reply = await (isMeant(request) ? faulty : plain).send(request);
          const tookMs = performance.now() - fromMs;
          if (tookMs > request.timeoutMs + 5000) lateMs.push(tookMs);
          return reply;
        },
        probe: () => (kind === 'every' ? faulty : plain).probe(),
        close: async () => {
          await Promise.all([plain.close(), faulty.close()]);
        },
      },
      speed,
    );
  };
  const files = new Map<string, { readonly bytes: Buffer; sentBytes: number }>();
  const attachments: AttachmentSource = {
    listPending: () =>
      [...files]
        .filter(([, { bytes, sentBytes }]) => sentBytes < bytes.length)
        .map(([sha256, { bytes, sentBytes }]): PendingAttachment => ({
          sha256,
          sizeBytes: bytes.length,
          mediaType: 'application/pdf',
          sentBytes,
        })),
    readPiece: (sha256, offset, length) => files.get(sha256)?.bytes.subarray(offset, offset + length) ?? Buffer.alloc(0),
    markProgress: (sha256, sentBytes) => {
      const file = files.get(sha256);
      if (file !== undefined) file.sentBytes = sentBytes;
    },
  };
  const keyHex = 'a5'.repeat(32);
  const open = (folder?: string): Promise<RealDesk> =>
    openRealDesk(registry, credentials, { keyHex, clock, attachments, transport: connect(), ...(folder === undefined ? {} : { folder }) });
  let desk = await open();
  const acted: string[] = [];
  return {
    desk: () => desk,
    proxy,
    direct,
    credentials,
    acted,
    lateMs,
    refuse: () => {
      const id = desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });
      acted.push(id);
      return id;
    },
    addFile: (sizeBytes) => {
      const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(sizeBytes)]);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      files.set(sha256, { bytes, sentBytes: 0 });
      return sha256;
    },
    filesLeft: () => attachments.listPending().length,
    async beginLife() {
      const { folder } = desk;
      desk.db.transact((tx) => {
        const epoch = Number(tx.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch']) + 1;
        tx.run('UPDATE sync_state SET desk_epoch = @epoch WHERE id = 1', { epoch });
        tx.run(
          `INSERT INTO restoration(at_ms, cause, backup_at_ms, desk_epoch, by_login, raise_id, counts)
           VALUES (@atMs, 'asked', @atMs, @epoch, 'nigar', @raiseId, '{}')`,
          { atMs: clock.nowMs(), epoch, raiseId: desk.desk.random.uuid() },
        );
      });
      await desk.close();
      desk = await open(folder);
    },
    async remove() {
      proxy.setFault({ kind: 'none' });
      await desk.remove();
      await direct.close();
      await proxy.close();
    },
  };
}

export function refusalDraft(applicationId: string): CommandDraft {
  return {
    kind: 'application.refuse',
    payload: {
      applicationId,
      reasonCode: 'M-05',
      note: '',
      invalidityNote: false,
      returnedDocuments: [],
      summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
      lookUps: [],
    },
    aggregate: { type: 'application', key: applicationId },
    baseRev: null,
    leaseToken: 0,
  };
}

export interface KindUnderTest {
  /** Longest that the one who asked may wait, in the program's own time. */
  readonly deadlineMs: number;
  /** Makes what the kind needs while nothing is wrong. */
  readonly prepare?: (desk: FaultyDesk) => Promise<void> | void;
  /** Makes the request; answers the code that a person would read, or OK. */
  readonly ask: (desk: FaultyDesk) => Promise<string>;
  /** After the fault: what has to be true, beside the queue. Answers what is not. */
  readonly judge?: (desk: FaultyDesk, registryFolder: string) => Promise<string | null> | string | null;
}

const quick = 15_000;
type Asked = { readonly ok: boolean; readonly failure?: { readonly code: string } };
const codeOf = (answer: Asked): string => (answer.ok ? 'OK' : (answer.failure?.code ?? ''));
const person = { fin: 'QYD0001', documentKind: 'citizen_card', documentNumber: 'AA0000012', birthOn: '1990-01-15' };
/** A connection that the gateway has cut may be met once more before its end is heard: a person asks again. */
const mustBeOk = async (what: string, ask: () => Promise<Asked>): Promise<string | null> => {
  let code = '';
  for (let tries = 0; tries < 4; tries += 1) {
    code = codeOf(await ask());
    if (code === 'OK') return null;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return `${what} still answers ${code}`;
};
const uuid = ({ desk }: FaultyDesk): string => desk().desk.random.uuid();
const port = ({ desk }: FaultyDesk) => desk().desk.registry;
const leased = new WeakMap<FaultyDesk, string>();
const today = (): string => new Date(Date.now() + 4 * 3_600_000).toISOString().slice(0, 10);
const lastFile = new WeakMap<FaultyDesk, string>();

const askFile = async (faulty: FaultyDesk): Promise<string> => {
  lastFile.set(faulty, faulty.addFile(attachmentPieceMaxBytes + 5000));
  faulty.desk().worker.wake(true);
  return Promise.resolve('OK');
};
const judgeFile = async (faulty: FaultyDesk, registryFolder: string): Promise<string | null> => {
  const sha256 = lastFile.get(faulty) ?? '';
  if (!existsSync(path.join(registryFolder, 'attachments', sha256))) return 'the file is not at the registry';
  return createHash('sha256')
    .update(await readStoredAttachment(registryFolder, sha256))
    .digest('hex') === sha256
    ? null
    : 'the file at the registry is another';
};

export const kindsUnderTest: Readonly<Record<string, KindUnderTest>> = {
  registry: {
    deadlineMs: quick,
    ask: async ({ desk }) => {
      const { exchange } = desk().worker;
      exchange.forgetInfo();
      const known = await exchange.getInfo();
      return 'info' in known ? 'OK' : known.code;
    },
  },
  sign_in: {
    deadlineMs: quick,
    ask: async (faulty) => codeOf(await port(faulty).signIn('leyla', trainingPassword('leyla'))),
    judge: (faulty) => mustBeOk('sign-in', () => port(faulty).signIn('leyla', trainingPassword('leyla'))),
  },
  look_up_person: {
    deadlineMs: quick,
    ask: async (faulty) => codeOf(await port(faulty).lookUpPerson({ queryId: uuid(faulty), ...person })),
    judge: (faulty) => mustBeOk('the look-up', () => port(faulty).lookUpPerson({ queryId: uuid(faulty), ...person })),
  },
  look_up_organisation: {
    deadlineMs: quick,
    ask: async (faulty) => codeOf(await port(faulty).lookUpOrganisation({ queryId: uuid(faulty), voen: '0000012341' })),
    judge: (faulty) => mustBeOk('the look-up', () => port(faulty).lookUpOrganisation({ queryId: uuid(faulty), voen: '0000012341' })),
  },
  look_up_sim: {
    deadlineMs: quick,
    ask: async (faulty) => codeOf(await port(faulty).lookUpSim({ queryId: uuid(faulty), phone: '+994500000001', iccid: '' })),
    judge: (faulty) => mustBeOk('the look-up', () => port(faulty).lookUpSim({ queryId: uuid(faulty), phone: '+994500000001', iccid: '' })),
  },
  commands: {
    deadlineMs: quick,
    ask: (faulty) => {
      for (let index = 0; index < 3; index += 1) faulty.refuse();
      return Promise.resolve('OK');
    },
  },
  intent: {
    deadlineMs: 45_000,
    ask: async (faulty) => {
      const id = faulty.desk().act({ intent: refusalDraft(uuid(faulty)) });
      faulty.acted.push(id);
      return codeOf(await faulty.desk().worker.settleIntent(id));
    },
  },
  changes: {
    deadlineMs: quick,
    ask: (faulty) => {
      faulty.refuse();
      return Promise.resolve('OK');
    },
  },
  lease: {
    deadlineMs: quick,
    prepare: (faulty) => {
      if (leased.has(faulty)) return;
      const applicationId = uuid(faulty);
      faulty.acted.push(faulty.desk().act({ outbox: [refusalDraft(applicationId)] }));
      leased.set(faulty, applicationId);
    },
    ask: async (faulty) => codeOf(await port(faulty).lease(leased.get(faulty) ?? '', 'leyla', false)),
    judge: async (faulty) =>
      mustBeOk('the lease', async () => {
        const held = await port(faulty).lease(leased.get(faulty) ?? '', 'leyla', false);
        return held.ok && held.value.deskId !== faulty.credentials.deskId ? { ok: false, failure: { code: 'not ours' } } : held;
      }),
  },
  day_counts: {
    deadlineMs: quick,
    ask: async (faulty) => codeOf(await port(faulty).dayCounts(today())),
    judge: (faulty) => mustBeOk('the day', () => port(faulty).dayCounts(today())),
  },
  desk_commands: {
    deadlineMs: quick,
    ask: async (faulty) => {
      const found = await faulty.desk().worker.prove();
      return found === null || 'reopened' in found ? 'OK' : found.code;
    },
    judge: (faulty) =>
      mustBeOk('the proof of places', async () => {
        const found = await faulty.desk().worker.prove();
        if (found === null) return { ok: true };
        if (!('reopened' in found)) return { ok: false, failure: found };
        return { ok: found.reopened === 0, failure: { code: 'sent again' } };
      }),
  },
  desk_epoch: {
    deadlineMs: quick,
    ask: async ({ desk }) => {
      const reply = await desk().worker.exchange.send({
        method: 'GET',
        path: endpoints.deskEpoch.path,
        timeoutMs: quick,
        maxAnswerBytes: 65_536,
      });
      return isSuccess(reply) ? 'OK' : classifyReply(reply, 0).code;
    },
  },
  raise_desk_epoch: {
    deadlineMs: quick,
    ask: async (faulty) => {
      await faulty.beginLife();
      faulty.refuse();
      return 'OK';
    },
  },
  attachment_offset: { deadlineMs: quick, ask: askFile, judge: judgeFile },
  attachment_piece: { deadlineMs: quick, ask: askFile, judge: judgeFile },
  every: {
    deadlineMs: 45_000,
    ask: async (faulty) => {
      faulty.refuse();
      lastFile.set(faulty, faulty.addFile(3000));
      const id = faulty.desk().act({ intent: refusalDraft(uuid(faulty)) });
      faulty.acted.push(id);
      const [, ...codes] = await Promise.all([
        faulty.desk().worker.settleIntent(id),
        port(faulty).signIn('leyla', trainingPassword('leyla')),
        port(faulty).lookUpPerson({ queryId: uuid(faulty), ...person }),
        port(faulty).dayCounts(today()),
      ]);
      return codes.map(codeOf).find((code) => code !== 'OK') ?? 'OK';
    },
    judge: judgeFile,
  },
};
