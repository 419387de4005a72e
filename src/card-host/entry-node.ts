import { cardHostStartSchema, type HostReport } from '../shared/platform/host-messages.ts';
import { listenForChannel } from '../channel/socket-channel.ts';
import { runHost, type RunningHost } from './run-host.ts';

/**
 * Entry of the card host as a plain Node child: told where to listen, it serves the one core that connects and ends with it, with its parent, or
 * when it is told to stop.
 */
let running: RunningHost | undefined;

process.on('message', (message: unknown) => {
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop') end();
  const start = cardHostStartSchema.safeParse(message);
  if (!start.success || running !== undefined) return;
  const startedAtMs = performance.now();
  const host = runHost(start.data, report, end);
  running = host;
  listenForChannel(start.data.socketPath).then(
    ({ channel }) => {
      report({ type: 'ready', tookMs: performance.now() - startedAtMs, parts: {} });
      host.begin();
      void channel.then((joined) => {
        host.serve(joined);
      });
    },
    (error: unknown) => {
      process.stderr.write(`The card host could not listen: ${error instanceof Error ? error.message : 'unknown'}\n`);
      report({ type: 'failed', code: 'INTERNAL', params: {} });
    },
  );
});
process.on('disconnect', end);

function end(): void {
  if (running === undefined) process.exit(0);
  running.end();
}

function report(message: HostReport): void {
  if (process.connected) process.send?.(message);
}
