import type { MessagePortMain, UtilityProcess } from 'electron';
import { hostReportSchema } from '../../shared/platform/host-messages.ts';
import { forbidCoreDumps } from '../core-dumps.ts';
import type { Host } from '../hosts/host.ts';

/** A host as an Electron utility process. Ports may be handed over beside a message. */
export interface UtilityHost extends Host {
  sendWith(message: unknown, ports: MessagePortMain[]): void;
}

type Fork = (
  modulePath: string,
  args: string[],
  options: { serviceName: string; stdio: 'pipe'; env: Record<string, string>; execArgv: string[] },
) => UtilityProcess;

/** Starts a utility process with a name, piped output and an almost empty environment. Call only after `ready`. */
export function spawnUtilityHost(fork: Fork, modulePath: string, serviceName: string, writeLine: (line: string) => void): UtilityHost {
  const child = fork(modulePath, [], { serviceName, stdio: 'pipe', env: minimalEnvironment(), execArgv: [] });
  // Chromium starts it from a process that is older than the prohibition on ours.
  child.once('spawn', () => {
    if (child.pid !== undefined) forbidCoreDumps(child.pid);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      writeLine(`${serviceName}: ${chunk.toString('utf8').trimEnd()}`);
    });
  }
  const exitListeners: ((code: number | null) => void)[] = [];
  let exitCode: number | undefined;
  child.once('exit', (code: number) => {
    exitCode = code;
    for (const listener of exitListeners) listener(code);
  });
  return {
    send: (message) => {
      if (exitCode === undefined) child.postMessage(message);
    },
    sendWith: (message, ports) => {
      if (exitCode === undefined) child.postMessage(message, ports);
    },
    onReport: (listener) => {
      child.on('message', (message: unknown) => {
        const report = hostReportSchema.safeParse(message);
        if (report.success) listener(report.data);
      });
    },
    onExit: (listener) => {
      if (exitCode === undefined) exitListeners.push(listener);
      else listener(exitCode);
    },
    kill: () => {
      // Asked politely a process that a driver holds does not end.
      if (child.pid !== undefined && exitCode === undefined) killNow(child.pid);
      child.kill();
    },
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function minimalEnvironment(): Record<string, string> {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'TZ', 'XDG_RUNTIME_DIR'];
  return Object.fromEntries(keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}
