import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { newId } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

describe('the rights administrator', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let other: TestCore;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    other = await startTestCore(registry, { deskId: 'desk-02' });
    await core.signIn('kamran');
    await until(async () => (await core.client.operator.list({})).length >= 9);
  });
  afterEach(() => registry.setFaults({}));
  afterAll(async () => {
    await core.close();
    await other.close();
    await stopRegistry();
  });

  const operatorOf = async (login: string) => {
    const found = (await core.client.operator.list({})).find((each) => each.login === login);
    if (found === undefined) throw new Error(`${login} is not listed`);
    return found;
  };
  const create = (login: string, roles: ('registrar' | 'supervisor' | 'auditor')[] = ['registrar'], initialPassword = 'Gizli-parol-2026') =>
    core.client.operator.create({ commandId: newId(), login, fullName: 'Yeni İstifadəçi', initialPassword, roles });

  it('R-08: a new operator exists when the registry said so, and signs in at another desk', async () => {
    const made = await create('yeni');
    expect(made).toMatchObject({ login: 'yeni', roles: ['registrar'], isDisabled: false });
    await until(async () => (await operatorOf('yeni')).appointments.length === 1);
    const session = await other.client.session.signIn({ login: 'yeni', password: 'Gizli-parol-2026' });
    expect(session).toMatchObject({ role: 'registrar', mustChangePassword: true });
    await other.client.session.signOut({});
  });

  it('R-08: until the first password is changed nothing but the session answers, and then the old one is worth nothing', async () => {
    const { client } = other;
    expect(await client.session.signIn({ login: 'yeni', password: 'Gizli-parol-2026' })).toMatchObject({ mustChangePassword: true });
    expect(await refusalOf(client.application.home({}))).toBe('PASSWORD_MUST_CHANGE');
    expect(await refusalOf(client.sync.page({}))).toBe('PASSWORD_MUST_CHANGE');
    expect(await refusalOf(client.system.status({}))).toBe('no refusal');
    const change = (currentPassword: string, newPassword: string) => client.session.changePassword({ currentPassword, newPassword });
    expect(await refusalOf(change('sehv-parol-2026', 'Gizli-ozum-2026'))).toBe('SIGN_IN_REFUSED');
    expect(await refusalOf(change('Gizli-parol-2026', 'Gizli-parol-2026'))).toBe('PASSWORD_UNCHANGED');
    expect(await refusalOf(change('Gizli-parol-2026', 'yeni-yeni-yeni'))).toBe('PASSWORD_TOO_WEAK');
    expect(await change('Gizli-parol-2026', 'Gizli-ozum-2026')).toMatchObject({ login: 'yeni', mustChangePassword: false });
    expect(await refusalOf(client.application.home({}))).toBe('no refusal');
    await client.session.signOut({});
    expect(await refusalOf(client.session.signIn({ login: 'yeni', password: 'Gizli-parol-2026' }))).toBe('SIGN_IN_REFUSED');
    expect(await client.session.signIn({ login: 'yeni', password: 'Gizli-ozum-2026' })).toMatchObject({ mustChangePassword: false });
    await client.session.signOut({});
    const written = other.desk.db
      .all("SELECT CAST(envelope AS TEXT) AS text FROM intents WHERE kind = 'operator.change_password'")
      .map((row) => String(row['text']));
    expect(written).toHaveLength(1);
    expect(written.join('')).not.toContain('Gizli-ozum');
  });

  it('the new password opens this desk without the link, the old one none', async () => {
    const { client, desk } = other;
    await registry.setFaults({ isUnreachable: true });
    await until(() => desk.sync.link().state === 'offline');
    expect(await refusalOf(client.session.signIn({ login: 'yeni', password: 'Gizli-parol-2026' }))).toBe('SIGN_IN_REFUSED');
    expect(await client.session.signIn({ login: 'yeni', password: 'Gizli-ozum-2026' })).toMatchObject({ isOffline: true });
    expect(
      await failureOf(client.session.changePassword({ currentPassword: 'Gizli-ozum-2026', newPassword: 'Gizli-uc-2026' })),
    ).toMatchObject({ code: 'REGISTRY_UNREACHABLE', data: { retryable: true } });
    await client.session.signOut({});
    await registry.setFaults({});
    await until(() => desk.sync.link().state === 'online' && core.desk.sync.link().state === 'online');
  });

  it('a reset under a running session stops it until the operator has set his own', async () => {
    const { client } = other;
    await client.session.signIn({ login: 'yeni', password: 'Gizli-ozum-2026' });
    const { operatorId } = await operatorOf('yeni');
    await core.client.operator.resetPassword({ commandId: newId(), operatorId, newPassword: 'Gizli-muveqqeti-1' });
    await until(async () => (await refusalOf(client.application.home({}))) === 'PASSWORD_MUST_CHANGE');
    expect(await client.session.current({})).toMatchObject({ mustChangePassword: true });
    await client.session.changePassword({ currentPassword: 'Gizli-muveqqeti-1', newPassword: 'Gizli-son-2026' });
    expect(await refusalOf(client.application.home({}))).toBe('no refusal');
    await client.session.signOut({});
  });

  it('the password of an operator stands in no command, only its argon2id hash', () => {
    const envelopes = core.desk.db
      .all("SELECT CAST(envelope AS TEXT) AS text FROM intents WHERE kind = 'operator.create'")
      .map((row) => String(row['text']));
    expect(envelopes.length).toBeGreaterThan(0);
    for (const envelope of envelopes) {
      expect(envelope).not.toContain('Gizli-parol-2026');
      expect(envelope).toContain('$argon2id$');
    }
  });

  it('R-31: supervisor and registrar never meet in one person', async () => {
    expect(await refusalOf(create('ikili', ['registrar', 'supervisor']))).toBe('ROLE_CONFLICT');
    const { operatorId } = await operatorOf('leyla');
    expect(await refusalOf(core.client.operator.appoint({ commandId: newId(), operatorId, roles: ['registrar', 'supervisor'] }))).toBe(
      'ROLE_CONFLICT',
    );
  });

  it('a login is given once, a weak password never, and nobody changes himself', async () => {
    expect(await refusalOf(create('leyla'))).toBe('LOGIN_TAKEN');
    expect(await refusalOf(create('zeif', ['registrar'], 'zeif-zeif-zeif'))).toBe('PASSWORD_TOO_WEAK');
    expect(await refusalOf(create('zeif2', ['registrar'], 'aaaaaaaaaaaa'))).toBe('PASSWORD_TOO_WEAK');
    const { operatorId } = await operatorOf('kamran');
    expect(await refusalOf(core.client.operator.disable({ commandId: newId(), operatorId, reason: 'sınaq' }))).toBe('NOT_YOURSELF');
    expect(await refusalOf(core.client.operator.appoint({ commandId: newId(), operatorId, roles: [] }))).toBe('NOT_YOURSELF');
  });

  it('a disabled operator is out at the other desk at its next contact and may come back when enabled', async () => {
    await other.signIn('rashad');
    const { operatorId } = await operatorOf('rashad');
    expect(await core.client.operator.disable({ commandId: newId(), operatorId, reason: 'işdən çıxıb' })).toMatchObject({
      isDisabled: true,
    });
    await until(async () => (await refusalOf(other.client.application.home({}))) !== 'no refusal');
    expect(await refusalOf(other.signIn('rashad'))).toBe('OPERATOR_DISABLED');
    expect(await core.client.operator.enable({ commandId: newId(), operatorId })).toMatchObject({ isDisabled: false });
    expect(await refusalOf(other.signIn('rashad'))).toBe('no refusal');
    await other.client.session.signOut({});
  });

  it('appointments keep their history', async () => {
    const { operatorId } = await operatorOf('yeni');
    await core.client.operator.appoint({ commandId: newId(), operatorId, roles: ['auditor'] });
    await until(async () => (await operatorOf('yeni')).appointments.length === 2);
    const { appointments, roles } = await operatorOf('yeni');
    expect(roles).toEqual(['auditor']);
    expect(appointments.map(({ role, untilMs, byLogin }) => [role, untilMs === null, byLogin])).toEqual([
      ['registrar', false, 'kamran'],
      ['auditor', true, 'kamran'],
    ]);
  });

  it('without the link nothing is written', async () => {
    await registry.setFaults({ isUnreachable: true });
    await until(() => core.desk.sync.link().state === 'offline');
    expect(await failureOf(create('kesik'))).toMatchObject({ code: 'REGISTRY_UNREACHABLE', data: { retryable: true } });
    expect(core.desk.db.all('SELECT command_id FROM intents WHERE state = 0')).toEqual([]);
    await registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
  });

  it('an initial password is in no remembered input and no audit row', () => {
    const audit = core.desk.db.all('SELECT CAST(rec AS TEXT) AS rec FROM audit').map((row) => String(row['rec']));
    const remembered = core.desk.db.all('SELECT value FROM remembered_commands').map((row) => String(row['value']));
    expect([...audit, ...remembered].some((text) => text.includes('Gizli-parol'))).toBe(false);
  });
});
