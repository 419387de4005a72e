// `npm run doctor`: what this machine has and lacks, and what to type. Changes nothing. Exit 2 when something needed is missing.
import { existsSync, readdirSync } from 'node:fs';
import { at, findElectron } from './lib/paths.mjs';
import { hasDisplay, installLine, systemParts } from './lib/system-parts.mjs';
import { hasNode24, hasPackages, missingCardLinks, readElectronOutcome } from './prepare.mjs';

let missing = 0;
function report(good, subject, otherwise) {
  if (!good) missing += 1;
  console.log(good ? `good     ${subject}` : `missing  ${subject}: ${otherwise}`);
}
/** Something the program does without. */
function note(subject, sentence) {
  console.log(`note     ${subject}: ${sentence}`);
}

/** The names of copies say when they were made; what is inside needs the key. */
function lastBackupOf(folder) {
  const times = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => /^desk\.db\.v\d+\.(\d+)$/u.exec(name)?.slice(1).map(Number) ?? [])
    : [];
  if (times.length === 0) return 'none yet; the program makes one every night, or after the start when it missed the night';
  return `${times.length}, the newest of ${new Date(Math.max(...times)).toISOString()}; npm run desk:drill tries it`;
}

const major = Number(process.versions.node.split('.')[0]);
report(major >= 20, `Node ${process.versions.node} to begin with`, 'install Node 20 or newer from your system or nodejs.org');
report(existsSync(at('package-lock.json')), 'package-lock.json', 'type: git checkout package-lock.json');
report(
  hasPackages() || existsSync(at('node_modules/.package-lock.json')),
  'locked packages',
  'type: npm ci (npm start and npm test do it too)',
);
report(hasNode24(), 'Node 24 of the project', 'type: npm rebuild node (npm start and npm test do it too)');
const unlinked = missingCardLinks();
if (unlinked.length === 0) report(true, 'links to smart cards and tokens', '');
else
  note(
    'links to smart cards and tokens',
    `not built (${unlinked.join(', ')}); a desk starts without them. Type: npm rebuild ${unlinked.join(' ')}`,
  );
for (const part of systemParts) {
  report(
    part.find() !== undefined,
    `${part.package}, ${part.what} (for npm ${part.for.join(' and npm ')})`,
    `type: ${installLine([part])}`,
  );
}
if (findElectron() !== undefined) report(true, 'Electron', '');
else {
  const outcome = readElectronOutcome();
  const tried = outcome === undefined ? 'not tried yet; npm start tries once' : `tried once: ${outcome.reason}`;
  note('Electron', `not here (${tried}); the browser shell is used. To fetch it type: npx install-electron`);
}
note('backups of the training desk', lastBackupOf(at('.run/training/desk/backups')));
note('display', hasDisplay() ? 'there is one; npm start opens a window' : 'there is none; npm start prints the address to open');
console.log(missing === 0 ? '\nNothing needed is missing.' : `\n${missing} needed ${missing === 1 ? 'part is' : 'parts are'} missing.`);
process.exit(missing === 0 ? 0 : 2);
