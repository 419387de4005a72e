import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesPageSchema } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandResult, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { incidentEntitySchema, type IncidentEntity } from '../../../src/shared/registry-api/incident.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { refusalOf, type TestDesk } from './test-desk.ts';

describe('what the registry tells the desks of an office', () => {
  let running: TestRegistry;
  beforeAll(async () => {
    running = await runRegistry();
  });
  afterAll(() => running.stop());

  const push = (by: TestDesk, ...commands: Envelope[]) =>
    by.call<{ code: string; results: CommandResult[] }>('POST', '/v1/sync/commands', { commands });
  /** The newest word of each incident, as any desk of the office hears it. */
  const heard = async (by: TestDesk): Promise<Map<string, IncidentEntity>> => {
    const { body } = await by.call('GET', '/v1/sync/changes?limit=500');
    const found = changesPageSchema.parse(body).changes.filter(({ entity }) => entity === 'incident');
    return new Map(found.map((change) => [change.id, incidentEntitySchema.parse(change.body)]));
  };

  it('I-16 fault 25: a copy is refused, every desk of the office hears of it once, and of a supervisor who dealt with it', async () => {
    const desk = await running.enrol('desk-original');
    const neighbour = await running.enrol('desk-neighbour');
    const seq = desk.nextSeq();
    expect((await push(desk, refusalOf(desk, { desk_seq: seq, audit_seq: 7, audit_head: 'a'.repeat(64) }))).status).toBe(200);
    // The copy: the same place and the same row of the journal, other content.
    const copied = () => refusalOf(desk, { desk_seq: seq, audit_seq: 7, audit_head: 'b'.repeat(64) });
    for (let n = 0; n < 2; n += 1) expect(await push(desk, copied())).toMatchObject({ status: 409, body: { code: 'DESK_FORK' } });
    const id = 'cloned/desk-original/1';
    expect((await heard(neighbour)).get(id)).toMatchObject({ kind: 'cloned', deskId: 'desk-original', times: 1, handled: null });

    const handle = (login: string) =>
      neighbour.command('incident.handle', { incidentId: id, note: 'söndürüldü', byName: 'Nigar' }, login, {
        desk_seq: neighbour.nextSeq(),
      });
    expect((await push(neighbour, handle('leyla'))).body.results[0]?.result).toMatchObject({
      outcome: 'rejected',
      code: 'ROLE_NOT_ALLOWED',
    });
    expect((await push(neighbour, handle('nigar'))).body.results[0]?.result).toMatchObject({ outcome: 'applied', state: 'handled' });
    expect((await heard(desk)).get(id)?.handled).toMatchObject({ byLogin: 'nigar', note: 'söndürüldü', deskId: 'desk-neighbour' });

    // It goes on: the story is open again.
    expect((await push(desk, copied())).status).toBe(409);
    expect((await heard(neighbour)).get(id)).toMatchObject({ times: 2, handled: null });
  });

  it('fault 25 fault 19: a new life and a clock that is wrong by years are told, and neither is an act of the register', async () => {
    const desk = await running.enrol('desk-restored-told');
    const raised = await desk.call('POST', '/v1/desk/epoch', {
      raise_id: uuidv7(),
      from_epoch: 1,
      audit_anchor: null,
      cause: 'set_up_anew',
    });
    expect(raised.status).toBe(200);
    expect((await heard(desk)).get('restored/desk-restored-told/2')).toMatchObject({ kind: 'restored', params: { epoch: 2 } });
    const wrong = { desk_epoch: 2, desk_seq: 1, clock_offset_ms: 315_360_000_000, clock_error_ms: 20 };
    expect((await push(desk, refusalOf(desk, wrong))).status).toBe(200);
    const told = [...(await heard(desk)).values()].filter(({ kind }) => kind === 'clock_off');
    expect(told).toMatchObject([{ deskId: 'desk-restored-told', params: { byMs: 315_360_000_000 } }]);
  });

  it('an incident that nobody told of is not made by handling it', async () => {
    const desk = await running.enrol('desk-inventive');
    const made = desk.command('incident.handle', { incidentId: 'cloned/nobody/1', note: 'heç nə', byName: 'Nigar' }, 'nigar', {
      desk_seq: desk.nextSeq(),
    });
    expect((await push(desk, made)).body.results[0]?.result).toMatchObject({ outcome: 'rejected', code: 'INCIDENT_UNKNOWN' });
    expect((await heard(desk)).has('cloned/nobody/1')).toBe(false);
  });
});
