import type { AsureTable } from '../../storage/asure-table.ts';

/** Asure ID beside this desk. */
export interface AsurePort {
  readonly table: AsureTable;
  /** Starts the configured program; null where none is configured. */
  readonly startProgram: (() => void) | null;
}
