import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import type { ApplicationData } from '../../../src/shared/rules/application-data.ts';
import { fillDraft, lookUpAll, newId, nuray, typedDataOf, type Applicant } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';
import { openTestScreen, signInAs } from './test-screen.ts';

/** Lalə works for an individual taxpayer and brings his power of attorney. */
const lale = (power: Partial<ApplicationData['powersOfAttorney'][number]> = {}): Applicant => ({
  fin: 'QYD0008',
  phone: '+994770000008',
  change: (data) => ({
    ...data,
    category: 'K2',
    kinds: ['BUS'],
    organisation: {
      ...data.organisation,
      voen: wellKnown.voen.individualTaxpayer,
      name: 'ƏLİYEVA GÜNEL İLQAR qızı',
      position: 'mühasib',
      standing: 'employee',
      bodyKind: 'private',
    },
    presented: { ...data.presented, 'D-05': { isShown: true, validUntilOn: '', note: '' } },
    powersOfAttorney: [
      {
        form: 'appendix-7',
        number: '15',
        issuedOn: '2026-01-10',
        validUntilOn: '2027-01-09',
        grantor: wellKnown.voen.individualTaxpayer,
        grantee: 'QYD0008',
        certification: 'notarised',
        notaryName: 'Bakı 1 saylı notariat',
        notaryRegisterNumber: '1-15',
        country: 'AZE',
        legalisation: '',
        legalisationNumber: '',
        legalisationOn: '',
        legalisationReason: '',
        ...power,
      },
    ],
  }),
});

describe('documents that are missing or not in force', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const send = async (applicant: Applicant) => {
    const { applicationId, missingDocuments } = await fillDraft(core.client, applicant);
    const failure = await failureOf(core.client.application.send({ commandId: newId(), applicationId }));
    return { applicationId, missing: missingDocuments.map(({ code, notice }) => [code, notice.code]), failure };
  };
  const without = (code: 'D-01' | 'D-02' | 'D-09' | 'D-10'): Applicant => ({
    ...nuray,
    change: (data) => ({ ...data, presented: { ...data.presented, [code]: { isShown: false, validUntilOn: '', note: '' } } }),
  });

  it('SIM-01 D-01: without the filled and signed application nothing is sent', async () => {
    const { missing, failure } = await send(without('D-01'));
    expect(missing).toEqual([['D-01', 'M-04']]);
    expect(failure?.code).toBe('M-04');
    expect(Object.values(failure?.data.params ?? {})).toContain('D-01');
  });

  it.each(['D-02', 'D-09', 'D-10'] as const)('SIM-02 M-04: %s is asked for', async (code) => {
    const { missing, failure } = await send(without(code));
    expect(missing).toEqual([[code, 'M-04']]);
    expect(failure?.code).toBe('M-04');
  });

  it('SIM-05 COM-03 M-03: an expired power of attorney stops the case', async () => {
    const { missing, failure } = await send(lale({ validUntilOn: '2026-02-01' }));
    expect(missing).toContainEqual(['D-05', 'M-03']);
    expect(failure?.code).toBe('M-03');
    expect(Object.values(failure?.data.params ?? {}).sort()).toEqual(['2026-02-01', 'D-05']);
  });

  it('M-38: for the employee of an individual taxpayer letterhead and seal are not enough', async () => {
    const { failure } = await send(lale({ certification: 'letterhead_seal' }));
    expect(failure?.code).toBe('M-38');
    expect(Object.values(failure?.data.params ?? {})).toContain('notarised');
  });

  it('M-37 D-13: a paper signed abroad needs its legalisation', async () => {
    const { missing, failure } = await send(lale({ country: 'TUR' }));
    expect(missing.map(([, code]) => code)).toContain('M-37');
    expect(failure?.code).toMatch(/^M-(04|37)$/u);
  });

  it('a power of attorney in order lets the employee through to the contract', async () => {
    const { applicationId } = await fillDraft(core.client, lale());
    await lookUpAll(core.client, applicationId, ['person', 'organisation', 'sim']);
    expect(await failureOf(core.client.application.send({ commandId: newId(), applicationId }))).toBeNull();
    const application = await core.client.application.get({ applicationId });
    expect(application).toMatchObject({ state: 'CONTRACT' });
    expect(application.certificates.map(({ kind }) => kind)).toEqual(['AUT', 'PER', 'BUS']);
  });

  it('M-34: a corporate number needs its VÖEN', async () => {
    const { problems } = await fillDraft(core.client, {
      ...nuray,
      change: (data) => ({ ...data, carrier: { ...data.carrier, isCorporate: true } }),
    });
    expect(problems).toContainEqual(expect.objectContaining({ field: 'carrier.corporateVoen', code: 'M-34' }));
  });

  it('X-03: a foreigner is asked for in the migration system', async () => {
    const { applicationId } = await fillDraft(core.client, { fin: 'QYD003', phone: '+994500000011' });
    const application = await lookUpAll(core.client, applicationId, ['person']);
    expect(application.lookUps).toMatchObject([{ system: 'VMMS', outcome: 'found' }]);
  });

  it('two windows that finish the same case: one does it, the other is told why it cannot', async () => {
    const { applicationId } = await fillDraft(core.client, nuray);
    await lookUpAll(core.client, applicationId);
    const sendOnce = () => failureOf(core.client.application.send({ commandId: newId(), applicationId }));
    const outcomes = (await Promise.all([sendOnce(), sendOnce()])).map((failure) => failure?.code ?? 'sent').sort();
    expect(outcomes[1]).toBe('sent');
    expect(['OUTCOME_UNKNOWN', 'STEP_NOT_POSSIBLE']).toContain(outcomes[0]);
    expect((await core.client.application.get({ applicationId })).timeline.filter(({ act }) => act === 'application.send')).toHaveLength(1);
    expect(await refusalOf(core.client.application.correct({ commandId: newId(), applicationId }))).toBe('STEP_NOT_POSSIBLE');
  });
});

it('T-01 COM-15: a case that is not done by the end of the next working day is counted as breached', async () => {
  const screen = await openTestScreen();
  await signInAs(screen.client, 'registrar');
  const created = await screen.client.application.create({ commandId: newId() });
  await screen.client.application.saveDraft({ applicationId: created.applicationId, version: 1, data: typedDataOf(nuray) });
  // 22 June 2026 is a Monday: due at the end of Tuesday in Baku.
  expect(new Date(created.dueAtMs ?? 0).toISOString()).toBe('2026-06-23T19:59:59.999Z');
  expect((await screen.client.application.home({})).counts).toMatchObject({ dueToday: 0, breached: 0 });
  screen.desk.clock.jumpTo(Date.UTC(2026, 5, 23, 6));
  expect((await screen.client.application.home({})).counts).toMatchObject({ dueToday: 1, breached: 0 });
  screen.desk.clock.jumpTo(Date.UTC(2026, 5, 23, 20));
  expect((await screen.client.application.home({})).counts).toMatchObject({ dueToday: 0, breached: 1 });
  screen.close();
});
