import { hash } from 'node:crypto';

/** How many partitions the big tables have. It never changes: the number of a key's partition is part of the stored rows and of feed cursors. */
export const partitionCount = 64;

/**
 * The partition of a key: of an aggregate's for everything that belongs to the aggregate, of a desk's id for what belongs to the desk. The
 * first byte of SHA-256 decides, which every database can compute (PostgreSQL: `get_byte(sha256(convert_to(key, 'UTF8')), 0) % 64`).
 */
export function partitionOf(key: string): number {
  return (hash('sha256', key, 'buffer')[0] ?? 0) % partitionCount;
}
