import { noCardHost } from '../../src/core/cards/ports.ts';
import { createRouterClient } from '@orpc/server';
import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import path from 'node:path';
import type { Actor } from '../../src/core/act/act.ts';
import type { PaperWorker, Spooler } from '../../src/core/documents/ports.ts';
import { createFeatures } from '../../src/core/features/index.ts';
import { createPaperFeature } from '../../src/core/features/paper/index.ts';
import { createScanFeature } from '../../src/core/features/scan/index.ts';
import { createSyncFeature } from '../../src/core/features/sync/index.ts';
import { openDesk } from '../../src/core/open-desk.ts';
import { sha256Hex } from '../../src/core/platform/canonical.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { createEventBus, createRouter } from '../../src/core/rpc/index.ts';
import { createHttpsTransport } from '../../src/core/sync/https-transport.ts';
import type { DeskCredentials } from '../../src/registry/index.ts';
import type { DeskClient } from '../../src/shared/contract/index.ts';
import { fail, succeed } from '../../src/shared/platform/result.ts';
import type { ApplicationData } from '../../src/shared/rules/application-data.ts';
import { permissions, type Permission } from '../../src/shared/rules/vocabulary.ts';
import { workEagerly, type Life } from './eager-registrar.ts';
import { noHandOver } from '../support/hand-over.ts';
import { storagePartsOf } from '../support/storage-parts.ts';

/**
 * A whole desk (every feature behind the dispatcher, an encrypted file, mutual TLS) with a registrar who is signed in and does his use cases as
 * fast as they answer. It is killed at a random moment; with `drain` it does nothing and ends when its queue is empty.
 */
const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly url: string;
  readonly folder: string;
  readonly keyHex: string;
  readonly credentials: DeskCredentials;
  readonly actor: Actor;
  readonly applicants: readonly ApplicationData[];
};
const isDraining = process.argv[3] === 'drain';
const { credentials, actor } = settings;
const say = (word: string, value: unknown): void => void writeSync(1, `${word} ${JSON.stringify(value)}\n`);

/** Paper that costs nothing: the layout of a page is not what dies here, its ledger is. */
const blankPaper: PaperWorker = {
  render: (model) => {
    const bytes = Buffer.from(`%PDF-1.4 ${sha256Hex(JSON.stringify(model))}`);
    return Promise.resolve(succeed({ bytes, pageCount: 1, sha256: sha256Hex(bytes) }));
  },
  inspectScan: () => Promise.resolve(fail('PAPER_WORKER_FAILED')),
  close: () => undefined,
};
const tray: Spooler = {
  listPrinters: () => Promise.resolve([{ name: 'tray', isDefault: true, state: 'ready', isFile: true }]),
  submit: () => Promise.resolve(succeed({ jobRef: 'job' })),
  watch: () => Promise.resolve({ state: 'completed' }),
};

// Who is killed keeps nothing of what it compiled, and the next would begin anew.
flushCompileCache();
// The next desk is loaded while the one before it still lives; it may touch the files only when told that they are free.
const [told] = (await once(process.stdin, 'data')) as [Buffer];
const life = JSON.parse(told.toString('utf8')) as Life;
const bus = createEventBus(() => undefined);
const opened = await openDesk({
  identity: {
    mode: 'training',
    officeId: credentials.officeId,
    officeCode: 'T1',
    officeName: 'T',
    deskId: credentials.deskId,
    deskCode: '01',
    appVersion: '0.1.0',
  },
  databaseFile: path.join(settings.folder, 'desk.db'),
  databaseKeyHex: settings.keyHex,
  signingKeyPem: credentials.privateKeyPem,
  transport: createHttpsTransport({
    url: settings.url,
    caPem: credentials.registryCaPem,
    certificatePem: credentials.certificatePem,
    keyPem: credentials.privateKeyPem,
  }),
  bus,
  clock: systemClock,
  random: systemRandomness,
  log: { info: () => undefined, warn: () => undefined, error: (event, error) => writeSync(2, `${event} ${String(error)}\n`) },
});
if (!opened.ok) throw new Error(opened.failure.code);
const { desk, db, worker } = opened.value;
const scan = createScanFeature(desk, { worker: blankPaper });
const features = createFeatures(desk, {
  cards: noCardHost(),
  config: { idleLockMs: 3_600_000, training: undefined },
  bus,
  facts: { clockOffsetMs: () => worker.clockOffsetMs(), freeDiskBytes: () => null },
  ...storagePartsOf(desk),
  training: null,
  paper: createPaperFeature(desk, { worker: blankPaper, spooler: tray }),
  scan,
  production: { worker: blankPaper, spooler: tray, asure: null, algorithm: () => 'p-256' },
  sync: createSyncFeature(desk, worker, noHandOver),
});
// Signed in since long ago: 200 sign-ins would cost more than the acts.
const session = { actor, permissions: new Set<Permission>(permissions), isLocked: false, mustChangePassword: false };
const router = createRouter(desk, features.handlers, { current: () => session });
const client: DeskClient = createRouterClient(router, { context: { bucket: { take: () => true } } });
worker.start({ projections: features.projections, attachments: scan.attachments });
say('ready', null);

if (isDraining) {
  const timer = setInterval(() => {
    const { queued, unknown } = worker.queue();
    if (queued + unknown > 0) return;
    clearInterval(timer);
    void opened.value.close().then(() => process.exit(0));
  }, 20);
} else {
  await workEagerly({ db, client, life, applicants: settings.applicants, say });
}
