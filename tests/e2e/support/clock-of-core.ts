import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockFile } from './clock-file.ts';

/** The device clock of the core as the test sets it. TLS keeps the true one: the registry of the test has certificates of today. */
const now = Date.now.bind(Date);
let offsetMs = 0;
const read = (): void => {
  try {
    offsetMs = Number(readFileSync(join(tmpdir(), clockFile), 'utf8')) || 0;
  } catch {
    offsetMs = 0;
  }
};
read();
setInterval(read, 100).unref();
Date.now = () => now() + offsetMs;
