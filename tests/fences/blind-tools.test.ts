import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadScript } from './load-script.ts';
import { root } from './run-tool.ts';

interface Outcome {
  readonly ok: boolean;
  readonly detail: string;
}
interface TestOutcome {
  readonly name: string;
  readonly passed: boolean;
  readonly why: string;
}

const { judgeCruise, judgeLint } = await loadScript<{
  judgeCruise(output: string, expected: readonly string[]): Outcome;
  judgeLint(output: string, code: number, expectedCount: number): Outcome;
}>('lib/checks.mjs');
const { readVitestReport, readPlaywrightReport } = await loadScript<{
  readVitestReport(file: string, code: number): TestOutcome[];
  readPlaywrightReport(file: string, code: number): TestOutcome[];
}>('lib/test-reports.mjs');
const { findBrokenLinks, findBadFileNames } = await loadScript<{
  findBrokenLinks(file: string, base: string): string[];
  findBadFileNames(files: readonly string[]): string[];
}>('lib/check-files.mjs');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-blind-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: unknown): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('a tool that saw nothing fails', () => {
  it('dependency-cruiser that read no module fails although it found no violation', () => {
    const outcome = judgeCruise(JSON.stringify({ modules: [], summary: { violations: [] } }), ['src/core/desk.ts']);
    expect(outcome.ok).toBe(false);
    expect(outcome.detail).toContain('did not read 1 files: src/core/desk.ts');
  });

  it('dependency-cruiser that broke off fails with its own words', () => {
    expect(judgeCruise('ERROR: cowardly refusing to run', [])).toEqual({ ok: false, detail: 'ERROR: cowardly refusing to run' });
  });

  it('ESLint that read fewer files than there are fails although it found nothing', () => {
    expect(judgeLint('[]', 0, 3)).toEqual({ ok: false, detail: 'ESLint read 0 files; the tree has 3.' });
  });
});

describe('a test that did not run is a failure', () => {
  const vitest = (status: string): unknown => ({
    testResults: [
      { name: path.join(root, 'src/a.test.ts'), assertionResults: [{ ancestorTitles: ['a'], title: 'b', status, failureMessages: [] }] },
    ],
  });

  it.each(['pending', 'skipped', 'todo', 'failed'])('vitest: %s', (status) => {
    expect(readVitestReport(write('r.json', vitest(status)), 0).map((outcome) => outcome.passed)).toEqual([false]);
  });

  it('vitest: a file that could not be loaded', () => {
    const report = { testResults: [{ name: path.join(root, 'src/a.test.ts'), message: 'no such module', assertionResults: [] }] };
    expect(readVitestReport(write('r.json', report), 1)).toMatchObject([{ passed: false, why: 'no such module' }]);
  });

  it('vitest: an error outside every test', () => {
    expect(readVitestReport(write('r.json', vitest('passed')), 1).filter((outcome) => !outcome.passed)).toHaveLength(1);
  });

  it('vitest: no report at all', () => {
    expect(readVitestReport(path.join(folder, 'none.json'), 134)).toMatchObject([
      { passed: false, why: 'ended with code 134 and no report' },
    ]);
  });

  const playwright = (status: string, last: string): unknown => ({
    config: { rootDir: path.join(root, 'tests/e2e') },
    errors: [],
    suites: [
      {
        title: 'a.e2e.ts',
        suites: [
          { title: 'desk', specs: [{ title: 'opens', file: 'a.e2e.ts', tests: [{ status, results: [{ status: last, errors: [] }] }] }] },
        ],
      },
    ],
  });

  it('playwright: what passed counts, under its whole title', () => {
    expect(readPlaywrightReport(write('r.json', playwright('expected', 'passed')), 0)).toMatchObject([
      { name: 'desk > opens', file: 'tests/e2e/a.e2e.ts', passed: true },
    ]);
  });

  it.each([
    ['skipped', 'skipped'],
    ['flaky', 'passed'],
    ['unexpected', 'timedOut'],
    ['expected', 'failed'],
  ])('playwright: %s after %s', (status, last) => {
    expect(readPlaywrightReport(write('r.json', playwright(status, last)), 0).map((outcome) => outcome.passed)).toEqual([false]);
  });
});

describe('documents and names', () => {
  it('a link that leads nowhere is found, and so is a heading that is gone', () => {
    write('docs/there.md', '# A heading\n');
    const text =
      '[a](there.md) [b](there.md#a-heading) [c](gone.md) [d](there.md#gone) [e](https://example.org/x) `[f](code.md)`\n![g](missing.png)\n';
    write('docs/page.md', text);
    expect(findBrokenLinks('docs/page.md', folder)).toEqual([
      'docs/page.md: gone.md does not exist',
      'docs/page.md: there.md#gone has no such heading',
      'docs/page.md: missing.png does not exist',
    ]);
  });

  it('a link out of the repository is found', () => {
    write('docs/page.md', '[a](../../elsewhere.md)');
    expect(findBrokenLinks('docs/page.md', folder)).toEqual(['docs/page.md: ../../elsewhere.md leaves the repository']);
  });

  it('a file that is not kebab-case is found', () => {
    expect(
      findBadFileNames([
        'src/core/desk.ts',
        'src/core/openDesk.ts',
        'src/renderer/App.tsx',
        'src/core/README.md',
        'src/core/open_desk.ts',
        'src/a/case.permissions.test.ts',
      ]),
    ).toEqual(['src/core/openDesk.ts', 'src/renderer/App.tsx', 'src/core/open_desk.ts']);
  });
});
