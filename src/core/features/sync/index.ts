import { succeed } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers, OperationOutput } from '../../rpc/handlers.ts';
import type { syncContract } from '../../../shared/contract/sync.ts';

/** The exchange as its page sees it. */
export interface SyncPagePort {
  page(): OperationOutput<typeof syncContract.page>;
  /** Resets the waits and tries now; resolves when the try has come to rest. */
  sendNow(): Promise<void>;
}

export function createSyncFeature(desk: Desk, port: SyncPagePort): Handlers<'sync'> {
  return {
    page: () => succeed(port.page()),
    async sendNow() {
      desk.log.info('sync.send_now');
      await port.sendNow();
      return succeed({ link: desk.sync.link(), queue: desk.sync.queue() });
    },
  };
}
