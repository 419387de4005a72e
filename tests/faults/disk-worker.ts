import { setTimeout as wait } from 'node:timers/promises';
import { v7 as newId } from 'uuid';
import { expect } from 'vitest';
import type { ApplicationView } from '../../src/shared/contract/application.ts';
import type { DeskClient } from '../../src/shared/contract/index.ts';
import { failureOf } from '../integration/core/test-core.ts';

type Failure = NonNullable<Awaited<ReturnType<typeof failureOf>>>;
type Step = 'create' | 'saveDraft' | 'refuse';

/** An act that the full disk refused, with everything needed to do it again. */
export interface Refused {
  readonly step: Step;
  readonly commandId: string;
  readonly failure: Failure;
  readonly applicationId: string;
}

/** A registrar who begins cases, types into them and ends them, and remembers what he was told. */
export interface DiskWorker {
  /** One case from its beginning to its end. */
  finishCase(): Promise<void>;
  workUntilRefused(): Promise<Refused>;
  /** Every kind of write once, each under a new id; the answers of those that were refused. */
  tryEverything(): Promise<(Failure | null)[]>;
  repeat(refused: Refused): Promise<void>;
  giveUp(refused: Refused): void;
  /** Every case is as it was last told. */
  expectAllThere(where: string): Promise<void>;
  /** The same, and the registry has the end of each. */
  expectAllRegistered(where: string): Promise<void>;
  /** Whether the registry takes commands. The link itself stays: without it the registry's policy allows no act on so small a disk. */
  setIntake(isOpen: boolean): Promise<void>;
  /** Ids of every act that was answered as saved; of those that were refused and never repeated. */
  told(): string[];
  givenUp(): string[];
}

interface Known {
  readonly applicationId: string;
  version: number;
  state: string;
  address: string;
}

const noFaults = {
  isUnreachable: false,
  outages: [],
  latencyMs: 0,
  failActivations: 0,
  loseAnswers: 0,
  failWith: null,
  useExpiredCertificate: false,
};
/** Long enough that a save now and then takes one page more than the one before. */
const padding = 'Bakı şəhəri, Sınaq küçəsi '.repeat(6);

export function createDiskWorker(client: () => DeskClient): DiskWorker {
  const cases = new Map<string, Known>();
  const told: string[] = [];
  const givenUp: string[] = [];
  let marks = 0;

  const note = (view: ApplicationView): void => {
    const { applicationId, version, state, data } = view;
    cases.set(applicationId, { applicationId, version, state, address: data.contact.actualAddress });
  };
  /** Does a step under its id, and tells what came of it. The dispatcher's limit is not what is tested here. */
  const act = async (step: Step, commandId: string, applicationId: string): Promise<Refused | ApplicationView> => {
    for (;;) {
      const done = run(step, commandId, applicationId);
      const failure = await failureOf(done);
      if (failure?.code === 'TOO_MANY_REQUESTS') await wait(100);
      else if (failure !== null) return { step, commandId, failure, applicationId };
      else {
        const view = await done;
        note(view);
        if (step !== 'saveDraft') told.push(commandId);
        return view;
      }
    }
  };
  const run = async (step: Step, commandId: string, applicationId: string): Promise<ApplicationView> => {
    const { application } = client();
    if (step === 'create') return application.create({ commandId, category: 'K1' });
    if (step === 'saveDraft') {
      const { version, data } = await application.get({ applicationId });
      marks += 1;
      const contact = { ...data.contact, actualAddress: `${padding}${String(marks)}` };
      return (await application.saveDraft({ applicationId, version, data: { ...data, contact } })).application;
    }
    const returnedDocuments = [{ document: 'citizen_card', note: '' }];
    return (await application.refuse({ commandId, applicationId, reasonCode: 'documents_missing', note: '', returnedDocuments }))
      .application;
  };
  const wholeCase = async (): Promise<Refused | null> => {
    const created = await act('create', newId(), '');
    if ('failure' in created) return created;
    const { applicationId } = created;
    for (const step of ['saveDraft', 'saveDraft', 'saveDraft', 'refuse'] as const) {
      const done = await act(step, newId(), applicationId);
      if ('failure' in done) return done;
    }
    return null;
  };
  const finishOpen = async (): Promise<void> => {
    for (const { applicationId, state } of [...cases.values()]) {
      if (state !== 'DRAFT') continue;
      const done = await act('refuse', newId(), applicationId);
      if ('failure' in done) throw new Error(`refused: ${done.failure.code}`);
    }
  };
  const expectThere = async (where: string): Promise<ApplicationView[]> => {
    const views: ApplicationView[] = [];
    for (const known of cases.values()) {
      const view = await client().application.get({ applicationId: known.applicationId });
      const { applicationId, version, state, data } = view;
      expect({ applicationId, version, state, address: data.contact.actualAddress }, where).toEqual(known);
      views.push(view);
    }
    return views;
  };

  return {
    async finishCase() {
      await finishOpen();
      const refused = await wholeCase();
      if (refused !== null) throw new Error(`refused: ${refused.step} ${refused.failure.code}`);
    },
    async workUntilRefused() {
      for (let n = 0; n < 400; n += 1) {
        const refused = await wholeCase();
        if (refused !== null) return refused;
      }
      throw new Error('The disk was never full');
    },
    async tryEverything() {
      const open = [...cases.values()].find(({ state }) => state === 'DRAFT');
      const failures: (Failure | null)[] = [];
      for (const step of open === undefined ? (['create', 'create', 'create'] as const) : (['create', 'saveDraft', 'refuse'] as const)) {
        const commandId = newId();
        const done = await act(step, commandId, open?.applicationId ?? '');
        failures.push('failure' in done ? done.failure : null);
        if ('failure' in done && step !== 'saveDraft') givenUp.push(commandId);
      }
      return failures;
    },
    async repeat({ step, commandId, applicationId }) {
      const done = await act(step, commandId, applicationId);
      if ('failure' in done) throw new Error(`refused again: ${step} ${done.failure.code}`);
    },
    giveUp({ step, commandId }) {
      if (step !== 'saveDraft') givenUp.push(commandId);
    },
    async expectAllThere(where) {
      await expectThere(where);
    },
    async expectAllRegistered(where) {
      const views = await expectThere(where);
      expect(
        views.filter(({ state, sync }) => state !== 'DRAFT' && sync !== 'registered'),
        where,
      ).toEqual([]);
    },
    async setIntake(isOpen) {
      await client().training.setFaults({ ...noFaults, failWith: isOpen ? null : { status: 503, times: 20 } });
    },
    told: () => told,
    givenUp: () => givenUp,
  };
}
