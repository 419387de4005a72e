import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAuditRows } from '../../../src/core/storage/repositories/audit-repository.ts';
import { appendPiece, finishScan, insertScan } from '../../../src/core/features/scan/store.ts';
import { succeed } from '../../../src/shared/platform/result.ts';
import { permissionsOfRole } from '../../../src/shared/rules/rights.ts';
import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { fillDraft, newId, nuray, typedDataOf } from './test-cases.ts';
import { refusalOf } from './test-core.ts';
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

  it('R-06 R-07 J-16: a scan and its name are shown to the sender and the entry officer in their own step only, and written', async () => {
    const scanId = newId();
    const { db } = screen.desk;
    db.transact((tx) => {
      const fileName = 'Nuray Quliyeva.pdf';
      insertScan(tx, { scanId, applicationId, document: 'D-02', fileName, sizeBytes: 3, capturedAtMs: 1, operatorLogin: 'leyla' });
      appendPiece(tx, scanId, 0, Buffer.from('pdf'));
      finishScan(tx, scanId, { mediaType: 'application/pdf', pageCount: 1, sha256: 'aa' });
    });
    const read = () => refusalOf(screen.client.scan.read({ scanId, offset: 0 }));
    const sights: [Role, string, string, string][] = [];
    for (const role of ['authorised_officer', 'document_entry', 'supervisor'] as const) {
      await enterAs('rashad', role);
      const told: string[] = [];
      for (const [state, areSent] of [
        ['CERT_PRINTED', 0],
        ['HANDED', 0],
        ['HANDED', 1],
      ] as const) {
        db.transact((tx) => tx.run('UPDATE application SET state = @state, are_scans_sent = @areSent', { state, areSent }));
        told.push(await read());
      }
      sights.push([role, told[0] ?? '', told[1] ?? '', told[2] ?? '']);
      const [scan] = await screen.client.scan.list({ applicationId });
      expect(scan?.fileName).toBe(role === 'supervisor' ? 'Nuray Quliyeva.pdf' : '');
    }
    expect(sights).toEqual([
      ['authorised_officer', 'FORBIDDEN', 'no refusal', 'no refusal'],
      ['document_entry', 'FORBIDDEN', 'FORBIDDEN', 'no refusal'],
      ['supervisor', 'no refusal', 'no refusal', 'no refusal'],
    ]);
    const written = listAuditRows(db, { beforeSeq: 1e9, limit: 100, act: 'scan.view', operatorLogin: '' });
    expect(written.map(({ role }) => role)).toEqual([
      'supervisor',
      'supervisor',
      'supervisor',
      'document_entry',
      'authorised_officer',
      'authorised_officer',
    ]);
  });
});
