import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * Everything in which the two databases differ: how one is opened, whether a row can be locked, how several commands share one durable
 * commit, and which errors mean "do the whole transaction again". Nothing else in the registry knows which database it stands on.
 */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** `SELECT … FOR UPDATE` exists. Embedded SQLite has one writer, so there every transaction is alone already. */
  readonly hasRowLocks: boolean;
  /** A parameter can be an array, so that one text of a statement serves any number of rows. */
  readonly hasArrays: boolean;
  /** Transactions and reads go through one queue, because Kysely's are asynchronous and the connection is one. */
  readonly isSerial: boolean;
  open(): Promise<Kysely<Tables>>;
  isRetryable(error: unknown): boolean;
  /** The database itself is out of reach, starting or stopping. */
  isUnavailable?(error: unknown): boolean;
}

const require = createRequire(import.meta.url);

interface SqliteHandle extends SqliteDatabase {
  pragma(text: string): unknown;
}

/** Prepares each statement once: compiling SQL again for every command costs more than running it. */
function withStatementCache(database: SqliteHandle): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(text) {
      const known = statements.get(text);
      if (known !== undefined) return known;
      // Every transaction here writes. One that took its lock only then would fail at once where another program has written since it began to read.
      const statement = database.prepare(text === 'begin' ? 'begin immediate' : text);
      if (statements.size >= 500) statements.clear();
      statements.set(text, statement);
      return statement;
    },
    close() {
      statements.clear();
      database.close();
    },
  };
}

export function sqliteDialect(file: string): Dialect {
  return {
    name: 'sqlite',
    hasRowLocks: false,
    hasArrays: false,
    isSerial: true,
    open() {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      const Database = require('better-sqlite3-multiple-ciphers') as new (name: string) => SqliteHandle;
      const database = new Database(file);
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('busy_timeout = 5000');
      database.pragma('foreign_keys = ON');
      database.pragma('trusted_schema = OFF');
      database.pragma('temp_store = MEMORY');
      return Promise.resolve(new Kysely<Tables>({ dialect: new SqliteDialect({ database: withStatementCache(database) }) }));
    },
    // Another program has the file for a moment: one that imports what a desk handed over beside the one that serves.
    isRetryable: (error) => String(codeOf(error)).startsWith('SQLITE_BUSY'),
  };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

const postgresInt8 = 20;
/** Refused or cut connections, a server that starts, stops or has no room. */
const unavailableCodes: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300', '08006'];

interface Connection {
  query: unknown;
}
type Query = (text: unknown, values?: readonly unknown[], ...rest: unknown[]) => unknown;

/** More are a list of values, whose text seldom comes twice alike. */
const mostParameters = 64;
const mostKept = 200;

/** What comes a second time on a connection is prepared there under a name: reading a statement again costs more than most of them do. */
function keepStatements(connection: Connection): void {
  const ask = (connection.query as Query).bind(connection);
  const seen = new Map<string, string>();
  connection.query = ((text, values, ...rest) => {
    if (typeof text !== 'string' || values === undefined || values.length === 0 || values.length > mostParameters)
      return ask(text, values, ...rest);
    const name = seen.get(text);
    if (name === undefined) {
      if (seen.size < mostKept) seen.set(text, `s${seen.size}`);
      return ask(text, values, ...rest);
    }
    return ask({ name, text, values }, undefined, ...rest);
  }) satisfies Query;
}

export function postgresDialect(address: string): Dialect {
  return {
    name: 'postgres',
    hasRowLocks: true,
    hasArrays: true,
    isSerial: false,
    async open() {
      const { default: pg } = await import('pg');
      // Times and revisions stay far below 2^53, so they are numbers here as they are on SQLite.
      const numbersForInt8: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
        oid === postgresInt8 ? Number : (pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format) as (value: string) => unknown);
      const pool = new pg.Pool({
        connectionString: address,
        max: 10,
        types: { getTypeParser: numbersForInt8 },
      });
      // A connection that breaks while idle is replaced by the pool; the next query reports what matters.
      pool.on('error', () => undefined);
      pool.on('connect', keepStatements);
      return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    },
    isRetryable(error) {
      const code = codeOf(error);
      return code === '40001' || code === '40P01';
    },
    isUnavailable: (error) =>
      unavailableCodes.includes(codeOf(error)) ||
      // A socket that is not there yet.
      (codeOf(error) === 'ENOENT' && error instanceof Error && 'syscall' in error && error.syscall === 'connect') ||
      (error instanceof Error && error.message.startsWith('Connection terminated')),
  };
}
