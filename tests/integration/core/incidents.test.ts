import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIncidentFeature, type IncidentFeature } from '../../../src/core/features/incident/index.ts';
import type { IncidentEntity } from '../../../src/shared/registry-api/incident.ts';
import { newId } from './test-cases.ts';
import { openTestScreen, password, type TestScreen } from './test-screen.ts';

let screen: TestScreen;
let feature: IncidentFeature;
beforeEach(async () => {
  screen = await openTestScreen();
  feature = createIncidentFeature(screen.desk);
  await screen.client.session.signIn({ login: 'nigar', password, role: 'supervisor' });
});
afterEach(() => screen.close());

const list = () => screen.client.incident.list();
const handle = (incidentId: string, note = 'Baxdım') => screen.client.incident.handle({ commandId: newId(), incidentId, note });

/** The registry tells of a desk. */
function hear(entity: Partial<IncidentEntity> & { readonly deskId: string }, rev = 1): void {
  const incidentId = `cloned/${entity.deskId}/1`;
  const body: IncidentEntity = { incidentId, kind: 'cloned', firstAtMs: 5, lastAtMs: 5, times: 1, params: {}, handled: null, ...entity };
  screen.desk.db.transact((tx) => {
    feature.projection.onChange?.(tx, {
      entity: 'incident',
      id: incidentId,
      rev,
      op: 'upsert',
      body,
      isAnew: false,
      keepForUpgrade: () => undefined,
    });
  });
}

describe('incidents at the desk of a supervisor', () => {
  it('a program that was closed in order is no incident, one that was not is, with counts, and is opened once', async () => {
    feature.noteStart();
    feature.noteStop();
    feature.noteStart();
    expect((await list()).rows).toEqual([]);
    feature.noteStart();
    const { rows, open } = await list();
    expect(open).toBe(1);
    expect(rows).toMatchObject([{ kind: 'killed', isHere: true, params: { drafts: 0, queued: 0 }, handled: null }]);
    expect(Number(rows[0]?.params['acts'])).toBeGreaterThanOrEqual(1);
    expect(screen.desk.db.all("SELECT act FROM audit WHERE act = 'desk.killed'")).toHaveLength(1);
  });

  it('I-16: what the registry tells of another desk is handled for the whole office, and its own word ends it here', async () => {
    hear({ deskId: 'desk-77' });
    const [row] = (await list()).rows;
    expect(row).toMatchObject({ incidentId: 'cloned/desk-77/1', isHere: false, handled: null });
    expect(await handle('cloned/desk-77/1')).toEqual({ open: 0 });
    const sent = screen.desk.db.all('SELECT kind, aggregate FROM outbox');
    expect(sent).toEqual([{ kind: 'incident.handle', aggregate: 'incident:cloned/desk-77/1' }]);
    expect(screen.desk.db.all("SELECT act FROM audit WHERE act = 'incident.handle'")).toHaveLength(1);
    hear({ deskId: 'desk-77', times: 2 }, 3);
    expect((await list()).open).toBe(1);
    hear({ deskId: 'desk-77', times: 2, handled: { atMs: 9, byLogin: 'n', byName: 'Nigar', deskId: 'desk-77', note: 'söndürüldü' } }, 4);
    expect((await list()).rows).toMatchObject([{ handled: { byName: 'Nigar', note: 'söndürüldü' } }]);
  });

  it('fault 29: a row of the journal that does not fit its chain is told, and what only this desk knows is not sent', async () => {
    feature.noteAuditGap(5);
    const [row] = (await list()).rows;
    expect(row).toMatchObject({ kind: 'audit_gap', isHere: true, params: { row: 5 } });
    await handle(row?.incidentId ?? '');
    expect(screen.desk.db.all('SELECT kind FROM outbox')).toEqual([]);
    await expect(handle(row?.incidentId ?? '')).rejects.toMatchObject({ code: 'STEP_NOT_POSSIBLE' });
    await expect(handle('cloned/nobody/1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('fault 19: a jump and the drift after it are one story at the right time, read with it; fault 26: a healed registry has its counts', async () => {
    screen.desk.db.transact((tx) => {
      const seq = Number(tx.get('SELECT max(seq) AS n FROM audit')?.['n']);
      const event = `INSERT INTO clock_event(kind, at_ms, mono_ms, boot_id, by_ms, offset_ms, audit_seq) VALUES (@kind, @atMs, 0, 'b', @byMs, @offsetMs, @seq)`;
      tx.run(event, { kind: 'jump_back', atMs: 1_000, byMs: -9_000, offsetMs: 9_000, seq });
      tx.run(event, { kind: 'drift', atMs: 1_500, byMs: 9_000, offsetMs: 9_000, seq });
      tx.run(
        `INSERT INTO receipt_history(command_id, registry_epoch, result, receipt, at_ms, reopened_at_ms, answered_at_ms)
         VALUES ('a', 'e1', '{}', '{}', 1, 2, 3), ('b', 'e1', '{}', '{}', 1, 2, NULL)`,
        {},
      );
    });
    const { rows } = await list();
    expect(rows).toMatchObject([
      { kind: 'clock_back', atMs: 10_000, params: { byMs: 9_000, shownAtMs: 1_000 } },
      { kind: 'registry_restored', params: { n: 2, open: 1, answered: 1, different: 0 } },
    ]);
    await handle(rows[0]?.incidentId ?? '');
    expect(screen.desk.db.all('SELECT count(*) AS n FROM clock_event WHERE seen_at_ms IS NULL')).toEqual([{ n: 0 }]);
  });
});
