import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readCheckValue } from '../../../src/card-host/token/check-value.ts';
import { createCodeDeriver, TokenFault } from '../../../src/card-host/token/code-deriver.ts';
import { openPkcs11Token, type Pkcs11Token } from '../../../src/card-host/token/pkcs11-token.ts';
import { openTrainingKey } from '../../../src/card-host/token/training-key.ts';
import { createSoftToken, type SoftToken } from '../../support/soft-token.ts';

let soft: SoftToken;
const opened: Pkcs11Token[] = [];
const open = (changes: { label?: string; pin?: string; modulePath?: string } = {}): Pkcs11Token => {
  const token = openPkcs11Token({
    modulePath: changes.modulePath ?? soft.modulePath,
    label: changes.label ?? soft.label,
    pin: Buffer.from(changes.pin ?? soft.pin),
  });
  opened.push(token);
  return token;
};
/** A process has the module once: the former user is done with it first. */
const closeAll = async (): Promise<void> => {
  for (const token of opened.splice(0)) await token.close();
};
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof TokenFault ? error.code : 'other'),
  );
const pkcs11Tool = (...args: string[]) =>
  spawnSync('pkcs11-tool', ['--module', soft.modulePath, '--token-label', soft.label, '--login', '--pin', soft.pin, ...args], {
    env: { ...process.env, ...soft.environment },
    encoding: 'utf8',
  });

beforeAll(() => {
  soft = createSoftToken();
  process.env['SOFTHSM2_CONF'] = soft.environment.SOFTHSM2_CONF;
});
afterEach(closeAll);
afterAll(() => {
  delete process.env['SOFTHSM2_CONF'];
  soft.remove();
});

describe('the token of the centre', () => {
  it('has no master key before the ceremony, and says so', async () => {
    expect(await codeOf(open().check())).toBe('TOKEN_MISSING');
  });

  it('gets its master key by the key ceremony, with the PIN on the input; a second ceremony changes nothing', () => {
    const ceremony = () =>
      spawnSync(process.execPath, ['src/card-host/token/token-cli.ts', '--module', soft.modulePath, '--label', soft.label], {
        input: `${soft.pin}\n`,
        env: { ...process.env, ...soft.environment },
        encoding: 'utf8',
      });
    const first = ceremony();
    expect([first.status, first.stderr]).toEqual([0, '']);
    const second = ceremony();
    const valueOf = (text: string) => /Yoxlama qiyməti: ((?:[0-9A-F]{4}-){2}[0-9A-F]{4})\n/u.exec(text)?.[1];
    expect(valueOf(first.stdout)).toBeDefined();
    expect(valueOf(second.stdout)).toBe(valueOf(first.stdout));
    expect(first.stdout).toContain('yaradıldı');
    expect(second.stdout).toContain('heç nə dəyişdirilmədi');
  });

  it('holds the master key so that nobody can take it out, seen by a tool that none of us wrote', () => {
    const { stdout } = pkcs11Tool('--list-objects', '--type', 'secrkey');
    expect(stdout).toContain('qeyd-card-master-1');
    expect(stdout).toMatch(/Access:\s+sensitive, always sensitive, never extractable, local/u);
  });

  it('derives the same codes after it was closed and opened again, 40 of them side by side, and the check value is no code', async () => {
    const deriver = createCodeDeriver(open().mac);
    const serials = Array.from({ length: 20 }, (_, index) => `AI${index}`);
    const all = await Promise.all(serials.flatMap((serial) => [deriver.puk(serial), deriver.issuerCode(serial)]));
    expect(new Set(all.map((code) => Buffer.from(code).toString('hex'))).size).toBe(40);
    await closeAll();
    const again = createCodeDeriver(open().mac);
    expect([await again.puk('AI7'), await again.issuerCode('AI7')]).toEqual([all[14], all[15]]);
    expect(await readCheckValue(open().mac)).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/u);
  });

  it('that is not there, has another PIN or another module is told as what it is, and works afterwards', async () => {
    expect(await codeOf(open({ label: 'başqa' }).check())).toBe('TOKEN_MISSING');
    expect(await codeOf(open({ modulePath: '/nowhere/module.so' }).check())).toBe('TOKEN_MISSING');
    expect(await codeOf(open({ pin: '00000000' }).check())).toBe('TOKEN_FAILED');
    expect(await codeOf(open().check())).toBe('done');
  });

  it('with a master key that can be taken out is refused', async () => {
    const other = createSoftToken('other');
    try {
      const made = spawnSync(
        'pkcs11-tool',
        [
          ...['--module', soft.modulePath, '--token-label', 'other', '--login', '--pin', other.pin, '--keygen'],
          ...['--key-type', 'GENERIC:32', '--label', 'qeyd-card-master-1', '--usage-sign', '--extractable'],
        ],
        { env: { ...process.env, ...other.environment }, encoding: 'utf8' },
      );
      expect([made.status, made.stderr]).toEqual([0, expect.any(String)]);
      const child = spawnSync(process.execPath, ['src/card-host/token/token-cli.ts', '--module', soft.modulePath, '--label', 'other'], {
        input: `${other.pin}\n`,
        env: { ...process.env, ...other.environment },
        encoding: 'utf8',
      });
      expect([child.status, child.stderr]).toEqual([1, expect.stringContaining('was not made in this token')]);
    } finally {
      other.remove();
    }
  });
});

describe('the key of a training desk', () => {
  it('is made once, for its owner only, and a damaged one is told', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-training-key-'));
    const file = path.join(folder, 'inner', 'card-key');
    const first = await createCodeDeriver(openTrainingKey(file)).puk('AI1');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await createCodeDeriver(openTrainingKey(file)).puk('AI1')).toEqual(first);
    expect(readFileSync(file)).toHaveLength(32);
    writeFileSync(file, 'short');
    expect(() => openTrainingKey(file)(new Uint8Array())).toThrow(TokenFault);
    rmSync(folder, { recursive: true });
  });
});
