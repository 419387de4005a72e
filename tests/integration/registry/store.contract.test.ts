import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import { lockAggregate, writeAggregate } from '../../../src/registry/store/aggregates.ts';
import { insertOf, isOneOf, writeRows } from '../../../src/registry/store/many-rows.ts';
import { partitionCount, partitionOf } from '../../../src/registry/store/partition.ts';
import { postgresDialect, sqliteDialect } from '../../../src/registry/store/dialect.ts';
import { findMeta, openStore, writeMeta, type Session, type Store } from '../../../src/registry/store/store.ts';
import type { ApplicationEntity, ChangesPage, SimAnswer } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandResult, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { startPrivatePostgres, type PrivatePostgres } from './private-postgres.ts';
import { count } from '../../support/counts.ts';
import { dataOf, lightPasswords, officeId, refusalOf, submission, TestDesk } from './test-desk.ts';

const clientCount = 8;

describe.each(['sqlite', 'postgres'] as const)('the store on %s', (name) => {
  let postgres: PrivatePostgres | undefined;
  let folder: string;
  let database: string | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'store-'));
    if (name === 'postgres') {
      postgres = await startPrivatePostgres();
      database = await postgres.createDatabase('registry');
    }
  }, 60_000);
  afterAll(async () => {
    await postgres?.stop();
    rmSync(folder, { recursive: true });
  });

  describe('transactions', () => {
    let store: Store;
    beforeAll(async () => {
      const address = await postgres?.createDatabase('transactions');
      store = await openStore(address === undefined ? sqliteDialect(path.join(folder, 'transactions.sqlite')) : postgresDialect(address));
    });
    afterAll(() => store.close());

    it('a transaction that fails leaves nothing', async () => {
      await expect(
        store.transact(async (session) => {
          await writeMeta(session, 'failed', '1');
          throw new Error('on purpose');
        }),
      ).rejects.toThrow('on purpose');
      expect(await store.read((session) => findMeta(session, 'failed'))).toBeUndefined();
    });

    // PostgreSQL also as a database that cannot take rows from arrays.
    it.each(name === 'postgres' ? [true, false] : [false])(
      'many rows at once come back as they were written, and those that were there are told (arrays: %s)',
      async (hasArrays) => {
        const transact = <T>(work: (session: Session) => Promise<T>) =>
          store.transact((session) => work({ ...session, dialect: { ...session.dialect, hasArrays } }));
        const type = `odd-${hasArrays}`;
        const row = (key: string, body: string, rev = 1) => ({
          ...{ partition: partitionOf(key), type, key, office_id: 'office', rev, state_rev: 2 ** 52, state: '', body },
        });
        const bodies = ['', 'Ə"\\{},NULL\n\t', "'; drop table act; --", '😀'.repeat(3_000), '{1,2}'];
        const rows = bodies.map((body, index) => row(`k-${index}`, body));
        const keepFirst = sql`on conflict (partition, type, key) do nothing`;
        const nothing = [insertOf('act', []), insertOf('change', [])];
        expect(await transact((session) => writeRows(session, [insertOf('aggregate', rows), ...nothing]))).toEqual([bodies.length, 0, 0]);
        const next = insertOf('aggregate', [row('k-1', 'other', 9), row('k-new', 'new')], keepFirst);
        expect(await transact((session) => writeRows(session, [...nothing, next]))).toEqual([0, 0, 1]);
        const keys = ['k-new', ...rows.map(({ key }) => key)];
        const find = (session: Session) => session.db.selectFrom('aggregate').selectAll().where('type', '=', type).orderBy('key');
        expect(
          await transact((session) =>
            find(session)
              .where(isOneOf(session, 'key', keys))
              .execute(),
          ),
        ).toEqual([...rows, row('k-new', 'new')]);
        expect(
          await transact((session) =>
            find(session)
              .where(isOneOf(session, 'rev', [7, 9]))
              .execute(),
          ),
        ).toEqual([]);
      },
    );

    it('transactions that wait in the middle never mix', async () => {
      const add = async (delayMs: number) => {
        await store.transact(async (session) => {
          const row = await lockAggregate(session, 'counter', 'one', 'office');
          await new Promise((resolve) => setTimeout(resolve, delayMs));
          await writeAggregate(session, row, { state: '', body: {} });
        });
      };
      await Promise.all(Array.from({ length: clientCount }, (_, index) => add((index * 3) % 7)));
      const row = await store.read(({ db }) =>
        db.selectFrom('aggregate').select('rev').where('type', '=', 'counter').executeTakeFirstOrThrow(),
      );
      expect(row.rev).toBe(clientCount);
    });

    it('a place in the feed is never visible before every place below it', async () => {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const write = (key: string, until: Promise<void>) =>
        store.transact(async (session) => {
          const row = await lockAggregate(session, 'slow', key, 'slow-office');
          await writeAggregate(session, row, { state: '', body: {} });
          await until;
        });
      const seen = () =>
        store.read(({ db }) =>
          db.selectFrom('change').select(['place', 'id']).where('office_id', '=', 'slow-office').orderBy('place').execute(),
        );
      // Two aggregates that share a partition, and so a counter.
      const [key, neighbour] = listNeighbours();
      const first = write(key, held);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const second = write(neighbour, Promise.resolve());
      await new Promise((resolve) => setTimeout(resolve, 100));
      const early = seen();
      if (name === 'postgres') await early;
      release();
      await Promise.all([first, second]);
      // On PostgreSQL the reader did not wait and saw nothing yet; on SQLite it waited its turn and saw both.
      expect((await early).map((row) => row.place)).toEqual(name === 'postgres' ? [] : [1, 2]);
      expect(await seen()).toEqual([
        { place: 1, id: key },
        { place: 2, id: neighbour },
      ]);
    });
  });

  describe('eight clients at once', () => {
    let registries: RunningRegistry[];
    let offsetMs = 0;
    const desks: TestDesk[] = [];

    beforeAll(async () => {
      const start = () =>
        startRegistry({
          folder,
          seedTraining: { officeId },
          passwordCost: lightPasswords,
          nowMs: () => Date.now() + offsetMs,
          quota: { requestsAtOnce: 100_000, requestsPerS: 1000, commandsAtOnce: 100_000, commandsPerS: 1000 },
          ...(database === undefined ? {} : { database }),
        });
      // PostgreSQL serves two programs at once; embedded SQLite belongs to one.
      registries = [await start()];
      if (name === 'postgres') registries.push(await start());
      for (let index = 0; index < clientCount; index += 1) {
        const registry = registries[index % registries.length];
        if (registry === undefined) throw new Error('A registry was expected.');
        desks.push(new TestDesk(registry, await registry.provisionDesk({ deskId: `desk-${index}`, officeId })));
      }
    }, 30_000);
    afterAll(async () => {
      await Promise.all(desks.map((desk) => desk.close()));
      await Promise.all(registries.map((registry) => registry.stop()));
    });

    const deskAt = (index: number) => {
      const desk = desks[index];
      if (desk === undefined) throw new Error('A desk was expected.');
      return desk;
    };
    const refusal = (desk: TestDesk) => refusalOf(desk, { desk_seq: desk.nextSeq() });
    const readAll = async (desk: TestDesk): Promise<ChangesPage['changes']> => {
      const changes: ChangesPage['changes'] = [];
      for (let cursor = ''; ;) {
        const page = await desk.call<ChangesPage>('GET', `/v1/sync/changes?limit=500&cursor=${encodeURIComponent(cursor)}`);
        changes.push(...page.body.changes);
        cursor = page.body.next_cursor;
        if (!page.body.has_more) return changes;
      }
    };
    /** PostgreSQL counts them; the embedded database has one writer. */
    const countDeadlocks = async (): Promise<number> => {
      if (postgres === undefined) return 0;
      return Number(
        await postgres.run('psql', ['-At', '-c', 'select deadlocks from pg_stat_database where datname = current_database()', 'registry']),
      );
    };

    it('every command is recorded once and a reader that follows meanwhile misses none', async () => {
      const perClient = 30;
      let isWriting = true;
      const followed: number[] = [];
      const follow = async () => {
        let cursor = '';
        for (;;) {
          const wasWriting = isWriting;
          const page = await deskAt(0).call<ChangesPage>('GET', `/v1/sync/changes?limit=7&cursor=${encodeURIComponent(cursor)}`);
          followed.push(...page.body.changes.map((change) => change.pos));
          cursor = page.body.next_cursor;
          if (!wasWriting && !page.body.has_more) return;
        }
      };
      const following = follow();
      const results = await Promise.all(
        desks.map(async (desk) => {
          const own: CommandResult[] = [];
          for (let sent = 0; sent < perClient; sent += 10) own.push(...(await desk.push(Array.from({ length: 10 }, () => refusal(desk)))));
          return own;
        }),
      );
      isWriting = false;
      await following;
      const positions = results.flat().map((result) => result.receipt?.pos ?? 0);
      expect(results.flat().every((result) => result.result.outcome === 'applied')).toBe(true);
      expect(new Set(positions).size).toBe(clientCount * perClient);
      expectNoGap(followed);
      expect(positions.filter((position) => !followed.includes(position))).toEqual([]);
    }, 60_000);

    it('eight desks that act on the same cases and send everything twice leave one state, the same on both databases', async () => {
      const first = deskAt(0);
      const made = await first.push(
        sharedCases.map(({ applicationId, commandId }) =>
          refusalOf(first, { command_id: commandId, desk_seq: first.nextSeq() }, applicationId),
        ),
      );
      expect(made.every(({ result }) => result.outcome === 'applied')).toBe(true);
      const deadlocksBefore = await countDeadlocks();
      const answers = await Promise.all(
        desks.map(async (desk, client) => {
          const commands = scripts[client]?.map((step) => commandOf(desk, step)) ?? [];
          const results: CommandResult[] = [];
          for (let from = 0; from < commands.length; from += 8) {
            const batch = commands.slice(from, from + 8);
            const [one, other] = await Promise.all([desk.push(batch), desk.push(batch)]);
            expect(other).toEqual(one);
            results.push(...one);
          }
          return results;
        }),
      );
      expect(answers.flat().map(({ result }) => result.outcome)).toEqual(answers.flat().map(() => 'applied'));
      expect(await countDeadlocks()).toBe(deadlocksBefore);

      const ids = new Set([...sharedCases.map((each) => each.applicationId), ...scripts.flat().map((step) => step.applicationId)]);
      const newest = new Map<string, ChangesPage['changes'][number]>();
      for (const change of await readAll(first)) if (ids.has(change.id)) newest.set(change.id, change);
      const state = [...newest.values()]
        .map(({ id, rev, body }) => {
          const entity = body as ApplicationEntity;
          return { id, rev, state: entity.state, acts: entity.acts.map((act) => act.commandId).sort() };
        })
        .sort((one, other) => (one.id < other.id ? -1 : 1));
      const commandIds = [...sharedCases.map((each) => each.commandId), ...scripts.flat().map((step) => step.commandId)].sort();
      expect(state.flatMap((each) => each.acts).sort()).toEqual(commandIds);
      expect(state.every((each) => each.rev === each.acts.length)).toBe(true);
      finalStates.push(state);
      expect(finalStates.at(-1)).toEqual(finalStates[0]);
    }, 60_000);

    it('fault 14: a batch that comes again after thirty days, by many connections at once, changes nothing', async () => {
      const desk = deskAt(3);
      const batch = Array.from({ length: 20 }, () => refusal(desk));
      const answers = await desk.push(batch);
      const before = await readAll(desk);
      offsetMs = 30 * 86_400_000;
      const replays = count(40, 1000);
      for (let replay = 0; replay < replays; replay += clientCount) {
        const twins = await Promise.all(
          Array.from({ length: clientCount }, (_, index) => desk.push(index % 2 === 0 ? batch : [...batch].reverse())),
        );
        for (const [index, twin] of twins.entries()) expect(index % 2 === 0 ? twin : [...twin].reverse()).toEqual(answers);
      }
      offsetMs = 0;
      expect(await readAll(desk)).toEqual(before);
    }, 300_000);

    it('of eight changes of one aggregate on one revision one is applied and seven are conflicts', async () => {
      const results = await Promise.all(
        desks.map((desk, index) =>
          desk.intent(
            desk.command(
              'operator.appoint',
              { operatorId: '0192f000-0000-7000-8000-000000000008', roles: index % 2 === 0 ? ['centre_officer'] : ['auditor'] },
              'kamran',
              { base_rev: 1 },
            ),
          ),
        ),
      );
      const outcomes = results.map((result) => result.result.outcome).sort();
      expect(outcomes).toEqual(['applied', ...Array.from({ length: clientCount - 1 }, () => 'conflict')]);
    });

    it('one person, carrier and kind has one open act, whoever of eight desks is first', async () => {
      const results = await Promise.all(
        desks.map((desk) =>
          desk.intent(desk.command('application.send', submission(dataOf({ fin: 'QYD0001', phone: '+994500000001' })), 'leyla')),
        ),
      );
      const codes = results.map(({ result }) => (result.outcome === 'rejected' ? result.code : result.outcome)).sort();
      expect(codes).toEqual([...Array.from({ length: clientCount - 1 }, () => 'ALREADY_OPEN'), 'applied']);
      const sim = await deskAt(0).call<SimAnswer>('POST', '/v1/lookups/sim', { queryId: uuidv7(), phone: '+994500000001', iccid: '' });
      expect(sim.body.sim?.certificates).toHaveLength(2);
    });

    it('one command sent eight times at once over eight connections has one effect', async () => {
      const first = deskAt(0);
      const twins = Array.from(
        { length: clientCount },
        (_, index) => new TestDesk(registries[index % registries.length] as RunningRegistry, first.credentials),
      );
      for (let round = 0; round < count(3, 30); round += 1) {
        const command = refusal(first);
        const applicationId = command.aggregate.key;
        const note = { applicationId, actCommandId: command.command_id, note: 'düzəliş' };
        // A remark beside the act rests on nothing that was seen, so only its id tells that it has happened.
        for (const each of [command, first.command('register.correct', note, 'leyla')]) {
          const answers = await Promise.all(twins.map((twin) => twin.push([each])));
          for (const answer of answers) expect(answer).toEqual(answers[0]);
        }
        expect((await readAll(first)).filter((change) => change.id === applicationId)).toHaveLength(2);
      }
      await Promise.all(twins.map((twin) => twin.close()));
    });
  });
});

interface Step {
  readonly commandId: string;
  readonly applicationId: string;
  readonly after: string;
  /** The act that is corrected; empty makes the case. */
  readonly of: string;
}

/** The same ids on both databases, so that what is left can be compared. */
const sharedCases = Array.from({ length: 12 }, () => ({ applicationId: uuidv7(), commandId: uuidv7() }));
const scripts: readonly (readonly Step[])[] = Array.from({ length: clientCount }, (_, client) => {
  const steps: Step[] = [];
  for (let round = 0; round < 12; round += 1) {
    const own = { applicationId: uuidv7(), commandId: uuidv7() };
    // Each client goes through the common cases in another order, which is how deadlocks are made.
    const common = sharedCases[(client * 5 + round * 7) % sharedCases.length];
    if (common === undefined) throw new Error('A case was expected.');
    steps.push({ ...own, after: '', of: '' });
    steps.push({ commandId: uuidv7(), applicationId: common.applicationId, after: '', of: common.commandId });
    steps.push({ commandId: uuidv7(), applicationId: own.applicationId, after: own.commandId, of: own.commandId });
  }
  return steps;
});
const finalStates: unknown[] = [];

function commandOf(desk: TestDesk, { commandId, applicationId, after, of }: Step): Envelope {
  const override = { command_id: commandId, after, desk_seq: desk.nextSeq() };
  if (of === '') return refusalOf(desk, override, applicationId);
  return desk.command('register.correct', { applicationId, actCommandId: of, note: 'düzəliş' }, 'leyla', override);
}

function listNeighbours(): [string, string] {
  const other = Array.from({ length: 1000 }, (_, index) => `key-${index}`).find((name) => partitionOf(name) === partitionOf('key'));
  if (other === undefined) throw new Error('A neighbour was expected.');
  return ['key', other];
}

/** Every partition counts from 1 without a gap, and a reader gets each place once and in order. */
function expectNoGap(positions: readonly number[]): void {
  for (let partition = 0; partition < partitionCount; partition += 1) {
    const places = positions
      .filter((position) => position % partitionCount === partition)
      .map((position) => Math.floor(position / partitionCount));
    expect(places).toEqual(places.map((_, index) => index + 1));
  }
}
