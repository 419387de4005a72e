import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listInvalidityNotes, listLookUps } from '../../../src/core/storage/repositories/look-up-repository.ts';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import type { ApplicationView } from '../../../src/shared/contract/application.ts';
import type { ApplicationData, PowerOfAttorney } from '../../../src/shared/rules/application-data.ts';
import { signablePapers, type Attendee, type LookUpKind } from '../../../src/shared/rules/vocabulary.ts';
import {
  drained,
  fillDraft,
  lookUpAll,
  newId,
  nuray,
  printCertificates,
  printForm,
  signContract,
  typedDataOf,
  type Applicant,
} from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

const allKinds: readonly LookUpKind[] = ['person', 'representative', 'sim'];

/** Fərid brings Nuray's application and a notarised power of attorney. */
function represented(power: Partial<PowerOfAttorney> = {}, applicant: Applicant = nuray): Applicant {
  const ferid = typedDataOf({ fin: 'QYD0007', phone: '+994500000014' });
  const change = (data: ApplicationData): ApplicationData => ({
    ...data,
    representative: { isPresent: true, person: ferid.person, document: ferid.document },
    presented: { ...data.presented, 'D-04': { isShown: true, validUntilOn: '', note: '' } },
    powersOfAttorney: [
      {
        form: 'appendix-8',
        number: '77/N',
        issuedOn: '2026-01-10',
        validUntilOn: '2027-01-09',
        grantor: data.person.fin,
        grantee: 'QYD0007',
        certification: 'notarised',
        notaryName: 'Bakı 1 saylı notariat',
        notaryRegisterNumber: '1-77',
        country: 'AZE',
        legalisation: '',
        legalisationNumber: '',
        legalisationOn: '',
        legalisationReason: '',
        signs: [...signablePapers],
        ...power,
      },
    ],
  });
  return { ...applicant, change };
}

describe('an application through a representative', () => {
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

  const draftOf = async (applicant: Applicant): Promise<ApplicationView> => {
    const { applicationId } = await fillDraft(core.client, applicant);
    const answer = await core.client.application.confirmBearer({
      commandId: newId(),
      applicationId,
      isBearer: true,
      attendee: 'representative',
    });
    return answer.application;
  };
  const search = (applicationId: string, kind: LookUpKind = 'representative') =>
    core.client.application.lookUp({ commandId: newId(), applicationId, kind });
  const send = (applicationId: string) => core.client.application.send({ commandId: newId(), applicationId });
  const name = (applicationId: string, attendee: Attendee) =>
    core.client.application.nameAttendee({ commandId: newId(), applicationId, attendee });
  const sent = async (applicant: Applicant): Promise<ApplicationView> => {
    const { applicationId } = await draftOf(applicant);
    await lookUpAll(core.client, applicationId, allKinds);
    return (await send(applicationId)).application;
  };
  const withFin = async ({ applicationId, version, data }: ApplicationView, fin: string): Promise<void> => {
    const { representative } = data;
    const typed = { ...data, representative: { ...representative, person: { ...representative.person, fin } } };
    await core.client.application.saveDraft({ applicationId, version, data: typed });
  };

  it('COM-16 COM-07 M-06: his own three misses end the case, across a restart, and spend none of the applicant’s', async () => {
    const draft = await draftOf(represented());
    const { applicationId } = draft;
    await withFin(draft, 'QYD9999');
    expect((await search(applicationId)).notices).toEqual([{ code: 'M-05', params: { n: 1 } }]);
    await core.stop();
    core = await startTestCore(registry, { after: core });
    await core.signIn('leyla');
    expect((await search(applicationId)).notices).toEqual([{ code: 'M-05', params: { n: 2 } }]);
    expect((await core.client.application.get({ applicationId })).attempts).toMatchObject({ person: 0, representative: 2 });
    const { application, notices } = await search(applicationId);
    expect(notices[0]?.code).toBe('M-06');
    expect(application).toMatchObject({ state: 'REFUSED', attempts: { person: 0, representative: 3 } });
    expect(application.refusal).toMatchObject({ reasonCode: 'representative_not_found', invalidityNote: true });
    expect(application.refusal?.returnedDocuments.map(({ document }) => document)).toContain('D-04');
    const [note] = listInvalidityNotes(core.desk.db, applicationId);
    expect(note).toMatchObject({ kind: 'representative', operatorLogin: 'leyla' });
    expect(note?.subject).toContain('QYD9999');
    expect((await printForm(core, applicationId, 'F-36'))[0]?.state).toBe('printed');
    expect((await drained(core, applicationId)).rev).toBeGreaterThan(0);
  });

  it('COM-16 M-43 C-06: an outage is kept and costs him no attempt', async () => {
    const { applicationId } = await draftOf(represented());
    await registry.setFaults({ outages: ['İAMAS'] });
    const { application, notices } = await search(applicationId);
    expect(notices[0]).toMatchObject({ code: 'M-43', params: { system: 'İAMAS' } });
    expect(application.attempts.representative).toBe(0);
    expect(application.lookUps).toMatchObject([{ kind: 'representative', outcome: 'unavailable', attempt: 0 }]);
  });

  it('COM-16 J-15 SIM-08: the answer is stored with time, source and hash, shown beside what was typed and taken over by an act', async () => {
    const base = represented();
    const draft = await draftOf({
      ...base,
      change: (data) => {
        const changed = base.change?.(data) ?? data;
        const { representative } = changed;
        return { ...changed, representative: { ...representative, person: { ...representative.person, birthPlace: '' } } };
      },
    });
    const { applicationId } = draft;
    const { application } = await search(applicationId);
    const shown = application.lookUps.at(-1);
    expect(shown).toMatchObject({ kind: 'representative', outcome: 'found', system: 'İAMAS', isStale: false });
    expect(shown?.answerSha256).toMatch(/^[0-9a-f]{64}$/u);
    expect(shown?.atMs).toBeGreaterThan(0);
    expect(shown?.comparison).toContainEqual({
      field: 'representative.person.birthPlace',
      typed: '',
      answered: 'Bakı şəhəri',
      verdict: 'missing',
    });
    const [stored] = listLookUps(core.desk.db, applicationId);
    expect(stored).toMatchObject({ kind: 'representative', operatorLogin: 'leyla' });
    expect(stored?.queryKey).toContain('QYD0007');
    const adopted = await core.client.application.adopt({ commandId: newId(), applicationId, kind: 'representative' });
    expect(adopted.application.data.representative.person.birthPlace).toBe('Bakı şəhəri');
    expect(adopted.application.data.adopted).toContain('representative.person.birthPlace');
    await withFin(adopted.application, 'QYD0002');
    expect(await refusalOf(core.client.application.adopt({ commandId: newId(), applicationId, kind: 'representative' }))).toBe(
      'LOOKUP_STALE',
    );
  });

  it('COM-16 COM-02 M-02: his expired document is not searched by', async () => {
    const base = represented();
    const { applicationId } = await draftOf({
      ...base,
      change: (data) => {
        const changed = base.change?.(data) ?? data;
        const { representative } = changed;
        return { ...changed, representative: { ...representative, document: { ...representative.document, validUntilOn: '2025-02-03' } } };
      },
    });
    expect(await failureOf(search(applicationId))).toMatchObject({ code: 'M-02', data: { params: { tarix: '2025-02-03' } } });
  });

  it('COM-16 COM-01: who stands at the desk is recorded, and asked again when the application names the other', async () => {
    const { applicationId } = await fillDraft(core.client, represented());
    // The question was answered about the applicant, but a representative files.
    expect(await core.client.application.get({ applicationId })).toMatchObject({ bearerConfirmed: 'is_bearer', attendee: 'applicant' });
    await lookUpAll(core.client, applicationId, allKinds);
    expect(await failureOf(send(applicationId))).toMatchObject({
      code: 'STEP_NOT_POSSIBLE',
      data: { params: { reason: 'NEEDS_IDENTITY' } },
    });
    await core.client.application.confirmBearer({ commandId: newId(), applicationId, isBearer: true, attendee: 'representative' });
    const row = core.desk.db.get("SELECT rec FROM audit WHERE instr(rec, 'confirm_bearer') > 0 ORDER BY seq DESC LIMIT 1");
    expect(String(row?.['rec'])).toContain('representative');
    const application = await core.client.application.get({ applicationId });
    expect(application.attendee).toBe('representative');
    expect(application.steps.find(({ code }) => code === 'identity')?.status).toBe('done');
  });

  it('COM-16 SIM-10: without the answer about him nothing is sent', async () => {
    const { applicationId } = await draftOf(represented());
    await lookUpAll(core.client, applicationId, ['person', 'sim']);
    const failure = await failureOf(send(applicationId));
    expect(failure).toMatchObject({ code: 'STEP_NOT_POSSIBLE', data: { params: { reason: 'NEEDS_REPRESENTATIVE_FOUND' } } });
    await search(applicationId);
    expect((await send(applicationId)).application.state).toBe('CONTRACT');
    await core.client.application.withdraw({ commandId: newId(), applicationId, reason: 'Sınaq' });
    await drained(core, applicationId);
  });

  it('COM-16 SIM-01: a power of attorney that does not let him sign the application stops it', async () => {
    const { applicationId, missingDocuments } = await draftOf(represented({ signs: ['appendix-5'] }));
    expect(missingDocuments).toEqual([{ code: 'D-04', notice: { code: 'POA_NOT_FOR_PAPER', params: { form: 'appendix-1' } } }]);
    await lookUpAll(core.client, applicationId, allKinds);
    expect(await failureOf(send(applicationId))).toMatchObject({
      data: { params: { code: 'POA_NOT_FOR_PAPER', reason: 'NEEDS_DOCUMENTS' } },
    });
  });

  it('COM-16 SIM-14 SIM-19: he signs the contract and receives the certificates where the power of attorney says so', async () => {
    const application = await sent(represented());
    const { applicationId } = application;
    expect(application.signers.every(({ stop }) => stop === null)).toBe(true);
    expect((await signContract(core, applicationId)).contractSignedBy).toBe('representative');
    await printCertificates(core, application);
    await core.client.application.activate({ commandId: newId(), applicationId });
    await printForm(core, applicationId, 'appendix-10');
    const returnedOriginals = ['D-02', 'D-04', 'D-09', 'D-10'].map((document) => ({ document, note: '' }));
    await core.client.application.handOver({ commandId: newId(), applicationId, returnedOriginals });
    // What the registry recorded, by the same rule, comes back to the desk.
    expect(await drained(core, applicationId)).toMatchObject({
      state: 'HANDED',
      contractSignedBy: 'representative',
      handedTo: 'representative',
    });
  });

  it('COM-16 POA-R2: what the power of attorney does not name waits for the applicant, who is compared with her document', async () => {
    const application = await sent(represented({ signs: ['appendix-1'] }, { fin: 'QYD0010', phone: '+994500000010' }));
    const { applicationId } = application;
    expect(application.signers).toContainEqual({ form: 'appendix-5', stop: { code: 'POA_NOT_FOR_PAPER', params: { form: 'appendix-5' } } });
    expect(application.steps.find(({ code }) => code === 'contract')?.reason?.code).toBe('SIGNER_NOT_ALLOWED');
    const prepare = core.client.paper.prepare({ commandId: newId(), applicationId, form: 'appendix-5', certificateSerial: '' });
    expect(await failureOf(prepare)).toMatchObject({ code: 'PAPER_NOT_POSSIBLE', data: { params: { reason: 'SIGNER_NOT_ALLOWED' } } });
    const confirm = core.client.application.confirmContractSigned({
      commandId: newId(),
      applicationId,
      centreSigned: true,
      applicantSigned: true,
    });
    expect(await failureOf(confirm)).toMatchObject({ data: { params: { reason: 'SIGNER_NOT_ALLOWED', code: 'POA_NOT_FOR_PAPER' } } });

    expect((await name(applicationId, 'applicant')).application).toMatchObject({ attendee: 'applicant' });
    expect((await signContract(core, applicationId)).contractSignedBy).toBe('applicant');
    const acts = (await core.client.application.get({ applicationId })).timeline.map(({ act }) => act);
    expect(acts).toContain('application.name_attendee');
  });

  it('COM-16 COM-08: the one who signs is not changed under a contract that is out with the other’s name', async () => {
    const { applicationId } = await sent(represented({}, { fin: 'QYD0011', phone: '+994500000016' }));
    await printForm(core, applicationId, 'appendix-5');
    expect(await failureOf(name(applicationId, 'applicant'))).toMatchObject({ data: { params: { reason: 'CONTRACT_NAMES_ANOTHER' } } });
    expect(await refusalOf(name(applicationId, 'representative'))).toBe('STEP_NOT_POSSIBLE');
  });
});

describe('a case without a representative', () => {
  it('COM-16: names no representative at the desk', async () => {
    const { registry, stop } = await startTestRegistry();
    const core = await startTestCore(registry);
    await core.signIn('leyla');
    const { applicationId } = await fillDraft(core.client, nuray);
    await lookUpAll(core.client, applicationId);
    await core.client.application.send({ commandId: newId(), applicationId });
    const failure = await failureOf(
      core.client.application.nameAttendee({ commandId: newId(), applicationId, attendee: 'representative' }),
    );
    expect(failure).toMatchObject({ data: { params: { code: 'REPRESENTATIVE_NOT_NAMED' } } });
    expect(wellKnown.people.some(({ fin }) => fin === nuray.fin)).toBe(true);
    await core.close();
    await stop();
  });
});
