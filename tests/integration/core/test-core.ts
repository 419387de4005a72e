import { noCardHost, type CardHost } from '../../../src/core/cards/ports.ts';
import { createAsureTable } from '../../../src/core/storage/asure-table.ts';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createPaperWorker } from '../../../src/core/documents/paper-worker.ts';
import { servePaper } from '../../../src/core/documents/paper-host.ts';
import { createSystemSpooler } from '../../../src/core/documents/index.ts';
import { createFeatures } from '../../../src/core/features/index.ts';
import { createPaperFeature } from '../../../src/core/features/paper/index.ts';
import { createScanFeature } from '../../../src/core/features/scan/index.ts';
import { createSyncFeature } from '../../../src/core/features/sync/index.ts';
import { openDesk } from '../../../src/core/open-desk.ts';
import { nodePortChannel } from '../../../src/channel/message-port-channel.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import type { LogTail } from '../../../src/core/platform/log-tail.ts';
import { createLog } from '../../../src/core/platform/logger.ts';
import { systemRandomness } from '../../../src/core/platform/randomness.ts';
import { createEventBus, createRouter, serveMessagePort, type DeskRouter } from '../../../src/core/rpc/index.ts';
import { createHttpsTransport } from '../../../src/core/sync/https-transport.ts';
import type { Desk } from '../../../src/core/desk.ts';
import type { DeskClient } from '../../../src/shared/contract/index.ts';
import {
  startRegistry,
  trainingOperators,
  trainingPassword,
  type DeskCredentials,
  type RunningRegistry,
} from '../../../src/registry/index.ts';
import type { Clock } from '../../../src/shared/platform/ports.ts';
import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { silentLog } from '../../support/test-desk.ts';
import { handOverOf } from '../../support/hand-over.ts';
import { storagePartsOf } from '../../support/storage-parts.ts';

const officeId = 'BAK1';
const assetsFolder = path.resolve(import.meta.dirname, '../../../assets');

/** A registry of its own with the training people, light passwords and the fault switches. */
export async function startTestRegistry(): Promise<{ registry: RunningRegistry; folder: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-registry-'));
  const registry = await startRegistry({
    folder,
    seedTraining: { officeId },
    passwordCost: { memoryKib: 1024, passes: 1 },
    allowFaults: true,
  });
  return {
    registry,
    folder,
    async stop() {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface TestCoreOptions {
  readonly asureFolder?: string;
  readonly deskId?: string;
  readonly clock?: Clock;
  readonly idleLockMs?: number;
  readonly isProduction?: boolean;
  /** Keeps folder, key and certificate: a restart of the program. */
  readonly after?: TestCore;
  /** Does not wait for the link. */
  readonly isOffline?: boolean;
  /** Readers and cards; none where nothing is said. */
  readonly cards?: CardHost;
  /** Takes the log; its lines stand in the help package. */
  readonly logTail?: LogTail;
}

export interface TestCore {
  readonly desk: Desk;
  readonly router: DeskRouter;
  readonly client: DeskClient;
  readonly folder: string;
  readonly keyHex: string;
  readonly credentials: DeskCredentials;
  signIn(login: string, role?: Role): ReturnType<DeskClient['session']['signIn']>;
  /** Ends the program and keeps its folder. */
  stop(): Promise<void>;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** A whole core on a real encrypted database, a real paper process boundary and a real registry, driven through its contract. */
export async function startTestCore(registry: RunningRegistry, options: TestCoreOptions = {}): Promise<TestCore> {
  const deskId = options.deskId ?? 'desk-01';
  const folder = options.after?.folder ?? mkdtempSync(path.join(tmpdir(), 'qeyd-core-'));
  const keyHex = options.after?.keyHex ?? randomBytes(32).toString('hex');
  const credentials = options.after?.credentials ?? (await registry.provisionDesk({ deskId, officeId }));
  const clock = options.clock ?? systemClock;
  const bus = createEventBus((error) => {
    throw error;
  });
  const opened = await openDesk({
    identity: {
      mode: options.isProduction === true ? 'production' : 'training',
      officeId,
      officeCode: 'BAK1',
      officeName: 'Bakı 1 saylı mərkəz',
      deskId: credentials.deskId,
      deskCode: credentials.deskId.slice(-2),
      appVersion: '0.1.0',
    },
    databaseFile: path.join(folder, 'desk.db'),
    databaseKeyHex: keyHex,
    signingKeyPem: credentials.privateKeyPem,
    transport: createHttpsTransport({
      url: registry.url,
      caPem: credentials.registryCaPem,
      certificatePem: credentials.certificatePem,
      keyPem: credentials.privateKeyPem,
    }),
    bus,
    clock,
    random: systemRandomness,
    log:
      options.logTail !== undefined
        ? createLog(options.logTail.destination)
        : process.env['QEYD_TEST_LOG'] === undefined
          ? silentLog
          : { ...silentLog, error: console.error, warn: console.warn },
  });
  if (!opened.ok) throw new Error(`The desk did not open: ${opened.failure.code}`);
  const { desk, worker } = opened.value;
  const paperPorts = new MessageChannel();
  const paperWorker = createPaperWorker(() => Promise.resolve(nodePortChannel(paperPorts.port1)), clock);
  servePaper(nodePortChannel(paperPorts.port2), assetsFolder, () => undefined);
  const scan = createScanFeature(desk, { worker: paperWorker });
  const printFolder = path.join(folder, 'print');
  const features = createFeatures(desk, {
    cards: options.cards ?? noCardHost(),
    production: {
      worker: paperWorker,
      spooler: createSystemSpooler({ printFolder, cupsServer: '' }),
      asure: options.asureFolder === undefined ? null : { table: createAsureTable(options.asureFolder), startProgram: null },
      algorithm: () => 'p-256',
    },
    config: {
      idleLockMs: options.idleLockMs ?? 300_000,
      training: {
        operators: trainingOperators.map(({ login, fullName, roles }) => ({
          login,
          fullName,
          roles: [...roles],
          password: trainingPassword(login),
        })),
        faultsPath: '/v1/_faults',
      },
    },
    bus,
    facts: { clockOffsetMs: () => worker.clockOffsetMs(), freeDiskBytes: () => null },
    passwordCost: { memoryKib: 1024, passes: 1 },
    ...storagePartsOf(desk),
    training: null,
    paper: createPaperFeature(desk, { worker: paperWorker, spooler: createSystemSpooler({ printFolder, cupsServer: '' }) }),
    scan,
    sync: createSyncFeature(desk, worker, handOverOf(opened.value, folder, options.logTail?.lines())),
  });
  const router = createRouter(desk, features.handlers, features.sessions);
  worker.start({ projections: features.projections, attachments: scan.attachments });
  const screen = new MessageChannel();
  serveMessagePort(router, screen.port1);
  const client: DeskClient = createORPCClient(new RPCLink({ port: screen.port2 }));
  screen.port2.start();
  if (options.isOffline !== true) await until(() => desk.sync.link().state === 'online');

  const stop = async () => {
    features.stop();
    screen.port2.close();
    paperWorker.close();
    paperPorts.port1.close();
    paperPorts.port2.close();
    await opened.value.close();
  };
  return {
    desk,
    router,
    client,
    folder,
    keyHex,
    credentials,
    signIn: (login, role) => client.session.signIn({ login, password: trainingPassword(login), ...(role === undefined ? {} : { role }) }),
    stop,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for what another process brings; the deadline is a failure of the test. */
export async function until(isTrue: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const endMs = Date.now() + deadlineMs;
  while (!(await isTrue())) {
    if (Date.now() > endMs) throw new Error(`Waited in vain: ${String(isTrue)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The code of the refusal, or `no refusal`. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const data = await failureOf(call);
  return data === null ? 'no refusal' : data.code;
}

export async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: string; data: { params: Record<string, unknown>; retryable: boolean; incidentId?: string } } | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && 'data' in error) {
      return { code: String(error.code), data: error.data as { params: Record<string, unknown>; retryable: boolean } };
    }
    throw error;
  }
}
