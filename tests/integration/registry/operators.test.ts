import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingOperators } from '../../../src/registry/index.ts';
import { hashPassword } from '../../../src/registry/operators/passwords.ts';
import type { ChangesPage, OperatorRecord } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandKind, CommandOutcome, CommandPayload } from '../../../src/shared/registry-api/envelope.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import type { TestDesk } from './test-desk.ts';

const half = 30 * 60_000;
const lightCost = { memoryKib: 1024, passes: 1 };

describe('operators', () => {
  let running: TestRegistry;
  let desk: TestDesk;
  let aheadMs = 0;

  beforeAll(async () => {
    running = await runRegistry({ nowMs: () => Date.now() + aheadMs });
    desk = await running.enrol('desk-1');
  });
  afterAll(() => running.stop());

  const idOf = (login: string) => trainingOperators.find((each) => each.login === login)?.operatorId ?? '';
  const order = async <K extends CommandKind>(kind: K, payload: CommandPayload<K>, login = 'kamran'): Promise<CommandOutcome> => {
    const operatorId = 'operatorId' in payload ? payload.operatorId : '';
    const record = await recordOf(operatorId);
    return (await desk.intent(desk.command(kind, payload, login, { base_rev: record?.rev ?? null }))).result;
  };
  const recordOf = async (operatorId: string) => {
    const page = await desk.call<ChangesPage>('GET', '/v1/sync/changes?limit=500');
    const last = page.body.changes.filter((change) => change.entity === 'operator' && change.id === operatorId).at(-1);
    return last === undefined ? undefined : { rev: last.rev, ...(last.body as OperatorRecord) };
  };

  it('signs in with the roles of the appointment', async () => {
    const answer = await desk.signIn('ziya');
    expect(answer.status).toBe(200);
    expect(answer.body.operator.roles).toEqual(['registrar', 'authorised_officer', 'document_entry']);
    expect(await desk.signIn('leyla', 'yanlış')).toMatchObject({ status: 401, body: { code: 'SIGN_IN_REFUSED' } });
    expect(await desk.signIn('nobody', 'yanlış')).toMatchObject({ status: 401, body: { code: 'SIGN_IN_REFUSED' } });
  });

  it('five wrong passwords lock out for thirty minutes, the right one too', async () => {
    for (let tried = 1; tried <= 4; tried += 1)
      expect(await desk.signIn('rashad', 'yanlış')).toMatchObject({ body: { code: 'SIGN_IN_REFUSED' } });
    const locked = await desk.signIn('rashad', 'yanlış');
    expect(locked).toMatchObject({ status: 401, body: { code: 'LOCKED_OUT' } });
    expect(Math.abs(locked.body.until_ms - Date.now() - half)).toBeLessThan(5_000);
    expect(await desk.signIn('rashad')).toMatchObject({ body: { code: 'LOCKED_OUT' } });
    expect(await recordOf(idOf('rashad'))).toMatchObject({ isLockedOut: true });
    aheadMs = half + 1_000;
    expect(await desk.signIn('rashad', 'yanlış')).toMatchObject({ body: { code: 'SIGN_IN_REFUSED' } });
    expect((await desk.signIn('rashad')).status).toBe(200);
    aheadMs = 0;
    expect(await recordOf(idOf('rashad'))).toMatchObject({ isLockedOut: false });
  });

  it('the rights administrator unlocks before the time is over', async () => {
    for (let tried = 1; tried <= 5; tried += 1) await desk.signIn('orkhan', 'yanlış');
    expect(await desk.signIn('orkhan')).toMatchObject({ body: { code: 'LOCKED_OUT' } });
    expect(await order('operator.unlock', { operatorId: idOf('orkhan') })).toMatchObject({ outcome: 'applied' });
    expect((await desk.signIn('orkhan')).status).toBe(200);
  });

  it('creates, appoints with a history, disables, enables, resets', async () => {
    const operatorId = uuidv7();
    const created = {
      operatorId,
      login: 'yeni',
      fullName: 'Yeni Əməkdaş',
      passwordHash: await hashPassword('ilk-parol-2026', lightCost),
      roles: ['registrar' as const],
    };
    expect(await order('operator.create', created)).toMatchObject({ outcome: 'applied', rev: 1 });
    expect(await order('operator.create', { ...created, operatorId: uuidv7() })).toMatchObject({
      outcome: 'rejected',
      code: 'LOGIN_TAKEN',
    });
    expect((await desk.signIn('yeni', 'ilk-parol-2026')).body.operator).toMatchObject({ mustChangePassword: true, roles: ['registrar'] });
    expect(await order('operator.appoint', { operatorId, roles: ['auditor'] })).toMatchObject({ outcome: 'applied' });
    expect((await recordOf(operatorId))?.appointments).toMatchObject([
      { role: 'registrar', byLogin: 'kamran', untilMs: expect.any(Number) as number },
      { role: 'auditor', untilMs: null },
    ]);
    expect(await order('operator.disable', { operatorId, reason: 'işdən çıxıb' })).toMatchObject({ outcome: 'applied', state: 'disabled' });
    expect(await desk.signIn('yeni', 'ilk-parol-2026')).toMatchObject({ status: 401, body: { code: 'OPERATOR_DISABLED' } });
    expect(await order('operator.enable', { operatorId })).toMatchObject({ outcome: 'applied' });
    expect(
      await order('operator.reset_password', { operatorId, passwordHash: await hashPassword('ikinci-parol-2026', lightCost) }),
    ).toMatchObject({ outcome: 'applied' });
    expect((await desk.signIn('yeni', 'ilk-parol-2026')).status).toBe(401);
    expect((await desk.signIn('yeni', 'ikinci-parol-2026')).status).toBe(200);
  });

  it("an operator sets his own password in any role, and nobody a colleague's", async () => {
    const passwordHash = await hashPassword('ozum-secdim-2026', lightCost);
    const leyla = idOf('leyla');
    expect(await order('operator.change_password', { operatorId: leyla, passwordHash }, 'ziya')).toMatchObject({
      outcome: 'rejected',
      code: 'OTHER_ACCOUNT',
    });
    expect((await desk.signIn('leyla')).status).toBe(200);
    // Whatever the desk had seen of the record: the act does not rest on it.
    const command = desk.command('operator.change_password', { operatorId: leyla, passwordHash }, 'leyla', { base_rev: null });
    expect((await desk.intent(command)).result).toMatchObject({ outcome: 'applied' });
    expect((await desk.signIn('leyla')).status).toBe(401);
    expect((await desk.signIn('leyla', 'ozum-secdim-2026')).body.operator).toMatchObject({ mustChangePassword: false });
    expect((await recordOf(leyla))?.passwordSetAtMs).toBeGreaterThan(0);
  });

  it('R-31: one person is never supervisor and registrar of one office', async () => {
    expect(await order('operator.appoint', { operatorId: idOf('nigar'), roles: ['supervisor', 'registrar'] })).toMatchObject({
      outcome: 'rejected',
      code: 'ROLE_CONFLICT',
    });
    expect(
      await order('operator.create', {
        operatorId: uuidv7(),
        login: 'ikili',
        fullName: 'İkili',
        passwordHash: await hashPassword('ilk-parol-2026', lightCost),
        roles: ['registrar', 'supervisor'],
      }),
    ).toMatchObject({ code: 'ROLE_CONFLICT' });
  });

  it('R-08: nobody but the rights administrator appoints, and he does not disable himself', async () => {
    expect(await order('operator.appoint', { operatorId: idOf('farid'), roles: ['auditor'] }, 'leyla')).toMatchObject({
      outcome: 'rejected',
      code: 'ROLE_NOT_ALLOWED',
    });
    expect(await order('operator.disable', { operatorId: idOf('kamran'), reason: '' })).toMatchObject({
      outcome: 'rejected',
      code: 'OWN_ACCOUNT',
    });
  });

  it('a disabled operator orders nothing, but what he did before counts', async () => {
    const disabled = desk.command('operator.disable', { operatorId: idOf('leyla'), reason: 'sınaq' }, 'kamran', { base_rev: 1 });
    const refusal = {
      reasonCode: 'M-04',
      note: '',
      invalidityNote: false,
      returnedDocuments: [],
      summary: { category: 'K1', fin: 'QYD0099', surname: 'A', givenName: 'B' },
      lookUps: [],
    };
    expect((await desk.intent(disabled)).result.outcome).toBe('applied');
    const before = desk.command('application.refuse', { applicationId: uuidv7(), ...refusal }, 'leyla', {
      desk_seq: desk.nextSeq(),
      occurred_at_ms: Date.now() - 60_000,
    });
    const after = desk.command('application.refuse', { applicationId: uuidv7(), ...refusal }, 'leyla', {
      desk_seq: desk.nextSeq(),
      occurred_at_ms: Date.now() + 1_000,
    });
    expect((await desk.push([before, after])).map((each) => each.result)).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'rejected', code: 'OPERATOR_DISABLED' },
    ]);
  });
});
