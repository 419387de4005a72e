import { expect, it } from 'vitest';
import { openDatabase } from '../open-database.ts';

it('storage-safety keeps runs, restorations, evidence and history', async () => {
  const opened = await openDatabase({ file: ':memory:', keyHex: '', clock: { nowMs: () => 1 } });
  if (!opened.ok) throw new Error(opened.failure.code);
  const names = opened.value.all("SELECT name FROM sqlite_schema WHERE type = 'table'").map((row) => row['name']);
  expect(names).toEqual(expect.arrayContaining(['maintenance_run', 'restoration', 'salvaged_audit', 'registry_history']));
  opened.value.close();
});
