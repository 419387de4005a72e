import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './run-tool.ts';

/** Written in two parts, so that the names of these tests carry no id. */
const id = (number: string): string => `SIM-${number}`;

let folder = '';
let commit = '';

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  return spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).stdout.trim();
}

function requirements(...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/requirements.mjs', ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

function writeResult(result: {
  readonly commit?: string;
  readonly clean?: boolean;
  readonly names?: readonly string[];
  readonly failed?: readonly string[];
}): void {
  mkdirSync(path.join(folder, '.run'), { recursive: true });
  const named = (names: readonly string[]): readonly { name: string }[] => names.map((name) => ({ name }));
  const whole = {
    commit: result.commit ?? commit,
    clean: result.clean ?? true,
    tests: named(result.names ?? []),
    failures: named(result.failed ?? []),
  };
  writeFileSync(path.join(folder, '.run/last-test.json'), JSON.stringify(whole));
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-requirements-'));
  cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true });
  mkdirSync(path.join(folder, 'docs/spec'), { recursive: true });
  const lines = ['01', '02', '03', '04'].map((number) => `- **${id(number)}** a step`);
  writeFileSync(path.join(folder, 'docs/spec/procedures.md'), `${lines.join('\n')}\n`);
  writeFileSync(path.join(folder, '.gitignore'), '.run/\n');
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'Begin');
  commit = git('rev-parse', 'HEAD');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('npm run requirements', () => {
  it('lists every id with the passing tests that carry it, as JSON', () => {
    writeResult({ names: [`${id('01')} ${id('03')}: opens`, `${id('01')}: again`] });
    const { code, stdout } = requirements('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      [id('01')]: [`${id('01')} ${id('03')}: opens`, `${id('01')}: again`],
      [id('02')]: [],
      [id('03')]: [`${id('01')} ${id('03')}: opens`],
      [id('04')]: [],
    });
  });

  it('gives the whole list into a pipe whose reader is slow, far beyond what a pipe holds', () => {
    const names = Array.from({ length: 4000 }, (_, index) => `${id('01')}: works on a day like any other, ${index}`);
    writeResult({ names });
    const command = `'${process.execPath}' scripts/requirements.mjs --json | (sleep 1; cat)`;
    const { stdout } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(stdout.length).toBeGreaterThan(3 * 64 * 1024);
    expect((JSON.parse(stdout) as Record<string, string[]>)[id('01')]).toEqual(names);
  });

  it('ends with 2 and a sentence when npm test was never run', () => {
    expect(requirements()).toMatchObject({ code: 2, stderr: 'There is no test result yet. Run npm test first.\n' });
  });

  it('ends with 2 when the result belongs to another commit', () => {
    writeResult({ commit: '0'.repeat(40) });
    expect(requirements().code).toBe(2);
    expect(requirements().stderr).toContain('belongs to commit 000');
  });

  it('ends with 2 when the tree differs from its commit, also by a new file', () => {
    writeResult({});
    writeFileSync(path.join(folder, 'new.ts'), '');
    expect(requirements()).toMatchObject({ code: 2 });
    expect(requirements().stderr).toContain('Commit the changes');
  });

  it('ends with 2 when the tests ran on a tree that differed from its commit', () => {
    writeResult({ clean: false });
    expect(requirements().code).toBe(2);
  });

  it('ends with 1 and names the test whose name carries four ids, passing or not', () => {
    const name = ['01', '02', '03', '04'].map(id).join(' ');
    writeResult({ failed: [name] });
    const { code, stderr } = requirements('--json');
    expect(code).toBe(1);
    expect(stderr).toContain(`"${name}" carries 4 ids`);
  });

  it('a test that failed proves nothing', () => {
    writeResult({ failed: [`${id('01')}: opens`] });
    expect((JSON.parse(requirements('--json').stdout) as Record<string, string[]>)[id('01')]).toEqual([]);
  });
});
