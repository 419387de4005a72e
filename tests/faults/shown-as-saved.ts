import { expect } from 'vitest';
import type { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';
import { sqliteDialect } from '../../src/registry/store/dialect.ts';
import { openStore } from '../../src/registry/store/store.ts';
import { applicationStates } from '../../src/shared/rules/vocabulary.ts';
import type { Held, Saved, Shown } from './eager-registrar.ts';

/** What was shown as saved and is not there, in words; empty when nothing was lost. */
export function listLost(saved: readonly Saved[], held: Held): string[] {
  const lost = held.missingCommandIds.map((commandId) => `command ${commandId}`);
  for (const { useCase, application, papers } of saved) {
    if (application !== null) {
      const now = held.applications[application.applicationId];
      if (now === undefined || !holds(now, application))
        lost.push(`${useCase}: ${JSON.stringify(application)} is ${JSON.stringify(now ?? null)}`);
    }
    for (const paper of papers) {
      const now = held.papers[paper.paperId];
      const isThere =
        now?.number === paper.number && now.copy === paper.copy && paperOrder.indexOf(now.state) >= paperOrder.indexOf(paper.state);
      if (!isThere) lost.push(`${useCase}: ${JSON.stringify(paper)} is ${JSON.stringify(now ?? null)}`);
    }
  }
  return lost;
}
const paperOrder = ['prepared', 'printing', 'printed'];

/** A case only goes forward here: what was shown is there, or what came after it. */
function holds(now: Shown, shown: Shown): boolean {
  const order: readonly string[] = applicationStates;
  if (now.version < shown.version || (now.version === shown.version && now.mark !== shown.mark)) return false;
  if (shown.mark > now.mark || order.indexOf(now.state) < order.indexOf(shown.state)) return false;
  return (
    (shown.serials.length === 0 || shown.serials.join() === now.serials.join()) && (shown.userId === '' || shown.userId === now.userId)
  );
}

/** What was said in any life, against the file as it is at the end. */
export function expectEverythingThere(db: SqliteDatabase, all: readonly Saved[]): void {
  const ids = (sql: string): string[] =>
    db
      .all(sql)
      .map((row) => String(row['id']))
      .sort();
  const remembered = new Set(ids('SELECT command_id AS id FROM remembered_commands'));
  expect(all.filter(({ commandId }) => commandId !== '' && !remembered.has(commandId))).toEqual([]);
  // Domain row, queue row, remembered id and audit row came together or not at all.
  const audited = ids(
    "SELECT json_extract(CAST(rec AS TEXT), '$.commandId') AS id FROM audit WHERE act NOT LIKE 'sync.%' AND coalesce(json_extract(CAST(rec AS TEXT), '$.commandId'), '') <> ''",
  );
  expect(audited).toEqual([...remembered].sort());
  const acts = new Set(ids('SELECT command_id AS id FROM application_act'));
  const queued = ids('SELECT command_id AS id FROM outbox UNION ALL SELECT command_id FROM intents');
  expect(new Set(queued).size).toBe(queued.length);
  expect(queued.filter((id) => !remembered.has(id) || !acts.has(id))).toEqual([]);
  expect(ids('SELECT command_id AS id FROM outbox WHERE state <> 1 UNION ALL SELECT command_id FROM intents WHERE state <> 1')).toEqual([]);
  expect(ids('SELECT command_id AS id FROM receipts')).toEqual(queued);
}

export async function expectSameAtRegistry(db: SqliteDatabase, registryDatabase: string): Promise<void> {
  const store = await openStore(sqliteDialect(registryDatabase));
  const { commands, aggregates, certificates, keys, acts } = await store.read(async (session) => ({
    commands: await session.db.selectFrom('command').select(['command_id', 'aggregate_key', 'rev_after', 'result']).execute(),
    aggregates: await session.db.selectFrom('aggregate').select(['key', 'rev', 'state']).where('type', '=', 'application').execute(),
    certificates: await session.db.selectFrom('certificate').select(['serial', 'application_id', 'kind', 'state']).execute(),
    keys: await session.db.selectFrom('sim_key').select(['serial']).execute(),
    acts: await session.db.selectFrom('act').select(['command_id']).execute(),
  }));
  await store.close();
  const desk = db.all('SELECT command_id, aggregate FROM outbox UNION ALL SELECT command_id, aggregate FROM intents');
  expect(commands.map(({ command_id }) => command_id).sort()).toEqual(desk.map((row) => String(row['command_id'])).sort());
  expect(acts.map(({ command_id }) => command_id).sort()).toEqual(commands.map(({ command_id }) => command_id).sort());
  const cases = new Map(db.all('SELECT application_id, state, rev FROM application').map((row) => [String(row['application_id']), row]));
  for (const { key, rev, state } of aggregates) {
    // One revision for each command: none had its effect twice.
    const revs = commands.filter(({ aggregate_key }) => aggregate_key === key).map(({ rev_after }) => rev_after ?? 0);
    expect(
      revs.sort((left, right) => left - right),
      key,
    ).toEqual(Array.from({ length: rev }, (_, index) => index + 1));
    expect({ state: cases.get(key)?.['state'], rev: cases.get(key)?.['rev'] }, key).toEqual({ state, rev });
  }
  const kindsOfCase = certificates.map(({ application_id, kind }) => `${application_id} ${kind}`);
  expect(new Set(kindsOfCase).size, 'a second set of certificates').toBe(kindsOfCase.length);
  expect(keys.map(({ serial }) => serial).sort()).toEqual(certificates.map(({ serial }) => serial).sort());
  const texts = (rows: readonly object[]): string[] => rows.map((row) => Object.values(row).join(' ')).sort();
  expect(texts(db.all('SELECT serial, application_id, kind, state FROM certificate'))).toEqual(
    texts(certificates.map(({ serial, application_id, kind, state }) => ({ serial, application_id, kind, state }))),
  );
}
