import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import type { Applicant } from './test-cases.ts';
import {
  drained,
  fillDraft,
  lookUpAll,
  newId,
  nuray,
  printCertificates,
  printForm,
  sendCase,
  signContract,
  typedDataOf,
} from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

const anar: Applicant = { fin: 'QYD0010', phone: '+994500000010' };
const farid: Applicant = { fin: 'QYD0007', phone: '+994500000014' };
const kerem: Applicant = {
  fin: 'QYD003',
  phone: '+994500000011',
  change: (data) => ({ ...data, person: { ...data.person, citizenship: 'TUR' } }),
};

describe('sending, activation and what goes wrong with them', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
  });
  afterEach(async () => {
    await registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const get = (applicationId: string) => core.client.application.get({ applicationId });
  const ready = async (applicant: Applicant) => {
    const { applicationId } = await fillDraft(core.client, applicant);
    return lookUpAll(core.client, applicationId);
  };

  it('I-3: the same command twice is one act, another input under its id is refused', async () => {
    const { applicationId } = await ready(nuray);
    const commandId = newId();
    const first = await core.client.application.send({ commandId, applicationId });
    const second = await core.client.application.send({ commandId, applicationId });
    expect(second.application.certificates).toEqual(first.application.certificates);
    expect(second.application.timeline.filter(({ act }) => act === 'application.send')).toHaveLength(1);
    const other = await fillDraft(core.client, anar);
    expect(await refusalOf(core.client.application.send({ commandId, applicationId: other.applicationId }))).toBe('COMMAND_REUSED');
  });

  it('M-29: the same SIM cannot bear a second Personal certificate', async () => {
    const draft = await ready(nuray);
    expect(draft.kindsDecision?.refusals).toEqual([{ code: 'M-29', params: {} }]);
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId: draft.applicationId }))).toBe('M-29');
  });

  it('a lost answer leaves the outcome unknown until the same id is asked again', async () => {
    const { applicationId } = await ready(anar);
    await registry.setFaults({ loseAnswers: 1, onlyPath: '/v1/sync/intents' });
    const { application, notices } = await core.client.application.send({ commandId: newId(), applicationId });
    // The worker and the feed may bring the outcome before we look; until then the case says that it is not known.
    if (application.state === 'CHECKING') {
      expect(notices).toEqual([{ code: 'OUTCOME_UNKNOWN', params: {} }]);
      expect(application).toMatchObject({ sync: 'unknown', nextAction: 'ask_outcome' });
      await core.client.application.askOutcome({ applicationId });
    }
    await until(async () => (await get(applicationId)).sync === 'registered');
    const settled = await get(applicationId);
    expect(settled.state).toBe('CONTRACT');
    expect(settled.certificates).toHaveLength(2);
  });

  it('a restart while the outcome is unknown forgets nothing', async () => {
    const { applicationId } = await ready(kerem);
    // Nor does the feed say a word.
    await registry.setFaults({ loseAnswers: 500, onlyPath: '/v1/sync' });
    const { application } = await core.client.application.send({ commandId: newId(), applicationId });
    expect(application).toMatchObject({ state: 'CHECKING', sync: 'unknown' });
    await core.stop();
    core = await startTestCore(registry, { after: core });
    await core.signIn('leyla');
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId }))).toBe('OUTCOME_UNKNOWN');
    await registry.setFaults({});
    await core.client.application.askOutcome({ applicationId });
    await until(async () => (await get(applicationId)).state === 'CONTRACT');
    expect((await get(applicationId)).certificates).toHaveLength(2);
  });

  it('M-10 COM-12: what the registry finds wrong makes the case invalid, and a correction sends it again', async () => {
    // The name is typed otherwise than the register has it; only the registry compares it.
    const wrong: Applicant = { ...farid, change: (data) => ({ ...data, person: { ...data.person, givenName: 'TOFİQ' } }) };
    const { applicationId } = await ready(wrong);
    const { application, notices } = await core.client.application.send({ commandId: newId(), applicationId });
    expect(application).toMatchObject({ state: 'INVALID', nextAction: 'correct' });
    expect(notices[0]?.code).toBe('M-10');
    const corrected = await core.client.application.saveDraft({
      applicationId,
      version: application.version,
      data: { ...application.data, person: { ...application.data.person, givenName: 'FƏRİD' } },
    });
    expect(corrected.application.state).toBe('DRAFT');
    const again = await core.client.application.send({ commandId: newId(), applicationId });
    expect(again.application.state).toBe('CONTRACT');
  });

  it('COM-13 M-12: one renewal, then support', async () => {
    const sent = (await core.client.application.list({ scope: 'mine', states: ['CONTRACT'], limit: 200 })).rows;
    const applicationId = sent[0]?.applicationId ?? '';
    const signed = await signContract(core, applicationId);
    await printCertificates(core, signed);
    await registry.setFaults({ failActivations: 2 });
    const first = await core.client.application.activate({ commandId: newId(), applicationId });
    expect(first.notices[0]?.code).toBe('M-12');
    expect(first.application).toMatchObject({ state: 'ACTIVATING', activationAttempts: 1, nextAction: 'renew_activation' });
    const second = await core.client.application.activate({ commandId: newId(), applicationId });
    expect(second.application).toMatchObject({ state: 'ACT_FAILED', activationAttempts: 2 });
    expect(await refusalOf(core.client.application.activate({ commandId: newId(), applicationId }))).toBe('STEP_NOT_POSSIBLE');
    expect(await refusalOf(core.client.application.activateBySupport({ commandId: newId(), applicationId }))).toBe('FORBIDDEN');
    await core.client.session.signOut();
    await core.signIn('farid');
    const third = await core.client.application.activateBySupport({ commandId: newId(), applicationId });
    expect(third.application).toMatchObject({ state: 'ACTIVATING', sync: 'registered' });
    expect(third.application.userId).toMatch(/^\d{6}$/);
    await core.client.session.signOut();
    await core.signIn('leyla');
  });

  it('offline between contract and activation: signing is queued, activation refused, and both follow when the link is back', async () => {
    const rows = (await core.client.application.list({ scope: 'mine', states: ['CONTRACT'], limit: 200 })).rows;
    const applicationId = rows[0]?.applicationId ?? '';
    await registry.setFaults({ isUnreachable: true });
    await until(() => core.desk.sync.link().state === 'offline');
    const signed = await signContract(core, applicationId);
    expect(signed).toMatchObject({ state: 'CERT_PRINTED', sync: 'queued' });
    await printCertificates(core, signed);
    const refused = await failureOf(core.client.application.activate({ commandId: newId(), applicationId }));
    expect(refused).toMatchObject({ code: 'REGISTRY_UNREACHABLE', data: { retryable: true } });
    expect(await get(applicationId)).toMatchObject({ state: 'CERT_PRINTED', activationAttempts: 0 });
    expect(core.desk.db.all('SELECT command_id FROM intents WHERE state = 0')).toEqual([]);
    await registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
    await drained(core, applicationId);
    expect((await core.client.application.activate({ commandId: newId(), applicationId })).application.state).toBe('ACTIVATING');
  });

  it('offline a draft cannot be sent and nothing is left behind', async () => {
    const draft = await fillDraft(core.client, { fin: 'QYD04', phone: '+994700000012' });
    const looked = await lookUpAll(core.client, draft.applicationId);
    const { applicationId } = looked;
    await registry.setFaults({ isUnreachable: true });
    await until(() => core.desk.sync.link().state === 'offline');
    const intents = core.desk.db.all('SELECT command_id FROM intents').length;
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId }))).toBe('REGISTRY_UNREACHABLE');
    expect(core.desk.db.all('SELECT command_id FROM intents')).toHaveLength(intents);
    expect((await get(applicationId)).state).toBe('DRAFT');
  });

  it('SIM-07: a save that names an older version is refused', async () => {
    const { applicationId, version } = await fillDraft(core.client, anar);
    const data = typedDataOf(anar);
    await core.client.application.saveDraft({ applicationId, version, data });
    expect(await failureOf(core.client.application.saveDraft({ applicationId, version, data }))).toMatchObject({
      code: 'DRAFT_STALE',
      data: { params: { version: version + 1 } },
    });
  });

  it('a withdrawal of an unsent case stays here, one of a sent case reaches the registry', async () => {
    const draft = await fillDraft(core.client, anar);
    const withdrawn = await core.client.application.withdraw({
      commandId: newId(),
      applicationId: draft.applicationId,
      reason: 'fikrini dəyişdi',
    });
    expect(withdrawn.application).toMatchObject({ state: 'WITHDRAWN', sync: 'saved', rev: null });
    const rows = (await core.client.application.list({ scope: 'mine', states: ['CONTRACT'], limit: 10 })).rows;
    const applicationId = rows[0]?.applicationId ?? '';
    expect(
      (await core.client.application.withdraw({ commandId: newId(), applicationId, reason: 'fikrini dəyişdi' })).application.state,
    ).toBe('WITHDRAWN');
    await drained(core, applicationId);
    // The answer comes first; the feed brings the end of the lease with the revoked certificates.
    await until(async () => (await get(applicationId)).certificates.every(({ state }) => state === 'REVOKED'));
    await until(async () => !((await get(applicationId)).lease?.isMine ?? false));
  });

  it('COM-14: a refusal needs its reason and the list of what went back', async () => {
    const { applicationId } = await fillDraft(core.client, anar);
    const refuse = (reasonCode: string, note = '', returnedDocuments: { document: string; note: string }[] = []) =>
      core.client.application.refuse({ commandId: newId(), applicationId, reasonCode, note, returnedDocuments });
    expect(await failureOf(refuse('because'))).toMatchObject({ code: 'FIELDS_INVALID', data: { params: { field: 'reasonCode' } } });
    expect(await failureOf(refuse('other'))).toMatchObject({ data: { params: { field: 'note' } } });
    expect(await failureOf(refuse('documents_missing'))).toMatchObject({ data: { params: { field: 'returnedDocuments' } } });
    const { application } = await refuse('documents_missing', '', [{ document: 'D-02', note: '' }]);
    expect(application).toMatchObject({
      state: 'REFUSED',
      sync: 'queued',
      refusal: { reasonCode: 'documents_missing', invalidityNote: false },
    });
    await drained(core, applicationId);
    expect((await printForm(core, applicationId, 'F-36'))[0]?.state).toBe('printed');
  });

  it('two desks: the second sees the case by the feed and cannot act on it while the first holds it', async () => {
    const other = await startTestCore(registry, { deskId: 'desk-02' });
    try {
      await other.signIn('rashad');
      const sent = await sendCase(core, { fin: 'QYD05', phone: '+994500000015', change: (data) => data });
      const { applicationId } = sent;
      await until(async () => (await refusalOf(other.client.application.get({ applicationId }))) === 'no refusal');
      const seen = await other.client.application.get({ applicationId });
      expect(seen).toMatchObject({ state: 'CONTRACT', lease: { isMine: false, deskId: 'desk-01' }, operatorName: 'Leyla Əhmədova' });
      const refusal = await failureOf(other.client.application.withdraw({ commandId: newId(), applicationId, reason: 'sınaq' }));
      expect(refusal).toMatchObject({ code: 'LEASE_HELD', data: { params: { deskId: 'desk-01' } } });
      expect(await refusalOf(other.client.application.claim({ applicationId }))).toBe('LEASE_HELD');
      await core.client.application.release({ applicationId });
      const claimed = await other.client.application.claim({ applicationId });
      expect(claimed.application.lease?.isMine).toBe(true);
      await until(async () => (await core.client.application.get({ applicationId })).lease?.isMine !== true);
      expect((await other.client.application.withdraw({ commandId: newId(), applicationId, reason: 'sınaq' })).application.state).toBe(
        'WITHDRAWN',
      );
      await until(async () => (await core.client.application.get({ applicationId })).state === 'WITHDRAWN');
    } finally {
      await other.close();
    }
  });
});
