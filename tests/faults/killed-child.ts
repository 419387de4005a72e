import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Held, Life, Saved } from './eager-registrar.ts';

/**
 * A random moment: `afterMs` after the start, or after so many use cases have answered. Counted in answers and not in time alone, so that a busy
 * machine dies in the same places as an idle one.
 */
export interface Kill {
  readonly afterMs: number;
  readonly since: 'start' | { readonly answers: number };
}
/** A life that has nothing more to say ends too. */
const longestLifeMs = 5000;
export interface Lived {
  readonly isReady: boolean;
  /** Null when it died before it could say. */
  readonly held: Held | null;
  readonly saved: readonly Saved[];
  readonly troubles: readonly string[];
  readonly exitCode: number | null;
}
export interface Child {
  /** Lets it open the desk, kills it at its moment, and answers what it said. */
  live(life: Life, kill: Kill | null): Promise<Lived>;
}

/** A process that has loaded the program and waits for the word to open the desk. */
export function loadChild(folder: string, settingsFile: string, task: 'act' | 'drain'): Child {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'desk-child.ts'), settingsFile, task], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'compiled') },
  });
  let output = '';
  let isReady = false;
  let isDoomed = false;
  let lastResort: NodeJS.Timeout | undefined;
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8');
  return {
    async live(life, kill) {
      const killSoon = (): void => {
        if (kill !== null) setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
      };
      child.stdout.on('data', (text: string) => {
        output += text;
        if (kill === null || isDoomed) return;
        if (!isReady && output.startsWith('ready ')) {
          isReady = true;
          lastResort = setTimeout(() => child.kill('SIGKILL'), longestLifeMs);
        }
        if (kill.since === 'start' || !isReady || output.split('\nsaved ').length - 1 < kill.since.answers) return;
        isDoomed = true;
        killSoon();
      });
      child.stdin.write(JSON.stringify(life));
      if (kill?.since === 'start') killSoon();
      const exitCode = await closed;
      clearTimeout(lastResort);
      // A line without its end was never wholly said.
      const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
      const said = (word: string): unknown[] =>
        lines.filter((line) => line.startsWith(`${word} `)).map((line): unknown => JSON.parse(line.slice(word.length + 1)));
      return {
        isReady,
        held: (said('held')[0] as Held | undefined) ?? null,
        saved: said('saved') as Saved[],
        troubles: said('trouble') as string[],
        exitCode,
      };
    },
  };
}
