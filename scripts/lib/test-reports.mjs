// Reads what the test runners wrote. A test that was skipped or never ran is a failure here.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** @typedef {{ name: string, file: string, passed: boolean, why: string }} TestOutcome */

function readReport(file, runner, code) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  return { missing: [{ name: `${runner} writes its report`, file: '', passed: false, why: `ended with code ${code} and no report` }] };
}

const relative = (file) => path.relative(root, file).split(path.sep).join('/');

/** @returns {TestOutcome[]} */
export function readVitestReport(file, code) {
  const report = readReport(file, 'vitest', code);
  if (report.missing) return report.missing;
  const outcomes = report.testResults.flatMap((suite) => {
    const where = relative(suite.name);
    if (suite.assertionResults.length === 0)
      return [{ name: `${where} can be loaded`, file: where, passed: false, why: suite.message || 'it holds no test' }];
    return suite.assertionResults.map((test) => ({
      name: [...test.ancestorTitles, test.title].filter(Boolean).join(' > '),
      file: where,
      passed: test.status === 'passed',
      why:
        test.status === 'failed'
          ? test.failureMessages.join('\n')
          : `it was ${test.status}; nothing may be skipped. ${suite.message ?? ''}`.trim(),
    }));
  });
  // Unhandled errors and failing hooks end vitest with a code though every test passed.
  if (code !== 0 && outcomes.every((outcome) => outcome.passed)) {
    outcomes.push({
      name: 'vitest ends without an error of its own',
      file: '',
      passed: false,
      why: `code ${code}; its output above says why`,
    });
  }
  return outcomes;
}

function* walkSpecs(suite, titles) {
  for (const spec of suite.specs ?? []) yield { spec, titles };
  for (const inner of suite.suites ?? []) yield* walkSpecs(inner, [...titles, inner.title]);
}

/** @returns {TestOutcome[]} */
export function readPlaywrightReport(file, code) {
  const report = readReport(file, 'playwright', code);
  if (report.missing) return report.missing;
  const outcomes = [];
  for (const fileSuite of report.suites) {
    for (const { spec, titles } of walkSpecs(fileSuite, [])) {
      const where = relative(path.resolve(report.config.rootDir, spec.file));
      for (const test of spec.tests) {
        const last = test.results.at(-1);
        const messages = (last?.errors ?? []).map((error) => error.message ?? '').join('\n');
        outcomes.push({
          name: [...titles, spec.title].join(' > '),
          file: where,
          passed: test.status === 'expected' && last?.status === 'passed',
          why: messages || `it was ${test.status}; nothing may be skipped or pass only on a second try`,
        });
      }
    }
  }
  for (const error of report.errors ?? [])
    outcomes.push({ name: 'playwright loads every end-to-end test', file: '', passed: false, why: error.message ?? '' });
  if (code !== 0 && outcomes.every((outcome) => outcome.passed)) {
    outcomes.push({ name: 'playwright ends without an error of its own', file: '', passed: false, why: `code ${code}` });
  }
  return outcomes;
}
