import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { coreStartSchema, databaseKeyKeptSchema, type HostReport } from '../shared/platform/host-messages.ts';
import { serveRecoverySocket, serveWebSocket } from './rpc/index.ts';
import { startDesk, type StartedDesk } from './start-desk.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import { isRecoverable, startRecovery, type StartedRecovery } from './start-recovery.ts';

/**
 * The core as a plain Node child of the browser shell. The start message carries configuration and secrets; each accepted screen arrives as a
 * raw socket whose WebSocket handshake is finished here. Ends with its parent.
 */
const screenSchema = z.object({
  type: z.literal('screen'),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.unknown()),
  headBase64: z.string(),
});
/** A core whose database went bad under way ends, so that the shell starts it anew and the start finds the damage. */
const damagedExitCode = 3;
const maxMessageBytes = 512 * 1024;

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
let started: Promise<StartedDesk> | undefined;
let recovery: StartedRecovery | undefined;
/** Waits for the shell's word on the key it was handed. */
let onKept: ((isKept: boolean) => void) | undefined;
/** Sockets that the shell may still be reading from: a screen that was answered now could be heard by it instead. */
const arriving: (() => void)[] = [];

process.on('message', (message: unknown, handle: unknown) => {
  const start = coreStartSchema.safeParse(message);
  if (start.success) {
    started ??= startDesk(start.data, () => void stop(damagedExitCode));
    started.then(
      (desk) => {
        report({ type: 'ready', tookMs: desk.tookMs, parts: desk.parts });
      },
      (error: unknown) => {
        if (error instanceof StartFailure && isRecoverable(error.code)) {
          recovery = startRecovery(start.data, error.code, { resume: () => void stop(), keepKey });
          report({ type: 'recovery', code: error.code, params: { ...error.params } });
        } else report(describeFailure(error));
      },
    );
    return;
  }
  const kept = databaseKeyKeptSchema.safeParse(message);
  if (kept.success) onKept?.(kept.data.isKept);
  const screen = screenSchema.safeParse(message);
  if (screen.success && handle instanceof Socket) {
    arriving.push(() => void accept(screen.data, handle));
    return;
  }
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'screenIsYours') arriving.shift()?.();
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop') void stop();
});
process.on('disconnect', () => void stop());

async function accept(screen: z.infer<typeof screenSchema>, socket: Socket): Promise<void> {
  const desk = await started?.catch(() => undefined);
  if (desk === undefined && recovery === undefined) {
    socket.destroy();
    return;
  }
  const request = new IncomingMessage(socket);
  request.method = screen.method;
  request.url = screen.url;
  request.headers = screen.headers as IncomingMessage['headers'];
  sockets.handleUpgrade(request, socket, Buffer.from(screen.headBase64, 'base64'), (connection) => {
    // One window: a newer screen takes over from the older one.
    for (const other of sockets.clients) if (other !== connection) other.close(4001, 'TAKEN_OVER');
    if (desk !== undefined) serveWebSocket(desk.router, connection);
    else if (recovery !== undefined) serveRecoverySocket(recovery.router, connection);
  });
}

async function stop(exitCode = 0): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  await started?.then((desk) => desk.stop()).catch(() => undefined);
  await recovery?.stop();
  report({ type: 'stopped' });
  process.exit(exitCode);
}

function keepKey(databaseKey: string): Promise<boolean> {
  return new Promise((resolve) => {
    onKept = resolve;
    report({ type: 'databaseKey', databaseKey });
  });
}

function report(message: HostReport): void {
  if (process.connected) process.send?.(message);
}

function describeFailure(error: unknown): HostReport {
  if (error instanceof StartFailure) return { type: 'failed', code: error.code, params: { ...error.params } };
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return { type: 'failed', code: error.code, params: {} };
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'the core could not start'}\n`);
  return { type: 'failed', code: 'INTERNAL', params: {} };
}
