import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import { fillDraft, lookUpAll, newId, typedDataOf, type Applicant } from './test-cases.ts';
import { refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

/** John Smith shows a British passport and asks for the Personal certificate as the head of a legal person. */
const smith: Applicant = {
  fin: 'QYD0011',
  phone: wellKnown.sims.find(({ ownerFin }) => ownerFin === 'QYD0011')?.phone ?? '',
  change: (data) => ({
    ...data,
    category: 'K3',
    organisation: {
      ...data.organisation,
      voen: wellKnown.voen.privateLegal,
      name: '"Xəzər Sınaq" MMC',
      position: 'direktor',
      standing: 'head',
      bodyKind: 'private',
    },
  }),
};

describe('C-02: a foreign passport in a category that does not name it', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let applicationId: string;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const get = () => core.client.application.get({ applicationId });
  const allow = () =>
    core.client.application.allowPassport({ commandId: newId(), applicationId, reason: 'Daimi nümayəndədir, müqavilə təqdim edib' });
  const send = () => core.client.application.send({ commandId: newId(), applicationId });
  const as = async (login: string) => {
    await core.client.session.signOut({});
    await core.signIn(login);
  };

  it('C-02: the case waits, and the registrar cannot let it pass himself', async () => {
    await core.signIn('leyla');
    ({ applicationId } = await fillDraft(core.client, smith));
    await lookUpAll(core.client, applicationId);
    const { problems } = await get();
    expect(problems.map(({ field, code }) => [field, code])).toEqual([['document.kind', 'PASSPORT_NEEDS_CENTRE_OFFICER']]);
    expect(await refusalOf(send())).toBe('STEP_NOT_POSSIBLE');
    expect(await refusalOf(allow())).toBe('FORBIDDEN');
    const { version, data } = await get();
    const passportAllowance = {
      category: 'K3' as const,
      documentNumber: data.document.number,
      byLogin: 'farid',
      reason: 'özüm',
      atMs: Date.now(),
    };
    await core.client.application.saveDraft({ applicationId, version, data: { ...data, passportAllowance } });
    expect((await get()).data.passportAllowance).toBeUndefined();
  });

  it('C-02: the centre officer lets it pass with a reason, and his name stands in the log', async () => {
    await as('farid');
    const { application } = await allow();
    expect(application.problems).toEqual([]);
    expect(application.data.passportAllowance).toMatchObject({ byLogin: 'farid', category: 'K3' });
    expect(await refusalOf(allow())).toBe('STEP_NOT_POSSIBLE');
    const row = core.desk.db.get("SELECT operator_login, CAST(rec AS TEXT) AS rec FROM audit WHERE act = 'application.allow_passport'");
    expect(row?.['operator_login']).toBe('farid');
    expect(String(row?.['rec'])).not.toContain('nümayəndə');
  });

  it('C-02: another document asks again', async () => {
    await as('leyla');
    const before = await get();
    const other = { ...before.data, document: { ...before.data.document, number: 'C0000999' } };
    const saved = await core.client.application.saveDraft({ applicationId, version: before.version, data: other });
    expect(saved.application.problems.map(({ code }) => code)).toContain('PASSPORT_NEEDS_CENTRE_OFFICER');
    const back = await core.client.application.saveDraft({ applicationId, version: saved.version, data: typedDataOf(smith) });
    expect(back.application.problems).toEqual([]);
  });

  it('C-02: the registry accepts it from a centre officer of the office and from nobody else', async () => {
    const { data } = await get();
    const forged = { ...data, passportAllowance: { ...data.passportAllowance, byLogin: 'leyla' } };
    const write = (value: unknown) =>
      core.desk.db.transact((tx) =>
        tx.run('UPDATE application SET data = @data, version = version + 1 WHERE application_id = @applicationId', {
          applicationId,
          data: JSON.stringify(value),
        }),
      );
    write(forged);
    expect((await send()).application.state).toBe('INVALID');
    await core.client.application.correct({ commandId: newId(), applicationId });
    write(data);
    const { application } = await send();
    expect(application.state).toBe('CONTRACT');
    expect(application.data.passportAllowance).toMatchObject({ byLogin: 'farid' });
  });
});
