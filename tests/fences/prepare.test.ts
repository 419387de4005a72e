import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadScript } from './load-script.ts';
import { root } from './run-tool.ts';

interface Part {
  readonly package: string;
}
interface Machine {
  readonly isDebianLike: boolean;
  readonly isRoot: boolean;
  readonly hasSudo: boolean;
  readonly name: string;
}
type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'install'; readonly parts: readonly Part[] }
  | { readonly kind: 'stop'; readonly sentence: string };
interface SystemParts {
  decideInstall(missing: readonly Part[], machine: Machine): Decision;
  installLine(parts: readonly Part[], machine: Machine): string;
}

const { decideInstall, installLine } = await loadScript<SystemParts>('lib/system-parts.mjs');
const container: Machine = { isDebianLike: true, isRoot: true, hasSudo: false, name: 'Debian GNU/Linux 12 (bookworm)' };
const lacking: readonly Part[] = [{ package: 'qpdf' }, { package: 'strace' }];

describe('what is done about missing system programs', () => {
  it('nothing is missing: nothing is done, whoever and wherever it is', () => {
    for (const machine of [container, { ...container, isRoot: false }, { ...container, isDebianLike: false }]) {
      expect(decideInstall([], machine)).toEqual({ kind: 'nothing' });
    }
  });

  it('root on Debian: they are installed', () => {
    expect(decideInstall(lacking, container)).toEqual({ kind: 'install', parts: lacking });
  });

  it('anybody else on Debian gets one line to type, without sudo where there is none', () => {
    const line = 'apt-get update && apt-get install -y --no-install-recommends qpdf strace';
    const withSudo = 'sudo apt-get update && sudo apt-get install -y --no-install-recommends qpdf strace';
    const person = { ...container, isRoot: false };
    expect(decideInstall(lacking, person)).toEqual({ kind: 'stop', sentence: `This machine lacks: qpdf, strace. Type: su -c '${line}'` });
    expect(decideInstall(lacking, { ...person, hasSudo: true })).toEqual({
      kind: 'stop',
      sentence: `This machine lacks: qpdf, strace. Type: ${withSudo}`,
    });
    expect(installLine(lacking, container)).toBe(line);
  });

  it('another system is named, and nothing is installed there even by root', () => {
    expect(decideInstall(lacking, { ...container, isDebianLike: false, name: 'Fedora Linux 43' })).toEqual({
      kind: 'stop',
      sentence: 'This machine (Fedora Linux 43) lacks: qpdf, strace. Install them and try again.',
    });
  });
});

describe('the installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-apt-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs it with programs that write down how they were called; `body` decides how apt-get ends. */
  function install(body: string): { readonly done: boolean; readonly calls: readonly string[] } {
    const log = path.join(folder, 'calls');
    for (const name of ['apt-get', 'dpkg']) {
      const script = `#!/bin/sh\nprintf '%s %s [%s]\\n' ${name} "$*" "$DEBIAN_FRONTEND" >> '${log}'\n${name === 'apt-get' ? body : 'exit 0'}\n`;
      writeFileSync(path.join(folder, name), script, { mode: 0o700 });
    }
    const module = pathToFileURL(path.join(root, 'scripts/lib/system-parts.mjs')).href;
    const program = `const { installParts } = await import('${module}'); process.exit(installParts([{ package: 'qpdf' }]) ? 0 : 1);`;
    const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` };
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' });
    return { done: status === 0, calls: readFileSync(log, 'utf8').trimEnd().split('\n') };
  }
  const options = '-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Options::=--force-confold';
  const update = `apt-get ${options} update [noninteractive]`;
  const add = `apt-get ${options} install -y --no-install-recommends qpdf [noninteractive]`;

  it('fetches the lists first, waits for a held lock and asks nothing', () => {
    expect(install('exit 0')).toEqual({ done: true, calls: [update, add] });
  });

  it('lists that cannot be fetched do not stop it: there may be old ones', () => {
    expect(install('case "$*" in *update) exit 100;; esac')).toEqual({ done: true, calls: [update, add] });
  });

  it('finishes what an interrupted installation left, tries once more, and then says so', () => {
    const failed = install('exit 100');
    expect(failed.done).toBe(false);
    expect(failed.calls).toEqual([update, add, 'dpkg --configure -a --force-confold [noninteractive]', update, add]);
  });
});
