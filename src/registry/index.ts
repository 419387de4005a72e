import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Faults } from '../shared/registry-api/endpoints.ts';
import type { PolicyContent, SignedPolicy } from '../shared/registry-api/policy.ts';
import { openRegistry, publicUrlKey, type OpenRegistryOptions } from './open-registry.ts';
import { seedTrainingOperators } from './operators/training-operators.ts';
import { readOwnFile } from './provision/folder.ts';
import { provisionDesk, revokeDesk, type DeskCredentials } from './provision/provision-desk.ts';
import { importQueueFile, type ImportReport } from './queue-files/import-queue-file.ts';
import { makeRecoveryKey, openRecoveryKeys } from './recovery/recovery-keys.ts';
import { buildApp } from './server/app.ts';
import { makeDeskIdentity } from './server/desk-identity.ts';
import { publicPaths } from './server/routes-public.ts';
import { writeMeta } from './store/store.ts';

export { openRegistry, publicUrlKey, type OpenRegistryOptions } from './open-registry.ts';
export { importQueueFile, type ImportReport } from './queue-files/import-queue-file.ts';
export { QueueFileError } from './queue-files/queue-file-error.ts';
export { provisionDesk, type DeskCredentials } from './provision/provision-desk.ts';
export { provisionRegistry } from './provision/provision-registry.ts';
export { registryPaths, writeOwnFile, type RegistryPaths } from './provision/folder.ts';
export { trainingOperators, trainingOperatorsOf, trainingPassword, type TrainingOperator } from './operators/training-operators.ts';
export { wellKnown } from './population/well-known.ts';
export type { Office } from './offices/offices.ts';
export type { PasswordCost } from './registry.ts';

export interface RegistryOptions extends OpenRegistryOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Port of the control interface; 0 takes a free one. */
  readonly controlPort?: number;
  /** Port of the revocation list and OCSP, which every certificate names: 0 takes a free one, and then those issued before lead nowhere. */
  readonly publicPort?: number;
  readonly allowFaults?: boolean;
  /**
   * The office that gets the training operators, and is the personalisation centre where none was set; each of the others gets people of the same roles, with
   * logins such as `leyla.gence-1`.
   */
  readonly seedTraining?: { readonly officeId: string; readonly moreOffices?: readonly string[] };
}

export interface RunningRegistry {
  readonly url: string;
  readonly port: number;
  /** Same interface on a port of its own that stays open when the registry is made unreachable. */
  readonly controlUrl: string;
  /** Plain HTTP with nothing but the revocation list and OCSP. */
  readonly publicUrl: string;
  readonly ca: { readonly tlsCa: string; readonly deskCa: string; readonly certificationCa: string };
  /** What is not named goes back to its ordinary value. */
  setFaults(faults: Partial<Faults>): Promise<void>;
  /** Desks hear of it with their next answer. */
  setPolicy(content: Partial<PolicyContent>): Promise<SignedPolicy>;
  provisionDesk(desk: { deskId: string; officeId: string }): Promise<DeskCredentials>;
  /** Takes the file of unsent acts that a desk without a link has written; throws `QueueFileError`. */
  importQueueFile(file: string): Promise<ImportReport>;
  /** Refuses the desk everything from now on. */
  revokeDesk(deskId: string): void;
  /** Desks wrap their database key for a new one from now on; the older ones are kept. Answers its id. */
  renewRecoveryKey(): Promise<string>;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const markEveryMs = 30_000;

export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  let publicUrl = '';
  const training = options.seedTraining;
  const opened = await openRegistry(
    training === undefined ? options : { defaultPersonalisationOffice: training.officeId, ...options },
    () => publicUrl,
  );
  const { registry } = opened;
  const mark = () => opened.mark();
  const { paths, store, policy } = registry;
  if (training !== undefined) await seedTrainingOperators(registry, training.officeId, training.moreOffices ?? []);

  const tls = {
    key: readOwnFile(paths.serverKey),
    cert: readOwnFile(paths.server),
    ca: readOwnFile(paths.deskCa),
    requestCert: true,
    // Checked by `identify`, before anything of a request is read but its head: who is refused hears why.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
  } as const;
  let main: https.Server | undefined;
  const app = await buildApp(registry, makeDeskIdentity(registry), {
    allowFaults: options.allowFaults ?? false,
    serverFactory: (handler) => {
      main = trackConnections(https.createServer(tls, handler));
      return main;
    },
  });
  if (main === undefined) throw new Error('The server was not made.');
  const mainServer: https.Server = main;
  const controlServer = trackConnections(
    https.createServer(tls, (request, response) => {
      app.routing(request, response);
    }),
  );
  const publicServer = http.createServer((request, response) => {
    if (publicPaths.some((path) => request.url?.startsWith(path) === true)) app.routing(request, response);
    else response.writeHead(404).end();
  });

  const port = await listen(mainServer, options.port ?? 0);
  const controlPort = options.allowFaults === true ? await listen(controlServer, options.controlPort ?? 0) : 0;
  publicUrl = `http://${host}:${await listen(publicServer, options.publicPort ?? 0)}`;
  // For a program beside this one, whose certificates must name the same.
  await store.transact((session) => writeMeta(session, publicUrlKey, publicUrl));

  await mark();
  const marking = setInterval(() => {
    mark().catch((error: unknown) => {
      registry.log('the mark of the memory could not be written', error);
    });
  }, markEveryMs).unref();

  let applied: Promise<void> = Promise.resolve();
  let servesExpired = false;
  const applyFaults = async (faults: Faults) => {
    if (faults.useExpiredCertificate !== servesExpired) {
      servesExpired = faults.useExpiredCertificate;
      mainServer.setSecureContext({ ...tls, cert: readOwnFile(servesExpired ? paths.expiredServer : paths.server) });
      mainServer.closeAllConnections();
    }
    if (faults.isUnreachable && mainServer.listening) await closeServer(mainServer);
    else if (!faults.isUnreachable && !mainServer.listening) await listen(mainServer, port);
  };
  registry.faults.onChange((faults) => {
    applied = applied.then(() => applyFaults(faults));
  });

  return {
    url: `https://${host}:${port}`,
    port,
    controlUrl: controlPort === 0 ? '' : `https://${host}:${controlPort}`,
    publicUrl,
    ca: { tlsCa: paths.tlsCa, deskCa: paths.deskCa, certificationCa: paths.certificationCa },
    async setFaults(faults) {
      registry.faults.set(faults);
      await applied;
    },
    setPolicy: (content) => policy.change(content),
    provisionDesk: (desk) => provisionDesk(options.folder, desk),
    importQueueFile: (file) => importQueueFile(registry, file),
    revokeDesk: (deskId) => {
      revokeDesk(options.folder, deskId, registry.nowMs());
    },
    async renewRecoveryKey() {
      const keyId = makeRecoveryKey(paths);
      await policy.change({ recovery_key: openRecoveryKeys(paths).currentPublicKey });
      return keyId;
    },
    async stop() {
      await applied;
      await Promise.all([mainServer, controlServer, publicServer].filter((server) => server.listening).map(closeServer));
      await app.close();
      clearInterval(marking);
      // A database that is gone by now must not keep the program from ending.
      await mark().catch(() => undefined);
      await store.close();
    },
  };
}

function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Raw connections of each server: a TLS server does not count those whose handshake is not finished as its own. */
const connections = new WeakMap<http.Server, Set<Socket>>();

function trackConnections<S extends http.Server>(server: S): S {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return server;
}

/** Refuses new connections and cuts the ones there are, also those still in their TLS handshake, which would hold it for two minutes. */
function closeServer(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
    for (const socket of connections.get(server) ?? []) socket.destroy();
  });
}
