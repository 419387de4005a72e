import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { listAuditRows } from '../../../src/core/storage/repositories/audit-repository.ts';
import { createOperatorProjection } from '../../../src/core/features/operator/projection.ts';
import type { RegistryPort } from '../../../src/core/desk.ts';
import { fail, succeed } from '../../../src/shared/platform/result.ts';
import { failureOf, refusalOf } from './test-core.ts';
import { everyRole, openTestScreen, password, signInAs, type TestScreen } from './test-screen.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('the session of a desk', () => {
  let screen: TestScreen;
  /** What the registry answers now. */
  let answer: 'accepts' | 'refuses' | 'unreachable' | 'disabled' = 'accepts';
  const registry: Partial<RegistryPort> = {
    signIn: (_login, given) => {
      if (answer === 'unreachable') return Promise.resolve(fail('REGISTRY_UNREACHABLE', {}, true));
      if (answer === 'disabled') return Promise.resolve(fail('OPERATOR_DISABLED'));
      return Promise.resolve(answer === 'accepts' && given === password ? succeed(everyRole) : fail('SIGN_IN_REFUSED'));
    },
  };
  const open = async (idleLockMs?: number) => {
    answer = 'accepts';
    screen = await openTestScreen({ registry }, idleLockMs === undefined ? {} : { idleLockMs });
  };
  afterEach(() => screen.close());

  const signIn = (given = password, login = 'leyla') => screen.client.session.signIn({ login, password: given });
  const auditActs = () => listAuditRows(screen.desk.db, { beforeSeq: 1e9, limit: 100, act: '', operatorLogin: '' }).map(({ act }) => act);

  it('online sign-in leaves a proof that lets in without the link for seven days', async () => {
    await open();
    expect(await signIn()).toMatchObject({ login: 'leyla', role: 'registrar', isOffline: false, isLocked: false });
    await screen.client.session.signOut({});
    answer = 'unreachable';
    await screen.desk.clock.advance(7 * dayMs - 1000);
    expect(await signIn()).toMatchObject({ isOffline: true });
    await screen.client.session.signOut({});
    await screen.desk.clock.advance(2000);
    expect(await refusalOf(signIn())).toBe('OFFLINE_SIGN_IN_NOT_ALLOWED');
  });

  it('the proof is an argon2id hash and the password is nowhere', async () => {
    await open();
    await signIn();
    const row = screen.desk.db.get('SELECT * FROM operator');
    expect(String(row?.['verifier'])).toMatch(/^\$argon2id\$/);
    const everything = JSON.stringify([row, screen.desk.db.all('SELECT act, operator_login, CAST(rec AS TEXT) AS rec FROM audit')]);
    expect(everything).not.toContain(password);
  });

  it('somebody never seen here cannot come in without the link', async () => {
    await open();
    answer = 'unreachable';
    expect(await refusalOf(signIn(password, 'rashad'))).toBe('OFFLINE_SIGN_IN_NOT_ALLOWED');
  });

  it('five wrong passwords close the name for half an hour, online, offline and after a restart', async () => {
    await open();
    await signIn();
    await screen.client.session.signOut({});
    for (let attempt = 1; attempt <= 3; attempt += 1) expect(await refusalOf(signIn('wrong'))).toBe('SIGN_IN_REFUSED');
    answer = 'unreachable';
    expect(await refusalOf(signIn('wrong'))).toBe('SIGN_IN_REFUSED');
    expect(await failureOf(signIn('wrong'))).toMatchObject({ code: 'LOCKED_OUT', data: { params: { minutes: 30 } } });
    answer = 'accepts';
    expect(await refusalOf(signIn())).toBe('LOCKED_OUT');
    const before = screen;
    before.stop();
    screen = await openTestScreen({ registry, restartOf: before.desk });
    expect(await refusalOf(signIn())).toBe('LOCKED_OUT');
    await screen.desk.clock.advance(30 * 60_000 + 1);
    expect(await refusalOf(signIn())).toBe('no refusal');
  });

  it('R-08: of twenty passwords tried at once only five are looked at, and the right one at the end comes too late', async () => {
    await open();
    await signIn();
    await screen.client.session.lock({});
    const tries = Array.from({ length: 20 }, (_, index) =>
      refusalOf(screen.client.session.unlock({ password: index === 19 ? password : `wrong ${index}` })),
    );
    const answers = await Promise.all(tries);
    expect(answers.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => 'SIGN_IN_REFUSED'));
    expect(new Set(answers.slice(4))).toEqual(new Set(['LOCKED_OUT']));
    expect((await screen.client.session.current({}))?.isLocked).toBe(true);
    expect(auditActs().filter((act) => act === 'session.refused')).toHaveLength(5);
  });

  it('a mistyped login stands nowhere in clear nor as a hash that could be tried out', async () => {
    await open();
    const mistyped = 'gizli-sozum-2026';
    expect(await refusalOf(signIn('wrong', mistyped))).toBe('SIGN_IN_REFUSED');
    const plainHash = createHash('sha256').update(mistyped).digest('hex');
    const everything = JSON.stringify([
      screen.desk.db.all('SELECT * FROM sign_in_attempt'),
      screen.desk.db.all('SELECT act, operator_login, CAST(rec AS TEXT) AS rec FROM audit'),
    ]);
    for (const secret of [mistyped, plainHash]) expect(everything).not.toContain(secret);
    expect(screen.desk.db.get('SELECT failed FROM sign_in_attempt')).toEqual({ failed: 1 });
  });

  it('J-16: sign-in, refusal, lock, unlock and sign-out stand in the audit log', async () => {
    await open();
    await refusalOf(signIn('wrong'));
    await signIn();
    await screen.client.session.lock({});
    await screen.client.session.unlock({ password });
    await screen.client.session.signOut({});
    expect(auditActs()).toEqual(['session.sign_out', 'session.unlock', 'session.lock', 'session.sign_in', 'session.refused']);
  });

  it('while locked only what must work works, and only the own password opens', async () => {
    await open();
    await signInAs(screen.client, 'registrar');
    expect(await screen.client.session.lock({})).toMatchObject({ isLocked: true });
    expect(await refusalOf(screen.client.application.home({}))).toBe('LOCKED');
    expect(await refusalOf(screen.client.session.touch({}))).toBe('LOCKED');
    expect(await refusalOf(signIn())).toBe('LOCKED');
    expect(await refusalOf(screen.client.system.status({}))).toBe('no refusal');
    expect((await screen.client.session.current({}))?.isLocked).toBe(true);
    expect(await refusalOf(screen.client.session.unlock({ password: 'wrong' }))).toBe('SIGN_IN_REFUSED');
    expect(await screen.client.session.unlock({ password })).toMatchObject({ isLocked: false, role: 'registrar' });
    expect(await refusalOf(screen.client.application.home({}))).toBe('no refusal');
  });

  it('the idle lock falls by the monotonic clock and is put off by touch', async () => {
    await open(60_000);
    await signInAs(screen.client, 'registrar');
    await screen.desk.clock.advance(50_000);
    const { lockAtMs } = await screen.client.session.touch({});
    expect(lockAtMs).toBe(screen.desk.clock.nowMs() + 60_000);
    screen.desk.clock.jumpTo(screen.desk.clock.nowMs() - dayMs);
    await screen.desk.clock.advance(59_000);
    expect((await screen.client.session.current({}))?.isLocked).toBe(false);
    await screen.desk.clock.advance(1001);
    expect((await screen.client.session.current({}))?.isLocked).toBe(true);
    expect(screen.desk.events.filter(({ type }) => type === 'session.changed').length).toBeGreaterThanOrEqual(2);
  });

  it('a person with several roles works in one at a time', async () => {
    await open();
    await screen.client.session.signIn({ login: 'leyla', password, role: 'auditor' });
    expect(await refusalOf(screen.client.application.create({ commandId: '0197a000-0000-7000-8000-000000000010' }))).toBe('FORBIDDEN');
    expect(await screen.client.session.changeRole({ role: 'registrar' })).toMatchObject({ role: 'registrar' });
    expect(await refusalOf(screen.client.application.create({ commandId: '0197a000-0000-7000-8000-000000000010' }))).toBe('no refusal');
  });

  it('R-08: an operator disabled at the centre is out at the next call and cannot come back without the link', async () => {
    await open();
    await signInAs(screen.client, 'registrar');
    const change = {
      entity: 'operator',
      id: everyRole.operatorId,
      rev: 5,
      op: 'upsert' as const,
      body: { ...everyRole, isDisabled: true },
      isAnew: false,
      keepForUpgrade: () => undefined,
    };
    screen.desk.db.transact((tx) => createOperatorProjection().onChange?.(tx, change));
    expect(await refusalOf(screen.client.application.home({}))).toBe('OPERATOR_DISABLED');
    expect(await refusalOf(screen.client.application.home({}))).toBe('NOT_SIGNED_IN');
    answer = 'unreachable';
    expect(await refusalOf(signIn())).toBe('OFFLINE_SIGN_IN_NOT_ALLOWED');
    answer = 'disabled';
    expect(await refusalOf(signIn())).toBe('OPERATOR_DISABLED');
  });

  it('a role taken away ends the session that works in it', async () => {
    await open();
    await signInAs(screen.client, 'registrar');
    const change = {
      entity: 'operator',
      id: everyRole.operatorId,
      rev: 6,
      op: 'upsert' as const,
      body: { ...everyRole, roles: ['auditor'] },
      isAnew: false,
      keepForUpgrade: () => undefined,
    };
    screen.desk.db.transact((tx) => createOperatorProjection().onChange?.(tx, change));
    expect(await refusalOf(screen.client.application.home({}))).toBe('OPERATOR_DISABLED');
  });
});
