import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { hostReportSchema } from '../../shared/platform/host-messages.ts';
import type { Host } from '../hosts/host.ts';

/** A host as a plain Node child. */
export interface NodeHost extends Host {
  readonly pid: number;
  /** Gives a socket away for good. A child that ends before it has taken it leaves nobody waiting: the socket is refused or closed. */
  handOver(handover: Handover): void;
}

export interface Handover {
  readonly socket: Socket;
  readonly message: unknown;
  /** Sent when the child has the socket and this process does not read from it any more. */
  readonly whenTaken: unknown;
  /** It is still ours, and nobody will take it. */
  readonly refuse: () => void;
}

const compileCacheFolder = join(import.meta.dirname, '..', '..', '..', '.cache', 'compile');

/** Only what Node needs to run: nothing of ours, and no options that change how it runs. */
function minimalEnvironment(keepAlso: readonly string[]): NodeJS.ProcessEnv {
  const keep = [...keepAlso, 'PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'TZ', 'XDG_RUNTIME_DIR'];
  const kept = Object.fromEntries(keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  // Compiled code of an earlier start; it holds program text only.
  return { ...kept, NODE_COMPILE_CACHE: compileCacheFolder };
}

/** `keepAlso`: what native code of this host finds its service by. */
export function spawnNodeHost(entry: string, keepAlso: readonly string[] = []): NodeHost {
  const child: ChildProcess = fork(entry, [], {
    execPath: process.execPath,
    // No signal from outside opens the inspector, through which the whole memory could be read.
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-sigusr1'],
    env: minimalEnvironment(keepAlso),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exitListeners: ((code: number | null) => void)[] = [];
  let exitCode: number | null | undefined;
  child.once('exit', (code) => {
    exitCode = code;
    for (const listener of exitListeners) listener(code);
  });
  const write = (message: unknown): void => {
    if (!child.connected) return;
    // A child that ends meanwhile is reported by its exit, not by the failed send.
    child.send(message as object, undefined, {}, () => undefined);
  };
  // One at a time: what waits behind another in Node's own queue is forgotten with its socket open when the child ends.
  const waiting: Handover[] = [];
  let current: Handover | undefined;
  const handOverNext = (): void => {
    if (current !== undefined) return;
    const next = waiting.shift();
    if (next === undefined) return;
    if (!child.connected) {
      next.refuse();
      handOverNext();
      return;
    }
    current = next;
    // Kept open here until the child has its own: one that the child never took can still be answered.
    child.send(next.message as object, next.socket, { keepOpen: true }, () => undefined);
    // Node holds back what follows a socket until the child has told that it has it.
    child.send({ type: 'screenSent' }, undefined, {}, (error) => {
      if (current !== next || error !== null) return;
      current = undefined;
      next.socket.destroy();
      write(next.whenTaken);
      handOverNext();
    });
  };
  const refuseAll = (): void => {
    const refused = current === undefined ? waiting.splice(0) : [current, ...waiting.splice(0)];
    current = undefined;
    for (const { refuse } of refused) refuse();
  };
  child.once('disconnect', refuseAll);
  child.once('exit', refuseAll);
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      write(message);
    },
    handOver: (handover) => {
      waiting.push(handover);
      handOverNext();
    },
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
