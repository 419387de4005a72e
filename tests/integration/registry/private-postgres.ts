import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const debianFolder = '/usr/lib/postgresql';

/** Where initdb and pg_ctl are: Debian keeps them out of the search path. */
function binaryFolder(): string {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).sort((one, other) => Number(other) - Number(one)) : [];
  const found = versions
    .map((version) => path.join(debianFolder, version, 'bin'))
    .find((folder) => existsSync(path.join(folder, 'initdb')));
  if (found === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return found;
}

/** PostgreSQL refuses to run as root, so root runs it as the user `postgres`. */
async function asDatabaseUser(program: string, args: readonly string[]): Promise<string> {
  const isRoot = userInfo().uid === 0;
  const options = { cwd: '/', maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = isRoot ? await run('runuser', ['-u', 'postgres', '--', program, ...args], options) : await run(program, args, options);
  return stdout;
}

export interface PrivatePostgres {
  /** A new database, empty or as another one stands that nobody uses at the moment. */
  createDatabase(name: string, template?: string): Promise<string>;
  /** One of the programs that come with it, in its own folder of sockets; gives what it printed. */
  run(program: 'pgbench' | 'psql' | 'pg_dump' | 'pg_restore', args: readonly string[]): Promise<string>;
  /** The server's first process, from which all others come. */
  findProcessId(): number | undefined;
  stop(): Promise<void>;
}

/** A cluster of its own on a Unix socket in a temporary folder; nothing of it is left after `stop`. */
export async function startPrivatePostgres(options: { readonly isDurable?: boolean } = {}): Promise<PrivatePostgres> {
  // Not below a private home folder, and short: a socket's path has 107 characters.
  const folder = mkdtempSync('/tmp/pg-');
  const data = path.join(folder, 'data');
  const bin = binaryFolder();
  if (userInfo().uid === 0) await run('chown', ['postgres', folder]);
  await asDatabaseUser(path.join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'registry',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  // What is measured pays for its durability; what is only tested does not wait for the disk.
  const safety =
    options.isDurable === true
      ? '-c shared_buffers=512MB -c max_wal_size=4GB -c checkpoint_timeout=15min'
      : '-c fsync=off -c synchronous_commit=off -c full_page_writes=off';
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} ${safety} -c max_connections=60`;
  await asDatabaseUser(path.join(bin, 'pg_ctl'), ['-D', data, '-w', '-s', '-l', path.join(folder, 'log'), '-o', settings, 'start']);
  return {
    async createDatabase(name, template) {
      const from = template === undefined ? [] : ['-T', template];
      await asDatabaseUser(path.join(bin, 'createdb'), ['-h', folder, '-U', 'registry', ...from, name]);
      return `postgresql://registry@localhost/${name}?host=${encodeURIComponent(folder)}`;
    },
    run: (program, args) => asDatabaseUser(path.join(bin, program), ['-h', folder, '-U', 'registry', ...args]),
    findProcessId() {
      const id = Number.parseInt(readFileSync(path.join(data, 'postmaster.pid'), 'utf8'), 10);
      return Number.isSafeInteger(id) ? id : undefined;
    },
    async stop() {
      await asDatabaseUser(path.join(bin, 'pg_ctl'), ['-D', data, '-w', '-s', '-m', 'immediate', 'stop']);
      rmSync(folder, { recursive: true });
    },
  };
}
