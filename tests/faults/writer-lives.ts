import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Mark } from './numbered-acts.ts';
import type { WriterLife } from './writer-child.ts';

/** Counted in acts that were said, in time since the database was open, or in time since the word to open it. */
export type Death =
  | { readonly since: 'start'; readonly afterMs: number }
  | { readonly since: 'open'; readonly afterMs: number }
  | { readonly since: 'acts'; readonly acts: number };

export interface WriterLived {
  /** Null when it died before it had looked. */
  readonly held: Mark | null;
  readonly lastSaid: number;
  readonly saidCount: number;
  readonly hadTail: boolean;
  /** What it found lost, doubled or in part. */
  readonly bad: readonly string[];
}

export interface WriterChild {
  live(life: WriterLife, death: Death): Promise<WriterLived>;
  /** Ends one that was never told to live. */
  dismiss(): void;
}

/** A life that says nothing ends too, as one that hangs; the figures then lack its acts. */
const longestLifeMs = 20_000;

export function loadWriter(compileCache: string): WriterChild {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'writer-child.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8');
  const kill = (): void => void child.kill('SIGKILL');
  return {
    async live(life, death) {
      let output = '';
      let isOpen = false;
      const lastResort = setTimeout(kill, longestLifeMs);
      child.stdout.on('data', (text: string) => {
        output += text;
        if (!isOpen && /^held /mu.test(output)) {
          isOpen = true;
          if (death.since === 'open') setTimeout(kill, death.afterMs);
        }
        if (death.since === 'acts' && isOpen && output.split('\ndone ').length - 1 >= death.acts) kill();
      });
      child.stdin.write(JSON.stringify(life));
      if (death.since === 'start') setTimeout(kill, death.afterMs);
      const exitCode = await closed;
      clearTimeout(lastResort);
      // A line without its end was never wholly said.
      const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
      const values = (word: string): unknown[] =>
        lines.filter((line) => line.startsWith(`${word} `)).map((line): unknown => JSON.parse(line.slice(word.length + 1)));
      const said = values('done') as number[];
      const bad = (values('bad') as string[][]).flat();
      return {
        held: (values('held')[0] as Mark | undefined) ?? null,
        lastSaid: said.at(-1) ?? life.said,
        saidCount: said.length,
        hadTail: values('tail').length > 0,
        // It never ends by itself.
        bad: exitCode === null ? bad : [...bad, `ended by itself with ${exitCode}`],
      };
    },
    dismiss: kill,
  };
}
