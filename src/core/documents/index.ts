import type { Clock } from '../../shared/platform/ports.ts';
import { acceptPorts } from '../../channel/handed-ports.ts';
import type { PortLike } from '../../channel/message-port-channel.ts';
import { connectChannel } from '../../channel/socket-channel.ts';
import { createPaperWorker } from './paper-worker.ts';
import type { PaperWorker } from './ports.ts';

export { createSystemSpooler, type SpoolerConfig } from './spool/system-spooler.ts';

/** The paper process behind a Unix socket or named pipe; the shell restarts it at the same address. */
export function joinPaperAt(socketPath: string, clock: Clock): PaperWorker {
  return createPaperWorker(() => connectChannel(socketPath), clock);
}

/** The paper process behind ports that the shell hands over, a new one after every restart; the newest counts. */
export function joinPaperByPorts(clock: Clock): { readonly worker: PaperWorker; join(port: PortLike): void } {
  const ports = acceptPorts(clock);
  return { worker: createPaperWorker(() => ports.connect(), clock), join: (port) => ports.join(port) };
}
