import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { createReceiptVerifier } from '../../src/core/sync/receipts.ts';
import type { Dialect } from '../../src/registry/store/dialect.ts';
import { openStore } from '../../src/registry/store/store.ts';
import { receiptSchema } from '../../src/shared/registry-api/envelope.ts';
import { readStoredAttachment } from '../support/stored-attachments.ts';
import type { BusyDesk } from './busy-desk.ts';

const stateOf: Readonly<Record<string, number>> = { applied: 1, conflict: 2, rejected: 5 };

/** The record of the registry against what its desks hold: every command once, the same outcome word for word, receipts that hold, a feed without a gap. */
export async function expectSameAtRegistry(
  desks: readonly BusyDesk[],
  registry: { readonly dialect: Dialect; readonly folder: string; readonly receiptKey: string; readonly epoch: string },
  where: string,
): Promise<{ readonly commands: number; readonly certificates: number; readonly conflicts: number }> {
  const store = await openStore(registry.dialect);
  const { commands, acts, aggregates, certificates, keys, changes, sequencers } = await store.read(async ({ db }) => ({
    commands: await db.selectFrom('command').select(['command_id', 'desk_id', 'aggregate_key', 'rev_after', 'result', 'receipt']).execute(),
    acts: await db.selectFrom('act').select('command_id').execute(),
    aggregates: await db.selectFrom('aggregate').select(['key', 'rev']).where('type', '=', 'application').execute(),
    certificates: await db.selectFrom('certificate').select(['serial', 'application_id', 'kind']).execute(),
    keys: await db.selectFrom('sim_key').select('serial').execute(),
    changes: await db.selectFrom('change').select(['partition', 'office_id', 'place', 'id', 'rev']).execute(),
    sequencers: await db.selectFrom('feed_sequencer').select(['partition', 'office_id', 'last_place']).execute(),
  }));
  await store.close();
  let conflicts = 0;
  for (const { desk, credentials, told, uploaded } of desks) {
    const at = `${credentials.deskId}, ${where}`;
    const verifier = createReceiptVerifier(registry.receiptKey, credentials.deskId);
    const own = new Map(commands.filter(({ desk_id }) => desk_id === credentials.deskId).map((row) => [row.command_id, row]));
    const held = desk.db.all(
      'SELECT q.command_id, q.state, r.result, r.receipt FROM (SELECT command_id, state FROM outbox UNION ALL SELECT command_id, state FROM intents) q LEFT JOIN receipts r ON r.command_id = q.command_id',
    );
    expect(held.map((row) => String(row['command_id'])).sort(), at).toEqual([...own.keys()].sort());
    for (const row of held) {
      const commandId = String(row['command_id']);
      const recorded = own.get(commandId);
      const result = JSON.parse(String(row['result'])) as { outcome: string };
      const receipt: unknown = JSON.parse(String(row['receipt']));
      expect({ result, receipt }, `${commandId}, ${at}`).toEqual({
        result: JSON.parse(recorded?.result ?? 'null') as unknown,
        receipt: JSON.parse(recorded?.receipt ?? 'null') as unknown,
      });
      expect(row['state'], `${commandId} ${result.outcome}, ${at}`).toBe(stateOf[result.outcome]);
      expect(await verifier.verify(commandId, result, receiptSchema.parse(receipt)), `receipt ${commandId}, ${at}`).toBe(true);
      if (result.outcome === 'conflict') conflicts += 1;
    }
    for (const [commandId, outcome] of told)
      expect(JSON.parse(outcome), `told ${commandId}, ${at}`).toEqual(JSON.parse(own.get(commandId)?.result ?? 'null'));
    // The feed reached the desk whole: it knows every case of the office as the registry has it.
    const known = desk.db.all("SELECT id, rev FROM entity_revs WHERE entity = 'application'");
    expect(known.map((row) => `${String(row['id'])} ${String(row['rev'])}`).sort(), at).toEqual(
      aggregates.map(({ key, rev }) => `${key} ${rev}`).sort(),
    );
    expect(desk.db.get('SELECT registry_epoch FROM sync_state')?.['registry_epoch'], at).toBe(registry.epoch);
    for (const sha256 of uploaded) {
      const stored = await readStoredAttachment(registry.folder, sha256);
      expect(createHash('sha256').update(stored).digest('hex'), `scan, ${at}`).toBe(sha256);
    }
  }
  const applied = commands.filter(({ result }) => (JSON.parse(result) as { outcome: string }).outcome === 'applied');
  expect(acts.map(({ command_id }) => command_id).sort(), where).toEqual(applied.map(({ command_id }) => command_id).sort());
  const effects = applied.map(({ aggregate_key, rev_after }) => `${aggregate_key} ${String(rev_after)}`);
  expect(new Set(effects).size, `an effect twice, ${where}`).toBe(effects.length);
  const kindsOfCase = certificates.map(({ application_id, kind }) => `${application_id} ${kind}`);
  expect(new Set(kindsOfCase).size, `a second set of certificates, ${where}`).toBe(kindsOfCase.length);
  expect(keys.map(({ serial }) => serial).sort(), where).toEqual(certificates.map(({ serial }) => serial).sort());
  for (const { partition, office_id, last_place } of sequencers) {
    const places = changes.filter((row) => row.partition === partition && row.office_id === office_id).map(({ place }) => place);
    expect(
      places.sort((left, right) => left - right),
      `feed ${partition}, ${where}`,
    ).toEqual(Array.from({ length: last_place }, (_, index) => index + 1));
  }
  return { commands: commands.length, certificates: certificates.length, conflicts };
}
