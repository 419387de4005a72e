import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { captureScan, drained, fillDraft, lookUpAll, newId, printCertificates, printForm, sendCase, signContract } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

describe('the case of an individual from the application to the archive, online', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let applicationId = '';

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('ziya', 'registrar');
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  it('SIM-06 SIM-07 COM-15: a new request is saved and has its due time', async () => {
    const draft = await fillDraft(core.client);
    applicationId = draft.applicationId;
    expect(draft).toMatchObject({ state: 'DRAFT', problems: [], missingDocuments: [], hasSecretAnswer: true, nextAction: 'check' });
    expect(draft.dueAtMs).toBeGreaterThan(draft.filedAtMs);
    expect(draft.steps.find(({ code }) => code === 'identity')?.status).toBe('done');
  });

  it('SIM-08 COM-04: the register finds the person and what it said stands beside what was typed', async () => {
    const { application, notices } = await core.client.application.lookUp({ commandId: newId(), applicationId, kind: 'person' });
    expect(notices).toEqual([]);
    expect(application.attempts.person).toBe(0);
    expect(application.lookUps[0]).toMatchObject({ kind: 'person', outcome: 'found', system: 'İAMAS', attempt: 0, isStale: false });
    expect(application.lookUps[0]?.answerSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(application.lookUps[0]?.comparison.every(({ verdict }) => verdict === 'same')).toBe(true);
  });

  it('SIM-10 CR-27: the SIM answers and the kinds are decided', async () => {
    const application = await lookUpAll(core.client, applicationId, ['sim']);
    expect(application.kindsDecision).toEqual({ issue: ['AUT', 'PER'], notices: [], refusals: [] });
    expect(application.nextAction).toBe('send');
  });

  it('SIM-11: sending brings the certificates and the contract step', async () => {
    const { application, notices } = await core.client.application.send({ commandId: newId(), applicationId });
    expect(notices).toEqual([]);
    expect(application).toMatchObject({ state: 'CONTRACT', sync: 'registered', lease: { isMine: true }, nextAction: 'print_contract' });
    expect(application.certificates.map(({ kind, state }) => [kind, state])).toEqual([
      ['AUT', 'GENERATED'],
      ['PER', 'GENERATED'],
    ]);
  });

  it('SIM-12 SIM-13 M-44: the contract must be printed and signed by both', async () => {
    const confirm = (centreSigned: boolean, applicantSigned: boolean) =>
      core.client.application.confirmContractSigned({ commandId: newId(), applicationId, centreSigned, applicantSigned });
    expect(await refusalOf(confirm(true, true))).toBe('STEP_NOT_POSSIBLE');
    const papers = await printForm(core, applicationId, 'appendix-5');
    expect(papers.map(({ copy, state }) => [copy, state])).toEqual([
      [1, 'printed'],
      [2, 'printed'],
    ]);
    expect(await refusalOf(confirm(true, false))).toBe('M-44');
    expect(await refusalOf(confirm(false, true))).toBe('M-44');
    const { application } = await confirm(true, true);
    expect(application).toMatchObject({ state: 'CERT_PRINTED', sync: 'queued', nextAction: 'print_certificate' });
  });

  it('SIM-14 SIM-15: activation waits for the printed certificate', async () => {
    expect(await refusalOf(core.client.application.activate({ commandId: newId(), applicationId }))).toBe('STEP_NOT_POSSIBLE');
    await printCertificates(core, await core.client.application.get({ applicationId }));
    expect((await core.client.application.get({ applicationId })).nextAction).toBe('activate');
  });

  it('SIM-16 CR-06: activation brings active certificates and the User ID', async () => {
    const { application } = await core.client.application.activate({ commandId: newId(), applicationId });
    expect(application).toMatchObject({ state: 'ACTIVATING', activationAttempts: 1, nextAction: 'print_notice' });
    expect(application.userId).toMatch(/^\d{6}$/);
    expect(application.certificates.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('SIM-17 SIM-19: hand-over needs the printed notice', async () => {
    const handOver = (...documents: string[]) =>
      core.client.application.handOver({
        commandId: newId(),
        applicationId,
        returnedOriginals: documents.map((document) => ({ document, note: '' })),
      });
    expect(await refusalOf(handOver('D-02', 'D-09', 'D-10'))).toBe('STEP_NOT_POSSIBLE');
    await printForm(core, applicationId, 'appendix-10');
    expect(await failureOf(handOver('D-02'))).toMatchObject({ code: 'FIELDS_INVALID', data: { params: { documents: 'D-09, D-10' } } });
    expect((await handOver('D-02', 'D-09', 'D-10')).application).toMatchObject({ state: 'HANDED', dueAtMs: null });
  });

  it('SIM-18 COM-10 R-06: the authorised officer sends the scans, and only the whole set', async () => {
    expect(await refusalOf(core.client.application.sendScans({ commandId: newId(), applicationId }))).toBe('FORBIDDEN');
    await captureScan(core, applicationId, 'D-01');
    await captureScan(core, applicationId, 'D-02');
    await core.client.session.changeRole({ role: 'authorised_officer' });
    expect(await refusalOf(core.client.application.sendScans({ commandId: newId(), applicationId }))).toBe('SCAN_INCOMPLETE');
    await core.client.session.changeRole({ role: 'registrar' });
    await captureScan(core, applicationId, 'D-09');
    await captureScan(core, applicationId, 'contract');
    await core.client.session.changeRole({ role: 'authorised_officer' });
    await core.client.application.sendScans({ commandId: newId(), applicationId });
  });

  it('R-07 T-08: the document-entry officer enters them, and the days to the archive begin', async () => {
    await core.client.session.changeRole({ role: 'document_entry' });
    const { application } = await core.client.application.enterScans({ commandId: newId(), applicationId });
    expect(application.state).toBe('SCANNED');
    expect(application.archiveDueAtMs).toBeGreaterThan(Date.now());
  });

  it('SIM-20 COM-11: the papers go to the archive and every act is registered', async () => {
    await core.client.session.changeRole({ role: 'registrar' });
    await core.client.application.archive({ commandId: newId(), applicationId, receiver: 'Arxiv şöbəsi', listNumber: '7' });
    const application = await drained(core, applicationId);
    expect(application).toMatchObject({ state: 'ARCHIVED', nextAction: 'none', archiveDueAtMs: null });
    const sent = application.timeline.filter(
      ({ act }) =>
        act.startsWith('application.') &&
        ![
          'application.create',
          'application.consent',
          'application.confirm_bearer',
          'application.look_up',
          'application.secret_answer',
        ].includes(act),
    );
    expect(sent.map(({ act, sync }) => [act, sync])).toEqual(
      ['send', 'sign_contract', 'activate', 'hand_over', 'send_scans', 'enter_scans', 'archive'].map((act) => [
        `application.${act}`,
        'registered',
      ]),
    );
    expect(sent.every(({ registryAtMs }) => registryAtMs !== null)).toBe(true);
  });

  it('R-31 J-16: the day agrees with the registry and the audit chain holds', async () => {
    await core.client.session.signOut();
    await core.signIn('nigar');
    const on = new Date(Date.now() + 4 * 3_600_000).toISOString().slice(0, 10);
    const day = await core.client.register.day({ on });
    expect(day.counts).toMatchObject({ 'application.send': 1, 'application.archive': 1 });
    const compared = await core.client.register.compare({ on });
    expect(compared.onlyHere).toEqual([]);
    expect(compared.onlyThere).toEqual([]);
    expect(compared.lines.every(({ here, registry: there }) => here === there)).toBe(true);
    const verdict = await core.client.audit.verify();
    expect(verdict.firstBadSeq).toBeNull();
    expect(verdict.rows).toBeGreaterThan(15);
  });

  it('R-05: another registrar takes a second case the same way to its contract', async () => {
    await core.client.session.signOut();
    await core.signIn('leyla');
    const second = await sendCase(core, { fin: 'QYD0010', phone: '+994500000010' });
    expect(second.state).toBe('CONTRACT');
    expect((await signContract(core, second.applicationId)).state).toBe('CERT_PRINTED');
  });
});
