import { z } from 'zod';
import { deskCommandsQuerySchema } from '../../shared/registry-api/desk-commands.ts';
import { endpoints, leaseRequestSchema } from '../../shared/registry-api/endpoints.ts';
import type { Envelope } from '../../shared/registry-api/envelope.ts';
import { takeSeals } from '../desks/audit-seals.ts';
import { listDeskCommands } from '../desks/desk-commands.ts';
import { raiseDeskEpoch, readDeskEpoch } from '../desks/desk-epoch.ts';
import { countDay, maxWaitS, readChanges } from '../feed/feed.ts';
import { tellOfCommands, tellOfForks } from '../incidents/tell-incident.ts';
import { takeCommands } from '../intake/intake.ts';
import { signBatch } from '../intake/receipt.ts';
import { takeLease } from '../leases/take-lease.ts';
import { isAppTooOld } from '../policy/app-version.ts';
import type { QuotaKeeper } from '../policy/quota.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from './registry-error.ts';
import { answers, deskOf, policyOf, type TypedApp } from './route-kit.ts';

/** Commands, changes, leases and the day's counts. */
export function addSyncRoutes(app: TypedApp, registry: Registry, quota: QuotaKeeper): void {
  /** What costs nothing to find out comes before signatures and rows. Source: b5, too old and backpressure */
  const refuseEarly = (desk: Desk, envelopes: readonly Envelope[]) => {
    const { min_app: oldest } = policyOf(registry);
    if (envelopes.some((envelope) => isAppTooOld(envelope.app_version, oldest)))
      throw new RegistryError(426, 'APP_TOO_OLD', { detail: oldest });
    quota.takeCommands(desk.deskId, envelopes.length);
  };

  const take = async (desk: Desk, envelopes: readonly Envelope[]) => {
    const epoch = Math.max(...envelopes.map((envelope) => envelope.desk_epoch));
    const taken = await tellOfForks(registry, desk, epoch, () => takeCommands(registry, desk, envelopes));
    await tellOfCommands(registry, desk, envelopes);
    return taken;
  };

  app.post(
    endpoints.pushCommands.path,
    {
      schema: { body: endpoints.pushCommands.request, response: answers(endpoints.pushCommands.answer) },
      // Before anything of it is read: the desk halves what is too much. Source: b5, size
      preValidation: (request, _reply, done) => {
        done(
          countCommands(request.body) > policyOf(registry).batch ? new RegistryError(413, 'TOO_LARGE', { detail: 'commands' }) : undefined,
        );
      },
    },
    async (request) => {
      refuseEarly(deskOf(request), request.body.commands);
      // Before anything happens: a journal that was rewritten refuses the whole batch.
      const seals = await takeSeals(registry, deskOf(request), request.body.audit_seals ?? []);
      const { results, auditAnchor } = await take(deskOf(request), request.body.commands);
      return {
        results,
        batch_sig: signBatch(registry, results),
        ...(auditAnchor === null ? {} : { audit_anchor: auditAnchor }),
        ...(seals.anchor === undefined ? {} : { audit_seal_anchor: seals.anchor }),
        ...(seals.wantedNo === undefined ? {} : { audit_seal_wanted: seals.wantedNo }),
        policy: policyOf(registry),
        server_time_ms: registry.nowMs(),
      };
    },
  );

  app.post(
    endpoints.submitIntent.path,
    { schema: { body: endpoints.submitIntent.request, response: answers(endpoints.submitIntent.answer) } },
    async (request) => {
      refuseEarly(deskOf(request), [request.body]);
      const {
        results: [result],
      } = await take(deskOf(request), [request.body]);
      if (result === undefined) throw new Error('One command has one result.');
      return result;
    },
  );

  const changesQuery = z.object({
    cursor: z.string().max(1000).default(''),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
    wait_s: z.coerce.number().min(0).max(maxWaitS).default(0),
  });
  app.get(
    endpoints.changes.path,
    { schema: { querystring: changesQuery, response: answers(endpoints.changes.answer) } },
    async (request) => {
      const gone = new AbortController();
      const giveUp = () => {
        gone.abort();
      };
      const { socket } = request.raw;
      socket.once('close', giveUp);
      try {
        const { cursor, limit, wait_s: waitS } = request.query;
        const page = await readChanges(registry, deskOf(request), { cursor, limit, waitS }, gone.signal);
        return { ...page, policy: policyOf(registry) };
      } finally {
        socket.off('close', giveUp);
      }
    },
  );

  app.post(
    endpoints.lease.path,
    { schema: { body: leaseRequestSchema, response: answers(endpoints.lease.answer) } },
    async (request) => await takeLease(registry, deskOf(request), request.body),
  );

  app.get(
    endpoints.deskEpoch.path,
    { schema: { response: answers(endpoints.deskEpoch.answer) } },
    async (request) => await readDeskEpoch(registry, deskOf(request)),
  );
  app.post(
    endpoints.raiseDeskEpoch.path,
    { schema: { body: endpoints.raiseDeskEpoch.request, response: answers(endpoints.raiseDeskEpoch.answer) } },
    async (request) => {
      const desk = deskOf(request);
      const present = await tellOfForks(registry, desk, request.body.from_epoch, () => raiseDeskEpoch(registry, desk, request.body));
      await tellOfCommands(registry, desk, [], present.epoch);
      return present;
    },
  );

  const deskParams = z.object({ deskId: z.string().min(1).max(60) });
  app.get(
    endpoints.deskCommands.path,
    { schema: { params: deskParams, querystring: deskCommandsQuerySchema, response: answers(endpoints.deskCommands.answer) } },
    async (request) => {
      const desk = deskOf(request);
      if (request.params.deskId !== desk.deskId) throw new RegistryError(403, 'DESK_MISMATCH');
      return await listDeskCommands(registry, desk, request.query);
    },
  );

  const dayQuery = z.object({ on: z.iso.date() });
  app.get(
    endpoints.dayCounts.path,
    { schema: { querystring: dayQuery, response: answers(endpoints.dayCounts.answer) } },
    async (request) => await countDay(registry, deskOf(request), request.query.on),
  );
}

function countCommands(body: unknown): number {
  const commands = typeof body === 'object' && body !== null && 'commands' in body ? body.commands : undefined;
  return Array.isArray(commands) ? commands.length : 0;
}
