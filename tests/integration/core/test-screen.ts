import type { AuditVerdict } from '../../../src/core/audit/verify.ts';
import { noCardHost } from '../../../src/core/cards/ports.ts';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { MessageChannel } from 'node:worker_threads';
import { createPaperWorker } from '../../../src/core/documents/paper-worker.ts';
import { createSystemSpooler } from '../../../src/core/documents/index.ts';
import { createFeatures } from '../../../src/core/features/index.ts';
import { createPaperFeature } from '../../../src/core/features/paper/index.ts';
import { createScanFeature } from '../../../src/core/features/scan/index.ts';
import { createSyncFeature } from '../../../src/core/features/sync/index.ts';
import { createEventBus, createRouter, serveMessagePort, type DeskRouter, type EventBus } from '../../../src/core/rpc/index.ts';
import type { Log } from '../../../src/core/desk.ts';
import { succeed } from '../../../src/shared/platform/result.ts';
import type { DeskClient } from '../../../src/shared/contract/index.ts';
import type { OperatorRecord } from '../../../src/shared/registry-api/endpoints.ts';
import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { createTestDesk, testActor, type TestDesk, type TestDeskOptions } from '../../support/test-desk.ts';
import { noHandOver } from '../../support/hand-over.ts';
import { storagePartsOf } from '../../support/storage-parts.ts';

export interface TestScreen {
  readonly desk: TestDesk;
  readonly router: DeskRouter;
  readonly bus: EventBus;
  readonly client: DeskClient;
  /** How many event streams are open. */
  listenerCount(): number;
  close(): void;
  /** Ends the program and keeps its folder. */
  stop(): void;
}

/** An operator with every role, so that one sign-in reaches them all. */
export const everyRole: OperatorRecord = {
  operatorId: testActor.operatorId,
  login: 'leyla',
  fullName: 'Leyla Əhmədova',
  officeId: 'BAK1',
  roles: [...roles],
  isDisabled: false,
  isLockedOut: false,
  mustChangePassword: false,
  appointments: [],
};
export const password = 'Telim-2026-leyla';

/** The features on a desk whose time and registry the test plays, behind the real dispatcher and a real port. */
const emptyVerdict: AuditVerdict = { rows: 0, firstBadSeq: null, seals: 0, sealedUptoSeq: 0, countersignedUptoSeq: 0 };

export interface ScreenOptions {
  readonly idleLockMs?: number;
  readonly verifyAudit?: () => Promise<AuditVerdict>;
  readonly log?: Log;
}

export async function openTestScreen(
  options: TestDeskOptions = {},
  { idleLockMs = 300_000, verifyAudit = () => Promise.resolve(emptyVerdict), log }: ScreenOptions = {},
): Promise<TestScreen> {
  const desk = await createTestDesk({ registry: { signIn: () => Promise.resolve(succeed(everyRole)) }, ...options });
  const plainBus = createEventBus((error) => {
    throw error;
  });
  let listeners = 0;
  const bus: EventBus = {
    publish: (event) => plainBus.publish(event),
    subscribe(listener) {
      const unsubscribe = plainBus.subscribe(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    },
  };
  const worker = createPaperWorker(() => Promise.reject(new Error('no paper process here')), desk.clock);
  const paper = createPaperFeature(desk, { worker, spooler: createSystemSpooler({ printFolder: desk.folder, cupsServer: '' }) });
  const features = createFeatures(desk, {
    cards: noCardHost(),
    config: {
      idleLockMs,
      training: { operators: [{ login: 'leyla', fullName: 'Leyla', password, roles: ['registrar'] }], faultsPath: '/v1/_faults' },
    },
    bus,
    facts: { clockOffsetMs: () => 0, freeDiskBytes: () => null },
    passwordCost: { memoryKib: 1024, passes: 1 },
    ...storagePartsOf(desk),
    verifyAudit: async () => succeed(await verifyAudit()),
    training: null,
    paper,
    scan: createScanFeature(desk, { worker }),
    production: {
      worker,
      spooler: createSystemSpooler({ printFolder: desk.folder, cupsServer: '' }),
      asure: null,
      algorithm: () => 'p-256',
    },
    sync: createSyncFeature(
      desk,
      {
        page: () => ({
          link: desk.sync.link(),
          queue: desk.sync.queue(),
          limits: { level: 'fine', uses: [] },
          places: { taken: 0, open: 0, proven: 0, checkedAtMs: null, sentAgain: 0, different: 0 },
          clock: { offsetMs: 0, errorMs: 0, unseen: 0, events: [] },
          policy: null,
          nextTryAtMs: null,
          rows: [],
          lastDrain: null,
        }),
        sendNow: () => Promise.resolve(),
        findConflict: () => undefined,
        letTheirsStand: () => false,
        markClockSeen: () => 0,
        reopen: () => undefined,
      },
      noHandOver,
    ),
  });
  const router = createRouter({ ...desk, log: log ?? desk.log }, features.handlers, features.sessions);
  const { client, close } = connect(router);
  return {
    desk,
    router,
    bus,
    client,
    listenerCount: () => listeners,
    close() {
      close();
      desk.close();
    },
    stop() {
      close();
      desk.stop();
    },
  };
}

export function connect(router: DeskRouter): { client: DeskClient; close(): void } {
  const channel = new MessageChannel();
  serveMessagePort(router, channel.port1);
  const client: DeskClient = createORPCClient(new RPCLink({ port: channel.port2 }));
  channel.port2.start();
  return { client, close: () => channel.port2.close() };
}

export async function signInAs(client: DeskClient, role: Role): Promise<void> {
  await client.session.signIn({ login: 'leyla', password, role });
}
