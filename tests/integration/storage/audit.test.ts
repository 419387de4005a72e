import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import { connect } from '../../../src/core/storage/connection.ts';
import { loadSqlite } from '../../../src/core/storage/native.ts';
import { createTestDesk, testActor, type TestDesk } from '../../support/test-desk.ts';

let desk: TestDesk;
const rows = 40;

beforeEach(async () => {
  desk = await createTestDesk();
  for (let index = 1; index <= rows; index += 1) {
    desk.acts.record(testActor, () => ({ value: null, audit: { act: `act.${index}`, applicationId: 'a', detail: { index } } }));
  }
});
afterEach(() => desk.close());

/** Changes the file as an administrator with the key and no conscience would: without the program, triggers dropped. */
async function forge(sql: string): Promise<void> {
  desk.stop();
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, path.join(desk.folder, 'desk.db'), desk.databaseKeyHex);
  connection.exec('DROP TRIGGER audit_never_updated; DROP TRIGGER audit_never_deleted');
  connection.exec(sql);
  connection.close();
  desk = await createTestDesk({ restartOf: desk });
}

const verdict = () => verifyAudit(desk.db, desk.identity.deskId);

describe('the audit chain', () => {
  it('holds as it was written', async () => {
    await expect(verdict()).resolves.toMatchObject({ rows, firstBadSeq: null });
  });

  it.each([
    ['a changed record', "UPDATE audit SET rec = CAST(replace(CAST(rec AS TEXT), 'act.17', 'act.99') AS BLOB) WHERE seq = 17", 17],
    ['a changed column', "UPDATE audit SET operator_login = 'baska' WHERE seq = 5", 5],
    ['a changed time', 'UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 40', 40],
    ['a removed row', 'DELETE FROM audit WHERE seq = 23', 23],
    ['a removed first row', 'DELETE FROM audit WHERE seq = 1', 1],
    [
      'two rows exchanged',
      'UPDATE audit SET seq = -1 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 9; UPDATE audit SET seq = 9 WHERE seq = -1',
      8,
    ],
    ['a changed hash', 'UPDATE audit SET h = zeroblob(32) WHERE seq = 12', 12],
    ['a record that is no JSON', "UPDATE audit SET rec = CAST('?' AS BLOB) WHERE seq = 3", 3],
  ])('names the first bad row: %s', async (_name, sql, firstBadSeq) => {
    await forge(sql);
    await expect(verdict()).resolves.toMatchObject({ rows: firstBadSeq - 1, firstBadSeq });
  });

  it('belongs to one desk: the same rows are no chain of another', async () => {
    await expect(verifyAudit(desk.db, 'desk-02')).resolves.toMatchObject({ rows: 0, firstBadSeq: 1 });
  });

  it('is verified from the command line while the desk runs, with an exit code', async () => {
    const secrets = { 'database-key': Buffer.from(desk.databaseKeyHex, 'hex').toString('base64') };
    writeFileSync(path.join(desk.folder, 'secrets.json'), JSON.stringify(secrets));
    const configPath = path.join(desk.folder, 'desk.json');
    writeFileSync(configPath, JSON.stringify({ desk: { id: desk.identity.deskId }, dataFolder: '.' }));
    const output = `The audit chain of desk-01 holds: ${rows} rows; 0 seals up to row 0; countersigned up to row 0.\n`;
    expect(await runCli('--config', configPath)).toEqual({ code: 0, output });
    await forge('UPDATE audit SET h = zeroblob(32) WHERE seq = 12');
    expect(await runCli('--config', configPath)).toMatchObject({
      code: 1,
      output: expect.stringContaining('the first bad row is 12') as string,
    });
    writeFileSync(path.join(desk.folder, 'key'), 'ff'.repeat(32));
    expect(await runCli('--config', configPath, '--key-file', path.join(desk.folder, 'key'))).toMatchObject({ code: 2 });
  });
});

function runCli(...args: string[]): Promise<{ code: number; output: string }> {
  const script = path.join(import.meta.dirname, '../../../src/core/audit/verify-cli.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout });
    });
  });
}
