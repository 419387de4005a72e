import { applyProfile, connect } from '../../src/core/storage/connection.ts';
import { loadSqlite } from '../../src/core/storage/native.ts';

/** Another program at the same file: for each number that it reads it holds the write lock for so many milliseconds. */
const [file = '', keyHex = ''] = process.argv.slice(2);
const native = await loadSqlite();
if (!native.ok) throw new Error(native.code);
const connection = connect(native.Sqlite, file, keyHex);
applyProfile(connection);
process.stdout.write('open\n');
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  connection.exec('BEGIN IMMEDIATE');
  process.stdout.write('held\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(text));
  connection.exec('COMMIT');
  process.stdout.write('free\n');
});
process.stdin.on('end', () => process.exit(0));
