import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { count, seededFraction } from '../support/counts.ts';
import { countExpected, firstMark, lookThrough, writerDeskId, type Mark } from './numbered-acts.ts';
import type { WriterLife } from './writer-child.ts';
import { loadWriter, type Death } from './writer-lives.ts';

/** Every so many cycles a new database begins, so that its making dies as well and looking through it stays quick. */
const cyclesPerBook = count(20, 100);
const books = Number(process.env['QEYD_KILL_BOOKS'] ?? count(2, 20));
/** As many as the machine has cores: each is killed at its own moments in a database of its own. */
const lanes = 2;
/** The moments of death come from it. */
const seed = Number(process.env['QEYD_KILL_SEED'] ?? 20_261_123);
const signingKeyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** What a killed process had written is there on either; in memory it is quick, on a disk a death may also fall into the waiting for it. */
const memoryDisk = '/dev/shm';
let folder: string;
let quickFolder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-writer-'));
  quickFolder = existsSync(memoryDisk) ? mkdtempSync(path.join(memoryDisk, 'qeyd-writer-')) : folder;
});
afterAll(() => {
  for (const each of [folder, quickFolder]) rmSync(each, { recursive: true, force: true });
});

const figures = { cycles: 0, acts: 0, 'died while opening': 0, 'unfinished logs': 0, 'committed unsaid': 0, 'most acts in a life': 0 };

function chooseDeath(cycle: number, random: () => number): Death {
  const below = (limit: number): number => Math.floor(random() * limit);
  // The making of the file, and every tenth opening of it.
  if (cycle < 3 || cycle % 10 === 9) return { since: 'start', afterMs: below(cycle < 3 ? 90 : 40) };
  // Long enough to come to where the log goes over into the file.
  if (cycle % 10 === 4) return { since: 'acts', acts: 100 + below(200) };
  return random() < 0.5 ? { since: 'open', afterMs: below(60) } : { since: 'acts', acts: below(30) };
}

/** One database from its first byte through all its deaths to the last look. */
async function writeBook(book: number): Promise<void> {
  const random = seededFraction(seed + book);
  const where = `book ${book}, seed ${seed}`;
  const cache = path.join(folder, 'compiled');
  const desk = {
    file: path.join(book % 4 === 3 ? folder : quickFolder, `book-${book}`, 'desk.db'),
    keyHex: randomBytes(32).toString('hex'),
    signingKeyPem,
  };
  let mark: Mark = firstMark;
  let said = 0;
  let child = loadWriter(cache);
  try {
    for (let cycle = 0; cycle < cyclesPerBook; cycle += 1) {
      const next = loadWriter(cache);
      const life: WriterLife = { ...desk, said, mark };
      const lived = await child.live(life, chooseDeath(cycle, random));
      child = next;
      expect(lived.bad, `cycle ${cycle}, ${where}`).toEqual([]);
      if (lived.held === null) figures['died while opening'] += 1;
      else if (lived.held.number > said) figures['committed unsaid'] += 1;
      if (lived.hadTail) figures['unfinished logs'] += 1;
      figures.cycles += 1;
      figures.acts += lived.saidCount;
      figures['most acts in a life'] = Math.max(figures['most acts in a life'], lived.saidCount);
      mark = lived.held ?? mark;
      said = lived.lastSaid;
    }
  } finally {
    child.dismiss();
  }
  await lookAtWhole(desk, said, where);
  rmSync(path.dirname(desk.file), { recursive: true });
}

async function lookAtWhole(desk: { readonly file: string; readonly keyHex: string }, said: number, where: string): Promise<void> {
  const opened = await openDatabase({ ...desk, clock: { nowMs: () => Date.now() } });
  if (!opened.ok) throw new Error(`${opened.failure.code}, ${where}`);
  const db = opened.value;
  const { mark, wrong } = lookThrough(db, firstMark);
  expect(wrong, where).toEqual([]);
  expect([said, said + 1], where).toContain(mark.number);
  expect(db.all('PRAGMA integrity_check'), where).toEqual([{ integrity_check: 'ok' }]);
  await expect(verifyAudit(db, writerDeskId), where).resolves.toMatchObject({ rows: mark.number, firstBadSeq: null });
  const { acts, outbox, intents } = countExpected(mark.number);
  expect(
    db.get(
      `SELECT (SELECT count(*) FROM audit) AS audit, (SELECT count(*) FROM remembered_commands) AS remembered, (SELECT count(*) FROM act_review) AS rows,
              (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM outbox_envelopes) AS texts, (SELECT coalesce(max(desk_seq), 0) FROM outbox) AS place,
              (SELECT count(DISTINCT desk_seq) FROM outbox) AS places, (SELECT count(*) FROM intents) AS intents,
              (SELECT count(*) FROM aggregate_heads WHERE command_id NOT IN (SELECT command_id FROM outbox UNION ALL SELECT command_id FROM intents)) AS strangers`,
    ),
    where,
  ).toEqual({
    audit: acts,
    remembered: acts,
    rows: acts,
    outbox,
    texts: outbox,
    place: outbox,
    places: outbox,
    intents,
    strangers: 0,
  });
  db.close();
}

it(
  'fault 2 I-1 I-2: a bare writer killed at random moments leaves every act that was answered, none twice, none in part',
  async () => {
    const todo = Array.from({ length: books }, (_, book) => book);
    const beganMs = performance.now();
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (let book = todo.shift(); book !== undefined; book = todo.shift()) await writeBook(book);
      }),
    );
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    process.stdout.write(`kill-writer ${JSON.stringify({ seed, books, ...figures, lost: 0, doubled: 0, 'in part': 0, seconds })}\n`);
    expect(figures.cycles).toBe(books * cyclesPerBook);
    expect(figures.acts).toBeGreaterThan(figures.cycles);
  },
  count(300_000, 900_000),
);
