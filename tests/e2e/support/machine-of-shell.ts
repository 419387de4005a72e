import childProcess, { type ForkOptions } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Imported before the shell by a test that plays the machine: the core it starts imports `machine-of-core.ts` first. The shell gives its children neither
 * options nor environment of ours, and the product has no switch for its clock, so the test changes how the shell starts them.
 */
const { fork } = childProcess;
const machine = pathToFileURL(join(import.meta.dirname, 'machine-of-core.ts')).href;

childProcess.fork = ((entry: string, args: readonly string[], options: ForkOptions) => {
  const isCore = entry.endsWith('entry-node.ts');
  return fork(entry, args, isCore ? { ...options, execArgv: [...(options.execArgv ?? []), '--import', machine] } : options);
}) as typeof fork;
syncBuiltinESMExports();
