import { setTimeout as delay } from 'node:timers/promises';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { attachmentPieceMaxBytes } from '../../shared/registry-api/endpoints.ts';
import { createQuotaKeeper, defaultQuota } from '../policy/quota.ts';
import type { Desk, Registry } from '../registry.ts';
import { addCompression } from './compression.ts';
import type { DeskIdentity } from './desk-identity.ts';
import { RegistryError } from './registry-error.ts';
import { addAttachmentRoutes } from './routes-attachments.ts';
import { addFaultRoutes } from './routes-faults.ts';
import { addPublicRoutes, publicPaths } from './routes-public.ts';
import { addRecoveryRoutes } from './routes-recovery.ts';
import { addRegisterRoutes } from './routes-registers.ts';
import { addSyncRoutes } from './routes-sync.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The desk of the connection; absent on the public paths only. */
    desk?: Desk;
  }
}

/** 50 signed commands fit, with room. */
const bodyMaxBytes = 512 * 1024;
const retryAfterDatabaseS = 5;
const faultsPath = '/v1/_faults';

export async function buildApp(
  registry: Registry,
  identity: DeskIdentity,
  options: { serverFactory: FastifyServerFactory; allowFaults: boolean },
): Promise<FastifyInstance> {
  const quota = createQuotaKeeper(registry.quota ?? defaultQuota, () => registry.nowMs());
  const app = Fastify({
    serverFactory: options.serverFactory,
    bodyLimit: bodyMaxBytes,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('desk');
  for (const type of ['application/pdf', 'image/jpeg', 'image/png', 'application/octet-stream', 'application/ocsp-request']) {
    app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: attachmentPieceMaxBytes }, (_request, body, done) => {
      done(null, body);
    });
  }
  addErrorHandling(app, registry);
  addFaults(app, registry);
  addCompression(app);
  app.addHook('onRequest', async (request) => {
    if (publicPaths.some((path) => request.url.startsWith(path))) return;
    request.desk = await identity.identify(request);
    if (!request.url.startsWith(faultsPath)) quota.takeRequest(request.desk.deskId);
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Qeyd registry',
        version: '1',
        description: 'Mutual TLS; the desk is the SAN urn:qeyd:desk:<desk id> of its client certificate.',
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register((routes, _options, done) => {
    const typed = routes.withTypeProvider<ZodTypeProvider>();
    addRegisterRoutes(typed, registry);
    addSyncRoutes(typed, registry, quota);
    addRecoveryRoutes(typed, registry);
    addAttachmentRoutes(typed, registry);
    addPublicRoutes(typed, registry);
    if (options.allowFaults) addFaultRoutes(typed, registry);
    routes.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
    done();
  });
  await app.ready();
  return app;
}

function addErrorHandling(app: FastifyInstance, registry: Registry): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'NOT_FOUND', detail: '' }));
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof RegistryError) {
      // Who is not let in hears why and nothing more.
      if (error.body.code.startsWith('DESK_CERTIFICATE_')) reply.header('connection', 'close');
      if (error.retryAfterS !== undefined) reply.header('retry-after', String(error.retryAfterS));
      return reply.code(error.status).send({ detail: '', ...error.body });
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      // Paths only: what was sent may be about a person.
      const detail = error.validation
        .map((each) => each.instancePath)
        .join(' ')
        .slice(0, 300);
      return reply.code(400).send({ code: 'BAD_REQUEST', detail });
    }
    // Whether a commit came through is not known then; the desk asks again under the same ids.
    if (registry.store.dialect.isUnavailable?.(error) === true) {
      registry.log('the database is not there', error);
      return reply.code(503).header('retry-after', String(retryAfterDatabaseS)).send({ code: 'DATABASE_UNAVAILABLE', detail: '' });
    }
    const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    if (status === 413) return reply.code(413).send({ code: 'TOO_LARGE', detail: '' });
    if (status < 500) return reply.code(status).send({ code: 'BAD_REQUEST', detail: '' });
    registry.log('a request failed', error);
    return reply.code(500).send({ code: 'INTERNAL', detail: '' });
  });
}

/** Faults stand before everything else of a request and after everything else of its answer. */
function addFaults(app: FastifyInstance, registry: Registry): void {
  const { faults } = registry;
  app.addHook('onRequest', async (request) => {
    if (request.url.startsWith(faultsPath)) return;
    const { latencyMs } = faults.get();
    if (latencyMs > 0) await delay(latencyMs);
    const failure = faults.takeFailure(request.url);
    if (failure !== null) throw new RegistryError(failure.status, 'FAULT', {}, failure.retryAfterS);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.url.startsWith(faultsPath)) return payload;
    if (faults.take('loseAnswers', request.url)) {
      request.raw.socket.destroy();
      return payload;
    }
    if (reply.statusCode < 300 && faults.take('breakAnswers', request.url)) {
      reply.header('content-type', 'application/json');
      return '{"unexpected":[true]}';
    }
    return payload;
  });
}
