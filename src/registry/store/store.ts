import { EventEmitter } from 'node:events';
import { sql, type Kysely } from 'kysely';
import type { Dialect } from './dialect.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './tables.ts';

/** A place to ask the database: within a transaction or outside of one. */
export interface Session {
  readonly db: Kysely<Tables>;
  readonly dialect: Dialect;
}

export interface Store {
  readonly dialect: Dialect;
  /** Sees committed rows only. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Commits when `work` fulfils, rolls back when it rejects. Never call `read` or `transact` of the store inside. */
  transact<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Tells waiting readers of the feed that the office has something new. */
  announce(officeId: string): void;
  /** Resolves at the next announcement for the office, or after `waitMs`. */
  waitForChange(officeId: string, waitMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Two transactions wanted the same row at once and this one came second: it is done again from its beginning. */
export class TryAgainError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TryAgainError';
  }
}

export function mustTryAgain(dialect: Dialect, error: unknown): boolean {
  return error instanceof TryAgainError || dialect.isRetryable(error);
}

/**
 * Another registry process on the same PostgreSQL cannot announce here. One look a second for each office that is waited for finds what it did; what
 * happened while the first reader of an office began to wait is found by that reader's own next look.
 */
const lookForOthersMs = 1_000;
const lookAgainMs = 5_000;
const transactionTries = 5;

export async function openStore(dialect: Dialect): Promise<Store> {
  const db = await dialect.open();
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  const watched = new Map<string, NodeJS.Timeout>();
  let tail: Promise<unknown> = Promise.resolve();

  function watchOthers(officeId: string): void {
    if (dialect.isSerial || watched.has(officeId)) return;
    let known: unknown;
    const look = async () => {
      if (changes.listenerCount(officeId) === 0) {
        clearInterval(watched.get(officeId));
        watched.delete(officeId);
        return;
      }
      const row = await db
        .selectFrom('feed_sequencer')
        .select((build) => build.fn.sum<string | null>('last_place').as('total'))
        .where('office_id', '=', officeId)
        .executeTakeFirst();
      if (known !== undefined && row?.total !== known) changes.emit(officeId);
      known = row?.total ?? null;
    };
    // A database that is away for a moment is asked again at the next turn.
    const timer = setInterval(() => void look().catch(() => undefined), lookForOthersMs);
    watched.set(officeId, timer.unref());
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!dialect.isSerial) return work();
    const turn = tail.then(work, work);
    tail = turn.catch(() => undefined);
    return turn;
  }

  async function transactOnce<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await db.transaction().execute((transaction) => work({ db: transaction, dialect }));
  }

  await migrate(db, dialect);

  return {
    dialect,
    read: (work) => inTurn(() => work({ db, dialect })),
    transact: (work) =>
      inTurn(async () => {
        for (let tried = 1; ; tried += 1) {
          try {
            return await transactOnce(work);
          } catch (error) {
            if (tried >= transactionTries || !mustTryAgain(dialect, error)) throw error;
          }
        }
      }),
    announce: (officeId) => {
      changes.emit(officeId);
    },
    waitForChange: (officeId, waitMs, signal) =>
      new Promise((resolve) => {
        const settle = () => {
          clearTimeout(timer);
          changes.off(officeId, settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        const timer = setTimeout(settle, dialect.isSerial ? waitMs : Math.min(waitMs, lookAgainMs));
        changes.on(officeId, settle);
        watchOthers(officeId);
        signal.addEventListener('abort', settle);
        if (signal.aborted) settle();
      }),
    close: async () => {
      for (const timer of watched.values()) clearInterval(timer);
      await inTurn(() => db.destroy());
    },
  };
}

async function migrate(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Two processes that start at once on one PostgreSQL take turns.
    if (dialect.hasRowLocks) await sql`select pg_advisory_xact_lock(7184301)`.execute(transaction);
    await transaction.schema
      .createTable('meta')
      .ifNotExists()
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();
    const row = await transaction.selectFrom('meta').select('value').where('key', '=', 'schema_version').executeTakeFirst();
    const version = row === undefined ? 0 : Number(row.value);
    if (version > migrations.length)
      throw new Error(`The registry database has version ${version}; this program knows ${migrations.length}.`);
    for (const step of migrations.slice(version)) await step(transaction, dialect);
    await writeMeta({ db: transaction, dialect }, 'schema_version', String(migrations.length));
  });
}

export async function findMeta(session: Session, key: string): Promise<string | undefined> {
  const row = await session.db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

export async function writeMeta(session: Session, key: string, value: string): Promise<void> {
  await session.db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
