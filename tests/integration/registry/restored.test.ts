import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryPaths, startRegistry, type RegistryOptions, type RunningRegistry } from '../../../src/registry/index.ts';
import type { ApplicationEntity, ChangesPage, RegistryInfo } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandResult, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { signedPolicySchema } from '../../../src/shared/registry-api/policy.ts';
import { startPrivatePostgres, type PrivatePostgres } from './private-postgres.ts';
import { lightPasswords, officeId, refusalOf, TestDesk } from './test-desk.ts';

/** The desks double as a journal of the registry: what a restored one has forgotten comes again, in whatever order the desks come back. */
describe.each(['sqlite', 'postgres'] as const)('fault 26 I-19: a registry restored from an older backup on %s', (name) => {
  let folder: string;
  let postgres: PrivatePostgres | undefined;
  let database: string | undefined;
  let registry: RunningRegistry;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'restored-'));
    postgres = name === 'postgres' ? await startPrivatePostgres() : undefined;
    database = await postgres?.createDatabase('before');
    registry = await start();
  }, 60_000);
  afterEach(async () => {
    await registry.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true });
  });

  const start = (options: Partial<RegistryOptions> = {}) =>
    startRegistry({
      folder,
      seedTraining: { officeId },
      passwordCost: lightPasswords,
      ...(database === undefined ? {} : { database }),
      ...options,
    });
  /** A backup of this moment; gives what puts it back. */
  const backUp = async (): Promise<() => Promise<void>> => {
    await registry.stop();
    const file = registryPaths(folder).database;
    if (postgres === undefined) copyFileSync(file, `${file}.backup`);
    else await postgres.createDatabase('backup', 'before');
    registry = await start();
    return async () => {
      await registry.stop();
      if (postgres === undefined) {
        for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
        copyFileSync(`${file}.backup`, file);
      } else database = await postgres.createDatabase('after', 'backup');
    };
  };

  /** A case, then corrections that follow each other. */
  const script = (desk: TestDesk, cases: number): Envelope[] =>
    Array.from({ length: cases }).flatMap(() => {
      const made = refusalOf(desk, { desk_seq: desk.nextSeq() });
      const correct = (after: Envelope) =>
        desk.command('register.correct', { applicationId: made.aggregate.key, actCommandId: made.command_id, note: 'düzəliş' }, 'leyla', {
          desk_seq: desk.nextSeq(),
          after: after.command_id,
        });
      const second = correct(made);
      return [made, second, correct(second)];
    });
  const readState = async (desk: TestDesk) => {
    const newest = new Map<string, unknown>();
    for (let cursor = ''; ;) {
      const { body } = await desk.call<ChangesPage>('GET', `/v1/sync/changes?limit=500&cursor=${encodeURIComponent(cursor)}`);
      for (const change of body.changes) {
        if (change.entity !== 'application') continue;
        const entity = change.body as ApplicationEntity;
        newest.set(change.id, { rev: change.rev, state: entity.state, acts: entity.acts.map((act) => act.commandId) });
      }
      cursor = body.next_cursor;
      if (!body.has_more) return { cursor, state: Object.fromEntries([...newest].sort(([one], [other]) => (one < other ? -1 : 1))) };
    }
  };
  const infoOf = async (desk: TestDesk) => {
    const { body } = await desk.call<RegistryInfo>('GET', '/v1/registry');
    return { epoch: body.registry_epoch, policy: signedPolicySchema.parse(body.policy) };
  };

  it('begins a new life by itself, and two desks bring back everything, each act once', async () => {
    const credentials = [
      await registry.provisionDesk({ deskId: 'desk-1', officeId }),
      await registry.provisionDesk({ deskId: 'desk-2', officeId }),
    ];
    const open = () => credentials.map((each) => new TestDesk(registry, each)) as [TestDesk, TestDesk];
    let [one, other] = open();
    const journal: [Envelope[], Envelope[]] = [script(one, 6), script(other, 6)];
    const answers: [CommandResult[], CommandResult[]] = [await one.push(journal[0].slice(0, 9)), await other.push(journal[1].slice(0, 4))];
    await Promise.all([one.close(), other.close()]);
    const restore = await backUp();
    [one, other] = open();
    answers[0].push(...(await one.push(journal[0].slice(9))));
    answers[1].push(...(await other.push(journal[1].slice(4))));
    const before = await readState(one);
    const infoBefore = await infoOf(one);
    await Promise.all([one.close(), other.close()]);

    await restore();
    registry = await start();
    [one, other] = open();
    const info = await infoOf(one);
    expect(info.epoch).not.toBe(infoBefore.epoch);
    expect(info.policy.version).toBeGreaterThan(infoBefore.policy.version);
    expect(await one.call('GET', `/v1/sync/changes?cursor=${encodeURIComponent(before.cursor)}`)).toMatchObject({
      status: 410,
      body: { code: 'CURSOR_EXPIRED' },
    });

    // What follows a forgotten act waits for it; what was forgotten comes again with the rest of the journal.
    const [early] = await one.push(journal[0].slice(16, 17));
    expect(early?.result.outcome).toBe('blocked');
    const [again, againOther] = await Promise.all([one.push(journal[0]), other.push(journal[1])]);
    for (const [index, results] of [again, againOther].entries()) {
      const known = index === 0 ? 9 : 4;
      const told = answers[index as 0 | 1];
      expect(results.slice(0, known)).toEqual(told.slice(0, known));
      expect(results.map(({ result }) => result)).toEqual(told.map(({ result }) => result));
      expect(results.slice(known).every(({ receipt }) => receipt?.registry_epoch === info.epoch)).toBe(true);
    }
    expect((await readState(one)).state).toEqual(before.state);
    await Promise.all([one.close(), other.close()]);
  }, 120_000);

  it('takes acts of an older life of a desk again when it has forgotten them, and no others', async () => {
    const credentials = await registry.provisionDesk({ deskId: 'desk-1', officeId });
    const restore = await backUp();
    let desk = new TestDesk(registry, credentials);
    const old = refusalOf(desk, { desk_seq: 1 });
    const young = refusalOf(desk, { desk_seq: 1, desk_epoch: 2 });
    await desk.push([old]);
    await desk.push([young]);
    await desk.close();
    await restore();
    registry = await start({ isRestored: true });
    desk = new TestDesk(registry, credentials);
    expect((await desk.push([young]))[0]?.result.outcome).toBe('applied');
    expect((await desk.push([old]))[0]?.result.outcome).toBe('applied');
    const later = refusalOf(desk, { desk_seq: 2, occurred_at_ms: Date.now() + 1000 });
    expect(await desk.call('POST', '/v1/sync/commands', { commands: [later] })).toMatchObject({ status: 409, body: { code: 'DESK_FORK' } });
    await desk.close();
  }, 60_000);
});
