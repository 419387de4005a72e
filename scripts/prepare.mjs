// Brings a bare checkout to the state in which the project's own programs can run: locked packages, Node 24, system
// programs, and one try at Electron's binary. Plain Node 20, no packages. A second run finds everything and installs nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { at, findElectron, node24, root } from './lib/paths.mjs';
import { decideInstall, installLine, installParts, missingParts, readMachine } from './lib/system-parts.mjs';

/** Something only the person at the machine can add. Ends the command with code 2 and one sentence. */
export class MissingPart extends Error {
  name = 'MissingPart';
}

const stampFile = at('node_modules/.qeyd-stamp');
const electronOutcomeFile = at('.cache/electron-outcome.json');
const electronTryMs = 20_000;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
}

/** True when somebody already ran `npm ci` for this lock: npm's own record of what it installed agrees with it. */
function isInstalledFromLock() {
  const installed = readJson(at('node_modules/.package-lock.json'))?.packages;
  const locked = readJson(at('package-lock.json'))?.packages;
  if (installed === undefined || locked === undefined) return false;
  return Object.entries(locked).every(([name, entry]) => {
    if (name === '' || !name.startsWith('node_modules/')) return true;
    const found = installed[name];
    if (found !== undefined) return found.version === entry.version && found.link === entry.link;
    // Another system's binaries, and entries npm keeps in a lock without ever installing them.
    return Boolean(entry.optional || entry.devOptional || entry.extraneous);
  });
}

/** True when the tree in node_modules is the one the lock describes. Costs one hash. */
export function hasPackages() {
  if (!existsSync(stampFile)) return false;
  return readFileSync(stampFile, 'utf8').trim() === lockHash();
}

/** True when Node 24 in the version the lock names can be started. */
export function hasNode24() {
  return existsSync(node24) && existsSync(at('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node'));
}

function run(command, args, cwd, env = {}) {
  // npm is a script on Windows and needs a shell there; the arguments are all our own.
  const options = { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32', env: { ...process.env, ...env } };
  return spawnSync(command, args, options).status === 0;
}

function preparePackages() {
  if (hasPackages()) return;
  if (!isInstalledFromLock()) {
    say('Installing the locked packages (npm ci); this takes a minute the first time.');
    rmSync(stampFile, { force: true });
    // Scripts of packages do not run: only Node's own is needed, and it follows below.
    // Its warnings about the Node that runs npm are silenced: everything installed runs on the project's Node 24.
    if (!run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root)) {
      throw new MissingPart('The locked packages could not be installed. Check the network and type: npm ci');
    }
  }
  try {
    writeFileSync(stampFile, `${lockHash()}\n`);
  } catch {
    // Somebody else owns the folder: the stamp only saves the comparison next time.
  }
}

function prepareNode24() {
  if (hasNode24()) return;
  say('Installing Node 24 (package "node").');
  const done = run(npm, ['rebuild', 'node', '--loglevel=error'], root);
  if (!done || !hasNode24()) throw new MissingPart('Node 24 could not be installed. Check the network and type: npm rebuild node');
}

/** Native links to card and token: packages the program does without, so a machine that cannot build them still gets a desk. */
const cardLinks = [
  { name: 'smartcard', binary: 'node_modules/smartcard/build/Release/smartcard_napi.node' },
  { name: 'pkcs11js', binary: 'node_modules/pkcs11js/build/Release/pkcs11.node' },
];
const cardLinksOutcomeFile = at('.cache/card-links.json');

/** Names of the native links that are not built. */
export function missingCardLinks() {
  return cardLinks.filter(({ binary }) => !existsSync(at(binary))).map(({ name }) => name);
}

/** What happened the one time the links were built for this lock without being demanded, or undefined. */
function readCardLinksOutcome() {
  const outcome = readJson(cardLinksOutcomeFile);
  return outcome?.lock === lockHash() ? outcome : undefined;
}

/**
 * Builds the links to the card service and to PKCS#11 tokens. The tests demand them; a desk starts without them, tries once for a
 * lock, and its diagnostics page says what is missing.
 */
function prepareCardLinks(purpose) {
  if (missingCardLinks().length === 0) return;
  const isDemanded = purpose === 'test';
  if (!isDemanded && (purpose === 'run' || readCardLinksOutcome() !== undefined)) return;
  say('Building the links to smart cards and tokens (packages "smartcard" and "pkcs11js").');
  // N-API: what is built against one Node runs on the other, so the headers of the system's own Node do.
  const headers = existsSync('/usr/include/node/node_api.h') ? { npm_config_nodedir: '/usr' } : {};
  for (const name of missingCardLinks()) run(npm, ['rebuild', name, '--loglevel=error'], root, headers);
  const left = missingCardLinks();
  if (left.length === 0) return;
  if (isDemanded) throw new MissingPart(`The links to cards could not be built. See what is wrong with: npm rebuild ${left.join(' ')}`);
  mkdirSync(at('.cache'), { recursive: true });
  writeFileSync(cardLinksOutcomeFile, `${JSON.stringify({ lock: lockHash(), left, triedAtMs: Date.now() })}\n`);
  say(`${left.join(' and ')} could not be built; the desk works without real card readers. To try again: npm rebuild ${left.join(' ')}`);
}

function prepareSystem(purpose, options) {
  const decision = decideInstall(missingParts(purpose, options), readMachine());
  if (decision.kind === 'nothing') return;
  if (decision.kind === 'stop') throw new MissingPart(decision.sentence);
  say(`Installing system packages: ${decision.parts.map((part) => part.package).join(', ')}.`);
  const done = installParts(decision.parts);
  const left = missingParts(purpose, options);
  if (!done || left.length > 0) {
    throw new MissingPart(`The system packages could not be installed. Type: ${installLine(left.length > 0 ? left : decision.parts)}`);
  }
}

/** What happened the one time Electron's binary was fetched, or undefined when it was not tried for this version. */
export function readElectronOutcome() {
  const outcome = readJson(electronOutcomeFile);
  return outcome?.version === readJson(at('node_modules/electron/package.json'))?.version ? outcome : undefined;
}

/** Runs Electron's own installer for at most `limitMs`, then ends it and everything it started. */
function fetchElectron(limitMs) {
  return new Promise((resolve) => {
    const ownGroup = process.platform !== 'win32';
    const child = spawn(process.execPath, [at('node_modules/electron/install.js')], { stdio: 'ignore', detached: ownGroup });
    let reason = '';
    const timer = setTimeout(() => {
      reason = `not there after ${limitMs / 1000} s`;
      if (ownGroup) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    }, limitMs);
    const finish = (text) => {
      clearTimeout(timer);
      resolve(findElectron() === undefined ? reason || text : '');
    };
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code) => finish(`its installer ended with code ${code}`));
  });
}

/** One try per version, remembered; never on a build server. Not having Electron is no failure: the browser shell takes over. */
export async function prepareElectron(limitMs = electronTryMs) {
  if (findElectron() !== undefined || process.env.CI === 'true' || readElectronOutcome() !== undefined) return;
  say(`Fetching Electron once, for at most ${limitMs / 1000} s.`);
  const reason = await fetchElectron(limitMs);
  const version = readJson(at('node_modules/electron/package.json'))?.version;
  mkdirSync(at('.cache'), { recursive: true });
  const outcome = { version, outcome: reason === '' ? 'fetched' : 'failed', reason, triedAtMs: Date.now() };
  writeFileSync(electronOutcomeFile, `${JSON.stringify(outcome)}\n`);
  if (reason !== '') say(`Electron could not be fetched (${reason}); the browser shell is used. To try again: npx install-electron`);
}

/**
 * Makes the checkout ready for `purpose`. Throws MissingPart with the sentence to show.
 * @param {'start' | 'test' | 'run'} purpose `run` needs the packages and Node 24 only
 * @param {{ check?: boolean }} [options] `check`: start opens a page even without a display
 */
export async function prepare(purpose, options = {}) {
  // What only the person can add is said before a minute is spent on installing; start must first know whether there is Electron.
  if (purpose === 'test') prepareSystem(purpose, options);
  preparePackages();
  prepareNode24();
  prepareCardLinks(purpose);
  if (purpose !== 'start') return;
  await prepareElectron();
  prepareSystem(purpose, options);
}

/** `prepare`, ending the process with code 2 and the sentence when a part is missing. */
export async function prepareOrExit(purpose, options = {}) {
  try {
    await prepare(purpose, options);
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error;
    say(error.message);
    process.exit(2);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await prepareOrExit('test');
