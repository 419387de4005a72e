import { listenerStartSchema, type HostReport } from '../../shared/platform/host-messages.ts';
import { listenForChannel } from '../../channel/socket-channel.ts';
import { findAssetsFolder } from './assets-folder.ts';
import { servePaper } from './paper-host.ts';
import { startWatchdog } from './watchdog.ts';

/**
 * Entry of the paper process as a plain Node child: told where to listen, it serves the one core that connects and ends with it, with its
 * parent, or when it is told to stop.
 */
process.on('message', (message: unknown) => {
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop') process.exit(0);
  const start = listenerStartSchema.safeParse(message);
  if (start.success) void serve(start.data.socketPath);
});
process.on('disconnect', () => process.exit(0));

async function serve(socketPath: string): Promise<void> {
  const startedAtMs = performance.now();
  startWatchdog();
  try {
    const assets = findAssetsFolder(import.meta.dirname);
    const { channel } = await listenForChannel(socketPath);
    report({ type: 'ready', tookMs: performance.now() - startedAtMs, parts: {} });
    servePaper(await channel, assets, () => process.exit(0));
  } catch (error) {
    process.stderr.write(`The paper process could not listen: ${error instanceof Error ? error.message : 'unknown'}\n`);
    report({ type: 'failed', code: 'INTERNAL', params: {} });
  }
}

function report(message: HostReport): void {
  if (process.connected) process.send?.(message);
}
