import { cardHostStartSchema, type HostReport } from '../shared/platform/host-messages.ts';
import { electronPortChannel, type PortLike } from '../channel/message-port-channel.ts';
import { runHost, type RunningHost } from './run-host.ts';

/**
 * Entry of the card host as an Electron utility process. The shell joins it to every new core with a `{type: 'core'}` message and one
 * MessagePortMain; it outlives a core, with what it keeps of the cards under way, and ends when it is told to.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly PortLike[] }) => void): void;
  postMessage(message: HostReport): void;
}

const { parentPort } = process as unknown as { readonly parentPort: ParentPort };
const report = (message: HostReport): void => {
  parentPort.postMessage(message);
};
let running: RunningHost | undefined;
/** Ports that came before the start message. */
const waiting: PortLike[] = [];

parentPort.on('message', (event) => {
  const { type } = event.data as { readonly type?: unknown };
  const [port] = event.ports;
  const start = cardHostStartSchema.safeParse(event.data);
  if (start.success && running === undefined) {
    running = runHost(start.data, report, null);
    report({ type: 'ready', tookMs: performance.now(), parts: {} });
    running.begin();
    for (const early of waiting.splice(0)) running.serve(electronPortChannel(early));
  }
  if (type === 'core' && port !== undefined) {
    if (running === undefined) waiting.push(port);
    else running.serve(electronPortChannel(port));
  }
  if (type === 'stop') {
    if (running === undefined) process.exit(0);
    running.end();
  }
});
