import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { openAuthority } from '../../src/registry/certification/authority.ts';
import { seedTrainingOperators } from '../../src/registry/operators/training-operators.ts';
import { readOwnFile } from '../../src/registry/provision/folder.ts';
import { provisionDesk, type DeskCredentials } from '../../src/registry/provision/provision-desk.ts';
import { provisionRegistry } from '../../src/registry/provision/provision-registry.ts';
import { defaultPolicyKeeper } from '../../src/registry/policy/policy-keeper.ts';
import type { Desk, Registry } from '../../src/registry/registry.ts';
import { buildApp } from '../../src/registry/server/app.ts';
import { takeEnrolments } from '../../src/registry/server/desk-identity.ts';
import { makeFaultSwitch } from '../../src/registry/server/faults.ts';
import { RegistryError } from '../../src/registry/server/registry-error.ts';
import type { Dialect } from '../../src/registry/store/dialect.ts';
import { openStore, type Store } from '../../src/registry/store/store.ts';
import type { Tables } from '../../src/registry/store/tables.ts';
import type { World } from './world.ts';

export const officeId = 'telim-1';
export const mostDesks = 5;

interface Handle extends SqliteDatabase {
  serialize(): Buffer;
}
const require = createRequire(import.meta.url);
const Sqlite = require('better-sqlite3-multiple-ciphers') as new (content: string | Buffer) => Handle;

/** The embedded database of the registry, in memory. */
function memoryDialect(content: Buffer | null): { readonly dialect: Dialect; readonly handle: () => Handle } {
  let handle: Handle | undefined;
  return {
    handle: () => {
      if (handle === undefined) throw new Error('Not open yet');
      return handle;
    },
    dialect: {
      name: 'sqlite',
      hasRowLocks: false,
      hasArrays: false,
      isSerial: true,
      open() {
        const made = new Sqlite(content ?? ':memory:');
        handle = made;
        const statements = new Map<string, SqliteStatement>();
        const prepare = (text: string): SqliteStatement => {
          const known = statements.get(text) ?? made.prepare(text);
          statements.set(text, known);
          return known;
        };
        return Promise.resolve(new Kysely<Tables>({ dialect: new SqliteDialect({ database: { prepare, close: () => made.close() } }) }));
      },
      isRetryable: () => false,
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SimulatedRegistry {
  readonly receiptPublicKey: KeyObject;
  /** Carries one request to the real routes and brings their answer; the clock of the world stands meanwhile. */
  handle(
    deskId: string,
    request: {
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer | null;
    },
  ): Promise<Answer>;
  /** Called whenever something new is in the feed of the office. */
  onAnnounced(listener: () => void): void;
  store(): Store;
  setFaults(faults: Parameters<ReturnType<typeof makeFaultSwitch>['set']>[0]): void;
  close(): Promise<void>;
}

/** What all runs of a process share, because it costs time and does not change: keys, routes, and an empty registry with its operators. */
export interface RegistryWorkshop {
  credentialsOf(index: number): DeskCredentials;
  open(world: World): Promise<SimulatedRegistry>;
  close(): Promise<void>;
}

export async function createRegistryWorkshop(): Promise<RegistryWorkshop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-simulated-registry-'));
  const paths = await provisionRegistry(folder);
  const credentials: DeskCredentials[] = [];
  for (let index = 0; index < mostDesks; index += 1)
    credentials.push(await provisionDesk(folder, { deskId: `desk-${index + 1}`, officeId }));
  const desks = new Map<string, Desk>(
    credentials.map((each) => [
      each.deskId,
      { deskId: each.deskId, officeId, publicKey: createPublicKey(createPrivateKey(each.privateKeyPem)) },
    ]),
  );

  const template = memoryDialect(null);
  const receiptKey = createPrivateKey(readOwnFile(paths.receiptKey));
  let world: World | null = null;
  const registry: { -readonly [Key in keyof Registry]: Registry[Key] } = {
    paths,
    store: await openStore(template.dialect),
    authority: await openAuthority(paths, () => 'http://127.0.0.1'),
    faults: makeFaultSwitch(),
    receiptKey,
    attachmentKey: Buffer.from(readOwnFile(paths.attachmentKey), 'hex'),
    cursorKey: Buffer.from(readOwnFile(paths.cursorKey), 'hex'),
    epoch: 'simulated-1',
    passwordCost: { memoryKib: 1024, passes: 1 },
    nowMs: () => world?.nowMs() ?? Date.UTC(2026, 5, 1),
    log: () => undefined,
  };
  await takeEnrolments(registry);
  await seedTrainingOperators(registry, officeId);
  const content = template.handle().serialize();
  await registry.store.close();

  const identify = (request: { readonly headers: Readonly<Record<string, unknown>> }): Promise<Desk> => {
    const desk = desks.get(String(request.headers['x-simulated-desk']));
    if (desk === undefined) throw new RegistryError(403, 'DESK_UNKNOWN');
    return Promise.resolve(desk);
  };
  const app = await buildApp(registry, { identify }, { allowFaults: false, serverFactory: (handler) => http.createServer(handler) });

  return {
    credentialsOf: (index) => {
      const found = credentials[index];
      if (found === undefined) throw new Error(`There are ${mostDesks} desks`);
      return found;
    },
    async open(newWorld) {
      world = newWorld;
      const listeners: (() => void)[] = [];
      const store = await openStore(memoryDialect(content).dialect);
      registry.store = {
        ...store,
        announce: (office) => {
          store.announce(office);
          for (const listener of listeners) listener();
        },
      };
      registry.faults.set({});
      // Signed once and not for every answer, as that of the program; by the clock of this world.
      registry.policy = defaultPolicyKeeper(registry);
      return {
        receiptPublicKey: createPublicKey(receiptKey),
        async handle(deskId, { method, path: url, headers, body: asked }) {
          const reply = await app.inject({
            method: method as 'GET',
            url,
            headers: {
              ...headers,
              'x-simulated-desk': deskId,
              ...(asked === null || 'content-type' in headers ? {} : { 'content-type': 'application/json' }),
            },
            ...(asked === null ? {} : { payload: asked }),
          });
          const plain: Record<string, string> = {};
          for (const [name, value] of Object.entries(reply.headers)) if (value !== undefined) plain[name] = String(value);
          // As the desk's transport hands it on: unpacked.
          const body = plain['content-encoding'] === 'gzip' ? gunzipSync(reply.rawPayload) : reply.rawPayload;
          return { status: reply.statusCode, headers: plain, body };
        },
        onAnnounced: (listener) => void listeners.push(listener),
        store: () => store,
        setFaults: (faults) => void registry.faults.set(faults),
        close: () => store.close(),
      };
    },
    async close() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
