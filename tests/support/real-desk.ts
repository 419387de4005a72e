import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Actor, CommandDraft } from '../../src/core/act/act.ts';
import { openDesk, type OpenDesk } from '../../src/core/open-desk.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { createEventBus } from '../../src/core/platform/event-bus.ts';
import type { AttachmentSource } from '../../src/core/sync/ports.ts';
import type { RegistryTransport } from '../../src/core/sync/transport.ts';
import { createHttpsTransport } from '../../src/core/sync/https-transport.ts';
import type { Projection } from '../../src/core/desk.ts';
import { startRegistry, trainingOperators, type DeskCredentials, type RunningRegistry } from '../../src/registry/index.ts';
import type { DeskEvent } from '../../src/shared/contract/system.ts';
import type { Clock } from '../../src/shared/platform/ports.ts';
import { succeed } from '../../src/shared/platform/result.ts';
import type { Role } from '../../src/shared/rules/vocabulary.ts';
import { silentLog } from './test-desk.ts';

export const realOfficeId = 'telim-1';

/** A reference registry of its own in a temporary folder, with its fault switches. */
export async function startRealRegistry(): Promise<{
  readonly registry: RunningRegistry;
  readonly folder: string;
  stop(): Promise<void>;
}> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-registry-'));
  const registry = await startRegistry({
    folder,
    seedTraining: { officeId: realOfficeId },
    passwordCost: { memoryKib: 1024, passes: 1 },
    allowFaults: true,
  });
  return {
    registry,
    folder,
    stop: async () => {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface RealDesk extends OpenDesk {
  readonly events: DeskEvent[];
  readonly folder: string;
  act(effects: { readonly outbox?: readonly CommandDraft[]; readonly intent?: CommandDraft }, login?: string): string;
  remove(): Promise<void>;
}

/** A desk without features, on an encrypted file and over mutual TLS. Started with the given projections. */
export async function openRealDesk(
  registry: { readonly url: string },
  credentials: DeskCredentials,
  options: {
    readonly folder?: string;
    readonly keyHex?: string;
    readonly projections?: readonly Projection[];
    readonly attachments?: AttachmentSource;
    readonly caPem?: string;
    readonly clock?: Clock;
    /** In place of the plain HTTPS transport. */
    readonly transport?: RegistryTransport;
  } = {},
): Promise<RealDesk> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'qeyd-desk-'));
  const events: DeskEvent[] = [];
  const bus = createEventBus(() => undefined);
  bus.subscribe((event) => void events.push(event));
  const opened = await openDesk({
    identity: {
      mode: 'training',
      officeId: credentials.officeId,
      officeCode: 'TLM1',
      officeName: 'Təlim',
      deskId: credentials.deskId,
      deskCode: '01',
      appVersion: '0.1.0',
    },
    databaseFile: path.join(folder, 'desk.db'),
    databaseKeyHex: options.keyHex ?? randomBytes(32).toString('hex'),
    signingKeyPem: credentials.privateKeyPem,
    transport:
      options.transport ??
      createHttpsTransport({
        url: registry.url,
        caPem: options.caPem ?? credentials.registryCaPem,
        certificatePem: credentials.certificatePem,
        keyPem: credentials.privateKeyPem,
      }),
    bus,
    clock: options.clock ?? systemClock,
    random: systemRandomness,
    log: silentLog,
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  const open = opened.value;
  open.worker.start({
    projections: options.projections ?? [],
    ...(options.attachments === undefined ? {} : { attachments: options.attachments }),
  });
  return {
    ...open,
    events,
    folder,
    act(effects, login = 'leyla') {
      const commandId = systemRandomness.uuid();
      const done = open.desk.acts.perform({ commandId, operation: 'test', actor: actorOf(login), input: commandId }, () =>
        succeed({ value: null, audit: { act: 'test', detail: {} }, ...effects }),
      );
      if (!done.ok) throw new Error(done.failure.code);
      return commandId;
    },
    remove: async () => {
      await open.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function actorOf(login: string): Actor {
  const operator = trainingOperators.find((each) => each.login === login);
  if (operator === undefined) throw new Error(`No training operator ${login}`);
  return {
    operatorId: operator.operatorId,
    login,
    fullName: operator.fullName,
    role: operator.roles[0] as Role,
    sessionId: 'session-1',
    authMethod: 'password_online',
  };
}

/** Waits in real time until the condition holds. */
export async function until(condition: () => boolean, what: string, withinMs = 10_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`Did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
