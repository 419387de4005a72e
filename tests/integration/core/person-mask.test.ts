import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAuditRows } from '../../../src/core/storage/repositories/audit-repository.ts';
import { succeed } from '../../../src/shared/platform/result.ts';
import { permissionsOfRole } from '../../../src/shared/rules/rights.ts';
import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { fillDraft, newId, nuray, typedDataOf } from './test-cases.ts';
import { everyRole, openTestScreen, password, type TestScreen } from './test-screen.ts';

const viewers = roles.filter((role) => permissionsOfRole[role].includes('application.view'));
const rashadId = '0197a000-0000-7000-8000-000000000077';
const openings = (screen: TestScreen) =>
  listAuditRows(screen.desk.db, { beforeSeq: 1e9, limit: 100, act: 'person.view', operatorLogin: '' });

describe('who sees whose data', () => {
  let screen: TestScreen;
  let applicationId: string;
  const enterAs = async (login: string, role: Role) => {
    await screen.client.session.signOut({});
    await screen.client.session.signIn({ login, password, role });
  };
  beforeEach(async () => {
    screen = await openTestScreen({
      registry: {
        signIn: (login) => Promise.resolve(succeed(login === 'rashad' ? { ...everyRole, login, operatorId: rashadId } : everyRole)),
      },
    });
    await screen.client.session.signIn({ login: 'leyla', password, role: 'registrar' });
    ({ applicationId } = await fillDraft(screen.client));
  });
  afterEach(() => screen.close());

  it.each(viewers)('R-06 R-07: %s sees the person only with the right to reveal', async (role) => {
    await enterAs('rashad', role);
    const view = await screen.client.application.get({ applicationId });
    const { person, document, contact, carrier } = typedDataOf(nuray);
    const text = JSON.stringify(view);
    const secrets = [person.fin, person.givenName, person.birthOn, document.number, contact.registeredAddress, carrier.phone];
    const isShown = permissionsOfRole[role].includes('person.reveal');
    for (const secret of secrets) expect(text.includes(secret), secret).toBe(isShown);
    expect(view.data.category).toBe('K1');
    expect(view.data.presented).toEqual(typedDataOf(nuray).presented);
  });

  it('J-16: opening a case of somebody else is written once a session and case, the own case never', async () => {
    await screen.client.application.get({ applicationId });
    expect(openings(screen)).toHaveLength(0);
    await enterAs('rashad', 'registrar');
    const own = await screen.client.application.create({ commandId: newId() });
    for (const id of [applicationId, own.applicationId, applicationId]) await screen.client.application.get({ applicationId: id });
    expect(openings(screen)).toMatchObject([{ operatorLogin: 'rashad', applicationId, detail: { isMasked: false } }]);
    await enterAs('rashad', 'document_entry');
    await screen.client.application.get({ applicationId });
    expect(openings(screen)).toHaveLength(2);
    expect(openings(screen)[0]).toMatchObject({ role: 'document_entry', detail: { isMasked: true } });
  });
});
