import type { Channel, Clock } from '../../shared/platform/ports.ts';
import { electronPortChannel, type PortLike } from '../platform/channel/message-port-channel.ts';
import { connectChannel } from '../platform/channel/socket-channel.ts';
import { createPaperWorker } from './paper-worker.ts';
import type { PaperWorker } from './ports.ts';

export { createSystemSpooler, type SpoolerConfig } from './spool/system-spooler.ts';

/** The paper process behind a Unix socket or named pipe; the shell restarts it at the same address. */
export function joinPaperAt(socketPath: string, clock: Clock): PaperWorker {
  return createPaperWorker(() => connectChannel(socketPath), clock);
}

/** How long a call waits for a port that the shell is about to hand over. */
const portWaitMs = 10_000;

/** The paper process behind ports that the shell hands over, a new one after every restart; the newest counts. */
export function joinPaperByPorts(clock: Clock): { readonly worker: PaperWorker; join(port: PortLike): void } {
  let latest: Channel | null = null;
  let waiting: ((channel: Channel) => void)[] = [];
  const connect = (): Promise<Channel> => {
    if (latest !== null) return Promise.resolve(latest);
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(portWaitMs, () => reject(new Error('No paper process')));
      waiting.push((channel) => {
        cancel();
        resolve(channel);
      });
    });
  };
  return {
    worker: createPaperWorker(connect, clock),
    join(port) {
      const channel = electronPortChannel(port);
      const previous = latest;
      latest = channel;
      channel.onClose(() => {
        if (latest === channel) latest = null;
      });
      previous?.close();
      for (const give of waiting) give(channel);
      waiting = [];
    },
  };
}
