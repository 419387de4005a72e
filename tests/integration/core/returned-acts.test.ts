import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApplicationFeature } from '../../../src/core/features/application/index.ts';
import { insertAct, listActs } from '../../../src/core/storage/repositories/act-repository.ts';
import { succeed } from '../../../src/shared/platform/result.ts';
import type { RegisterAct } from '../../../src/shared/rules/day-register.ts';
import { fillDraft, newId } from './test-cases.ts';
import { everyRole, openTestScreen, password, type TestScreen } from './test-screen.ts';
import type { ApplicationEntity } from '../../../src/shared/registry-api/endpoints.ts';

const rashadId = '0197a000-0000-7000-8000-000000000077';

describe('acts of a case that others than its registrar did', () => {
  let screen: TestScreen;
  beforeEach(async () => {
    screen = await openTestScreen({
      registry: {
        signIn: (login) => Promise.resolve(succeed(login === 'rashad' ? { ...everyRole, login, operatorId: rashadId } : everyRole)),
      },
    });
  });
  afterEach(() => screen.close());
  const enterAs = async (login: string, role: 'registrar' | 'supervisor' = 'registrar') => {
    await screen.client.session.signOut({});
    await screen.client.session.signIn({ login, password, role });
  };

  const enterFirst = (login: string) => screen.client.session.signIn({ login, password, role: 'registrar' });
  const insertForeignAct = (applicationId: string, commandId: string, act: RegisterAct) => {
    const atMs = screen.desk.clock.nowMs();
    const by = { operatorLogin: 'rashad', operatorName: 'Rəşad', deskId: 'desk-02' };
    screen.desk.db.transact((tx) =>
      insertAct(tx, { commandId, applicationId, act, atMs, registryAtMs: atMs, sync: 'registered', note: null, ...by }),
    );
  };

  it('R-31: a returned act lands in the list of whoever did it, not of whoever filed the case', async () => {
    await screen.client.session.signIn({ login: 'leyla', password, role: 'registrar' });
    const { applicationId } = await fillDraft(screen.client);
    await enterAs('rashad');
    const actCommandId = newId();
    await screen.client.application.withdraw({ commandId: actCommandId, applicationId, reason: 'fikrindən daşındı' });
    await enterAs('leyla', 'supervisor');
    await screen.client.register.review({ commandId: newId(), actCommandId, verdict: 'returned', reason: 'Səbəbi yoxlayın' });
    await enterAs('leyla');
    const filer = await screen.client.application.home({});
    expect(filer.counts.returned).toBe(0);
    expect(filer.due.map((row) => row.applicationId)).not.toContain(applicationId);
    await enterAs('rashad');
    const doer = await screen.client.application.home({});
    expect(doer.counts.returned).toBe(1);
    expect(doer.due[0]).toMatchObject({ applicationId, returnedReason: 'Səbəbi yoxlayın' });
  });

  it.each(['application.send_scans', 'application.enter_scans'] as const)(
    'R-31 R-06 R-07: a returned %s lands in the list of the registrar of the case, who may correct it',
    async (act) => {
      await screen.client.session.signIn({ login: 'leyla', password, role: 'registrar' });
      const { applicationId } = await fillDraft(screen.client);
      const actCommandId = newId();
      insertForeignAct(applicationId, actCommandId, act);
      await enterAs('leyla', 'supervisor');
      await screen.client.register.review({ commandId: newId(), actCommandId, verdict: 'returned', reason: 'Skan oxunmur' });
      await enterAs('rashad');
      expect((await screen.client.application.home({})).counts.returned).toBe(0);
      await enterAs('leyla');
      const { counts, due } = await screen.client.application.home({});
      expect(counts.returned).toBe(1);
      expect(due[0]).toMatchObject({ applicationId, returnedReason: 'Skan oxunmur' });
      await screen.client.application.reportCorrected({ commandId: newId(), applicationId, note: 'Yenidən skan edildi' });
      expect((await screen.client.application.home({})).counts.returned).toBe(0);
    },
  );

  it('R-31: what somebody did who is no registrar any more falls to the registrar of the case', async () => {
    await enterFirst('rashad');
    await enterAs('leyla');
    const { applicationId } = await fillDraft(screen.client);
    const actCommandId = newId();
    insertForeignAct(applicationId, actCommandId, 'application.hand_over');
    screen.desk.db.transact((tx) => tx.run(`UPDATE operator SET roles = '["auditor"]' WHERE login = 'rashad'`));
    await enterAs('leyla', 'supervisor');
    await screen.client.register.review({ commandId: newId(), actCommandId, verdict: 'returned', reason: 'Skan oxunmur' });
    await enterAs('leyla');
    expect((await screen.client.application.home({})).counts.returned).toBe(1);
  });

  it('COM-13: the note “failed” means a failed activation there and nothing elsewhere', async () => {
    await screen.client.session.signIn({ login: 'leyla', password, role: 'registrar' });
    const { applicationId, data, filedAtMs } = await fillDraft(screen.client);
    const act = (kind: string) => ({
      commandId: newId(),
      kind,
      atMs: filedAtMs,
      occurredAtMs: filedAtMs,
      operatorLogin: 'rashad',
      role: 'registrar',
      deskId: 'desk-02',
      note: 'failed',
    });
    const acts = ['register.correct', 'application.withdraw', 'application.activate'].map(act);
    const entity = {
      applicationId,
      officeId: 'BAK1',
      deskId: 'desk-01',
      state: 'WITHDRAWN',
      data,
      filedAtMs,
      sentAtMs: filedAtMs,
      certificates: [],
      userId: '',
      activationAttempts: 1,
      refusal: null,
      attachments: [],
      lease: null,
      card: null,
      spoiltCards: [],
      personalisingSinceMs: 0,
      acts,
    } satisfies ApplicationEntity;
    const nothing = { listOfApplication: () => [] };
    const { projection } = createApplicationFeature(screen.desk, nothing, { ...nothing, markQueued: () => undefined });
    screen.desk.db.transact((tx) =>
      projection.onChange?.(tx, {
        entity: 'application',
        id: applicationId,
        rev: 3,
        op: 'upsert',
        body: entity,
        isAnew: false,
        keepForUpgrade: () => undefined,
      }),
    );
    const known = new Map(listActs(screen.desk.db, applicationId).map(({ commandId, sync }) => [commandId, sync]));
    expect(acts.map(({ commandId }) => known.get(commandId))).toEqual(['registered', 'registered', 'refused']);
  });
});
