import type { Row, SqlValue } from '../database.ts';

/** Values of a record by column parameter: truth as 0 or 1, objects as JSON. */
export function columnsOf(record: object): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, sqlValueOf(value)]));
}

function sqlValueOf(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof Uint8Array) return value;
  return JSON.stringify(value);
}

export function textOf(row: Row, column: string): string {
  return String(row[column] ?? '');
}

export function nullableInt(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || value === undefined ? null : Number(value);
}

/** A column that only this program writes, from a value that a schema has accepted. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(textOf(row, column)) as T;
}
