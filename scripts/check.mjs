// `npm run check`: what a developer runs before a commit. Types, lint, names, fences and document links; no tests.
import { checkFences, checkLint, checkTypes } from './lib/checks.mjs';
import { checkDocumentLinks, checkFileNames } from './lib/check-files.mjs';
import { prepareOrExit } from './prepare.mjs';

await prepareOrExit('run');
const checks = [
  ['types', checkTypes],
  ['lint', () => checkLint({ cached: true })],
  ['file names', checkFileNames],
  ['fences', checkFences],
  ['document links', checkDocumentLinks],
];
let failed = 0;
for (const [title, check] of checks) {
  const fromMs = performance.now();
  const { ok, detail } = check();
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${title} (${((performance.now() - fromMs) / 1000).toFixed(1)} s)${detail ? `: ${detail}` : ''}`);
}
process.exit(failed === 0 ? 0 : 1);
