import type { CommandDraft } from '../../src/core/act/act.ts';
import { onlineOnlyKinds } from '../../src/shared/registry-api/envelope.ts';
import { dataOf } from '../integration/registry/test-desk.ts';
import { after, allActs, listUsualActs, unknownCase, type CommandOfCase } from './case-model.ts';
import { createConduct, type Conduct } from './conduct.ts';
import { isAtRest, listViolations, listWaitingForPerson } from './oracle.ts';
import type { Schedule, Step } from './schedule.ts';
import { createSimulatedDesk, type SimulatedDesk } from './simulated-desk.ts';
import { SimulatedFault } from './simulated-faults.ts';
import { calm, createNetwork, type Network, type Weather } from './simulated-network.ts';
import type { RegistryWorkshop, SimulatedRegistry } from './simulated-registry.ts';
import { createTally, sumOf } from './tally.ts';
import { createChance, createWorld, type Chance, type World } from './world.ts';

const weathers: Readonly<Record<Schedule['weather'], Weather>> = {
  fair: { requestLost: 0.01, answerLost: 0.02, answerSpoilt: 0.01, refusedWithStatus: 0.01, duplicated: 0.02, delayMs: 500 },
  rough: { requestLost: 0.05, answerLost: 0.12, answerSpoilt: 0.03, refusedWithStatus: 0.05, duplicated: 0.1, delayMs: 5_000 },
  storm: { requestLost: 0.15, answerLost: 0.25, answerSpoilt: 0.1, refusedWithStatus: 0.15, duplicated: 0.3, delayMs: 20_000 },
};

/** Two of the cases want the same certificates on the same number: only one of them may be open. */
const casePeople = [
  { fin: 'QYD0001', phone: '+994500000001' },
  { fin: 'QYD0006', phone: '+994500000006' },
  { fin: 'QYD0010', phone: '+994500000010' },
  { fin: 'QYD0001', phone: '+994500000001' },
] as const;
export const caseIds = casePeople.map((_, index) => `0197a000-0000-7000-8000-00000000000${index + 1}`);

/** Five times the longest wait between two tries: within it the queue must have emptied itself. */
const peaceMs = 5 * 15 * 60_000;
const lookEveryMs = 60_000;

export interface Run {
  readonly world: World;
  readonly registry: SimulatedRegistry;
  readonly network: Network;
  readonly conduct: Conduct;
  readonly desks: readonly SimulatedDesk[];
}

export interface Verdict {
  readonly violations: readonly string[];
  readonly acts: number;
  readonly requests: number;
  /** What went wrong, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  /** What happened on the wire and when, in one number: two runs with the same history have the same. */
  readonly history: string;
}

/** Plays one schedule to its end, lets peace come, and judges. The same schedule gives the same verdict every time. */
export async function runSchedule(workshop: RegistryWorkshop, schedule: Schedule): Promise<Verdict> {
  const world = createWorld(schedule.world);
  const registry = await workshop.open(world);
  const conduct = createConduct(world);
  const network = createNetwork(world, createChance(schedule.world ^ 0x5eed), registry, conduct);
  const desks: SimulatedDesk[] = [];
  for (let index = 0; index < schedule.desks; index += 1) {
    const credentials = workshop.credentialsOf(index);
    const chance = createChance(schedule.world + index + 1);
    desks.push(await createSimulatedDesk({ world, chance, credentials, line: network.line(credentials.deskId), conduct }));
  }
  const run: Run = { world, registry, network, conduct, desks };
  process.on('unhandledRejection', endProcess);
  try {
    network.setWeather(weathers[schedule.weather]);
    for (const step of schedule.steps) {
      take(run, step);
      await world.advance(step.thenMs);
    }
    await makePeace(run, createChance(schedule.world ^ 0xacce));
    const violations = await listViolations(run, caseIds);
    violations.unshift(...conduct.violations());
    for (const desk of desks) await desk.stop();
    violations.push(...(await replayLater(run)));
    const acts = desks.reduce((sum, desk) => sum + desk.saved.length, 0);
    return { violations, acts, requests: network.requestCount(), faults: faultsOf(schedule, network), history: network.history() };
  } finally {
    process.off('unhandledRejection', endProcess);
    for (const desk of desks) await desk.close();
    await registry.close();
  }
}

/** As in life: a rejection that nobody handles is the end of that process, and of no other. */
function endProcess(reason: unknown): void {
  if (!(reason instanceof SimulatedFault)) throw reason;
  reason.onDeath();
}

const nameOfStep: Partial<Record<Step['does'], string>> = {
  crash: 'desks crashed',
  clock: 'device clocks set',
  storage: 'transactions that failed',
  outage: 'registers switched',
};

function faultsOf(schedule: Schedule, network: Network): Readonly<Record<string, number>> {
  const tally = createTally();
  for (const step of schedule.steps) {
    const name = step.does === 'cut' && !step.isReachable ? 'lines cut' : nameOfStep[step.does];
    if (name !== undefined) tally.note(name);
    if (step.does === 'act' && step.isWild) tally.note('acts out of turn');
  }
  return sumOf([network.faults(), tally.counts()]);
}

function take(run: Run, step: Step): void {
  if (step.does === 'outage') {
    run.registry.setFaults({ outages: step.isOut ? ['MİP', 'İAMAS'] : [] });
    return;
  }
  const desk = run.desks[step.desk % run.desks.length];
  if (desk === undefined) return;
  switch (step.does) {
    case 'act':
      act(desk, caseIds[step.caseIndex % caseIds.length] ?? '', step.pick, step.isWild);
      return;
    case 'lease':
      desk.lease(caseIds[step.caseIndex % caseIds.length] ?? '', 'leyla', step.isRelease);
      return;
    case 'crash':
      desk.crash();
      return;
    case 'cut':
      desk.line.setReachable(step.isReachable);
      return;
    case 'clock':
      desk.clock.setOff(step.byMs);
      return;
    case 'storage':
      desk.spoilStorage(1, step.when);
      return;
    case 'sendNow':
      desk.sendNow();
  }
}

const loginOf: Partial<Record<CommandOfCase, string>> = { 'application.send_scans': 'aygun', 'application.enter_scans': 'orkhan' };

/** What an operator does at this desk with what he sees there; a wild one does anything. */
function act(desk: SimulatedDesk, caseId: string, pick: number, isWild: boolean): void {
  const known = desk.knownCase(caseId);
  const expected = known?.expected ?? '';
  const usual = isWild ? allActs : listUsualActs(expected);
  const kind = usual[pick % Math.max(1, usual.length)];
  if (kind === undefined) return;
  const next = after(
    { ...unknownCase, state: expected, isActivated: expected === 'ACTIVATING' && kind !== 'application.activate', areScansSent: true },
    kind,
  );
  const isIntent = onlineOnlyKinds.includes(kind);
  const changes = next === null || isIntent ? {} : { expected: next.state };
  desk.perform({
    kind,
    caseId,
    payload: payloadOf(kind, caseId, pick),
    isIntent,
    login: loginOf[kind] ?? (pick % 2 === 0 ? 'leyla' : 'rashad'),
    ...changes,
  });
}

function payloadOf(kind: CommandOfCase, applicationId: string, pick: number): CommandDraft['payload'] {
  const person = casePeople[caseIds.indexOf(applicationId)] ?? casePeople[0];
  const atMs = Date.UTC(2026, 5, 22, 5, 0, 0);
  switch (kind) {
    case 'application.send':
      return { applicationId, data: dataOf(person), filedAtMs: atMs, lookUps: [], secretAnswerHash: '$argon2id$test' };
    case 'application.sign_contract':
      return { applicationId, paperNumber: `TLM1-01-2026-${pick}`, centreSignedBy: 'Fərid Ağayev', signedAtMs: atMs };
    case 'application.activate':
      return { applicationId, attempt: 1, bySupport: false };
    case 'application.hand_over':
      return { applicationId, noticeNumber: 'B-1', returnedOriginals: [], handedAtMs: atMs };
    case 'application.send_scans':
    case 'application.enter_scans':
      return { applicationId, attachments: [] };
    case 'application.archive':
      return { applicationId, receiver: 'Arxiv', listNumber: '1' };
    case 'application.withdraw':
      return { applicationId, reason: 'fikrini dəyişdi' };
    case 'application.refuse':
      return {
        applicationId,
        reasonCode: 'document_expired',
        note: '',
        invalidityNote: false,
        returnedDocuments: [],
        summary: { category: 'K1', fin: person.fin, surname: 'Sınaq', givenName: 'Sınaq' },
        lookUps: [],
      };
  }
}

/** Long-sent requests arrive once again a month later and must change nothing. */
async function replayLater(run: Run): Promise<string[]> {
  const before = await dump(run);
  await run.world.advance(30 * 86_400_000);
  await run.network.replay(10);
  return (await dump(run)) === before ? [] : ['fault 14 an old request that came again changed the registry'];
}

async function dump(run: Run): Promise<string> {
  return await run.registry.store().read(async ({ db }) => {
    const commands = await db.selectFrom('command').select(['command_id', 'result', 'receipt']).orderBy('command_id').execute();
    const aggregates = await db.selectFrom('aggregate').selectAll().orderBy('key').execute();
    return JSON.stringify([commands, aggregates]);
  });
}

/** Nothing goes wrong any more, and people answer what waits for them. */
async function makePeace(run: Run, chance: Chance): Promise<void> {
  run.network.setWeather(calm);
  run.registry.setFaults({});
  for (const desk of run.desks) {
    desk.line.setReachable(true);
    desk.clock.setOff(0);
    desk.endStorageFaults();
  }
  for (let waitedMs = 0; waitedMs < peaceMs; waitedMs += lookEveryMs) {
    // A proof that did not hold stops the exchange until a person has looked.
    for (const desk of run.desks) {
      if (desk.worker().link().state === 'frozen') desk.sendNow();
      // Whoever insists for ever against another who insists is not at peace.
      const mayInsist = waitedMs < peaceMs / 2;
      for (const commandId of listWaitingForPerson(desk)) desk.answer(commandId, mayInsist && chance.hits(0.5) ? 'send_again' : 'theirs');
    }
    await run.world.advance(lookEveryMs);
    if (await isAtRest(run, caseIds)) return;
  }
}
