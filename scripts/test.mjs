// `npm test`: prepares the machine, runs every check and every test, counts them all, and ends with `N passed, N failed`.
// `npm test -- --only unit|browser|e2e|types|lint|fences|knip|docs` runs one part and leaves no result behind.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { at, tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { checkFences, checkLint, checkTypes, checkUnused } from './lib/checks.mjs';
import { checkDocumentLinks, checkFileNames } from './lib/check-files.mjs';
import { readGitState } from './lib/git-state.mjs';
import { findBadNames, readDefinedIds } from './lib/requirement-ids.mjs';
import { listFiles } from './lib/source-stamp.mjs';
import { readPlaywrightReport, readVitestReport } from './lib/test-reports.mjs';
import { prepareOrExit } from './prepare.mjs';
import { buildScreen } from './build-screen.mjs';

const reports = { unit: at('.run/vitest.json'), browser: at('.run/vitest-browser.json'), e2e: at('.run/playwright.json') };

/** Each single check counts as one test and is named by what it promises. */
const single = (name, check) => async () => {
  const { ok, detail } = await check();
  return { outcomes: [{ name, file: '', passed: ok, why: detail }], note: ok ? detail : '' };
};

async function runVitest(report, args) {
  rmSync(report, { force: true });
  const code = await runOnNode24([tools.vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args]);
  return { outcomes: readVitestReport(report, code), note: '' };
}

async function runEndToEnd() {
  if (!existsSync(at('tests/e2e'))) {
    // Nothing to drive before there is a program; from then on a missing folder is a failure.
    const why = 'tests/e2e is missing though the program can be started';
    return {
      outcomes: existsSync(at('src/main/start.ts')) ? [{ name: 'end-to-end tests exist', file: '', passed: false, why }] : [],
      note: '',
    };
  }
  rmSync(reports.e2e, { force: true });
  const built = await buildScreen();
  if (built !== 0) return { outcomes: [{ name: 'the screen can be built', file: '', passed: false, why: `code ${built}` }], note: '' };
  const code = await runOnNode24([tools.playwright, 'test', '--reporter=list,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reports.e2e } });
  return { outcomes: readPlaywrightReport(reports.e2e, code), note: '' };
}

async function runBrowserTests() {
  if (existsSync(at('vitest.browser.config.ts'))) return runVitest(reports.browser, ['--config', 'vitest.browser.config.ts']);
  const why = 'vitest.browser.config.ts is missing though src/shared/language exists';
  return {
    outcomes: existsSync(at('src/shared/language'))
      ? [{ name: 'the language module is tested in Chromium', file: '', passed: false, why }]
      : [],
    note: '',
  };
}

const steps = [
  { key: 'types', title: 'types', run: single('types: every project compiles', checkTypes) },
  { key: 'lint', title: 'lint', run: single('lint: no rule is broken', () => checkLint()) },
  { key: 'lint', title: 'file names', run: single('names: every file is kebab-case', checkFileNames) },
  { key: 'fences', title: 'fences', run: single('fences: every import is allowed', checkFences) },
  { key: 'knip', title: 'unused', run: single('unused: no file and no package is left over', checkUnused) },
  { key: 'docs', title: 'document links', run: single('documents: every relative link leads somewhere', checkDocumentLinks) },
  { key: 'unit', title: 'unit and integration', run: () => runVitest(reports.unit, []) },
  { key: 'browser', title: 'tests in Chromium', run: runBrowserTests },
  { key: 'e2e', title: 'end to end', run: runEndToEnd },
];

/** Test files on disk from which no runner reported anything: a pattern in a configuration missed them. */
function findFilesThatNeverRan(outcomes) {
  const isTest = (file) => /\.(test|e2e)\.tsx?$/u.test(file) && !file.includes('/fixtures/');
  const seen = new Set(outcomes.map((outcome) => outcome.file));
  return ['src', 'tests', 'bench'].flatMap((folder) => listFiles(folder, isTest)).filter((file) => !seen.has(file));
}

function checkWhole(outcomes) {
  const unseen = findFilesThatNeverRan(outcomes);
  const badNames = findBadNames(
    outcomes.map((outcome) => outcome.name),
    readDefinedIds(),
  );
  return [
    { name: 'every test file was run', file: '', passed: unseen.length === 0, why: `no result from: ${unseen.join(', ')}` },
    { name: 'test names: at most three ids, no range, none invented', file: '', passed: badNames.length === 0, why: badNames.join('\n') },
  ];
}

function seconds(fromMs) {
  return `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;
}

async function main() {
  const args = process.argv.slice(2);
  const only = args[0] === '--only' ? args[1] : undefined;
  if (args.length > 0 && !steps.some((step) => step.key === only)) {
    process.stderr.write(`Usage: npm test [-- --only ${[...new Set(steps.map((step) => step.key))].join('|')}]\n`);
    return 2;
  }
  await prepareOrExit('test');
  mkdirSync(at('.run'), { recursive: true });
  const before = readGitState();
  const startedAtMs = Date.now();
  const outcomes = [];
  for (const step of steps.filter((candidate) => only === undefined || candidate.key === only)) {
    const fromMs = performance.now();
    const { outcomes: found, note } = await step.run();
    outcomes.push(...found);
    const failed = found.filter((outcome) => !outcome.passed).length;
    console.log(
      `${failed === 0 ? 'ok  ' : 'FAIL'} ${step.title}: ${found.length - failed} passed, ${failed} failed, ${seconds(fromMs)}${note ? ` (${note})` : ''}`,
    );
    if (failed > 0) for (const outcome of found.filter((one) => !one.passed && one.file === '')) console.log(outcome.why);
  }
  if (only === undefined) outcomes.push(...checkWhole(outcomes));
  const failures = outcomes.filter((outcome) => !outcome.passed);
  for (const failure of failures)
    console.log(`\nFAILED ${failure.file ? `${failure.file}: ` : ''}${failure.name}\n${failure.why.slice(0, 4000)}`);
  const passed = outcomes.length - failures.length;
  if (only === undefined) {
    const after = readGitState();
    const clean = before.clean && after.clean && before.commit === after.commit;
    const tests = outcomes.filter((outcome) => outcome.passed).map(({ name, file }) => ({ name, file }));
    const result = {
      commit: before.commit,
      clean,
      startedAtMs,
      durationMs: Date.now() - startedAtMs,
      passed,
      failed: failures.length,
      tests,
      failures,
    };
    writeFileSync(at('.run/last-test.json'), `${JSON.stringify(result, null, 1)}\n`);
  }
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exit(await main());
