import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import { create } from 'zustand';
import { contractVersion, type DeskClient } from '../../shared/contract/index.ts';
import { coreUnavailable } from './failure.ts';
import { openPort } from './port.ts';
import { openSocket } from './socket.ts';
import type { OpenTransport, Transport } from './transport.ts';

interface ConnectionState {
  /** `other_version`: the engine speaks another contract than this screen; nothing is asked of it. */
  readonly phase: 'connecting' | 'open' | 'lost' | 'other_version';
  readonly sinceMs: number;
  /** Raised by every new connection: what was read before may be old. */
  readonly generation: number;
}
export const useConnection = create<ConnectionState>(() => ({ phase: 'connecting', sinceMs: Date.now(), generation: 0 }));

let current: Transport | undefined;

/** Delegates to the transport that is open now and refuses at once when there is none: nothing waits for ever. */
const switchingLink: ClientLink<ClientContext> = {
  call: (path, input, options) => (current === undefined ? Promise.reject(coreUnavailable()) : current.link.call(path, input, options)),
};

/** Every operation of the desk; the same object through all reconnections. */
export const desk: DeskClient = createORPCClient(switchingLink);

/** The one place that decides how the screen reaches the engine: the loopback server gave the page by http, Electron by a scheme of its own. */
function chooseTransport(): OpenTransport {
  return location.protocol === 'http:' ? openSocket : openPort;
}

/** The first message of every connection. A broken one is no answer: the loss of the transport is noticed by itself. */
async function speaksOurContract(transport: Transport): Promise<boolean> {
  const first: DeskClient = createORPCClient(transport.link);
  return (await first.system.status()).contractVersion === contractVersion;
}

const firstDelayMs = 250;
const longestDelayMs = 4_000;

/** Connects and stays connected: after a loss with growing pauses, for as long as the window lives. */
export function keepConnected(open: OpenTransport = chooseTransport()): void {
  let delayMs = firstDelayMs;
  const retry = (): void => {
    setTimeout(connect, delayMs);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  };
  const lose = (): void => {
    current = undefined;
    useConnection.setState((state) => (state.phase === 'lost' ? state : { ...state, phase: 'lost', sinceMs: Date.now() }));
    retry();
  };
  const connect = (): void => {
    open(lose).then(
      async (transport) => {
        const hasSameContract = await speaksOurContract(transport).catch((error: unknown) => {
          // The engine runs without its database and knows none of these questions: the shell has another page for that.
          if (error instanceof ORPCError && error.code === 'NOT_FOUND') location.reload();
          return true;
        });
        if (!hasSameContract) {
          useConnection.setState((state) => ({ ...state, phase: 'other_version', sinceMs: Date.now() }));
          return;
        }
        current = transport;
        delayMs = firstDelayMs;
        useConnection.setState((state) => ({ phase: 'open', sinceMs: Date.now(), generation: state.generation + 1 }));
      },
      () => {
        useConnection.setState((state) => (state.phase === 'open' ? { ...state, phase: 'lost', sinceMs: Date.now() } : state));
        retry();
      },
    );
  };
  connect();
}
