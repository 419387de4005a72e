import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { startRegistry, type RunningRegistry } from '../../src/registry/index.ts';
import { makePrng } from '../../src/registry/population/prng.ts';
import { listApplicants } from '../support/applicants.ts';
import { count } from '../support/counts.ts';
import { actorOf, realOfficeId } from '../support/real-desk.ts';
import type { Life, Saved } from './eager-registrar.ts';
import { loadChild, type Kill } from './killed-child.ts';
import { expectEverythingThere, expectSameAtRegistry, listLost } from './shown-as-saved.ts';

const kills = Number(process.env['QEYD_KILLS'] ?? count(30, 200));
/** The moments of death come from it; change it to look elsewhere. */
const seed = 20_261_122;
const keyHex = randomBytes(32).toString('hex');
let folder: string;
let registry: RunningRegistry;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-kill-'));
  registry = await startRegistry({
    folder: path.join(folder, 'registry'),
    seedTraining: { officeId: realOfficeId },
    passwordCost: { memoryKib: 1024, passes: 1 },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unique = (ids: readonly (string | undefined)[]): string[] => [
  ...new Set(ids.filter((id): id is string => id !== undefined && id !== '')),
];
const lifeOf = (round: number, saved: readonly Saved[]): Life => ({
  round,
  applicationIds: unique(saved.map(({ application }) => application?.applicationId)),
  commandIds: unique(saved.map(({ commandId }) => commandId)),
  paperIds: unique(saved.flatMap(({ papers }) => papers.map(({ paperId }) => paperId))),
});

it('SIGKILL at random moments: nothing shown as saved is lost, no act arrives twice, database and audit chain hold', async () => {
  const prng = makePrng(seed);
  const credentials = await registry.provisionDesk({ deskId: 'desk-kill', officeId: realOfficeId });
  const settingsFile = path.join(folder, 'settings.json');
  const applicants = listApplicants(kills);
  writeFileSync(settingsFile, JSON.stringify({ url: registry.url, folder, keyHex, credentials, actor: actorOf('leyla'), applicants }));
  const all: Saved[] = [];
  const troubles = new Map<string, number>();
  let last: Saved[] = [];
  let child = loadChild(folder, settingsFile, 'act');
  for (let round = 0; round < kills; round += 1) {
    const next = loadChild(folder, settingsFile, round === kills - 1 ? 'drain' : 'act');
    // Every tenth dies somewhere in its start.
    const diesInStart = round % 10 === 9;
    // Every third lives on long enough to find its link and to come into the acts that only the registry can do.
    const lingerMs = round % 3 === 1 ? 800 : 30;
    const kill: Kill = diesInStart
      ? { since: 'start', afterMs: prng.below(150) }
      : { since: { answers: prng.below(16) }, afterMs: prng.below(lingerMs) };
    const run = await child.live(lifeOf(round, last), kill);
    child = next;
    if (!diesInStart) expect(run.isReady, `start ${round}, seed ${seed}`).toBe(true);
    for (const trouble of run.troubles) troubles.set(trouble, (troubles.get(trouble) ?? 0) + 1);
    if (run.held !== null) {
      expect(listLost(last, run.held), `after kill ${round - 1}, seed ${seed}`).toEqual([]);
      last = [];
    }
    last.push(...run.saved);
    all.push(...run.saved);
  }
  const { exitCode } = await child.live(lifeOf(kills, []), null);
  expect(exitCode).toBe(0);

  // Only what the link explains was refused: while it is being found again, and when an answer was still on its way.
  expect([...troubles.keys()].filter((trouble) => !/: (REGISTRY_UNREACHABLE|OUTCOME_UNKNOWN)$/.test(trouble))).toEqual([]);
  const done = (useCase: string): number => all.filter((saved) => saved.useCase === useCase).length;
  console.info(
    `seed ${seed}: ${all.length} saved; ${['create', 'saveDraft', 'refuse', 'send', 'askOutcome', 'activate'].map((name) => `${done(name)} ${name}`).join(', ')}`,
    Object.fromEntries(troubles),
  );
  for (const useCase of ['create', 'saveDraft', 'refuse']) expect(done(useCase), useCase).toBeGreaterThan(kills / 20);

  await registry.stop();
  const opened = await openDatabase({ file: path.join(folder, 'desk.db'), keyHex, clock: { nowMs: () => Date.now() } });
  if (!opened.ok) throw new Error(opened.failure.code);
  const db = opened.value;
  expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  await expect(verifyAudit(db, credentials.deskId)).resolves.toMatchObject({ firstBadSeq: null });
  expectEverythingThere(db, all);
  await expectSameAtRegistry(db, path.join(folder, 'registry', 'registry.sqlite'));
  // Enough of the acts that must not be done twice: some in a life that heard the answer, some in one that had to ask for it again.
  const bearing = Number(db.get('SELECT count(DISTINCT application_id) AS n FROM certificate')?.['n']);
  const activated = Number(db.get("SELECT count(*) AS n FROM application WHERE user_id <> ''")?.['n']);
  console.info(`${bearing} cases with certificates, ${activated} activated`);
  expect(Math.min(bearing, activated)).toBeGreaterThanOrEqual(Math.floor(kills / 40));
  db.close();
}, 1_800_000);
