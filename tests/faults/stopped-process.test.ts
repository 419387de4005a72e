import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/platform/canonical.ts';
import { provisionDesk, provisionRegistry, registryPaths, startRegistry, type RunningRegistry } from '../../src/registry/index.ts';
import { sqliteDialect } from '../../src/registry/store/dialect.ts';
import { openStore } from '../../src/registry/store/store.ts';
import type { CommandOutcome } from '../../src/shared/registry-api/envelope.ts';
import { listApplicants } from '../support/applicants.ts';
import { count, isProving, seededFraction } from '../support/counts.ts';
import { openRealDesk, realOfficeId, until, type RealDesk } from '../support/real-desk.ts';
import { dataOf, submission } from '../integration/registry/test-desk.ts';
import { openBusyDesk } from './busy-desk.ts';
import { createRegistryProcess } from './registry-process.ts';
import { expectSameAtRegistry } from './same-at-registry.ts';
import type { DeskLook, DeskOrder, DeskSettings } from './stopped-desk-child.ts';

const seed = Number(process.env['QEYD_KILL_SEED'] ?? 20_261_126);
/** Longer than every deadline of an exchange in the full run. */
const stopMs = Number(process.env['QEYD_STOP_MS'] ?? count(5000, 180_000));
const queuedActs = 300;
const leaseRunsOutMs = 16 * 60_000;
const drainWithinMs = 90_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-stopped-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface DeskProcess {
  tell(order: DeskOrder): Promise<unknown>;
  look(): Promise<DeskLook>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  end(): Promise<void>;
}

async function startDeskProcess(settings: DeskSettings): Promise<DeskProcess> {
  const file = path.join(settings.folder, 'settings.json');
  writeFileSync(file, JSON.stringify(settings));
  const child: ChildProcess = spawn(process.execPath, [path.join(import.meta.dirname, 'stopped-desk-child.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const waiting = new Map<number, (value: unknown) => void>();
  let lastId = 0;
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  const { stdin } = child;
  const lines = createInterface(child.stdout);
  const ready = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  lines.on('line', (line) => {
    if (!line.startsWith('{')) return;
    const { id, value } = JSON.parse(line) as { id: number; value: unknown };
    waiting.get(id)?.(value);
    waiting.delete(id);
  });
  await ready;
  const tell = (order: DeskOrder): Promise<unknown> =>
    new Promise((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      stdin.write(`${JSON.stringify({ id: lastId, order })}\n`);
    });
  return {
    tell,
    look: async () => (await tell({ do: 'look' })) as DeskLook,
    signal: (name) => void child.kill(name),
    async end() {
      child.kill('SIGCONT');
      stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
    },
  };
}

describe('a core that is stopped in the middle of a batch and goes on much later', () => {
  let registry: RunningRegistry;
  let asleepMs = 0;
  let sleeper: DeskProcess | undefined;
  let other: RealDesk | undefined;
  beforeEach(async () => {
    asleepMs = 0;
    registry = await startRegistry({
      folder: path.join(folder, 'registry'),
      seedTraining: { officeId: realOfficeId },
      passwordCost: { memoryKib: 1024, passes: 1 },
      allowFaults: true,
      nowMs: () => Date.now() + asleepMs,
    });
  });
  afterEach(async () => {
    await sleeper?.end();
    await other?.remove();
    await registry.stop();
  });

  it(
    'fault 30 I-3 I-4: sends nothing twice, is refused with its old lease, and tells what its clock did',
    async () => {
      const random = seededFraction(seed);
      const where = `seed ${seed}`;
      const clockFile = path.join(folder, 'clock');
      writeFileSync(clockFile, '0');
      const desk = await startDeskProcess({
        url: registry.url,
        folder,
        credentials: await registry.provisionDesk({ deskId: 'desk-1', officeId: realOfficeId }),
        clockFile,
      });
      sleeper = desk;
      const payload = submission(dataOf({ fin: 'QYD0001', phone: '+994500000001' }));
      const sent = (await desk.tell({ do: 'send', payload })) as CommandOutcome;
      if (sent.outcome !== 'applied') throw new Error(`not issued: ${JSON.stringify(sent)}`);

      // Work of hours without a link, and then the link: each answer takes long enough to be stopped before it.
      await registry.setFaults({ isUnreachable: true });
      await desk.tell({ do: 'queue', count: queuedActs });
      await registry.setFaults({ latencyMs: 250 });
      await desk.tell({ do: 'wake' });
      const stops: number[] = [];
      // Short stops at random moments of the drain, the last of them long.
      for (const lengthMs of [200, 400, stopMs]) {
        await pause(300 + Math.floor(random() * 250));
        desk.signal('SIGSTOP');
        stops.push((await listRecorded()).length);
        if (lengthMs === stopMs) {
          // Meanwhile the lease runs out and another desk takes the case.
          asleepMs = leaseRunsOutMs;
          other = await openRealDesk(registry, await registry.provisionDesk({ deskId: 'desk-2', officeId: realOfficeId }));
          const free = other;
          await until(() => free.worker.link().state === 'online', 'the link of the other desk');
          const lease = await free.desk.registry.lease(payload.applicationId, 'rashad', false);
          if (!lease.ok) throw new Error(lease.failure.code);
          expect(lease.value.token).toBeGreaterThan(sent.lease_token ?? 0);
          await registry.setFaults({});
        }
        await pause(lengthMs);
        // The device clock went on while the machine slept: it is there with the first step.
        if (lengthMs === stopMs) writeFileSync(clockFile, String(leaseRunsOutMs));
        desk.signal('SIGCONT');
      }
      const fromMs = performance.now();
      const late = (await desk.tell({
        do: 'withdraw',
        applicationId: payload.applicationId,
        rev: sent.rev,
        token: sent.lease_token ?? 0,
      })) as string;
      let look = await desk.look();
      for (const untilMs = fromMs + drainWithinMs; look.queued > 0 || look.unknown > 0; look = await desk.look()) {
        if (performance.now() > untilMs) throw new Error(`The queue did not empty, ${where}: ${JSON.stringify({ ...look, commands: 0 })}`);
        await pause(100);
      }
      const drainedMs = Math.round(performance.now() - fromMs);
      // The old token is fenced, and the desk says so.
      const fenced = look.commands.find(({ id }) => id === late);
      expect(JSON.parse(fenced?.result ?? 'null'), where).toMatchObject({ outcome: 'conflict', fields: ['lease'] });
      expect(look.attention, where).toBe(1);
      expect(look.clockEvents, where).toContain('slept');
      await expectOnce(look, where);

      // A clock that jumps while the registry's does not is no sleep: acts that need the exact time wait.
      desk.signal('SIGSTOP');
      writeFileSync(clockFile, String(leaseRunsOutMs + 3_600_000));
      desk.signal('SIGCONT');
      await untilTold(async () => (await desk.tell({ do: 'sign' })) === 'CLOCK_OFF', `CLOCK_OFF, ${where}`, 60_000);
      expect((await desk.look()).clockEvents, where).toContain('jump_forward');
      const figures = { seed, stops: stops.length + 1, 'longest s': stopMs / 1000, acts: queuedActs + 2, 'recorded at each stop': stops };
      process.stdout.write(`stopped-core ${JSON.stringify({ ...figures, doubled: 0, 'old lease fenced': 1, 'drained ms': drainedMs })}\n`);
      // One of the stops fell between two answers of the drain.
      expect(
        stops.some((recorded) => recorded > 1 && recorded < queuedActs),
        JSON.stringify(stops),
      ).toBe(true);
    },
    stopMs + 240_000,
  );

  async function listRecorded(): Promise<{ readonly command_id: string; readonly result: string }[]> {
    const store = await openStore(sqliteDialect(path.join(folder, 'registry', 'registry.sqlite')));
    const rows = await store.read(({ db }) => db.selectFrom('command').select(['command_id', 'result']).execute());
    await store.close();
    return rows;
  }

  async function expectOnce(look: DeskLook, where: string): Promise<void> {
    const recorded = await listRecorded();
    const words = (id: string, result: string): string => `${id} ${canonicalJson(JSON.parse(result))}`;
    // A conflict is told and not recorded: the next command on the case answers it.
    const held = look.commands.filter(({ state }) => state !== 2);
    expect(held.map(({ id, result }) => words(id, result ?? 'null')).sort(), where).toEqual(
      recorded
        .filter(({ result }) => (JSON.parse(result) as CommandOutcome).outcome !== 'conflict')
        .map(({ command_id, result }) => words(command_id, result))
        .sort(),
    );
    expect(look.commands, where).toHaveLength(queuedActs + 2);
  }
});

async function untilTold(condition: () => Promise<boolean>, what: string, withinMs: number): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error(`Did not come: ${what}`);
    await pause(100);
  }
}

describe('a registry that is stopped', () => {
  it(
    'fault 30 I-3 I-4: holds no desk: local acts go on, questions end within their time, and afterwards everything arrives once',
    async () => {
      const where = `seed ${seed}`;
      await provisionRegistry(folder);
      const registry = await createRegistryProcess({ folder, officeId: realOfficeId, compileCache: path.join(folder, 'compiled') });
      expect(await registry.start()).toBe('serves');
      const busy = await openBusyDesk(registry, await provisionDesk(folder, { deskId: 'desk-1', officeId: realOfficeId }), {
        applicants: listApplicants(40),
        random: seededFraction(seed),
      });
      const { desk } = busy;
      let slowestActMs = 0;
      const acting = setInterval(() => {
        const beganMs = performance.now();
        busy.act();
        slowestActMs = Math.max(slowestActMs, performance.now() - beganMs);
      }, 25);
      try {
        await until(() => busy.told.size > 1, 'work', 30_000);
        process.kill(registry.pid(), 'SIGSTOP');
        const stoppedAtMs = performance.now();
        const question = desk.desk.registry.lookUpSim({
          queryId: desk.desk.random.uuid(),
          phone: '+994500000001',
          iccid: '8999401000000000018',
        });
        const answer = question.then((result) => ({
          code: result.ok ? 'OK' : result.failure.code,
          afterMs: performance.now() - stoppedAtMs,
        }));
        let offlineAfterMs: number | null = null;
        const watching = setInterval(() => {
          if (offlineAfterMs === null && desk.worker.link().state === 'offline')
            offlineAfterMs = Math.round(performance.now() - stoppedAtMs);
        }, 20);
        await pause(stopMs);
        clearInterval(watching);
        process.kill(registry.pid(), 'SIGCONT');
        const asked = await answer;
        clearInterval(acting);
        busy.rest();
        const fromMs = performance.now();
        // By itself: nobody presses anything.
        await until(() => busy.isAtRest(), `an empty queue, ${where}`, 300_000);
        const drainedMs = Math.round(performance.now() - fromMs);
        expect(asked.afterMs).toBeLessThan(20_000);
        if (isProving) {
          expect(asked.code).toBe('REGISTRY_UNREACHABLE');
          expect(offlineAfterMs).toBeLessThan(45_000);
        }
        const info = desk.worker.exchange.knownInfo();
        await pause(1500);
        await registry.stop();
        const found = await expectSameAtRegistry(
          [busy],
          {
            dialect: sqliteDialect(registryPaths(folder).database),
            folder,
            receiptKey: info?.receipt_key ?? '',
            epoch: info?.registry_epoch ?? '',
          },
          where,
        );
        const figures = {
          seed,
          'stopped s': stopMs / 1000,
          ...found,
          'offline told ms': offlineAfterMs,
          'question ended ms': Math.round(asked.afterMs),
        };
        process.stdout.write(
          `stopped-registry ${JSON.stringify({ ...figures, 'slowest act ms': Math.round(slowestActMs), 'drained ms': drainedMs, doubled: 0 })}\n`,
        );
      } finally {
        clearInterval(acting);
        await desk.remove();
        await registry.kill();
      }
    },
    stopMs + 420_000,
  );
});
