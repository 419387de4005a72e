import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layOutFixture, runTool, type ToolRun } from './run-tool.ts';

interface FileReport {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string; readonly severity: number }[];
}

const configs = [
  'eslint.config.js',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tests/tsconfig.json',
  ...['shared', 'core', 'main', 'preload', 'renderer', 'registry', 'training'].map((folder) => `src/${folder}/tsconfig.json`),
];

/** Every file of the fixture that breaks a rule, the one rule it breaks, and words of the message that name the remedy. */
const expected: readonly (readonly [file: string, rule: string, words: string])[] = [
  ['src/core/alone.test.ts', 'no-restricted-syntax', 'Nothing is skipped'],
  ['src/core/builds-sql.ts', 'no-restricted-syntax', 'SQL is never put together'],
  ['src/core/floating-promise.ts', '@typescript-eslint/no-floating-promises', 'Promises must be awaited'],
  ['src/core/four-hundred.ts', 'length/look', 'one reason to change'],
  ['src/core/imports-electron.ts', 'no-restricted-imports', 'starts a download'],
  ['src/core/joins-sql.ts', 'no-restricted-syntax', 'SQL is never put together'],
  ['src/core/planned.test.ts', 'no-restricted-syntax', 'Nothing is skipped'],
  ['src/core/prints.ts', 'no-console', 'Unexpected console'],
  ['src/core/silenced.ts', 'house/suppressions', 'Say why'],
  ['src/core/six-hundred.ts', 'max-lines', 'Maximum allowed is 600'],
  ['src/core/skipped.test.ts', 'no-restricted-syntax', 'Nothing is skipped'],
  ['src/renderer/conditional-hook.tsx', 'react-hooks/rules-of-hooks', 'called conditionally'],
  ['src/shared/any.ts', '@typescript-eslint/no-explicit-any', 'Unexpected any'],
  ['src/shared/commented-out.ts', 'house/comments', 'commented out'],
  ['src/shared/default-export.ts', 'no-restricted-syntax', 'No default exports'],
  ['src/shared/enum.ts', 'no-restricted-syntax', 'No enums'],
  ['src/shared/formats-by-intl.ts', 'no-restricted-syntax', 'src/shared/language'],
  ['src/shared/interface-prefix.ts', 'no-restricted-syntax', 'No I prefix'],
  ['src/shared/prints-locale-date.ts', 'no-restricted-syntax', 'src/shared/language'],
  ['src/shared/sorts-by-locale.ts', 'no-restricted-syntax', 'src/shared/language'],
  ['src/shared/todo.ts', 'house/comments', 'Name the issue'],
  ['src/shared/unused-silence.ts', 'null', 'Unused eslint-disable'],
  ['tests/e2e/uses-click.e2e.ts', 'no-restricted-syntax', 'type like a person'],
  ['tests/e2e/uses-evaluate.e2e.ts', 'no-restricted-syntax', 'type like a person'],
  ['tests/e2e/uses-fill.e2e.ts', 'no-restricted-syntax', 'type like a person'],
];

const clean = [
  'src/main/electron/main.ts',
  'src/shared/clean.ts',
  'src/shared/compares-tables.node.test.ts',
  'src/shared/todo-with-issue.ts',
  'tests/e2e/types.e2e.ts',
];

describe('lint fences', () => {
  let run: ToolRun;
  let byFile: Map<string, FileReport['messages']>;
  let remove = (): void => {};

  beforeAll(() => {
    const laidOut = layOutFixture('lint', configs);
    remove = laidOut.remove;
    run = runTool('eslint/bin/eslint.js', ['src', 'tests', '--format', 'json'], laidOut.folder);
    const reports = JSON.parse(run.stdout) as FileReport[];
    byFile = new Map(reports.map((report) => [path.relative(laidOut.folder, report.filePath).split(path.sep).join('/'), report.messages]));
  });

  afterAll(() => {
    remove();
  });

  it.each(expected)('%s breaks exactly the rule %s', (file, rule, words) => {
    const messages = byFile.get(file) ?? [];
    expect(messages.map((message) => String(message.ruleId))).toEqual([rule]);
    expect(messages[0]!.message).toContain(words);
  });

  it.each(clean)('%s breaks no rule', (file) => {
    expect(byFile.get(file)).toEqual([]);
  });

  it('every file of the fixture was judged, and the tool failed', () => {
    expect([...byFile.keys()].sort()).toEqual([...expected.map(([file]) => file), ...clean].sort());
    expect(run.code).toBe(1);
  });
});
