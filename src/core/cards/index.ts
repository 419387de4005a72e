import type { PortLike } from '../../channel/message-port-channel.ts';
import { acceptPorts } from '../../channel/handed-ports.ts';
import { connectChannel } from '../../channel/socket-channel.ts';
import type { Clock } from '../../shared/platform/ports.ts';
import { createCardHostClient } from './card-host-client.ts';
import type { CardHost } from './ports.ts';

export { createBatchRunner } from './batch.ts';
export { createPersonaliser, defaultAlgorithm } from './personaliser.ts';
export { commandOf, noteAnswer } from './registry-steps.ts';

export interface JoinedCardHost {
  readonly host: CardHost;
  /** Hands over a port of a new process; only where there is no socket. */
  join(port: PortLike): void;
}

/** The card host behind a Unix socket or named pipe, or, with an empty path, behind ports that the shell hands over. */
export function joinCardHost(socketPath: string, clock: Clock): JoinedCardHost {
  if (socketPath !== '') return { host: createCardHostClient(() => connectChannel(socketPath), clock), join: () => undefined };
  const ports = acceptPorts(clock);
  return { host: createCardHostClient(() => ports.connect(), clock), join: (port) => ports.join(port) };
}
