// System programs the project uses, how to recognise each by a file (fast: no package manager is asked), and what installs it.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { findElectron } from './paths.mjs';

const browsers = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  darwin: ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: [
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
  ],
};

/** Path of the browser that shows the screen where there is no Electron, or undefined. @public */
export function findBrowser() {
  const named = process.env.QEYD_CHROMIUM;
  return [...(named ? [named] : []), ...(browsers[process.platform] ?? [])].find((file) => existsSync(file));
}

/** PostgreSQL keeps its programs in a folder named by its version. */
function findInitdb() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  return readdirSync(base)
    .map((version) => path.join(base, version, 'bin/initdb'))
    .find((file) => existsSync(file));
}

/** The driver lies where the C library of the machine's kind keeps its libraries. */
function findVirtualReader() {
  const driver = 'pcsc/drivers/serial/libifdvpcd.so';
  const folders = ['/usr/lib', ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.includes('-linux-')) : [])];
  return folders.map((folder) => path.resolve('/usr/lib', folder, driver)).find((found) => existsSync(found));
}

function file(...candidates) {
  return () => candidates.find((candidate) => existsSync(candidate));
}

/** `for`: which command cannot do without it. */
export const systemParts = [
  { package: 'chromium', what: 'the browser that shows the screen and runs its tests', find: findBrowser, for: ['start', 'test'] },
  { package: 'cups', what: 'the print server', find: file('/usr/sbin/cupsd'), for: ['test'] },
  { package: 'cups-client', what: 'lp and lpstat', find: file('/usr/bin/lp'), for: ['test'] },
  { package: 'cups-filters', what: 'the print filters', find: file('/usr/lib/cups/filter/pdftopdf'), for: ['test'] },
  {
    package: 'printer-driver-cups-pdf',
    what: 'a print queue that writes PDF',
    find: file('/usr/lib/cups/backend/cups-pdf'),
    for: ['test'],
  },
  { package: 'poppler-utils', what: 'pdftotext and pdftoppm', find: file('/usr/bin/pdftotext'), for: ['test'] },
  { package: 'qpdf', what: 'the PDF structure check', find: file('/usr/bin/qpdf'), for: ['test'] },
  { package: 'openssl', what: 'the independent certificate check', find: file('/usr/bin/openssl'), for: ['test'] },
  { package: 'postgresql', what: 'the second database of the registry', find: findInitdb, for: ['test'] },
  { package: 'strace', what: 'the trace of system calls', find: file('/usr/bin/strace'), for: ['test'] },
  { package: 'pcscd', what: 'the smart-card service', find: file('/usr/sbin/pcscd'), for: ['test'] },
  { package: 'vsmartcard-vpcd', what: 'the virtual card reader', find: findVirtualReader, for: ['test'] },
  {
    package: 'libpcsclite-dev',
    what: 'what the link to the card service is built against',
    find: file('/usr/include/PCSC/winscard.h'),
    for: ['test'],
  },
  {
    package: 'iproute2',
    what: "the network of a test's own card service",
    find: file('/usr/sbin/ip', '/sbin/ip', '/bin/ip'),
    for: ['test'],
  },
  { package: 'opensc', what: 'the independent card tools', find: file('/usr/bin/pkcs15-tool'), for: ['test'] },
  { package: 'softhsm2', what: 'a PKCS#11 token in software', find: file('/usr/bin/softhsm2-util'), for: ['test'] },
  { package: 'g++', what: 'the compiler of the links to card and token', find: file('/usr/bin/g++', '/usr/local/bin/g++'), for: ['test'] },
  { package: 'make', what: 'what runs the compiler', find: file('/usr/bin/make', '/usr/local/bin/make'), for: ['test'] },
  {
    package: 'python3',
    what: 'what describes the build of the links',
    find: file('/usr/bin/python3', '/usr/local/bin/python3'),
    for: ['test'],
  },
];

/** True when packages of this system are installed by apt-get. */
function isDebianLike() {
  return process.platform === 'linux' && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** True when a window can be opened. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** Parts `purpose` needs and the machine lacks. With Electron, or with no window to open, `start` needs no browser. */
export function missingParts(purpose, { check = false } = {}) {
  return systemParts.filter((part) => {
    if (!part.for.includes(purpose)) return false;
    if (purpose === 'start' && (findElectron() !== undefined || (!check && !hasDisplay()))) return false;
    return part.find() === undefined;
  });
}

/** Waits for another package manager, tries a broken download again, and keeps what somebody changed in a configuration file. */
const aptOptions = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', '-o', 'Dpkg::Options::=--force-confold'];
/** No question is asked, no service is restarted behind somebody's back, and messages are in plain English for the one who looks them up. */
const aptEnvironment = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', LC_ALL: 'C.UTF-8' };

/** What this machine is, as far as installing goes. */
export function readMachine() {
  return {
    isDebianLike: isDebianLike(),
    isRoot: isRoot(),
    hasSudo: file('/usr/bin/sudo', '/usr/local/bin/sudo')() !== undefined,
    name: systemName(),
  };
}

/** The one line a person types to get `parts`; root needs nobody's leave, and a bare Debian has no sudo. */
export function installLine(parts, { isRoot: root, hasSudo } = readMachine()) {
  const [update, install] = ['apt-get update', `apt-get install -y --no-install-recommends ${parts.map((part) => part.package).join(' ')}`];
  if (root) return `${update} && ${install}`;
  return hasSudo ? `sudo ${update} && sudo ${install}` : `su -c '${update} && ${install}'`;
}

/**
 * What is to be done about the parts a machine lacks.
 * @returns {{ kind: 'nothing' } | { kind: 'install', parts: object[] } | { kind: 'stop', sentence: string }}
 * @public
 */
export function decideInstall(missing, machine) {
  if (missing.length === 0) return { kind: 'nothing' };
  const names = missing.map((part) => part.package).join(', ');
  if (!machine.isDebianLike)
    return { kind: 'stop', sentence: `This machine (${machine.name}) lacks: ${names}. Install them and try again.` };
  if (!machine.isRoot) return { kind: 'stop', sentence: `This machine lacks: ${names}. Type: ${installLine(missing, machine)}` };
  return { kind: 'install', parts: missing };
}

/**
 * Installs `parts` as root with apt-get; false when it did not work. Output goes to stderr. A bare container has no package lists, so they are
 * fetched first; old ones do when that fails. What an interrupted installation left is finished before the one more try.
 */
export function installParts(parts) {
  const run = (command, args) =>
    spawnSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, ...aptEnvironment } }).status === 0;
  const install = () => {
    run('apt-get', [...aptOptions, 'update']);
    return run('apt-get', [...aptOptions, 'install', '-y', '--no-install-recommends', ...parts.map((part) => part.package)]);
  };
  return install() || (run('dpkg', ['--configure', '-a', '--force-confold']) && install());
}

/** Name of the system for messages. */
function systemName() {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/mu.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}
