import type { Channel, Clock } from '../shared/platform/ports.ts';
import { electronPortChannel, type PortLike } from './message-port-channel.ts';

/** How long a call waits for a port that the shell is about to hand over. */
const portWaitMs = 10_000;

/** Channels to a process over ports that the shell hands over, a new one after every restart; the newest counts. */
export function acceptPorts(clock: Clock): { connect(): Promise<Channel>; join(port: PortLike): void } {
  let latest: Channel | null = null;
  let waiting: ((channel: Channel) => void)[] = [];
  return {
    connect() {
      if (latest !== null) return Promise.resolve(latest);
      return new Promise((resolve, reject) => {
        const cancel = clock.schedule(portWaitMs, () => reject(new Error('No port came')));
        waiting.push((channel) => {
          cancel();
          resolve(channel);
        });
      });
    },
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
