import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listLookUps } from '../../../src/core/storage/repositories/look-up-repository.ts';
import type { RegistryPort } from '../../../src/core/desk.ts';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import type { ApplicationView } from '../../../src/shared/contract/application.ts';
import { succeed } from '../../../src/shared/platform/result.ts';
import { fillDraft, lookUpAll, newId, nuray } from './test-cases.ts';
import { refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';
import { everyRole, openTestScreen, signInAs, type TestScreen } from './test-screen.ts';

const unknownFin = 'QYD9999';

describe('searches that meet other acts of the same case', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let asked = 0;
  /** Holds every question to the register back until it is let go. */
  let gate: Promise<void> | null = null;

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry);
    await core.signIn('leyla');
    const port = core.desk.registry;
    const ask = port.lookUpPerson.bind(port);
    port.lookUpPerson = async (query) => {
      asked += 1;
      const answer = await ask(query);
      await gate;
      return answer;
    };
  });
  afterEach(() => {
    gate = null;
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const holdBack = (): (() => void) => {
    let letGo: () => void = () => undefined;
    gate = new Promise((resolve) => (letGo = resolve));
    return letGo;
  };
  const search = (applicationId: string) => core.client.application.lookUp({ commandId: newId(), applicationId, kind: 'person' });
  const typeFin = async ({ applicationId }: Pick<ApplicationView, 'applicationId'>, fin: string) => {
    const { version, data } = await core.client.application.get({ applicationId });
    await core.client.application.saveDraft({ applicationId, version, data: { ...data, person: { ...data.person, fin } } });
  };
  /** Two misses, then everything found: ready to be sent with one search left. */
  const withOneSearchLeft = async (): Promise<string> => {
    const { applicationId } = await fillDraft(core.client);
    await typeFin({ applicationId }, unknownFin);
    await search(applicationId);
    await search(applicationId);
    await typeFin({ applicationId }, nuray.fin);
    await lookUpAll(core.client, applicationId);
    return applicationId;
  };
  /** A search that misses, still on its way while `meanwhile` happens. */
  const missDuring = async (applicationId: string, meanwhile: () => Promise<unknown>) => {
    await typeFin({ applicationId }, unknownFin);
    const before = asked;
    const letGo = holdBack();
    const missing = search(applicationId);
    await until(() => asked > before);
    await typeFin({ applicationId }, nuray.fin);
    gate = null;
    await meanwhile();
    letGo();
    return missing;
  };

  it('COM-07: one search of a kind at a time; the second window is told so and the register is not asked', async () => {
    const { applicationId } = await fillDraft(core.client);
    await typeFin({ applicationId }, unknownFin);
    const before = asked;
    const letGo = holdBack();
    const first = search(applicationId);
    await until(() => asked > before);
    expect(await refusalOf(search(applicationId))).toBe('TOO_MANY_REQUESTS');
    expect(asked).toBe(before + 1);
    letGo();
    expect((await first).application.attempts.person).toBe(1);
    expect((await search(applicationId)).application.attempts.person).toBe(2);
  });

  it('COM-04 SIM-10: a third miss that comes after the case was issued does not refuse it and is kept', async () => {
    const applicationId = await withOneSearchLeft();
    const { application, notices } = await missDuring(applicationId, () =>
      core.client.application.send({ commandId: newId(), applicationId }),
    );
    expect(application.state).toBe('CONTRACT');
    expect(application.refusal).toBeNull();
    expect(notices).toEqual([]);
    expect(listLookUps(core.desk.db, applicationId).at(-1)).toMatchObject({ outcome: 'not_found', attempt: 3 });
  });
});

describe('a search on a desk whose sending has no answer yet', () => {
  let screen: TestScreen;
  afterEach(() => screen.close());

  it('COM-04 COM-12: a third miss that comes while the outcome of the sending is unknown does not end the case', async () => {
    const person = wellKnown.people.find(({ fin }) => fin === nuray.fin);
    const sim = wellKnown.sims.find(({ phone }) => phone === nuray.phone);
    if (person === undefined || sim === undefined) throw new Error('Nuray is not in the cast');
    const { documents, register: _register, ...known } = person;
    const [document] = documents;
    const gates: Promise<void>[] = [];
    let asked = 0;
    const registry: Partial<RegistryPort> = {
      signIn: () => Promise.resolve(succeed(everyRole)),
      async lookUpPerson({ queryId, fin }) {
        asked += 1;
        await gates.at(-1);
        const found = fin === known.fin ? { ...known, document } : null;
        return succeed({ queryId, system: 'İAMAS', atMs: 1, registerVersion: '1', person: found });
      },
      lookUpSim: ({ queryId, phone, iccid }) =>
        Promise.resolve(
          succeed({
            queryId,
            system: 'MO',
            atMs: 1,
            registerVersion: '1',
            sim: {
              phone,
              iccid,
              operator: sim.operator,
              serviceType: 'personal',
              serviceActivatedOn: '2026-01-01',
              serviceUntilOn: '2099-01-01',
              ownerFin: known.fin,
              isCorporate: false,
              certificates: [],
            },
          }),
        ),
    };
    // Every intent's answer is lost.
    screen = await openTestScreen({ registry });
    await signInAs(screen.client, 'registrar');
    const { application } = screen.client;
    const { applicationId } = await fillDraft(screen.client);
    const typeFin = async (fin: string) => {
      const { version, data } = await application.get({ applicationId });
      await application.saveDraft({ applicationId, version, data: { ...data, person: { ...data.person, fin } } });
    };
    const search = () => application.lookUp({ commandId: newId(), applicationId, kind: 'person' });
    await typeFin(unknownFin);
    await search();
    await search();
    await typeFin(nuray.fin);
    await lookUpAll(screen.client, applicationId);
    await typeFin(unknownFin);
    let letGo: () => void = () => undefined;
    gates.push(new Promise((resolve) => (letGo = resolve)));
    const before = asked;
    const missing = search();
    await until(() => asked > before);
    await typeFin(nuray.fin);
    const sent = await application.send({ commandId: newId(), applicationId });
    expect(sent.notices.map(({ code }) => code)).toEqual(['OUTCOME_UNKNOWN']);
    letGo();
    const late = await missing;
    expect(late.application).toMatchObject({ state: 'CHECKING', refusal: null, attempts: { person: 3 } });
    expect(late.notices.map(({ code }) => code)).toEqual(['OUTCOME_UNKNOWN']);
    expect(listLookUps(screen.desk.db, applicationId).at(-1)).toMatchObject({ outcome: 'not_found', attempt: 3 });
  });
});
