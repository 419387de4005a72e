import type { Clock } from '../../shared/platform/ports.ts';
import { acceptPorts } from '../../channel/handed-ports.ts';
import type { PortLike } from '../../channel/message-port-channel.ts';
import { connectChannel } from '../../channel/socket-channel.ts';
import { createMaintenanceClient, type Maintenance } from './maintenance-client.ts';
import type { MaintainedDesk } from './protocol.ts';

export type { Maintenance } from './maintenance-client.ts';
export { createStorageCare, type StorageCare } from './storage-care.ts';

export interface JoinedMaintenance {
  readonly maintenance: Maintenance;
  /** Hands over a port of a new process; only where there is no socket. */
  join(port: PortLike): void;
}

/** The maintenance process behind a Unix socket or named pipe, or, with an empty path, behind ports that the shell hands over. */
export function joinMaintenance(socketPath: string, desk: MaintainedDesk, clock: Clock): JoinedMaintenance {
  if (socketPath !== '')
    return { maintenance: createMaintenanceClient(() => connectChannel(socketPath), desk, clock), join: () => undefined };
  const ports = acceptPorts(clock);
  return { maintenance: createMaintenanceClient(() => ports.connect(), desk, clock), join: (port) => ports.join(port) };
}
