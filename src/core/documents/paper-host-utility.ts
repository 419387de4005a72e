import { electronPortChannel, type PortLike } from '../platform/channel/message-port-channel.ts';
import { servePaper } from './paper-host.ts';

/**
 * Entry of the paper process as an Electron utility process. The shell sends `{kind: 'start', assetsFolder}` with one MessagePortMain, whose
 * other end it gives to the core.
 */
interface StartEvent {
  readonly data: { readonly kind: 'start'; readonly assetsFolder: string };
  readonly ports: readonly PortLike[];
}

const { parentPort } = process as unknown as { readonly parentPort: { once(event: 'message', listener: (event: StartEvent) => void): void } };
parentPort.once('message', (event) => {
  const port = event.ports[0];
  if (port === undefined) throw new Error('The paper process was started without a port');
  servePaper(electronPortChannel(port), event.data.assetsFolder, () => process.exit(0));
});
