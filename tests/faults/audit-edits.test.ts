import { randomBytes, sign } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendAudit, chainStart, linkHash } from '../../src/core/audit/chain.ts';
import { createFileSealKeys, signingKeyOf } from '../../src/core/audit/seal-keys.ts';
import { listSeals, sealAudit, sealHash } from '../../src/core/audit/seals.ts';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import type { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';
import { auditSealText } from '../../src/shared/registry-api/audit-seal.ts';
import { countFor, seededFraction } from '../support/counts.ts';

const edits = countFor({ test: 45, prove: 500 });
const seed = 29;
const deskId = 'telim-1-01';
const keyHex = randomBytes(32).toString('hex');
const fraction = seededFraction(seed);
let folder: string;
let nowMs = 1_790_000_000_000;

async function open(file: string): Promise<SqliteDatabase> {
  const opened = await openDatabase({ file, keyHex, clock: { nowMs: () => nowMs } });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}
function write(db: SqliteDatabase, count: number, act = 'application.refuse', detail: Readonly<Record<string, string>> = {}): void {
  db.transact((tx) => {
    for (let index = 0; index < count; index += 1) {
      const said = { ...detail, note: `qeyd ${nowMs}` };
      const who = { operatorId: 'o', operatorLogin: 'leyla', role: 'registrar', authMethod: 'password_online', sessionId: 's' };
      const when = { atMs: (nowMs += 1), monoMs: 1, bootId: 'boot' };
      appendAudit(tx, { deskId, deskEpoch: 1 }, { ...when, ...who, act, applicationId: '', commandId: '', detail: said });
    }
  });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-edits-'));
  const file = path.join(folder, 'whole', 'desk.db');
  mkdirSync(path.dirname(file), { recursive: true });
  const db = await open(file);
  const keys = createFileSealKeys(file, keyHex);
  for (let hundred = 0; hundred < 4; hundred += 1) {
    write(db, 70 + Math.floor(fraction() * 60));
    sealAudit({ db, deskId, keys, nowMs: () => nowMs, noteBegun: (key) => write(db, 1, 'audit.seals_begun', { key }) }, true);
  }
  expect(await verifyAudit(db, deskId)).toMatchObject({ firstBadSeq: null });
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Run = (sql: string, values?: Readonly<Record<string, number | string | Buffer>>) => void;
interface Edit {
  readonly db: SqliteDatabase;
  readonly run: Run;
  /** A row that is under a seal. */
  readonly at: number;
  readonly file: string;
}

function changeRecord({ db, run, at }: Edit): void {
  const rec = (db.get('SELECT rec FROM audit WHERE seq = @at', { at })?.['rec'] as Buffer).toString('utf8');
  run('UPDATE audit SET rec = @rec WHERE seq = @at', { at, rec: Buffer.from(rec.replace('leyla', 'nigar')) });
  run("UPDATE audit SET operator_login = replace(operator_login, 'leyla', 'nigar') WHERE seq = @at", { at });
}
/** Numbers the rows from one place on anew and links them, as the program would have written them. */
function linkFrom({ db, run }: Edit, from: number): void {
  let prev = from === 1 ? chainStart : (db.get('SELECT h FROM audit WHERE seq = @seq', { seq: from - 1 })?.['h'] as Buffer);
  const rows = db.all('SELECT seq, rec FROM audit WHERE seq >= @from ORDER BY seq', { from });
  for (const [index, row] of rows.entries()) {
    const seq = from + index;
    const h = linkHash({ deskId, deskEpoch: 1 }, seq, prev, row['rec'] as Buffer);
    run('UPDATE audit SET seq = @seq, prev = @prev, h = @h WHERE seq = @old', { seq, prev, h, old: Number(row['seq']) });
    prev = h;
  }
}
/** Makes every seal again with the key that lies there now. */
function sealAnew({ db, run, file }: Edit): void {
  const held = createFileSealKeys(file, keyHex).find();
  if (held === null) throw new Error('no key');
  let prev = '0'.repeat(64);
  for (const one of listSeals(db, deskId, 0, 100)) {
    const head = (db.get('SELECT h FROM audit WHERE seq = @seq', { seq: one.upto_seq })?.['h'] as Buffer).toString('hex');
    const forged = { ...one, head, prev, sig: '' };
    const sig = sign(null, Buffer.from(auditSealText(forged)), signingKeyOf(held.seed)).toString('base64url');
    run('UPDATE audit_seal SET head = @head, prev = @prev, sig = @sig WHERE no = @no', {
      head: Buffer.from(head, 'hex'),
      prev: Buffer.from(prev, 'hex'),
      sig,
      no: one.no,
    });
    prev = sealHash({ ...forged, sig });
  }
}

const kinds: Readonly<Record<string, (edit: Edit) => void>> = {
  'a record says something else': changeRecord,
  'a record says something else, chain made whole': (edit) => {
    changeRecord(edit);
    linkFrom(edit, edit.at);
  },
  'a record says something else, chain and seals made anew': (edit) => {
    changeRecord(edit);
    linkFrom(edit, edit.at);
    sealAnew(edit);
  },
  'a row taken out': ({ run, at }) => run('DELETE FROM audit WHERE seq = @at', { at }),
  'a row taken out, chain made whole': (edit) => {
    edit.run('DELETE FROM audit WHERE seq = @at', { at: edit.at });
    linkFrom(edit, edit.at);
  },
  'the end cut off': ({ run, at }) => run('DELETE FROM audit WHERE seq >= @at', { at }),
  'two rows exchanged, chain made whole': (edit) => {
    const { run, at } = edit;
    run('UPDATE audit SET seq = -1 WHERE seq = @at', { at });
    run('UPDATE audit SET seq = @at WHERE seq = @after', { at, after: at + 1 });
    run('UPDATE audit SET seq = @after WHERE seq = -1', { after: at + 1 });
    linkFrom(edit, at);
  },
  'a time changed': ({ run, at }) => run('UPDATE audit SET at_ms = at_ms - 86400000 WHERE seq = @at', { at }),
  'everything linked anew with another first record': (edit) => {
    changeRecord({ ...edit, at: 1 });
    linkFrom(edit, 1);
  },
};

it(`fault 29: each of ${edits} edits of the journal, by somebody who has the file, its key and the program, is found`, async () => {
  const names = Object.keys(kinds);
  const found: Record<string, number> = {};
  for (let index = 0; index < edits; index += 1) {
    const name = names[index % names.length] ?? '';
    const copy = path.join(folder, `edit-${index}`);
    cpSync(path.join(folder, 'whole'), copy, { recursive: true });
    const file = path.join(copy, 'desk.db');
    const db = await open(file);
    const last = Number(db.get('SELECT max(upto_seq) AS seq FROM audit_seal')?.['seq']);
    const at = 2 + Math.floor(fraction() * (last - 3));
    db.transact((tx) => {
      for (const row of db.all("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"))
        tx.run(`DROP TRIGGER ${String(row['name'])}`);
      kinds[name]?.({ db, at, file, run: (sql, values) => void tx.run(sql, values ?? {}) });
    });
    const verdict = await verifyAudit(db, deskId);
    expect(verdict.firstBadSeq, `${name} at ${at} (edit ${index}, seed ${seed})`).not.toBeNull();
    found[name] = (found[name] ?? 0) + 1;
    db.close();
    rmSync(copy, { recursive: true, force: true });
  }
  console.info(`audit-edits ${JSON.stringify({ seed, edits, found })}`);
}, 300_000);
