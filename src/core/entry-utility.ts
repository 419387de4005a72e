import { coreStartSchema, databaseKeyKeptSchema, type HostReport } from '../shared/platform/host-messages.ts';
import { serveMessagePort, serveRecoveryPort } from './rpc/index.ts';
import type { PortLike } from '../channel/message-port-channel.ts';
import { startDesk, type StartedDesk } from './start-desk.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import { isRecoverable, startRecovery, type StartedRecovery } from './start-recovery.ts';

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
let recovery: StartedRecovery | undefined;
/** Waits for the shell's word on the key it was handed. */
let onKept: ((isKept: boolean) => void) | undefined;
/** A core whose database went bad under way ends, so that the shell starts it anew and the start finds the damage. */
const damagedExitCode = 3;

parent.on('message', (event) => {
  const start = coreStartSchema.safeParse(event.data);
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
          return;
        }
        const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
        report({ type: 'failed', code, params: error instanceof StartFailure ? { ...error.params } : {} });
      },
    );
    return;
  }
  const kept = databaseKeyKeptSchema.safeParse(event.data);
  if (kept.success) onKept?.(kept.data.isKept);
  const { type } = event.data as { type?: unknown };
  const [port] = event.ports;
  if (type === 'screen' && port !== undefined) void serveScreen(port);
  if (type === 'paper' && port !== undefined)
    void started?.then(
      (desk) => {
        desk.joinPaper(port);
      },
      () => undefined,
    );
  if (type === 'cards' && port !== undefined)
    void started?.then(
      (desk) => {
        desk.joinCards(port);
      },
      () => undefined,
    );
  if (type === 'maintenance' && port !== undefined) void joinMaintenance(port);
  if (type === 'stop') void stop();
});

async function serveScreen(port: UtilityPort): Promise<void> {
  const desk = await started?.catch(() => undefined);
  if (desk !== undefined) serveMessagePort(desk.router, port);
  else if (recovery !== undefined) serveRecoveryPort(recovery.router, port);
}

async function joinMaintenance(port: PortLike): Promise<void> {
  const desk = await started?.catch(() => undefined);
  (desk ?? recovery)?.joinMaintenance(port);
}

async function stop(exitCode = 0): Promise<void> {
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
  parent.postMessage(message);
}
