import type { ClientContext, ClientLink } from '@orpc/client';

/** One way to the engine for as long as it lasts. */
export interface Transport {
  readonly link: ClientLink<ClientContext>;
  close(): void;
}
export type OpenTransport = (onLost: () => void) => Promise<Transport>;
