import { applyProfile, connect } from '../../src/core/storage/connection.ts';
import { migrate } from '../../src/core/storage/migrate.ts';
import { migrations } from '../../src/core/storage/migrations/all.ts';
import { loadSqlite } from '../../src/core/storage/native.ts';

/** Brings a database to the newest version and is killed after so many statements: arguments file, key, statements. */
const [file = '', keyHex = '', after = '1'] = process.argv.slice(2);
const native = await loadSqlite();
if (!native.ok) throw new Error(native.code);
const connection = connect(native.Sqlite, file, keyHex);
applyProfile(connection);
let statements = 0;
migrate(connection, migrations, () => {
  statements += 1;
  if (statements >= Number(after)) process.kill(process.pid, 'SIGKILL');
});
