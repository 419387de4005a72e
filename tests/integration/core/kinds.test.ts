import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import type { ApplicationData } from '../../../src/shared/rules/application-data.ts';
import { fillDraft, lookUpAll, newId, type Applicant } from './test-cases.ts';
import { refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

/** Elvin heads a private legal entity and has a Business SIM. */
const elvin = (kinds: ApplicationData['kinds'], more: Partial<ApplicationData> = {}): Applicant => ({
  fin: 'QYD0002',
  phone: '+994510000002',
  change: (data) => ({
    ...data,
    ...more,
    category: 'K3',
    kinds,
    organisation: {
      ...data.organisation,
      voen: wellKnown.voen.privateLegal,
      name: '"Xəzər Sınaq" MMC',
      position: 'direktor',
      standing: 'head',
      bodyKind: 'private',
      hasSealAuthority: false,
    },
  }),
});

describe('which certificates go on a SIM', () => {
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

  const ready = async (applicant: Applicant) => {
    const draft = await fillDraft(core.client, applicant);
    expect(draft.problems).toEqual([]);
    return lookUpAll(core.client, draft.applicationId, ['person', 'organisation', 'sim']);
  };

  it('M-30 CR-21 COM-05: Business alone brings the Personal one with it', async () => {
    const draft = await ready(elvin(['BUS']));
    expect(draft.lookUps.find(({ kind }) => kind === 'organisation')).toMatchObject({ outcome: 'found', system: 'VÖEN' });
    expect(draft.kindsDecision).toEqual({ issue: ['AUT', 'PER', 'BUS'], notices: [{ code: 'M-30', params: {} }], refusals: [] });
    const { application } = await core.client.application.send({ commandId: newId(), applicationId: draft.applicationId });
    expect(application.certificates.map(({ kind, voen }) => [kind, voen])).toEqual([
      ['AUT', ''],
      ['PER', ''],
      ['BUS', wellKnown.voen.privateLegal],
    ]);
  });

  it('M-28 CR-24: State never joins Business on one SIM, and nothing is sent', async () => {
    const draft = await ready(elvin(['STA'], { purpose: 'additional' }));
    expect(draft.kindsDecision?.refusals.map(({ code }) => code)).toContain('M-28');
    const refusal = await refusalOf(core.client.application.send({ commandId: newId(), applicationId: draft.applicationId }));
    expect(refusal).not.toBe('no refusal');
    expect((await core.client.application.get({ applicationId: draft.applicationId })).state).toBe('DRAFT');
  });

  it('C-37: the end of a certificate says which rule decided it', async () => {
    const rows = (await core.client.application.list({ scope: 'office', states: ['CONTRACT'] })).rows;
    const { certificates } = await core.client.application.get({ applicationId: rows[0]?.applicationId ?? '' });
    // The service of this SIM ends before three years are over.
    expect(certificates.every(({ validityRule }) => validityRule === 'sim_service_term')).toBe(true);
  });

  /** Fərid heads another company and asks for Business on a Personal number of Nar. */
  const onOldNumber = (phone: string): Applicant => ({
    fin: 'QYD0007',
    phone,
    change: (data) => ({
      ...data,
      category: 'K3',
      kinds: ['BUS'],
      organisation: {
        ...data.organisation,
        voen: wellKnown.voen.secondPrivateLegal,
        name: '"Şəfəq Sınaq" ASC',
        position: 'direktor',
        standing: 'head',
        bodyKind: 'private',
      },
    }),
  });

  it('C-36 C-37: a Personal service connected before the change carries Business, with both rules shown', async () => {
    const draft = await ready(onOldNumber('+994700000017'));
    expect(draft.kindsDecision?.issue).toEqual(['AUT', 'PER', 'BUS']);
    expect(draft.kindsDecision?.notices).toContainEqual({
      code: 'BUSINESS_BY_OLD_SERVICE',
      params: { operator: 'nar', on: '2019-06-19', before: '2020-06-20' },
    });
    expect(draft.simService).toMatchObject({
      serviceType: 'personal',
      serviceActivatedOn: '2019-06-19',
      serviceUntilOn: '2028-06-18',
      validityRule: 'sim_service_term',
    });
    const { application } = await core.client.application.send({ commandId: newId(), applicationId: draft.applicationId });
    expect(application.certificates.map(({ kind, validityRule }) => `${kind} ${validityRule}`)).toEqual([
      'AUT sim_service_term',
      'PER sim_service_term',
      'BUS sim_service_term',
    ]);
    expect(application.certificates[0]?.notAfterMs).toBe(draft.simService?.certificatesUntilMs);
  });

  it('C-36 M-11: one connected on the day of the change carries Personal alone', async () => {
    const draft = await ready(onOldNumber('+994700000018'));
    expect(draft.kindsDecision?.refusals.map(({ code }) => code)).toEqual(['M-11']);
    expect(draft.simService?.serviceActivatedOn).toBe('2020-06-20');
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId: draft.applicationId }))).toBe('M-11');
  });
});
