/**
 * The desk's one writer connection, as the rest of the core sees it. Reads may run at any time; every write happens inside a `Tx`, and a `Tx`
 * exists only inside a synchronous immediate transaction (`acts.perform`, `acts.record`, the sync worker), so an await can never split one.
 */
export type SqlValue = string | number | bigint | Uint8Array | null;
export type Row = Record<string, SqlValue>;

export interface Reader {
  /** Prepared once per distinct text and cached; the text is a constant, values go by name (`@name`). */
  get(sql: string, values?: Readonly<Record<string, SqlValue>>): Row | undefined;
  all(sql: string, values?: Readonly<Record<string, SqlValue>>): Row[];
  /** Row after row as plain lists, for what reads millions; only where the connection is the reader's own. */
  rows?(sql: string): Iterable<readonly SqlValue[]>;
}

export interface Tx extends Reader {
  /** Answers how many rows changed. */
  run(sql: string, values?: Readonly<Record<string, SqlValue>>): number;
}

export interface Database extends Reader {
  /** Many reads of one state, locked once and not anew for each. Synchronous; nothing is written inside. */
  read<T>(work: (reader: Reader) => T): T;
  /** One immediate synchronous transaction; a throw rolls everything back. Nesting is a bug and throws. */
  transact<T>(work: (tx: Tx) => T): T;
  /** True while the disk is full and what is left is kept for receipts and audit: whoever writes for a person asks first. */
  readonly isSpaceShort: boolean;
  close(): void;
}
