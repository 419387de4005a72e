import { randomBytes, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditSealText } from '../../../src/shared/registry-api/audit-seal.ts';
import { appendAudit, linkHash, chainStart, readAuditHead } from '../../../src/core/audit/chain.ts';
import { createFileSealKeys, nextSeed, publicKeyOf, signingKeyOf, type SealKeyStore } from '../../../src/core/audit/seal-keys.ts';
import { listSeals, sealAudit, sealHash } from '../../../src/core/audit/seals.ts';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import { openDatabase } from '../../../src/core/storage/open-database.ts';
import { openReader } from '../../../src/core/storage/open-reader.ts';
import type { SqliteDatabase } from '../../../src/core/storage/sqlite-database.ts';

const keyHex = '4d'.repeat(32);
const deskId = 'telim-1-01';
let folder: string;
let file: string;
let db: SqliteDatabase;
let nowMs = 1_790_000_000_000;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-seals-'));
  file = path.join(folder, 'desk.db');
  const opened = await openDatabase({ file, keyHex, clock: { nowMs: () => nowMs } });
  if (!opened.ok) throw new Error(opened.failure.code);
  db = opened.value;
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const entryOf = (act: string, detail: Readonly<Record<string, string>>) => ({
  atMs: (nowMs += 1),
  monoMs: 1,
  bootId: 'boot',
  act,
  operatorId: '',
  operatorLogin: 'leyla',
  role: 'registrar',
  authMethod: '',
  sessionId: '',
  applicationId: '',
  commandId: '',
  detail,
});
function write(count: number, act = 'application.refuse', detail: Readonly<Record<string, string>> = { note: 'bir' }): void {
  db.transact((tx) => {
    for (let index = 0; index < count; index += 1) appendAudit(tx, { deskId, deskEpoch: 1 }, entryOf(act, detail));
  });
}
const keys = (): SealKeyStore => createFileSealKeys(file, keyHex);
const seal = (isAll: boolean, held: SealKeyStore = keys()): number =>
  sealAudit({ db, deskId, keys: held, nowMs: () => nowMs, noteBegun: (key) => write(1, 'audit.seals_begun', { key }) }, isAll);
const verdict = () => verifyAudit(db, deskId);

/** What somebody does who holds the file, its key and the program: the triggers are no obstacle to him. */
function tamper(work: (run: (sql: string, values?: Record<string, number | string | Buffer>) => void) => void): void {
  db.transact((tx) => {
    for (const table of ['audit_seal', 'audit_seal_anchor']) {
      tx.run(`DROP TRIGGER ${table}_is_final`);
      tx.run(`DROP TRIGGER ${table}_stays`);
    }
    tx.run('DROP TRIGGER audit_never_updated');
    tx.run('DROP TRIGGER audit_never_deleted');
    work((sql, values) => void tx.run(sql, values ?? {}));
  });
}
/** Says something else in one row and makes the chain whole again from there. */
function rewriteFrom(seq: number, run: (sql: string, values?: Record<string, number | string | Buffer>) => void): void {
  let prev = seq === 1 ? chainStart : (db.get('SELECT h FROM audit WHERE seq = @seq', { seq: seq - 1 })?.['h'] as Buffer);
  for (const row of db.all('SELECT seq, rec FROM audit WHERE seq >= @seq ORDER BY seq', { seq })) {
    const place = Number(row['seq']);
    const text = (row['rec'] as Buffer).toString('utf8');
    const rec = Buffer.from(place === seq ? text.replace('bir', 'iki') : text);
    const h = linkHash({ deskId, deskEpoch: 1 }, place, prev, rec);
    run('UPDATE audit SET rec = @rec, prev = @prev, h = @h WHERE seq = @place', { rec, prev, h, place });
    prev = h;
  }
}

describe('seals over the audit chain', () => {
  it('cover every hundred of rows, and the rest when it is time', async () => {
    write(99);
    expect(seal(false)).toBe(0);
    write(150);
    expect(seal(false)).toBe(1);
    write(230);
    expect(seal(false)).toBe(2);
    expect(await verdict()).toMatchObject({ firstBadSeq: null, seals: 3, sealedUptoSeq: 450, rows: 480 });
    expect(seal(true)).toBe(1);
    expect(seal(true)).toBe(0);
    expect(await verdict()).toMatchObject({ seals: 4, sealedUptoSeq: 480, firstBadSeq: null });
    const reader = await openReader(file, keyHex);
    if (!reader.ok) throw new Error(reader.failure.code);
    // Read row after row, as the maintenance process does.
    expect(await verifyAudit(reader.value, deskId)).toEqual(await verdict());
    reader.value.close();
  });

  it('fault 29: show an old record that was written anew, though the chain was computed again', async () => {
    write(150);
    seal(true);
    write(150);
    seal(true);
    tamper((run) => rewriteFrom(50, run));
    expect(await verdict()).toMatchObject({ firstBadSeq: 1 });
  });

  it('fault 29: show one that was written anew between two seals by the rows that are under the second', async () => {
    write(149);
    seal(true);
    write(150);
    seal(true);
    tamper((run) => rewriteFrom(250, run));
    expect(await verdict()).toMatchObject({ firstBadSeq: 151, rows: 150 });
  });

  it('fault 29: cannot be made again with the key that is there now', async () => {
    write(150);
    seal(true);
    write(150);
    seal(true);
    const held = keys().find();
    if (held === null) throw new Error('no key');
    // The key of the seals that were made is not there, nor anything that it follows from.
    const made = listSeals(db, deskId, 0, 10);
    const later = Array.from({ length: 3 }, (_, step) => {
      let seed = held.seed;
      for (let n = 0; n < step; n += 1) seed = nextSeed(seed);
      return publicKeyOf(signingKeyOf(seed)).toString('hex');
    });
    for (const one of made) expect(later).not.toContain(one.key);
    expect(made.at(-1)?.next_key).toBe(later[0]);
    tamper((run) => {
      rewriteFrom(50, run);
      let prev = '0'.repeat(64);
      for (const one of made) {
        const head = Buffer.from(db.get('SELECT h FROM audit WHERE seq = @seq', { seq: one.upto_seq })?.['h'] as Uint8Array).toString(
          'hex',
        );
        const forged = { ...one, head, prev, sig: '' };
        const signed = { ...forged, sig: sign(null, Buffer.from(auditSealText(forged)), signingKeyOf(held.seed)).toString('base64url') };
        run('UPDATE audit_seal SET head = @head, prev = @prev, sig = @sig WHERE no = @no', {
          head: Buffer.from(head, 'hex'),
          prev: Buffer.from(prev, 'hex'),
          sig: signed.sig,
          no: one.no,
        });
        prev = sealHash(signed);
      }
    });
    expect(await verdict()).toMatchObject({ firstBadSeq: 1 });
  });

  it('fault 29: show rows that were cut off, seals that were taken out, and a series that begins without a word', async () => {
    write(150);
    seal(true);
    write(150);
    seal(true);
    write(150);
    seal(true);
    tamper((run) => run('DELETE FROM audit WHERE seq > 400'));
    expect(await verdict()).toMatchObject({ firstBadSeq: 401 });
    db.transact((tx) => tx.run('DELETE FROM audit_seal WHERE no = 2'));
    expect(await verdict()).toMatchObject({ firstBadSeq: 152 });
    db.transact((tx) => tx.run('UPDATE audit_seal SET no = 2, begins = 1 WHERE no = 3'));
    expect((await verdict()).firstBadSeq).toBe(152);
  });

  it('begin anew, and say so, when the key was lost with the machine', async () => {
    write(150);
    seal(true);
    rmSync(`${file}.seal-key`);
    write(150);
    seal(true);
    expect(db.all("SELECT seq FROM audit WHERE act = 'audit.seals_begun'")).toHaveLength(2);
    expect(await verdict()).toMatchObject({ firstBadSeq: null, seals: 2, sealedUptoSeq: 302 });
    // A key file that is not ours is no key.
    writeFileSync(`${file}.seal-key`, randomBytes(256));
    write(100);
    seal(true);
    expect(await verdict()).toMatchObject({ firstBadSeq: null, seals: 3 });
  });

  it.each(['begun', 'new key', 'sealed', 'half a key'])(
    'killed after %s go on with the next call, and nothing is sealed twice',
    async (where) => {
      const isLater = where === 'sealed' || where === 'half a key';
      write(150);
      if (isLater) {
        seal(true);
        write(250);
      }
      const before = isLater ? readFileSync(`${file}.seal-key`) : Buffer.alloc(0);
      const held = keys();
      const dying: SealKeyStore = {
        find: () => held.find(),
        replace: (next) => {
          if (where === 'new key') held.replace(next);
          throw new Error('killed');
        },
      };
      expect(() => seal(true, dying)).toThrow('killed');
      if (where === 'half a key') {
        // The free place was being written when the machine stopped.
        const torn = Buffer.concat([before]);
        const free = torn.subarray(0, 4).equals(Buffer.from('QSK1')) ? 128 : 0;
        torn.write('QSK1', free, 'latin1');
        writeFileSync(`${file}.seal-key`, torn);
      }
      write(150);
      expect(seal(true)).toBeGreaterThan(0);
      expect(await verdict()).toMatchObject({ firstBadSeq: null, sealedUptoSeq: readAuditHead(db).seq });
      expect(db.all('SELECT 1 FROM audit_seal WHERE begins = 1')).toHaveLength(1);
    },
  );

  it('leave no earlier key in file or database', () => {
    write(150);
    seal(true);
    const first = keys().find()?.seed ?? Buffer.alloc(32);
    write(150);
    seal(true);
    expect(keys().find()?.no).toBe(4);
    // One place of the two holds the present key, the other nothing.
    const bytes = readFileSync(`${file}.seal-key`);
    const places = [bytes.subarray(0, 128), bytes.subarray(128)];
    expect(places.filter((place) => place.every((byte) => byte === 0))).toHaveLength(1);
    expect(
      keys()
        .find()
        ?.seed.equals(nextSeed(nextSeed(first))),
    ).toBe(true);
    expect(
      db.all('SELECT * FROM audit_seal').some((row) => Object.values(row).some((value) => first.equals(Buffer.from(String(value))))),
    ).toBe(false);
  });
});
