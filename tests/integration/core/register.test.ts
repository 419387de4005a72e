import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { drained, fillDraft, newId, nuray, sendCase } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

describe("the day's register", () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let other: TestCore;
  let applicationId = '';
  let actCommandId = '';
  const on = new Date(Date.now() + 4 * 3_600_000).toISOString().slice(0, 10);

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    other = await startTestCore(registry, { deskId: 'desk-02' });
    await core.signIn('leyla');
    ({ applicationId } = await sendCase(core, nuray));
    await other.signIn('nigar');
  });
  afterAll(async () => {
    await core.close();
    await other.close();
    await stopRegistry();
  });

  it('R-31: the supervisor at another desk sees the act with its masked person', async () => {
    await until(async () => (await other.client.register.day({ on })).rows.length === 1);
    const [row] = (await other.client.register.day({ on })).rows;
    expect(row).toMatchObject({
      kind: 'application.send',
      personMasked: 'QULİYEVA N. E.',
      operatorName: 'Leyla Əhmədova',
      deskId: 'desk-01',
      sync: 'registered',
      review: 'none',
    });
    expect(row?.serials).toHaveLength(2);
    actCommandId = row?.commandId ?? '';
  });

  it('R-31: an act returned for correction lands in its registrar’s list with the reason', async () => {
    const review = (verdict: 'reviewed' | 'returned', reason = '') =>
      other.client.register.review({ commandId: newId(), actCommandId, verdict, reason });
    expect(await failureOf(review('returned'))).toMatchObject({ code: 'FIELDS_INVALID', data: { params: { field: 'reason' } } });
    expect(await review('returned', 'Ünvanı yoxlayın')).toMatchObject({ review: 'returned', reviewReason: 'Ünvanı yoxlayın' });
    await until(async () => (await core.client.application.get({ applicationId })).returnedForCorrection !== null);
    const { due, counts } = await core.client.application.home({});
    expect(counts.returned).toBe(1);
    expect(due[0]).toMatchObject({ applicationId, returnedReason: 'Ünvanı yoxlayın' });
    expect((await core.client.application.get({ applicationId })).returnedForCorrection).toMatchObject({
      byName: 'Nigar Həsənova',
      actCommandId,
    });
  });

  it('R-31: the registrar reports the correction and the supervisor reviews again', async () => {
    await core.client.application.reportCorrected({ commandId: newId(), applicationId, note: 'Ünvan düzdür' });
    expect((await core.client.application.get({ applicationId })).returnedForCorrection).toBeNull();
    expect((await core.client.application.home({})).counts.returned).toBe(0);
    await drained(core, applicationId);
    await until(async () => (await other.client.register.day({ on })).rows[0]?.review === 'corrected');
    expect(await other.client.register.review({ commandId: newId(), actCommandId, verdict: 'reviewed' })).toMatchObject({
      review: 'reviewed',
    });
    await until(async () => (await core.client.register.day({ on })).rows[0]?.review === 'reviewed');
  });

  it('the comparison names what only one side has', async () => {
    const refused = await fillDraft(core.client, { fin: 'QYD0010', phone: '+994500000010' });
    await registry.setFaults({ loseAnswers: 10_000, onlyPath: '/v1/sync/commands' });
    await core.client.application.refuse({
      commandId: newId(),
      applicationId: refused.applicationId,
      reasonCode: 'documents_missing',
      returnedDocuments: [{ document: 'D-02' }],
    });
    await registry.setFaults({});
    await drained(core, refused.applicationId);
    const same = await core.client.register.compare({ on });
    expect([same.onlyHere, same.onlyThere]).toEqual([[], []]);
    const last = (await core.client.register.day({ on })).rows.at(-1)?.commandId ?? '';
    // The desk forgets one act, as a restored copy would.
    core.desk.db.transact((tx) => tx.run('DELETE FROM application_act WHERE command_id = @last', { last }));
    const compared = await core.client.register.compare({ on });
    expect(compared.onlyThere).toEqual([last]);
    expect(compared.lines.find(({ kind }) => kind === 'application.refuse')).toEqual({ kind: 'application.refuse', here: 0, registry: 1 });
  });

  it('the register is printed under a number of its own', async () => {
    const paper = await other.client.register.preparePaper({ commandId: newId(), on });
    expect(paper).toMatchObject({ form: 'day-register', copy: 1, copies: 1, applicationId: null });
    const papers = { paperIds: [paper.paperId], printer: (await other.client.paper.listPrinters())[0]?.name ?? '' };
    expect(await other.client.paper.print({ commandId: newId(), ...papers })).toMatchObject([{ state: 'printing' }]);
  });

  it('a supervisor edits nothing', async () => {
    expect(await refusalOf(other.client.application.withdraw({ commandId: newId(), applicationId, reason: 'sınaq' }))).toBe('FORBIDDEN');
  });

  it('a supervisor prints the register only: any other paper is refused', async () => {
    const papers = { paperIds: [newId()], printer: (await other.client.paper.listPrinters())[0]?.name ?? '' };
    expect(await refusalOf(other.client.paper.print({ commandId: newId(), ...papers }))).toBe('FORBIDDEN');
    expect(
      await refusalOf(other.client.paper.confirm({ commandId: newId(), paperIds: papers.paperIds, verdict: 'good', reason: '' })),
    ).toBe('FORBIDDEN');
  });

  it('R-31: an auditor sees the day and takes no document number', async () => {
    await other.client.session.signOut({});
    await other.signIn('sevda');
    expect((await other.client.register.day({ on })).rows).not.toEqual([]);
    expect(await refusalOf(other.client.register.preparePaper({ commandId: newId(), on }))).toBe('FORBIDDEN');
  });
});

describe('what is searched and shown', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let applicationId = '';

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
    ({ applicationId } = await sendCase(core, { fin: 'QYD0010', phone: '+994500000010' }));
    await fillDraft(core.client, nuray);
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  it.each([
    ['the FİN', 'QYD0010'],
    ['its beginning in small letters', 'qyd001'],
    ['the surname folded', 'orucov'],
    ['given name and surname', 'anar oruc'],
    ['surname and father', 'orucov qab'],
    ['the phone with a zero', '050 000 00 10'],
    ['the phone in full', '+994500000010'],
  ])('a case is found by %s', async (_what, text) => {
    const rows = await core.client.application.search({ text });
    expect(rows.map((row) => row.applicationId)).toContain(applicationId);
    expect(
      rows.every(
        ({ personName, finMasked, phoneMasked }) =>
          !finMasked.includes('QYD00') && !phoneMasked.includes('0000') && /^\S+ \S\. \S\.$/u.test(personName),
      ),
    ).toBe(true);
  });

  it('a case is found by the serial of its certificate and by its ICCID', async () => {
    const { certificates, data } = await core.client.application.get({ applicationId });
    for (const text of [certificates[0]?.serial ?? '', data.carrier.iccid]) {
      expect((await core.client.application.search({ text })).map((row) => row.applicationId)).toEqual([applicationId]);
    }
  });

  it('J-16: what is masked is shown on request and the look is logged', async () => {
    expect(await core.client.application.reveal({ applicationId, field: 'fin' })).toEqual({ value: 'QYD0010' });
    await core.client.session.signOut({});
    await core.signIn('sevda');
    const [row] = await core.client.audit.list({ act: 'person.reveal' });
    expect(row).toMatchObject({ operatorLogin: 'leyla', applicationId, detail: { field: 'fin' } });
    const everything = JSON.stringify(await core.client.audit.list({ limit: 500 }));
    for (const secret of ['QYD0010', 'QYD0001', 'ORUCOV', 'QULİYEVA', '500000010', 'Məktəbi', 'mektebi'])
      expect(everything).not.toContain(secret);
    await core.client.session.signOut({});
    await core.signIn('leyla');
  });

  it('the secret answer is kept as a hash only', async () => {
    const tables = core.desk.db.all("SELECT name FROM sqlite_schema WHERE type = 'table'").map((row) => String(row['name']));
    const rows = core.desk.db.all('SELECT * FROM application');
    expect(rows.every((row) => String(row['secret_answer_hash']).startsWith('$argon2id$'))).toBe(true);
    const dump = [
      JSON.stringify(rows),
      JSON.stringify(core.desk.db.all('SELECT CAST(rec AS TEXT) AS rec FROM audit')),
      JSON.stringify(core.desk.db.all('SELECT value FROM remembered_commands')),
      JSON.stringify(core.desk.db.all('SELECT CAST(envelope AS TEXT) AS envelope FROM intents')),
    ].join('\n');
    expect(tables).toContain('application');
    expect(dump).not.toMatch(/Məktəbi|mektebi/iu);
  });

  it('lists and counts by owner and state', async () => {
    const mine = await core.client.application.list({ scope: 'mine', states: ['DRAFT'] });
    expect(mine).toMatchObject({ totalCount: 1, rows: [{ state: 'DRAFT', isMine: true, nextAction: 'check' }] });
    const { counts } = await core.client.application.home({});
    expect(counts).toMatchObject({ mine: 2, office: 2, drafts: 1, breached: 0 });
  });
});
