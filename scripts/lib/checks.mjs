// The checks that are one command each. A tool that saw no files has checked nothing, so each says how many it read.
import { spawnSync } from 'node:child_process';
import { node24, root, toolEnvironment, tools } from './paths.mjs';
import { listFiles } from './source-stamp.mjs';

const sourceFolders = ['src', 'tests', 'bench'];
const isSource = (file) => /\.tsx?$/u.test(file) && !file.includes('/fixtures/');

function runTool(args) {
  const result = spawnSync(node24, args, { cwd: root, env: toolEnvironment(), encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: result.status ?? 1, output: `${result.stdout}${result.stderr}`.trim() };
}

/** @typedef {{ ok: boolean, detail: string }} Outcome `detail`: one line when ok, the tool's words when not. */

/** TypeScript over every project of the tree. @returns {Outcome} */
export function checkTypes() {
  const { code, output } = runTool([tools.tsc, '-b', '--pretty', 'false']);
  return { ok: code === 0, detail: code === 0 ? 'every project' : output };
}

/** ESLint over the whole checkout. @returns {Outcome} */
export function checkLint({ cached = false } = {}) {
  const cache = cached ? ['--cache', '--cache-location', '.cache/eslint', '--cache-strategy', 'content'] : [];
  const { code, output } = runTool([tools.eslint, '.', '--format', 'json', ...cache]);
  let results;
  try {
    results = JSON.parse(output);
  } catch {
    return { ok: false, detail: output };
  }
  const lines = results.flatMap((result) =>
    result.messages.map((m) => `${result.filePath.slice(root.length + 1)}:${m.line ?? 1}:${m.column ?? 1} ${m.severity === 2 ? 'error' : 'warning'} ${m.message} (${m.ruleId})`),
  );
  const expected = sourceFolders.flatMap((folder) => listFiles(folder, isSource)).length;
  if (results.length < expected) return { ok: false, detail: `ESLint read ${results.length} files; the tree has ${expected}.` };
  const warnings = lines.filter((line) => / warning /u.test(line));
  return { ok: code === 0, detail: code === 0 ? `${results.length} files${warnings.length > 0 ? `, ${warnings.length} warnings\n${warnings.join('\n')}` : ''}` : lines.join('\n') };
}

/** dependency-cruiser: who may import whom. @returns {Outcome} */
export function checkFences() {
  const { output } = runTool([tools.depcruise, ...sourceFolders.filter((folder) => listFiles(folder).length > 0), '--config', '.dependency-cruiser.cjs', '--output-type', 'json']);
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return { ok: false, detail: output };
  }
  const seen = new Set(report.modules.map((module) => module.source));
  const unseen = sourceFolders.flatMap((folder) => listFiles(folder, (file) => isSource(file) && !file.endsWith('.d.ts'))).filter((file) => !seen.has(file));
  if (unseen.length > 0) return { ok: false, detail: `dependency-cruiser did not read ${unseen.length} files: ${unseen.slice(0, 5).join(', ')}` };
  const errors = report.summary.violations.filter((violation) => violation.rule.severity === 'error');
  const lines = errors.map((violation) => {
    const cycle = violation.cycle?.map((step) => step.name).join(' → ');
    return `${violation.rule.name}: ${violation.from} → ${cycle ?? violation.to}`;
  });
  return { ok: lines.length === 0, detail: lines.length === 0 ? `${seen.size} modules` : lines.join('\n') };
}

/** knip: files and packages that nothing uses. @returns {Outcome} */
export function checkUnused() {
  const { code, output } = runTool([tools.knip, '--no-progress']);
  return { ok: code === 0, detail: code === 0 ? 'nothing unused' : output };
}
