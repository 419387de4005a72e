import type { syncContract } from '../../../shared/contract/sync.ts';
import { queueFileSuffix } from '../../../shared/registry-api/queue-file.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Call, Desk } from '../../desk.ts';
import { handOverName, writeHandOver } from '../../storage/hand-over-folder.ts';
import type { OperationOutput } from '../../rpc/handlers.ts';
import type { HandOverPort, Unsent } from './ports-hand-over.ts';

type ExportState = OperationOutput<typeof syncContract.exportState>;
type Exported = OperationOutput<typeof syncContract.exportQueue>;

export interface QueueExport {
  state(): Result<ExportState, Failure>;
  /** `acts` is what the person was told and confirmed. */
  run(input: { readonly acts: number }, call: Call): Promise<Result<Exported, Failure>>;
}

/** Hands the unsent acts to a person in a file for the registry. The queue is not touched. Source: issue 3, a desk whose link is gone */
export function createQueueExport(desk: Desk, { exporter, folder }: HandOverPort): QueueExport {
  let progress: ExportState['progress'] = null;
  const findStop = (unsent: Unsent): Failure | null =>
    unsent.acts + unsent.attachments === 0 ? { code: 'NOTHING_TO_EXPORT', params: {} } : exporter.findStop();

  return {
    state() {
      const unsent = exporter.count();
      return succeed({ ...unsent, folder, stop: findStop(unsent)?.code ?? null, progress });
    },
    async run({ acts }, { actor }) {
      if (actor === null) return fail('NOT_SIGNED_IN');
      if (progress !== null) return fail('EXPORT_RUNNING', {}, true);
      const unsent = exporter.count();
      const stop = findStop(unsent);
      if (stop !== null) return { ok: false, failure: stop };
      // The person confirmed a number; another one is asked anew.
      if (unsent.acts !== acts) return fail('QUEUE_CHANGED', { acts: unsent.acts });
      progress = { doneBytes: 0, totalBytes: 0 };
      try {
        const name = handOverName('queue', desk.identity.deskId, desk.clock.nowMs(), queueFileSuffix);
        const written = await writeHandOver(folder, name, async (out) => {
          const done = await exporter.write(out, (doneBytes, totalBytes) => {
            progress = { doneBytes, totalBytes };
          });
          if (!done.ok) return done;
          // Before the file has its name: nothing leaves the desk without a line of the audit log.
          desk.acts.record(actor, () => {
            const { acts: count, attachments, sizeBytes, sha256 } = done.value;
            return { value: null, audit: { act: 'sync.export', detail: { acts: count, attachments, sizeBytes, sha256 } } };
          });
          return done;
        });
        if (!written.ok) return written;
        desk.log.info('sync.exported', { commands: written.value.value.acts, sizeBytes: written.value.value.sizeBytes });
        return succeed({ ...written.value.value, file: written.value.file });
      } finally {
        progress = null;
      }
    },
  };
}
