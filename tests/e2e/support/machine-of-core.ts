import fs, { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineFile, type Machine } from './machine-file.ts';

/** Clock and disk of the core as the test sets them. TLS keeps the true time: the registry of the test has certificates of today. */
const wall = Date.now.bind(Date);
const mono = performance.now.bind(performance);
const { statfsSync } = fs;
let machine: Machine = {};
const read = (): void => {
  try {
    machine = JSON.parse(readFileSync(join(tmpdir(), machineFile), 'utf8')) as Machine;
  } catch {
    // Nothing was set, or it is being written.
  }
};
read();
setInterval(read, 100).unref();
Date.now = () => wall() + (machine.clockOffsetMs ?? 0) + (machine.passedMs ?? 0);
performance.now = () => mono() + (machine.passedMs ?? 0);
fs.statfsSync = ((path: string) => {
  const found = statfsSync(path);
  if (machine.freeDiskBytes !== undefined) found.bavail = Math.floor(machine.freeDiskBytes / found.bsize);
  return found;
}) as typeof statfsSync;
syncBuiltinESMExports();
