import { noCardHost } from '../../src/core/cards/ports.ts';
import { createRouterClient } from '@orpc/server';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { createFeatures } from '../../src/core/features/index.ts';
import { createPaperFeature } from '../../src/core/features/paper/index.ts';
import { createScanFeature } from '../../src/core/features/scan/index.ts';
import { createSyncFeature } from '../../src/core/features/sync/index.ts';
import type { PaperWorker } from '../../src/core/documents/ports.ts';
import type { Projection } from '../../src/core/desk.ts';
import { openDesk, type OpenDesk } from '../../src/core/open-desk.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { createEventBus, createRouter } from '../../src/core/rpc/index.ts';
import type { RegistryTransport } from '../../src/core/sync/transport.ts';
import type { DeskClient } from '../../src/shared/contract/index.ts';
import { fail } from '../../src/shared/platform/result.ts';
import { permissions, type Permission } from '../../src/shared/rules/vocabulary.ts';
import { benchActor, silentLog } from './bench-actor.ts';
import { noHandOver } from '../../tests/support/hand-over.ts';
import { storagePartsOf } from '../../tests/support/storage-parts.ts';

/** No network at all. */
export const cutOff: RegistryTransport = {
  send: () => Promise.resolve({ kind: 'failed', reason: 'unreachable', detail: 'ENETUNREACH' }),
  probe: () => Promise.resolve(false),
  close: () => Promise.resolve(),
};

const noPaper: PaperWorker = {
  render: () => Promise.resolve(fail('PAPER_WORKER_FAILED')),
  inspectScan: () => Promise.resolve(fail('PAPER_WORKER_FAILED')),
  close: () => undefined,
};

export interface BenchCore extends OpenDesk {
  /** The contract through the dispatcher, without a pipe between; the caller may do everything. */
  readonly client: DeskClient;
}

/** A whole core on an encrypted file with an operator signed in; without a road the link is cut. */
export async function openBenchCore(
  folder: string,
  road: { readonly transport: RegistryTransport; readonly projections: readonly Projection[] } = { transport: cutOff, projections: [] },
): Promise<BenchCore> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const bus = createEventBus(() => undefined);
  const opened = await openDesk({
    identity: {
      mode: 'training',
      officeId: 'B1',
      officeCode: 'BEN1',
      officeName: 'Bench',
      deskId: 'desk-bench',
      deskCode: '01',
      appVersion: '0.1.0',
    },
    databaseFile: path.join(folder, 'desk.db'),
    databaseKeyHex: randomBytes(32).toString('hex'),
    signingKeyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    transport: road.transport,
    bus,
    clock: systemClock,
    random: systemRandomness,
    log: silentLog,
    // Nothing ever leaves here, and a benchmark makes more acts than a desk may keep.
    defaultLimits: { maxOfflineHours: 72, maxOfflineCommands: 10_000_000, minFreeBytes: 0 },
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  const { desk, worker } = opened.value;
  const scan = createScanFeature(desk, { worker: noPaper });
  const spooler = {
    listPrinters: () => Promise.resolve([]),
    submit: () => Promise.resolve(fail('PRINTER_UNKNOWN')),
    watch: () => Promise.resolve({ state: 'completed' as const }),
  };
  const features = createFeatures(desk, {
    cards: noCardHost(),
    config: { idleLockMs: 3_600_000, training: undefined },
    bus,
    facts: { clockOffsetMs: () => null, freeDiskBytes: () => null },
    ...storagePartsOf(desk),
    training: null,
    paper: createPaperFeature(desk, { worker: noPaper, spooler }),
    scan,
    production: { worker: noPaper, spooler, asure: null, algorithm: () => 'p-256' },
    sync: createSyncFeature(desk, worker, noHandOver),
  });
  const session = { actor: benchActor, permissions: new Set<Permission>(permissions), isLocked: false, mustChangePassword: false };
  const router = createRouter(desk, features.handlers, { current: () => session });
  worker.start({ projections: [...features.projections, ...road.projections], attachments: scan.attachments });
  return { ...opened.value, client: createRouterClient(router, { context: { bucket: { take: () => true } } }) };
}
