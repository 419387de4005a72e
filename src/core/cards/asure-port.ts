import { spawn } from 'node:child_process';
import type { CardsConfig } from '../../shared/platform/desk-config.ts';
import type { Log } from '../desk.ts';
import { createAsureTable, type AsureTable } from '../storage/asure-table.ts';

/** Asure ID as the configuration names it; its program gets no argument, because it reads the folder that it was set up for. Source: PRS-04 */
export function createAsurePort(
  config: CardsConfig['asure'],
  log: Log,
): { readonly table: AsureTable; readonly startProgram: (() => void) | null } | null {
  if (config === undefined) return null;
  const startProgram = (): void => {
    const child = spawn(config.program, [], { detached: true, stdio: 'ignore', windowsHide: false });
    child.on('error', (error) => {
      log.error('asure.not_started', error);
    });
    child.unref();
  };
  return { table: createAsureTable(config.folder), startProgram: config.program === '' ? null : startProgram };
}
