/** One forward step of the schema. It runs in a transaction of its own together with `user_version`; a failure leaves the old version. */
export interface Migration {
  /** Four digits of the file name; steps of ten. */
  readonly version: number;
  readonly title: string;
  /** Runs constant SQL text only. Tables are STRICT; a column is added, never dropped or renamed. */
  up(run: (sql: string) => void): void;
}
