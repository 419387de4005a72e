import { listenForChannel } from '../platform/channel/socket-channel.ts';
import { servePaper } from './paper-host.ts';

/**
 * Entry of the paper process as a plain Node child. The shell forks it and sends `{kind: 'start', socketPath, assetsFolder}`; it listens,
 * answers `{kind: 'ready'}`, serves the first connection and exits with it or with its parent.
 */
interface StartMessage {
  readonly kind: 'start';
  readonly socketPath: string;
  readonly assetsFolder: string;
}

process.once('message', (message: StartMessage) => {
  void (async () => {
    const { channel, close } = await listenForChannel(message.socketPath);
    process.send?.({ kind: 'ready' });
    servePaper(await channel, message.assetsFolder, () => {
      close();
      process.exit(0);
    });
  })();
});
process.on('disconnect', () => process.exit(0));
