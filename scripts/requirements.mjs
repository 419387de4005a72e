// `npm run requirements`: every requirement id of the specification with the passing tests that carry it in their names,
// read from the last `npm test` of this very commit. Exit 2: no such result. Exit 1: a name promises too much.
import { existsSync, readFileSync } from 'node:fs';
import { at } from './lib/paths.mjs';
import { readGitState } from './lib/git-state.mjs';
import { findBadNames, mapIdsToNames, readDefinedIds } from './lib/requirement-ids.mjs';

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

const file = at('.run/last-test.json');
const { commit, clean } = readGitState();
if (commit === undefined) stop('This is not a commit of the repository, so no test result can belong to it.');
if (!clean) stop('The tree differs from its commit. Commit the changes and run npm test first.');
if (!existsSync(file)) stop('There is no test result yet. Run npm test first.');
const last = JSON.parse(readFileSync(file, 'utf8'));
if (last.commit !== commit) stop(`The last test result belongs to commit ${last.commit ?? 'none'}, not to ${commit}. Run npm test first.`);
if (!last.clean) stop('The last test result comes from a tree that differed from its commit. Run npm test again.');

const defined = readDefinedIds();
const names = [...new Set(last.tests.map((test) => test.name))];
const map = mapIdsToNames(names, defined);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(Object.fromEntries(map), null, 2));
} else {
  for (const [id, carriers] of map)
    console.log(`${id}${carriers.length === 0 ? ' none' : ''}${carriers.map((name) => `\n    ${name}`).join('')}`);
  const covered = [...map.values()].filter((carriers) => carriers.length > 0).length;
  console.log(`\n${covered} of ${map.size} ids have a passing test`);
}
const bad = findBadNames([...names, ...last.failures.map((failure) => failure.name)], defined);
if (bad.length > 0) process.stderr.write(`${bad.join('\n')}\n`);
// Not process.exit: a pipe takes the list in pieces, and leaving at once would cut it.
process.exitCode = bad.length === 0 ? 0 : 1;
