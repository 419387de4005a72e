import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { mayActOnQueue } from '../../../shared/rules/queue-acts.ts';
import type { Call, Desk } from '../../desk.ts';
import { settleAct, summariseSync } from '../../storage/repositories/act-repository.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { resolveConflict, viewConflict } from './conflict.ts';
import { createQueueExport } from './export.ts';
import { makeHelpPackage } from './help-package.ts';
import type { SyncPagePort } from './ports.ts';
import type { HandOverPort } from './ports-hand-over.ts';

export function createSyncFeature(desk: Desk, port: SyncPagePort, handOver: HandOverPort): Handlers<'sync'> {
  const queueExport = createQueueExport(desk, handOver);
  return {
    page: () => succeed(port.page()),
    async sendNow() {
      desk.log.info('sync.send_now');
      await port.sendNow();
      return succeed({ link: desk.sync.link(), queue: desk.sync.queue() });
    },
    markClockSeen(input, { actor }) {
      if (actor === null) return fail('NOT_SIGNED_IN');
      const request = { commandId: input.commandId, operation: 'sync.markClockSeen', actor, input };
      return desk.acts.perform(request, (tx) => {
        const seen = port.markClockSeen(tx, actor.fullName);
        return succeed({ value: { seen }, audit: { act: 'sync.clock_seen', detail: { seen } } });
      });
    },
    conflict: ({ targetId }, call) => viewConflict(desk, port, targetId, call),
    resolve: (input, call) => resolveConflict(desk, port, input, call),
    sendAgain: (input, call) => sendAgain(desk, port, input, call),
    exportState: () => queueExport.state(),
    exportQueue: (input, call) => queueExport.run(input, call),
    helpPackage: (_input, call) => makeHelpPackage(desk, handOver, call),
  };
}

/** A person sends again what was set aside: the very same command, under its own id, with a line in the audit log. */
function sendAgain(
  desk: Desk,
  port: SyncPagePort,
  input: { readonly commandId: string; readonly targetId: string },
  { actor, permissions }: Call,
): Result<{ queue: ReturnType<Desk['sync']['queue']> }, Failure> {
  if (actor === null) return fail('NOT_SIGNED_IN');
  if (!mayActOnQueue(permissions)) return fail('FORBIDDEN');
  const request = { commandId: input.commandId, operation: 'sync.sendAgain', actor, input };
  const done = desk.acts.perform<null>(request, (tx) => {
    const reopened = port.reopen(tx, input.targetId);
    if (reopened === undefined) return fail('NOT_FOUND');
    const { kind, applicationId } = reopened;
    if (findApplication(tx, applicationId) !== undefined) {
      settleAct(tx, { applicationId, commandId: input.targetId }, { sync: 'queued', registryAtMs: null });
      tx.run('UPDATE application SET sync = @sync WHERE application_id = @applicationId', {
        applicationId,
        sync: summariseSync(tx, applicationId),
      });
    }
    return succeed({ value: null, audit: { act: 'sync.send_again', applicationId, detail: { kind, target: input.targetId } } });
  });
  if (!done.ok) return done;
  desk.sync.wake(true);
  return succeed({ queue: desk.sync.queue() });
}
