import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  changesPageSchema,
  organisationAnswerSchema,
  personAnswerSchema,
  simAnswerSchema,
  type ApplicationEntity,
  type ChangesPage,
} from '../../../src/shared/registry-api/endpoints.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { dataOf, submission, type TestDesk } from './test-desk.ts';

describe('one case from the application to the archive', () => {
  let running: TestRegistry;
  let desk: TestDesk;

  beforeAll(async () => {
    running = await runRegistry();
    desk = await running.enrol('desk-1');
  });
  afterAll(() => running.stop());

  it('says who it is', async () => {
    const answer = await desk.call<{ policy: { batch: number } }>('GET', '/v1/registry');
    expect(answer.status).toBe(200);
    expect(answer.body.policy.batch).toBe(50);
  });

  it('COM-04 COM-05 CR-27: the registers answer with time, source and version', async () => {
    const person = await desk.call('POST', '/v1/lookups/person', {
      queryId: '0192f000-0000-7000-8000-000000000101',
      fin: 'QYD0001',
      documentKind: 'citizen_card',
      documentNumber: 'AA0000012',
      birthOn: '1990-01-15',
    });
    expect(personAnswerSchema.parse(person.body)).toMatchObject({
      system: 'İAMAS',
      person: { surname: 'QULİYEVA', givenName: 'NURAY', document: { validUntilOn: '2031-01-14' } },
    });
    const permit = await desk.call('POST', '/v1/lookups/person', {
      queryId: '0192f000-0000-7000-8000-000000000102',
      fin: 'QYD003',
      documentKind: 'temporary_permit',
      documentNumber: '0000123',
      birthOn: '1979-12-31',
    });
    expect(personAnswerSchema.parse(permit.body)).toMatchObject({ system: 'VMMS', person: { surname: 'DEMIR' } });
    const wrong = await desk.call('POST', '/v1/lookups/person', {
      queryId: '0192f000-0000-7000-8000-000000000103',
      fin: 'QYD0001',
      documentKind: 'citizen_card',
      documentNumber: 'AA0000013',
      birthOn: '1990-01-15',
    });
    expect(personAnswerSchema.parse(wrong.body).person).toBeNull();
    const organisation = await desk.call('POST', '/v1/lookups/organisation', {
      queryId: '0192f000-0000-7000-8000-000000000104',
      voen: '0000012341',
    });
    expect(organisationAnswerSchema.parse(organisation.body)).toMatchObject({ system: 'VÖEN', organisation: { headFin: 'QYD0002' } });
    const sim = await desk.call('POST', '/v1/lookups/sim', {
      queryId: '0192f000-0000-7000-8000-000000000105',
      phone: '+994500000001',
      iccid: '8999401000000000018',
    });
    expect(simAnswerSchema.parse(sim.body)).toMatchObject({
      system: 'MO',
      sim: { serviceType: 'personal', serviceUntilOn: '2029-11-30', certificates: [] },
    });
  });

  it('SIM-11 SIM-16 SIM-19: send, contract, activation, hand-over, scans, archive', async () => {
    expect((await desk.signIn('leyla')).body.operator.roles).toEqual(['registrar']);
    const send = desk.command('application.send', submission(dataOf({ fin: 'QYD0001', phone: '+994500000001' })), 'leyla');
    const applicationId = send.aggregate.key;
    const sent = await desk.intent(send);
    expect(sent.result).toMatchObject({
      outcome: 'applied',
      rev: 1,
      state: 'CONTRACT',
      certificates: [
        { kind: 'AUT', state: 'GENERATED' },
        { kind: 'PER', state: 'GENERATED' },
      ],
    });

    const sign = desk.command(
      'application.sign_contract',
      { applicationId, paperNumber: 'telim-1-2026-000001', centreSignedBy: 'Fərid Ağayev', signedAtMs: Date.now() },
      'leyla',
      { desk_seq: desk.nextSeq(), after: send.command_id, base_rev: 1, lease_token: 1 },
    );
    const activate = desk.command('application.activate', { applicationId, attempt: 1, bySupport: false }, 'leyla', {
      after: sign.command_id,
      base_rev: 1,
      lease_token: 1,
    });
    expect((await desk.intent(activate)).result).toEqual({ outcome: 'blocked', by: sign.command_id });
    expect((await desk.push([sign]))[0]?.result).toMatchObject({ outcome: 'applied', state: 'CERT_PRINTED' });
    const activated = await desk.intent(activate);
    expect(activated.result).toMatchObject({
      outcome: 'applied',
      state: 'ACTIVATING',
      certificates: [{ state: 'ACTIVE' }, { state: 'ACTIVE' }],
    });
    expect(activated.result).toHaveProperty('userId', expect.stringMatching(/^\d{6}$/));

    let after = activate.command_id;
    const queue = [
      desk.command(
        'application.hand_over',
        { applicationId, noticeNumber: 'telim-1-2026-000002', returnedOriginals: [], handedAtMs: Date.now() },
        'leyla',
        { desk_seq: desk.nextSeq(), after, base_rev: 1 },
      ),
    ];
    after = queue[0]?.command_id ?? '';
    const steps = [
      ['application.send_scans', { applicationId, attachments: [] }, 'aygun'],
      ['application.enter_scans', { applicationId, attachments: [] }, 'orkhan'],
      ['application.archive', { applicationId, receiver: 'Arxiv', listNumber: '1' }, 'leyla'],
    ] as const;
    for (const [kind, payload, login] of steps) {
      const command = desk.command(kind, payload as never, login, { desk_seq: desk.nextSeq(), after, base_rev: 1 });
      queue.push(command);
      after = command.command_id;
    }
    expect((await desk.push(queue)).map((each) => ('state' in each.result ? each.result.state : each.result))).toEqual([
      'HANDED',
      'HANDED',
      'SCANNED',
      'ARCHIVED',
    ]);

    const page = changesPageSchema.parse((await desk.call<ChangesPage>('GET', '/v1/sync/changes?limit=500')).body);
    const last = page.changes.filter((change) => change.id === applicationId).at(-1);
    expect(last?.body as ApplicationEntity).toMatchObject({ state: 'ARCHIVED', lease: null, data: { person: { fin: 'QYD0001' } } });
    expect((last?.body as ApplicationEntity).acts).toHaveLength(7);
    expect(page.changes.filter((change) => change.entity === 'operator').length).toBe(10);
  });
});
