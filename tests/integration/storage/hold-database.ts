import { openDatabase } from '../../../src/core/storage/open-database.ts';

/** Holds a database open until it is killed. */
const [file = '', keyHex = ''] = process.argv.slice(2);
const opened = await openDatabase({ file, keyHex, clock: { nowMs: () => Date.now() } });
if (!opened.ok) throw new Error(opened.failure.code);
opened.value.transact((tx) => tx.run("INSERT INTO settings(name, value) VALUES ('held', '1')"));
process.stdout.write('open\n');
setInterval(() => undefined, 60_000);
