import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApplicationFeature } from '../../../src/core/features/application/index.ts';
import { listActs } from '../../../src/core/storage/repositories/act-repository.ts';
import type { Projection } from '../../../src/core/desk.ts';
import { succeed } from '../../../src/shared/platform/result.ts';
import type { ApplicationEntity } from '../../../src/shared/registry-api/endpoints.ts';
import { exampleApplication } from '../../../src/shared/rules/example-application.ts';
import { newId } from './test-cases.ts';
import { everyRole, openTestScreen, password, type TestScreen } from './test-screen.ts';

let screen: TestScreen;
let projection: Projection;
let deskId: string;
/** The revision that the registry names with its next answer about a lease. */
let leaseRev: number;
const applicationId = newId();

beforeEach(async () => {
  screen = await openTestScreen({
    registry: {
      signIn: () => Promise.resolve(succeed(everyRole)),
      lease: () => Promise.resolve(succeed({ deskId, token: 3, untilMs: screen.desk.clock.nowMs() + 900_000, rev: leaseRev })),
    },
  });
  ({ deskId } = screen.desk.identity);
  await screen.client.session.signIn({ login: 'leyla', password, role: 'registrar' });
  const nothing = { listOfApplication: () => [] };
  ({ projection } = createApplicationFeature(screen.desk, nothing, { ...nothing, markQueued: () => undefined }));
});
afterEach(() => screen.close());

const entity = (state: ApplicationEntity['state']): ApplicationEntity => ({
  applicationId,
  officeId: 'BAK1',
  deskId: 'desk-02',
  state,
  data: exampleApplication('K1'),
  filedAtMs: screen.desk.clock.nowMs(),
  sentAtMs: screen.desk.clock.nowMs(),
  certificates: [],
  userId: '',
  activationAttempts: 0,
  refusal: null,
  attachments: [],
  lease: null,
  card: null,
  spoiltCards: [],
  personalisingSinceMs: 0,
  acts: [
    {
      commandId: newId(),
      kind: 'application.send',
      atMs: screen.desk.clock.nowMs(),
      occurredAtMs: screen.desk.clock.nowMs(),
      operatorLogin: 'rashad',
      role: 'registrar',
      deskId: 'desk-02',
      note: '',
    },
  ],
});
interface Shown {
  readonly rev: number;
  readonly op: 'upsert' | 'tombstone';
  readonly body?: unknown;
  readonly isAnew?: boolean;
}
/** Answers whether the body was asked to be kept for a newer program. */
function show({ rev, op, body = null, isAnew = false }: Shown): boolean {
  let isKept = false;
  const keepForUpgrade = (): void => {
    isKept = true;
  };
  screen.desk.db.transact((tx) =>
    projection.onChange?.(tx, { entity: 'application', id: applicationId, rev, op, body, isAnew, keepForUpgrade }),
  );
  return isKept;
}
const listed = async (): Promise<boolean[]> => {
  const { client } = screen;
  const [list, home, found] = [
    await client.application.list({ scope: 'office' }),
    await client.application.home({}),
    await client.application.search({ text: exampleApplication('K1').person.fin }),
  ];
  return [list.rows, home.due, found].map((rows) => rows.some((row) => row.applicationId === applicationId)).concat(list.totalCount > 0);
};

describe('a case that the registry no longer has', () => {
  it('fault 24: leaves lists, counts and search, keeps its history under its own address, and is back when the registry has it again', async () => {
    show({ rev: 4, op: 'upsert', body: entity('CONTRACT') });
    expect(await listed()).toEqual([true, true, true, true]);
    show({ rev: 5, op: 'tombstone' });
    expect(await listed()).toEqual([false, false, false, false]);
    expect(await screen.client.application.get({ applicationId })).toMatchObject({ applicationId, state: 'CONTRACT' });
    expect(listActs(screen.desk.db, applicationId)).toHaveLength(1);
    show({ rev: 6, op: 'upsert', body: entity('CONTRACT') });
    expect(await listed()).toEqual([true, true, true, true]);
  });

  it('fault 26: is followed to an older revision when everything is read anew, and not otherwise', async () => {
    show({ rev: 9, op: 'upsert', body: entity('HANDED') });
    show({ rev: 4, op: 'upsert', body: entity('CONTRACT') });
    expect(await screen.client.application.get({ applicationId })).toMatchObject({ state: 'HANDED' });
    show({ rev: 4, op: 'upsert', body: entity('CONTRACT'), isAnew: true });
    expect(await screen.client.application.get({ applicationId })).toMatchObject({ state: 'CONTRACT' });
  });

  it('fault 21: a page that was on its way while the lease was taken or given back changes nothing of it', async () => {
    const { client } = screen;
    const held = (deskId: string, token: number) => ({
      ...entity('CONTRACT'),
      lease: { deskId, token, untilMs: screen.desk.clock.nowMs() + 900_000 },
    });
    const holder = async () => (await client.application.get({ applicationId })).lease?.deskId;
    show({ rev: 4, op: 'upsert', body: entity('CONTRACT') });
    leaseRev = 7;
    await client.application.claim({ applicationId });
    show({ rev: 5, op: 'upsert', body: held('desk-02', 2) });
    expect(await holder()).toBe(deskId);
    show({ rev: 6, op: 'upsert', body: entity('CONTRACT') });
    expect(await holder()).toBe(deskId);
    leaseRev = 8;
    await client.application.release({ applicationId });
    show({ rev: 7, op: 'upsert', body: held(deskId, 3) });
    expect(await holder()).toBeUndefined();
    show({ rev: 9, op: 'upsert', body: held('desk-02', 4) });
    expect(await holder()).toBe('desk-02');
    show({ rev: 3, op: 'upsert', body: held(deskId, 1), isAnew: true });
    expect(await holder()).toBe(deskId);
  });

  it('fault 23: with fields of a newer registry is applied as far as it is known, and kept whole for the upgrade', async () => {
    expect(show({ rev: 4, op: 'upsert', body: entity('CONTRACT') })).toBe(false);
    const newer = { ...entity('ACTIVATING'), acts: entity('ACTIVATING').acts.map((act) => ({ ...act, witness: 'x' })) };
    expect(show({ rev: 5, op: 'upsert', body: newer })).toBe(true);
    expect(await screen.client.application.get({ applicationId })).toMatchObject({ state: 'ACTIVATING' });
  });
});
