import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listInvalidityNotes, listLookUps } from '../../../src/core/storage/repositories/look-up-repository.ts';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import type { ApplicationView } from '../../../src/shared/contract/application.ts';
import { drained, fillDraft, lookUpAll, newId, nuray, typedDataOf } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

/** A FİN of the right form that no register knows. */
const unknownFin = 'QYD9999';

describe('searches in the registers', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
  });
  afterEach(() => registry.setFaults({}));
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const search = (applicationId: string, kind: 'person' | 'organisation' | 'sim' = 'person') =>
    core.client.application.lookUp({ commandId: newId(), applicationId, kind });
  const typeFin = async (application: ApplicationView, fin: string) => {
    const { applicationId, version, data } = application;
    return (await core.client.application.saveDraft({ applicationId, version, data: { ...data, person: { ...data.person, fin } } }))
      .application;
  };

  it('COM-04 T-09 M-06: three answered misses end the case, also when the program was restarted in between', async () => {
    const draft = await typeFin(await fillDraft(core.client), unknownFin);
    const { applicationId } = draft;
    expect((await search(applicationId)).notices).toEqual([{ code: 'M-05', params: { n: 1 } }]);
    await core.stop();
    core = await startTestCore(registry, { after: core });
    await core.signIn('leyla');
    expect((await search(applicationId)).notices).toEqual([{ code: 'M-05', params: { n: 2 } }]);
    const { application, notices } = await search(applicationId);
    expect(notices[0]?.code).toBe('M-06');
    expect(application).toMatchObject({ state: 'REFUSED', attempts: { person: 3 }, nextAction: 'none' });
    expect(application.refusal).toMatchObject({ reasonCode: 'person_not_found', invalidityNote: true });
    expect(application.refusal?.returnedDocuments.map(({ document }) => document)).toEqual(['D-02', 'D-09', 'D-10']);
    expect(await refusalOf(search(applicationId))).toBe('STEP_NOT_POSSIBLE');
    // The refusal reaches the registry although the case was never sent.
    expect((await drained(core, applicationId)).rev).toBeGreaterThan(0);
  });

  it('J-05 J-15 COM-07: the note of invalidity and every search are kept with operator, question and answer', async () => {
    const draft = await typeFin(await fillDraft(core.client), unknownFin);
    const { applicationId } = draft;
    for (let attempt = 0; attempt < 3; attempt += 1) await search(applicationId);
    const searches = listLookUps(core.desk.db, applicationId);
    expect(searches.map(({ attempt, operatorLogin, outcome }) => [attempt, operatorLogin, outcome])).toEqual([
      [1, 'leyla', 'not_found'],
      [2, 'leyla', 'not_found'],
      [3, 'leyla', 'not_found'],
    ]);
    expect(searches.every(({ queryKey, answer }) => queryKey.includes(unknownFin) && answer.includes('"person":null'))).toBe(true);
    const [note] = listInvalidityNotes(core.desk.db, applicationId);
    expect(note).toMatchObject({ kind: 'person', operatorLogin: 'leyla' });
    expect(note?.queryIds).toHaveLength(3);
  });

  it('M-43 C-06: an outage is said and not counted', async () => {
    const { applicationId } = await fillDraft(core.client);
    await registry.setFaults({ outages: ['İAMAS'] });
    const { application, notices } = await search(applicationId);
    expect(notices[0]).toMatchObject({ code: 'M-43', params: { system: 'İAMAS' } });
    expect(application.attempts.person).toBe(0);
    expect(application.lookUps).toMatchObject([{ outcome: 'unavailable', attempt: 0 }]);
    await registry.setFaults({});
    expect((await search(applicationId)).application.lookUps.at(-1)?.outcome).toBe('found');
  });

  it('an answer that breaks its schema counts as no answer', async () => {
    const { applicationId } = await fillDraft(core.client);
    await registry.setFaults({ breakAnswers: 1, onlyPath: '/v1/lookups' });
    const { application, notices } = await search(applicationId);
    expect(notices[0]?.code).toBe('M-43');
    expect(application.attempts.person).toBe(0);
  });

  it('the same command twice asks the register once', async () => {
    const draft = await typeFin(await fillDraft(core.client), unknownFin);
    const commandId = newId();
    const input = { commandId, applicationId: draft.applicationId, kind: 'person' } as const;
    const first = await core.client.application.lookUp(input);
    const second = await core.client.application.lookUp(input);
    expect(second.notices).toEqual(first.notices);
    expect(second.application.attempts.person).toBe(1);
    expect(await refusalOf(core.client.application.lookUp({ ...input, kind: 'sim' }))).toBe('COMMAND_REUSED');
  });

  it('a mistyped number costs no attempt', async () => {
    const draft = await typeFin(await fillDraft(core.client), 'QY');
    expect(await failureOf(search(draft.applicationId))).toMatchObject({
      code: 'FIELDS_INVALID',
      data: { params: { field: 'person.fin' } },
    });
    expect((await core.client.application.get({ applicationId: draft.applicationId })).attempts.person).toBe(0);
  });

  it('what was typed after the answer makes it stale', async () => {
    const { applicationId } = await fillDraft(core.client);
    const found = (await search(applicationId)).application;
    expect(found.lookUps.at(-1)?.isStale).toBe(false);
    const changed = await typeFin(found, 'QYD0002');
    expect(changed.lookUps.at(-1)?.isStale).toBe(true);
    expect(await refusalOf(core.client.application.adopt({ commandId: newId(), applicationId, kind: 'person' }))).toBe('LOOKUP_STALE');
  });

  it('SIM-08: the official fields are taken over and the next edit takes the mark away', async () => {
    const draft = await fillDraft(core.client, { ...nuray, change: (data) => ({ ...data, person: { ...data.person, birthPlace: '' } }) });
    await search(draft.applicationId);
    const { application } = await core.client.application.adopt({ commandId: newId(), applicationId: draft.applicationId, kind: 'person' });
    expect(application.data.person.birthPlace).toBe('Bakı şəhəri');
    expect(application.data.adopted).toContain('person.birthPlace');
    const { applicationId, version, data } = application;
    const edited = await core.client.application.saveDraft({
      applicationId,
      version,
      data: { ...data, person: { ...data.person, birthPlace: 'Gəncə şəhəri' } },
    });
    expect(edited.application.data.adopted).not.toContain('person.birthPlace');
  });

  it('COM-05 M-08 SIM-09: three misses of the VÖEN end the case too', async () => {
    const draft = await fillDraft(core.client, {
      fin: 'QYD0002',
      phone: '+994510000002',
      change: (data) => ({
        ...data,
        category: 'K3',
        kinds: ['PER', 'BUS'],
        organisation: { ...data.organisation, voen: freeVoen(), name: 'X', position: 'direktor', standing: 'head', bodyKind: 'private' },
      }),
    });
    const { applicationId } = draft;
    expect((await search(applicationId, 'organisation')).notices).toEqual([{ code: 'M-07', params: { n: 1 } }]);
    expect((await search(applicationId, 'organisation')).notices[0]?.code).toBe('M-07');
    const last = await search(applicationId, 'organisation');
    expect(last.notices[0]?.code).toBe('M-08');
    expect(last.application).toMatchObject({
      state: 'REFUSED',
      attempts: { organisation: 3 },
      refusal: { reasonCode: 'organisation_not_found' },
    });
  });

  it('M-02 COM-02 SIM-04: an expired document is neither searched nor sent', async () => {
    const { applicationId, problems } = await fillDraft(core.client, { fin: 'QYD0006', phone: '+994500000006' });
    expect(problems).toContainEqual(expect.objectContaining({ field: 'document.validUntilOn', code: 'M-02' }));
    expect(await refusalOf(search(applicationId))).toBe('M-02');
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId }))).toBe('M-02');
    const { application } = await core.client.application.refuse({
      commandId: newId(),
      applicationId,
      reasonCode: 'document_expired',
      note: '',
      returnedDocuments: [{ document: 'D-02', note: '' }],
    });
    expect(application).toMatchObject({ state: 'REFUSED', refusal: { reasonCode: 'document_expired' } });
  });

  it('M-01 COM-01 SIM-03: a document of somebody else ends the case and gives everything back', async () => {
    const created = await core.client.application.create({ commandId: newId(), category: 'K1' });
    const { applicationId, version } = created;
    await core.client.application.saveDraft({ applicationId, version, data: typedDataOf(nuray) });
    const { application, notices } = await core.client.application.confirmBearer({ commandId: newId(), applicationId, isBearer: false });
    expect(notices).toEqual([{ code: 'M-01', params: {} }]);
    expect(application).toMatchObject({ state: 'REFUSED', refusal: { reasonCode: 'document_of_another' } });
    expect(application.refusal?.returnedDocuments).toHaveLength(3);
  });

  it('M-11 CR-27: a kind that the SIM cannot bear is refused before it is sent', async () => {
    // A Business SIM without a Business certificate asked for is fine, a State SIM needs State.
    const { applicationId } = await fillDraft(core.client, { fin: 'QYD0005', phone: '+994550000005' });
    const application = await lookUpAll(core.client, applicationId);
    expect(application.kindsDecision?.refusals.map(({ code }) => code)).toContain('M-11');
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId }))).toBe('M-11');
  });

  it('a link that is gone is an outage as well', async () => {
    const { applicationId } = await fillDraft(core.client);
    await registry.setFaults({ isUnreachable: true });
    expect((await search(applicationId)).notices[0]?.code).toBe('M-43');
    await registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
  });
});

/** A VÖEN with a right check digit that nobody has. */
function freeVoen(): string {
  const taken = new Set<string>(wellKnown.organisations.map(({ voen }) => voen));
  const weights = [4, 1, 8, 6, 2, 7, 5, 3];
  for (let serial = 88_880_000; serial < 88_880_100; serial += 1) {
    const digits = String(serial);
    const sum = weights.reduce((total, weight, index) => total + weight * Number(digits.charAt(index)), 0);
    if (sum % 11 === 10) continue;
    const voen = `${digits}${sum % 11}1`;
    if (!taken.has(voen)) return voen;
  }
  throw new Error('every serial is taken');
}
