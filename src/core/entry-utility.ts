import { coreStartSchema, type HostReport } from '../shared/platform/host-messages.ts';
import { serveMessagePort } from './rpc/index.ts';
import type { PortLike } from './platform/channel/message-port-channel.ts';
import { startDesk, StartFailure, type StartedDesk } from './start-desk.ts';

/** The core as an Electron utility process: secrets arrive in the start message, the paper host's and each screen's port beside theirs. */
interface ParentPort {
  on(event: 'message', listener: (event: PortEvent) => void): void;
  postMessage(message: unknown): void;
}
interface PortEvent {
  readonly data: unknown;
  readonly ports: readonly UtilityPort[];
}
/** What is used of Electron's MessagePortMain; this file is the only one of the core that meets it. */
type UtilityPort = Parameters<typeof serveMessagePort>[1] & PortLike;

const parent = (process as unknown as { readonly parentPort: ParentPort }).parentPort;
let started: Promise<StartedDesk> | undefined;

parent.on('message', (event) => {
  const start = coreStartSchema.safeParse(event.data);
  if (start.success) {
    started ??= startDesk(start.data);
    started.then(
      (desk) => {
        report({ type: 'ready', tookMs: desk.tookMs, parts: desk.parts });
      },
      (error: unknown) => {
        const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
        report({ type: 'failed', code, params: error instanceof StartFailure ? { ...error.params } : {} });
      },
    );
    return;
  }
  const { type } = event.data as { type?: unknown };
  const [port] = event.ports;
  if (type === 'screen' && port !== undefined) void serveScreen(port);
  if (type === 'paper' && port !== undefined)
    void started?.then((desk) => {
      desk.joinPaper(port);
    });
  if (type === 'stop') void stop();
});

async function serveScreen(port: UtilityPort): Promise<void> {
  const desk = await started;
  if (desk === undefined) return;
  serveMessagePort(desk.router, port);
}

async function stop(): Promise<void> {
  await started?.then((desk) => desk.stop()).catch(() => undefined);
  report({ type: 'stopped' });
  process.exit(0);
}

function report(message: HostReport): void {
  parent.postMessage(message);
}
