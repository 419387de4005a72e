import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Everything a run of the end-to-end tests puts on the disk (programs, their templates, temporary files, profiles of Chromium) lies in one
 * folder, which goes with the run however it ends. What a test leaves behind there, a process or a mount, makes the run fail.
 */
const variable = 'QEYD_E2E_RUN';

/** The folder of this run; outside a run of Playwright one of the process's own, deleted when it ends. */
export function runFolder(): string {
  const known = process.env[variable];
  if (known !== undefined) return known;
  const folder = openRunFolder();
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}

function openRunFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qeyd-e2e-run-'));
  process.env[variable] = folder;
  return folder;
}

// eslint-disable-next-line no-restricted-syntax -- Playwright takes the set-up of a run from a default export only.
export default function begin(): () => Promise<void> {
  const folder = openRunFolder();
  // The workers, their programs and Chromium take it over.
  process.env['TMPDIR'] = folder;
  return async () => {
    const left = await listLeft(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    if (left.length > 0) throw new Error(`The run left behind:\n${left.join('\n')}`);
  };
}

/** What still stands after the last test: processes that work in the folder, mounts below it, folders that nobody deleted. */
async function listLeft(folder: string): Promise<string[]> {
  // A browser and its helpers need a moment to end after they were told to.
  for (let waits = 0; waits < 50 && listProcesses(folder).length > 0; waits += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  const processes = listProcesses(folder).map(({ pid, words }) => {
    process.kill(pid, 'SIGKILL');
    return `process ${String(pid)} ${words}`;
  });
  const mounts = existsSync('/proc/mounts')
    ? readFileSync('/proc/mounts', 'utf8')
        .split('\n')
        .filter((line) => line.includes(` ${folder}/`))
    : [];
  return [
    ...processes,
    ...mounts,
    ...readdirSync(folder)
      .filter((name) => !isTemplate(name))
      .map((name) => describe(join(folder, name))),
  ];
}

/** With what lies in it, which tells who made it. */
function describe(place: string): string {
  const inside = statSync(place).isDirectory() ? readdirSync(place, { recursive: true }).slice(0, 20) : [];
  return inside.length === 0 ? place : `${place}: ${inside.join(', ')}`;
}

/** Each worker makes one and cannot know which of its tests is the last that copies it. */
export const templatePrefix = 'template-';
const isTemplate = (name: string): boolean => name.startsWith(templatePrefix);

/** Processes other than this one that name the folder in their words, in TMPDIR, or work in it. */
function listProcesses(folder: string): { readonly pid: number; readonly words: string }[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const words = read(() => readFileSync(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      const place = read(() => readlinkSync(`/proc/${name}/cwd`)) + read(() => readFileSync(`/proc/${name}/environ`, 'utf8'));
      // A process that has ended and waits for its parent has no words any more.
      return words !== '' && (words.includes(folder) || place.includes(folder)) ? [{ pid: Number(name), words: words.slice(0, 200) }] : [];
    });
}

function read(from: () => string): string {
  try {
    return from();
  } catch {
    return '';
  }
}
