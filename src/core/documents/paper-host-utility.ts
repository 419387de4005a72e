import type { HostReport } from '../../shared/platform/host-messages.ts';
import { electronPortChannel, type PortLike } from '../../channel/message-port-channel.ts';
import { findAssetsFolder } from './assets-folder.ts';
import { servePaper } from './paper-host.ts';
import { startWatchdog } from './watchdog.ts';

/**
 * Entry of the paper process as an Electron utility process. The shell joins it to every new core with a `{type: 'core'}` message and one
 * MessagePortMain; it ends when it is told to.
 */
interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: { readonly type?: unknown }; readonly ports: readonly PortLike[] }) => void,
  ): void;
  postMessage(message: HostReport): void;
}

const { parentPort } = process as unknown as { readonly parentPort: ParentPort };
const assets = findAssetsFolder(import.meta.dirname);
startWatchdog();
parentPort.on('message', (event) => {
  const [port] = event.ports;
  if (event.data.type === 'start') parentPort.postMessage({ type: 'ready', tookMs: performance.now(), parts: {} });
  if (event.data.type === 'core' && port !== undefined) servePaper(electronPortChannel(port), assets, () => undefined);
  if (event.data.type === 'stop') process.exit(0);
});
