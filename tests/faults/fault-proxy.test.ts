import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { commandStates } from '../../src/core/sync/sync-store.ts';
import { startRegistry, type RunningRegistry } from '../../src/registry/index.ts';
import { deskCommandsSchema, type DeskCommands } from '../../src/shared/registry-api/desk-commands.ts';
import { count, seededFraction } from '../support/counts.ts';
import type { Direction, WireFault } from '../support/fault-proxy.ts';
import { createHurriedClock, hasWords, hurriedDeadlineMs } from '../support/hurried.ts';
import { realOfficeId } from '../support/real-desk.ts';
import { kindsUnderTest, openFaultyDesk, requestKinds, speed, type FaultyDesk } from './fault-proxy-kinds.ts';

/**
 * A gateway that spoils the bytes between the real exchange and the real registry over TLS, for every kind of request. Real sockets, hurried clocks.
 * Source: sync-and-reliability (b5), F-15
 */
const seed = Number(process.env['QEYD_SEED'] ?? '20261122');
const faultSeconds = 2.5;
const clock = createHurriedClock(speed);
let folder: string;
let registry: RunningRegistry;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-proxy-'));
  registry = await startRegistry({
    folder,
    seedTraining: { officeId: realOfficeId },
    passwordCost: { memoryKib: 1024, passes: 1 },
    nowMs: () => clock.nowMs(),
  });
});
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Case {
  readonly kind: string;
  readonly name: string;
  readonly fault: WireFault;
  /** The fault meets a connection from its handshake on. */
  readonly isFresh: boolean;
}

function listFaults(fraction: () => number): (readonly [string, WireFault])[] {
  const any = (most: number): number => 2 + Math.floor(fraction() * most);
  const placed = (kind: 'reset' | 'garbage' | 'truncate', of: Direction, places: readonly number[]) =>
    places.map((atByte): readonly [string, WireFault] => [`${kind} of the ${of} at byte ${atByte}`, { kind, of, atByte }]);
  return [
    ['latency', { kind: 'latency', ms: 40 }],
    ['long latency', { kind: 'latency', ms: 2600 }],
    ['a slow road', { kind: 'rate', bytesPerS: 4000 }],
    ['a drip', { kind: 'rate', bytesPerS: 100 }],
    ['one byte at a time', { kind: 'slicer', pieces: 1500 }],
    ['half-open', { kind: 'half_open' }],
    ['refused', { kind: 'refuse' }],
    ...placed('reset', 'request', [0, 1, any(600)]),
    ...placed('reset', 'answer', [0, 1, any(600)]),
    ...placed('truncate', 'request', [0, any(600)]),
    ...placed('truncate', 'answer', [0, 1, any(600)]),
    ...placed('garbage', 'request', [0, any(600)]),
    ...placed('garbage', 'answer', [0, any(600)]),
    ['slow close', { kind: 'slow_close', ms: 1500 }],
    ['requests vanish', { kind: 'blackhole', of: 'request' }],
    ['answers vanish', { kind: 'blackhole', of: 'answer' }],
  ];
}

/** The whole matrix, or a seeded sample that meets every kind. */
function listCases(): Case[] {
  const fraction = seededFraction(seed);
  const whole = requestKinds.flatMap((kind) =>
    listFaults(fraction).map(([name, fault]): Case => ({ kind, name, fault, isFresh: fault.kind === 'refuse' || fraction() < 0.5 })),
  );
  const perKind = count(1, whole.length);
  return requestKinds.flatMap((kind) => {
    const own = whole.filter((each) => each.kind === kind);
    const chosen: Case[] = [];
    while (own.length > 0 && chosen.length < perKind)
      chosen.push(...own.splice(perKind >= own.length ? 0 : Math.floor(fraction() * own.length), 1));
    return chosen;
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > untilMs) return false;
    await pause(10);
  }
  return true;
}

const isAtRest = (faulty: FaultyDesk): boolean => {
  const queue = faulty.desk().worker.queue();
  return queue.queued + queue.unknown + queue.attention === 0 && faulty.filesLeft() === 0;
};

let touched = 0;

async function play(faulty: FaultyDesk, { kind, name, fault, isFresh }: Case): Promise<string[]> {
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`${kind} / ${name}${isFresh ? ' (fresh)' : ''}: ${what}`);
  const under = kindsUnderTest[kind];
  if (under === undefined) return [`${kind} has no test`];
  const { proxy } = faulty;
  await under.prepare?.(faulty);
  if (kind !== 'commands') faulty.refuse();
  if (!(await until(() => isAtRest(faulty), 20_000))) say('not at rest before the fault');
  if (isFresh) proxy.setUpstream(registry.port);
  proxy.setFault(fault);

  const askedMs = performance.now();
  let code = '';
  const asked = under.ask(faulty).then((found) => {
    code = found;
  });
  const deadlineMs = hurriedDeadlineMs(under.deadlineMs) + 6000;
  // While one kind hangs, acts are saved at once and the other kinds go their way.
  await pause(60);
  const actMs = performance.now();
  if (kind !== 'raise_desk_epoch') faulty.refuse();
  if (performance.now() - actMs > 1000) say('an act waited for the network');
  if (kind !== 'every' && kind !== 'look_up_organisation' && kind !== 'raise_desk_epoch') {
    const ask = () => faulty.desk().desk.registry.lookUpOrganisation({ queryId: faulty.desk().desk.random.uuid(), voen: '0000012341' });
    let other = await ask();
    for (let tries = 1; tries < 4 && !other.ok; tries += 1) other = await ask();
    if (!other.ok) say(`another kind failed with ${other.failure.code}`);
  }
  await Promise.race([asked, pause(deadlineMs)]);
  if (code === '') say(`whoever asked still waits after ${Math.round(performance.now() - askedMs)} ms`);
  else if (code !== 'OK' && !hasWords(code)) say(`nobody has words for ${code}`);
  await until(() => proxy.counts().touched > 0, Math.max(0, faultSeconds * 1000 - (performance.now() - askedMs)));
  if (proxy.counts().touched > 0) touched += 1;
  await pause(100);
  const link = faulty.desk().worker.link();
  if (link.lastAnswer !== null && link.lastAnswer.code !== 'OK' && !hasWords(link.lastAnswer.code))
    say(`the page has no words for ${link.lastAnswer.code}`);

  proxy.setFault({ kind: 'none' });
  await asked;
  if (!(await until(() => isAtRest(faulty), 25_000))) {
    say(
      `the queue does not empty: ${JSON.stringify(faulty.desk().worker.queue())}, ${faulty.filesLeft()} files, link ${JSON.stringify(faulty.desk().worker.link())}`,
    );
    await faulty.desk().worker.sendNow();
    return wrong;
  }
  const judged = await under.judge?.(faulty, folder);
  if (judged !== null && judged !== undefined) say(judged);
  if (faulty.lateMs.length > 0) say(`requests beyond their deadline: ${faulty.lateMs.splice(0).map(Math.round).join(', ')} ms`);
  return wrong;
}

/** Every act of a desk stands at the registry exactly once, with the outcome that the desk recorded. Source: I-3, I-4, I-6 */
async function compare(faulty: FaultyDesk, kind: string): Promise<string[]> {
  const { db, worker } = faulty.desk();
  const known: DeskCommands['commands'][number][] = [];
  for (let epoch = 1; epoch <= worker.exchange.deskEpoch(); epoch += 1) {
    const reply = await faulty.direct.send({
      method: 'GET',
      path: `/v1/desks/${faulty.credentials.deskId}/commands?epoch=${epoch}&after_seq=-1&limit=500`,
      timeoutMs: 10_000,
      maxAnswerBytes: 8 * 1024 * 1024,
    });
    if (reply.kind !== 'answer' || reply.status !== 200) return [`${kind}: the registry's list: ${JSON.stringify(reply)}`];
    known.push(...deskCommandsSchema.parse(JSON.parse(Buffer.from(reply.body).toString('utf8'))).commands);
  }
  const wrong: string[] = [];
  const ids = known.map((command) => command.command_id);
  if (new Set(ids).size !== ids.length) wrong.push('a command stands twice at the registry');
  if ([...ids].sort().join() !== [...faulty.acted].sort().join()) wrong.push(`${faulty.acted.length} acts here, ${ids.length} there`);
  for (const command of known) {
    const table =
      db.get('SELECT state FROM outbox WHERE command_id = @id', { id: command.command_id }) ??
      db.get('SELECT state FROM intents WHERE command_id = @id', { id: command.command_id });
    const receipt = db.get('SELECT result FROM receipts WHERE command_id = @id', { id: command.command_id });
    if (table?.['state'] !== commandStates.applied) wrong.push(`state ${String(table?.['state'])} here`);
    if (JSON.stringify(JSON.parse(String(receipt?.['result'] ?? 'null'))) !== JSON.stringify(command.result))
      wrong.push('another outcome is recorded here');
  }
  const audit = await verifyAudit(db, faulty.credentials.deskId);
  if (audit.firstBadSeq !== null) wrong.push('the audit chain is broken');
  return wrong.map((what) => `${kind}: ${what}`);
}

describe('fault 15: a spoilt way to the registry', () => {
  it('loses, doubles and misreports nothing, for every kind of request', async () => {
    const cases = listCases();
    const kinds = [...requestKinds];
    const wrong: string[] = [];
    const acts: string[] = [];
    const playKinds = async (): Promise<void> => {
      for (let kind = kinds.shift(); kind !== undefined; kind = kinds.shift()) {
        const credentials = await registry.provisionDesk({ deskId: `desk-${kind}`, officeId: realOfficeId });
        const faulty = await openFaultyDesk(registry, credentials, clock, kind);
        try {
          for (const each of cases.filter((one) => one.kind === kind)) wrong.push(...(await play(faulty, each)));
          wrong.push(...(await compare(faulty, kind)));
          acts.push(...faulty.acted);
        } finally {
          await faulty.remove();
        }
      }
    };
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: count(requestKinds.length, 8) }, playKinds));
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    const figures = {
      cases: cases.length,
      kinds: requestKinds.length,
      faults: new Set(cases.map(({ fault }) => fault.kind)).size,
      touched,
      acts: acts.length,
      seconds,
      seed,
    };
    process.stdout.write(`fault-proxy ${JSON.stringify(figures)}\n`);
    expect(wrong).toEqual([]);
    // A fault that meets nothing proves nothing.
    expect(touched).toBeGreaterThanOrEqual(Math.floor(cases.length * count(0.5, 0.8)));
  }, 420_000);
});
