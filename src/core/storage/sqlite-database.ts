import type { Database, Reader, Row, SqlValue, Tx } from './database.ts';
import { faultCodeOf, isFailStop, sqliteCodeOf, StorageFault } from './failures.ts';
import type { SqliteConnection } from './native.ts';

type Statement = ReturnType<SqliteConnection['prepare']>;
const noValues = {};
type Values = Readonly<Record<string, SqlValue>>;

export interface ConnectionSource {
  /** A fresh connection with the whole profile; what it shows is durable, also after a sync that failed. */
  open(): SqliteConnection;
  /** Gives back the space kept for this moment, so that receipts and audit still fit. */
  releaseBallast(): void;
  /** True while there is too little free space for new acts. */
  isSpaceShort(): boolean;
  /** A page did not hold what it should; called at most once. The program has to begin anew, into the recovery. */
  onDamaged?(sqliteCode: string): void;
  /** Called once, after the connection was closed for good. */
  onClosed(): void;
}

/**
 * The one writer connection. After an I/O error, a full disk or damage the fate of the last write is unknown: the connection is closed and
 * opened again before anything is looked up, and a second such error makes the database read-only until the program is restarted. When it cannot
 * even be opened, the next use tries again, so that a disk that was full for a moment does not end the day.
 */
export class SqliteDatabase implements Database {
  readonly #source: ConnectionSource;
  #connection: SqliteConnection;
  #statements = new Map<string, Statement>();
  #isInTransaction = false;
  #failures = 0;
  #isReadOnly = false;
  #isDamaged = false;
  #isClosed = false;

  constructor(source: ConnectionSource) {
    this.#source = source;
    this.#connection = source.open();
  }

  /** True after a second storage error; every write is refused. */
  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  /** True while new acts are refused because the disk is full; receipts and audit of the exchange still fit. */
  get isSpaceShort(): boolean {
    return this.#source.isSpaceShort();
  }

  get(sql: string, values?: Values): Row | undefined {
    return this.#guard(() => this.#prepare(sql).get(values ?? noValues) as Row | undefined);
  }

  all(sql: string, values?: Values): Row[] {
    return this.#guard(() => this.#prepare(sql).all(values ?? noValues) as Row[]);
  }

  read<T>(work: (reader: Reader) => T): T {
    if (this.#holdsLock()) return work(this);
    this.#guard(() => this.#prepare('BEGIN').run(noValues));
    try {
      const value = work(this);
      if (value instanceof Promise) throw new Error('A read must not wait');
      return value;
    } finally {
      // After a storage error this is another connection, outside of any transaction.
      if (this.#holdsLock()) this.#guard(() => this.#prepare('COMMIT').run(noValues));
    }
  }

  transact<T>(work: (tx: Tx) => T): T {
    if (this.#isInTransaction) throw new Error('A transaction inside a transaction');
    if (this.#isReadOnly) throw new StorageFault('STORAGE_FAILED', false);
    this.#revive();
    this.#isInTransaction = true;
    const tx = new SqliteTx((sql) => this.#prepare(sql));
    try {
      this.#prepare('BEGIN IMMEDIATE').run(noValues);
      const value = work(tx);
      if (value instanceof Promise) throw new Error('A transaction must not wait');
      tx.end();
      this.#prepare('COMMIT').run(noValues);
      return value;
    } catch (error) {
      tx.end();
      const code = sqliteCodeOf(error);
      if (isFailStop(code)) throw this.#failStop(code, error);
      if (this.#connection.inTransaction) this.#prepare('ROLLBACK').run(noValues);
      throw code.startsWith('SQLITE_BUSY') ? new StorageFault('DATABASE_BUSY', true, error) : error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#statements.clear();
    this.#connection.close();
    this.#source.onClosed();
  }

  /** Asked anew each time: the connection changes under way. */
  #holdsLock(): boolean {
    return this.#connection.inTransaction;
  }

  /** Does nothing while there is a connection. */
  #revive(): void {
    if (this.#connection.open || this.#isClosed) return;
    try {
      this.#connection = this.#source.open();
      if (this.#isReadOnly) this.#connection.pragma('query_only=ON');
    } catch (error) {
      throw new StorageFault(faultCodeOf(sqliteCodeOf(error)), false, error);
    }
  }

  #guard<T>(read: () => T): T {
    this.#revive();
    try {
      return read();
    } catch (error) {
      const code = sqliteCodeOf(error);
      if (isFailStop(code) && !this.#isInTransaction) throw this.#failStop(code, error);
      throw error;
    }
  }

  #failStop(sqliteCode: string, cause: unknown): StorageFault {
    const code = faultCodeOf(sqliteCode);
    this.#failures += 1;
    this.#statements.clear();
    try {
      this.#connection.close();
    } catch {
      // A connection that cannot even close is abandoned: the next one decides what the file says.
    }
    if (/^SQLITE_(CORRUPT|NOTADB)/u.test(sqliteCode) && !this.#isDamaged) {
      this.#isDamaged = true;
      this.#source.onDamaged?.(sqliteCode);
    }
    if (code === 'DISK_FULL') this.#source.releaseBallast();
    try {
      this.#connection = this.#source.open();
    } catch (error) {
      if (code !== 'DISK_FULL') this.#isReadOnly = true;
      return new StorageFault(code, false, error);
    }
    if (this.#failures > 1 && code !== 'DISK_FULL') {
      this.#isReadOnly = true;
      this.#connection.pragma('query_only=ON');
    }
    return new StorageFault(code, true, cause);
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

class SqliteTx implements Tx, Reader {
  readonly #prepare: (sql: string) => Statement;
  #isOpen = true;

  constructor(prepare: (sql: string) => Statement) {
    this.#prepare = prepare;
  }

  get(sql: string, values?: Values): Row | undefined {
    return this.#statement(sql).get(values ?? noValues) as Row | undefined;
  }

  all(sql: string, values?: Values): Row[] {
    return this.#statement(sql).all(values ?? noValues) as Row[];
  }

  run(sql: string, values?: Values): number {
    return this.#statement(sql).run(values ?? noValues).changes;
  }

  end(): void {
    this.#isOpen = false;
  }

  #statement(sql: string): Statement {
    if (!this.#isOpen) throw new Error('The transaction is over');
    return this.#prepare(sql);
  }
}
