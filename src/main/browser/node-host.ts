import { fork, type ChildProcess, type SendHandle } from 'node:child_process';
import { join } from 'node:path';
import { hostReportSchema } from '../../shared/platform/host-messages.ts';
import type { Host } from '../hosts/host.ts';

/** A host as a plain Node child. Sockets may be handed over beside a message. */
export interface NodeHost extends Host {
  readonly pid: number;
  sendWith(message: unknown, handle: SendHandle): void;
}

const compileCacheFolder = join(import.meta.dirname, '..', '..', '..', '.cache', 'compile');

/** Only what Node needs to run: nothing of ours, and no options that change how it runs. */
function minimalEnvironment(): NodeJS.ProcessEnv {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'TZ', 'XDG_RUNTIME_DIR'];
  const kept = Object.fromEntries(keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  // Compiled code of an earlier start; it holds program text only.
  return { ...kept, NODE_COMPILE_CACHE: compileCacheFolder };
}

export function spawnNodeHost(entry: string): NodeHost {
  const child: ChildProcess = fork(entry, [], {
    execPath: process.execPath,
    // No signal from outside opens the inspector, through which the whole memory could be read.
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-sigusr1'],
    env: minimalEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exitListeners: ((code: number | null) => void)[] = [];
  let exitCode: number | null | undefined;
  child.once('exit', (code) => {
    exitCode = code;
    for (const listener of exitListeners) listener(code);
  });
  const write = (message: unknown, handle?: SendHandle) => {
    if (!child.connected) return;
    // A child that ends meanwhile is reported by its exit, not by the failed send.
    child.send(message as object, handle, {}, () => undefined);
  };
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      write(message);
    },
    sendWith: write,
    onReport: (listener) => {
      child.on('message', (message) => {
        const report = hostReportSchema.safeParse(message);
        if (report.success) listener(report.data);
      });
    },
    onExit: (listener) => {
      if (exitCode !== undefined) listener(exitCode);
      else exitListeners.push(listener);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
