// The checks that are one command each. A tool that saw no files has checked nothing, so each says how many it read.
import { spawnSync } from 'node:child_process';
import { node24, root, toolEnvironment, tools } from './paths.mjs';
import { listFiles } from './source-stamp.mjs';

const sourceFolders = ['src', 'tests', 'bench'];
const isSource = (file) => /\.tsx?$/u.test(file) && !file.includes('/fixtures/');

function runTool(args) {
  const result = spawnSync(node24, args, { cwd: root, env: toolEnvironment(), encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: result.status ?? 1, stdout: result.stdout.trim(), output: `${result.stdout}${result.stderr}`.trim() };
}

/** @typedef {{ ok: boolean, detail: string }} Outcome `detail`: one line when ok, the tool's words when not. */

/** TypeScript over every project of the tree. @returns {Outcome} */
export function checkTypes() {
  const { code, output } = runTool([tools.tsc, '-b', '--pretty', 'false']);
  return { ok: code === 0, detail: code === 0 ? 'every project' : output };
}

/** Judges ESLint's JSON report; fewer files than `expectedCount` is a failure whatever it found. @returns {Outcome} @public */
export function judgeLint(output, code, expectedCount) {
  let results;
  try {
    results = JSON.parse(output);
  } catch {
    return { ok: false, detail: output };
  }
  if (results.length < expectedCount) return { ok: false, detail: `ESLint read ${results.length} files; the tree has ${expectedCount}.` };
  const lines = results.flatMap((result) =>
    result.messages.map((message) => {
      const where = `${result.filePath.slice(root.length + 1)}:${message.line ?? 1}:${message.column ?? 1}`;
      return `${where} ${message.severity === 2 ? 'error' : 'warning'}: ${message.message} (${message.ruleId ?? 'eslint'})`;
    }),
  );
  if (code !== 0) return { ok: false, detail: lines.join('\n') };
  return { ok: true, detail: [`${results.length} files, ${lines.length} warnings`, ...lines].join('\n') };
}

/** ESLint over the whole checkout. @returns {Outcome} */
export function checkLint({ cached = false } = {}) {
  const cache = cached ? ['--cache', '--cache-location', '.cache/eslint', '--cache-strategy', 'content'] : [];
  const { code, stdout, output } = runTool([tools.eslint, '.', '--format', 'json', ...cache]);
  return judgeLint(stdout === '' ? output : stdout, code, sourceFolders.flatMap((folder) => listFiles(folder, isSource)).length);
}

/** Judges dependency-cruiser's JSON report; a file of `expected` it did not read is a failure. @returns {Outcome} @public */
export function judgeCruise(output, expected) {
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return { ok: false, detail: output };
  }
  const seen = new Set(report.modules.map((module) => module.source));
  const unseen = expected.filter((file) => !seen.has(file));
  if (unseen.length > 0)
    return { ok: false, detail: `dependency-cruiser did not read ${unseen.length} files: ${unseen.slice(0, 5).join(', ')}` };
  const errors = report.summary.violations.filter((violation) => violation.rule.severity === 'error');
  const lines = errors.map((violation) => {
    const cycle = violation.cycle?.map((step) => step.name).join(' → ');
    return `${violation.rule.name}: ${violation.from} → ${cycle ?? violation.to}`;
  });
  return { ok: lines.length === 0, detail: lines.length === 0 ? `${seen.size} modules` : lines.join('\n') };
}

/** dependency-cruiser: who may import whom. @returns {Outcome} */
export function checkFences() {
  const folders = sourceFolders.filter((folder) => listFiles(folder, isSource).length > 0);
  const { stdout, output } = runTool([tools.depcruise, ...folders, '--config', '.dependency-cruiser.cjs', '--output-type', 'json']);
  const expected = folders.flatMap((folder) => listFiles(folder, (file) => isSource(file) && !file.endsWith('.d.ts')));
  return judgeCruise(stdout === '' ? output : stdout, expected);
}

/** knip: files and packages that nothing uses. @returns {Outcome} */
export function checkUnused() {
  const { code, output } = runTool([tools.knip, '--no-progress']);
  return { ok: code === 0, detail: code === 0 ? 'nothing unused' : output };
}
