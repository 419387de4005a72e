import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Electron marks the place of its fuses by this text; then come the version, the number of fuses and one byte each. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

/** An asar archive without files: the lengths of two pickles around a JSON tree. */
function emptyArchive(): Buffer {
  const json = Buffer.from('{"files":{}}');
  const lengths = Buffer.alloc(16);
  for (const [place, value] of [4, json.length + 8, json.length + 4, json.length].entries()) lengths.writeUInt32LE(value, place * 4);
  return Buffer.concat([lengths, json]);
}

/**
 * Lays out what electron-builder takes for an unpacked Electron: a real ELF program with every fuse at Electron's
 * opposite of what we want, and the files beside it. So packing can be tested where Electron's binary cannot be fetched.
 */
export function writeStubElectron(folder: string, version: string): void {
  for (const part of ['locales', 'resources']) mkdirSync(path.join(folder, part), { recursive: true });
  const wire = Buffer.concat([Buffer.from(fuseMark), Buffer.from([1, fuseCount]), Buffer.from('101100011')]);
  writeFileSync(path.join(folder, 'electron'), Buffer.concat([readFileSync('/bin/true'), wire]));
  chmodSync(path.join(folder, 'electron'), 0o755);
  writeFileSync(path.join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) writeFileSync(path.join(folder, name), 'stub');
  writeFileSync(path.join(folder, 'resources/default_app.asar'), emptyArchive());
}
