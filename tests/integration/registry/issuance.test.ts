import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wellKnown } from '../../../src/registry/index.ts';
import type { SimAnswer } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandOutcome } from '../../../src/shared/registry-api/envelope.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { activation, dataOf, sendAndSign, submission, type DataOf, type TestDesk } from './test-desk.ts';

describe('what the registry issues and refuses', () => {
  let running: TestRegistry;
  let desk: TestDesk;

  beforeAll(async () => {
    running = await runRegistry();
    desk = await running.enrol('desk-1');
  });
  afterAll(() => running.stop());

  const sendData = async (data: ReturnType<typeof dataOf>): Promise<CommandOutcome> =>
    (await desk.intent(desk.command('application.send', submission(data), 'leyla'))).result;
  const send = (wanted: DataOf) => sendData(dataOf(wanted));
  const sim = async (phone: string, iccid = '') =>
    (await desk.call<SimAnswer>('POST', '/v1/lookups/sim', { queryId: uuidv7(), phone, iccid })).body.sim;
  const { voen } = wellKnown;

  it('SIM-11 COM-12 M-10: what disagrees with a register is refused with the reason and leaves nothing', async () => {
    const data = dataOf({ fin: 'QYD0007', phone: '+994500000014' });
    const reasons = [
      await sendData({ ...data, person: { ...data.person, fin: 'QYD0099' } }),
      await sendData({ ...data, person: { ...data.person, surname: 'BAŞQASI' } }),
      await sendData({ ...data, document: { ...data.document, number: 'AA9999999' } }),
      await sendData({ ...data, carrier: { ...data.carrier, phone: '+994500009999' } }),
      await sendData({ ...data, carrier: { ...data.carrier, iccid: '8999401000000000018' } }),
      await send({ fin: 'QYD0007', phone: '+994510000007', kinds: ['BUS'], category: 'K3', voen: voen.privateLegal }),
    ];
    expect(reasons.map((each) => (each.outcome === 'rejected' ? [each.code, each.params['səbəb'], each.state] : each))).toEqual([
      ['M-10', 'PERSON_NOT_FOUND', 'INVALID'],
      ['M-10', 'NAME_DIFFERS', 'INVALID'],
      ['M-10', 'PERSON_NOT_FOUND', 'INVALID'],
      ['M-10', 'SIM_NOT_FOUND', 'INVALID'],
      ['M-10', 'ICCID_DIFFERS', 'INVALID'],
      ['M-10', 'NOT_THE_HEAD', 'INVALID'],
    ]);
    expect((await sim('+994500000014'))?.certificates).toEqual([]);
  });

  it('SIM-07 COM-03 M-04: the form and the papers are checked once more by the rules of the desk', async () => {
    const data = dataOf({ fin: 'QYD0007', phone: '+994500000014' });
    expect(await sendData({ ...data, contact: { ...data.contact, registeredAddress: '' } })).toMatchObject({
      code: 'M-10',
      params: { səbəb: 'contact.registeredAddress', code: 'REQUIRED' },
    });
    expect(await sendData({ ...data, presented: { ...data.presented, 'D-09': undefined } })).toMatchObject({
      code: 'M-04',
      params: { siyahı: 'D-09' },
    });
    const employee = dataOf({ fin: 'QYD0007', phone: '+994510000007', kinds: ['BUS'], category: 'K4', voen: voen.privateLegal });
    expect(await sendData({ ...employee, powersOfAttorney: [] })).toMatchObject({ outcome: 'rejected', code: 'POA_MISSING' });
  });

  it('COM-02 M-02: an expired document gets no certificate', async () => {
    expect(await send({ fin: 'QYD0006', phone: '+994500000006' })).toMatchObject({
      outcome: 'rejected',
      code: 'M-02',
      params: { tarix: '2025-09-09' },
    });
  });

  it('a SIM of somebody else and a SIM whose service has ended get none', async () => {
    expect(await send({ fin: 'QYD0007', phone: '+994500000001' })).toMatchObject({ outcome: 'rejected', code: 'SIM_OF_ANOTHER_HOLDER' });
    expect(await send({ fin: 'QYD0001', phone: '+994500000013' })).toMatchObject({ outcome: 'rejected', code: 'SERVICE_TERM_ENDED' });
  });

  it('CR-27 M-11: the kind must fit the service type', async () => {
    expect(
      await send({ fin: 'QYD0001', phone: '+994500000001', kinds: ['BUS'], category: 'K4', voen: voen.secondPrivateLegal }),
    ).toMatchObject({ outcome: 'rejected', code: 'M-11' });
  });

  it('CR-24 M-28: Business and State never stand on one SIM', async () => {
    expect(
      await send({ fin: 'QYD0003', phone: '+994550000003', kinds: ['BUS', 'STA'], category: 'K4', voen: voen.privateLegal }),
    ).toMatchObject({ outcome: 'rejected', code: 'M-28' });
    const data = dataOf({ fin: 'QYD0004', phone: '+994700000004', kinds: ['STA'], category: 'K6', voen: voen.stateBody });
    const first = await sendAndSign(desk, data);
    await desk.intent(activation(desk, first.applicationId, first.after));
    expect(
      await send({
        fin: 'QYD0004',
        phone: '+994700000004',
        kinds: ['BUS'],
        category: 'K6',
        voen: voen.selfFinancing,
        purpose: 'additional',
      }),
    ).toMatchObject({ outcome: 'rejected', code: 'M-28' });
  });

  it('CR-06 CR-22 CR-23: one Personal and one User ID for a SIM, further Business certificates beside it', async () => {
    const first = await sendAndSign(
      desk,
      dataOf({ fin: 'QYD0007', phone: '+994510000007', kinds: ['BUS'], category: 'K4', voen: voen.privateLegal }),
    );
    expect(first.sent.result).toMatchObject({ certificates: [{ kind: 'AUT' }, { kind: 'PER' }, { kind: 'BUS', voen: voen.privateLegal }] });
    const activated = await desk.intent(activation(desk, first.applicationId, first.after));
    expect(
      await send({
        fin: 'QYD0007',
        phone: '+994510000007',
        kinds: ['BUS'],
        category: 'K4',
        voen: voen.privateLegal,
        purpose: 'additional',
      }),
    ).toMatchObject({ code: 'ALREADY_OPEN' });
    const handOver = desk.command(
      'application.hand_over',
      { applicationId: first.applicationId, noticeNumber: '1', returnedOriginals: [], handedAtMs: 1 },
      'leyla',
      { desk_seq: desk.nextSeq(), base_rev: 3 },
    );
    await desk.push([handOver]);
    expect(await send({ fin: 'QYD0007', phone: '+994510000007', kinds: ['PER'], purpose: 'additional' })).toMatchObject({
      outcome: 'rejected',
      code: 'M-29',
    });
    expect(
      await send({
        fin: 'QYD0007',
        phone: '+994510000007',
        kinds: ['BUS'],
        category: 'K4',
        voen: voen.privateLegal,
        purpose: 'additional',
      }),
    ).toMatchObject({ code: 'KIND_EXISTS_FOR_ORGANISATION' });

    const second = await sendAndSign(
      desk,
      dataOf({
        fin: 'QYD0007',
        phone: '+994510000007',
        kinds: ['BUS'],
        category: 'K3',
        voen: voen.secondPrivateLegal,
        purpose: 'additional',
      }),
    );
    expect(second.sent.result).toMatchObject({ certificates: [{ kind: 'BUS', voen: voen.secondPrivateLegal }] });
    const again = await desk.intent(activation(desk, second.applicationId, second.after));
    expect('userId' in again.result && again.result.userId).toBe('userId' in activated.result && activated.result.userId);
    expect((await sim('+994510000007'))?.certificates.map((each) => [each.kind, each.state, each.holderFin])).toEqual([
      ['AUT', 'ACTIVE', 'QYD0007'],
      ['PER', 'ACTIVE', 'QYD0007'],
      ['BUS', 'ACTIVE', 'QYD0007'],
      ['BUS', 'ACTIVE', 'QYD0007'],
    ]);
  });

  it('a new card of the number keeps its certificates and its User ID and is bound at activation', async () => {
    const data = dataOf({ fin: 'QYD0001', phone: '+994500000001' });
    const first = await sendAndSign(desk, data);
    const activated = await desk.intent(activation(desk, first.applicationId, first.after));
    await desk.push([
      desk.command(
        'application.hand_over',
        { applicationId: first.applicationId, noticeNumber: '1', returnedOriginals: [], handedAtMs: 1 },
        'leyla',
        { desk_seq: desk.nextSeq(), base_rev: 3 },
      ),
    ]);
    const duplicate = wellKnown.sims[0]?.duplicateIccid ?? '';
    expect((await sim('+994500000001', duplicate))?.iccid).toBe(duplicate);

    const second = await sendAndSign(
      desk,
      dataOf({ fin: 'QYD0001', phone: '+994500000001', iccid: duplicate, purpose: 'sim_replacement' }),
    );
    const serials = (outcome: CommandOutcome) => ('certificates' in outcome ? (outcome.certificates ?? []).map((each) => each.serial) : []);
    expect(serials(second.sent.result)).toEqual(serials(first.sent.result));
    const again = await desk.intent(activation(desk, second.applicationId, second.after));
    expect('userId' in again.result && again.result.userId).toBe('userId' in activated.result && activated.result.userId);
    expect(await sim('+994500000001')).toMatchObject({ iccid: duplicate, certificates: [{ state: 'ACTIVE' }, { state: 'ACTIVE' }] });
  });

  it('COM-13 M-12: one renewal after a failed activation, then only support', async () => {
    const { applicationId, after } = await sendAndSign(desk, dataOf({ fin: 'QYD0008', phone: '+994770000008' }));
    await desk.setFaults({ failActivations: 2 });
    const once = activation(desk, applicationId, after, { base_rev: 2 });
    expect((await desk.intent(once)).result).toMatchObject({ outcome: 'rejected', code: 'M-12', state: 'ACTIVATING', rev: 3 });
    expect((await desk.intent(once)).result).toMatchObject({ outcome: 'rejected', rev: 3 });
    expect((await desk.intent(activation(desk, applicationId, once.command_id, { base_rev: 3 }))).result).toMatchObject({
      code: 'M-12',
      state: 'ACT_FAILED',
      rev: 4,
    });
    expect((await desk.intent(activation(desk, applicationId, '', { base_rev: 4 }))).result).toMatchObject({
      outcome: 'rejected',
      code: 'SUPPORT_ONLY',
    });
    expect((await desk.intent(activation(desk, applicationId, '', { base_rev: 4, bySupport: true, login: 'farid' }))).result).toMatchObject(
      { outcome: 'applied', state: 'ACTIVATING' },
    );
    expect((await desk.intent(activation(desk, applicationId, '', { base_rev: 5 }))).result).toMatchObject({
      outcome: 'rejected',
      code: 'ALREADY_ACTIVATED',
    });
  });

  it('M-44: no activation before the contract and no hand-over before the activation', async () => {
    const command = desk.command('application.send', submission(dataOf({ fin: 'QYD0010', phone: '+994500000010' })), 'leyla');
    await desk.intent(command);
    const applicationId = command.aggregate.key;
    expect((await desk.intent(activation(desk, applicationId, command.command_id))).result).toMatchObject({
      outcome: 'rejected',
      code: 'STATE',
      params: { state: 'CONTRACT' },
    });
    const sign = desk.command(
      'application.sign_contract',
      { applicationId, paperNumber: '1', centreSignedBy: 'F', signedAtMs: 1 },
      'leyla',
      { desk_seq: desk.nextSeq(), base_rev: 1 },
    );
    const handOver = desk.command(
      'application.hand_over',
      { applicationId, noticeNumber: '1', returnedOriginals: [], handedAtMs: 1 },
      'leyla',
      { desk_seq: desk.nextSeq(), after: sign.command_id, base_rev: 1 },
    );
    expect((await desk.push([sign, handOver])).map((each) => each.result)).toMatchObject([
      { outcome: 'applied', state: 'CERT_PRINTED' },
      { outcome: 'rejected' },
    ]);
  });

  it('a register that is out defers, and the same intent succeeds when it is back', async () => {
    const command = desk.command('application.send', submission(dataOf({ fin: 'QYD003', phone: '+994500000011' })), 'leyla');
    await desk.setFaults({ outages: ['CA'] });
    expect(await desk.intent(command)).toMatchObject({ result: { outcome: 'deferred' }, receipt: null });
    await desk.setFaults({});
    expect((await desk.intent(command)).result).toMatchObject({ outcome: 'applied', state: 'CONTRACT' });
  });
});
