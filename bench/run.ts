import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMet, type Bench, type Figure } from './bench.ts';

/**
 * `npm run bench [-- --json] [name …]`: runs every bench/*.bench.ts (or those whose file name contains a given word), one after the other. With
 * `--json` prints `{name: {value, unit, limit, ratio}}` and nothing else. Ends with 1 when a figure falls short.
 */
type Measured = Readonly<Record<string, { readonly value: number; readonly unit: string; readonly limit: string; readonly ratio: number }>>;
interface BenchModule {
  readonly bench: Bench;
  /** The other form: figures by name with the demand in words, `ratio ≥ 5`. */
  readonly measure: () => Promise<Measured>;
}

const args = process.argv.slice(2);
const isJson = args.includes('--json');
const words = args.filter((arg) => !arg.startsWith('--'));
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts') && (words.length === 0 || words.some((word) => name.includes(word))))
  .sort();
const figures: Figure[] = [];
const failures: string[] = [];
for (const file of files) {
  if (!isJson) process.stdout.write(`\n${file.replace('.bench.ts', '')}\n`);
  try {
    const module = (await import(pathToFileURL(path.join(import.meta.dirname, file)).href)) as Partial<BenchModule>;
    for (const figure of await run(module)) {
      figures.push(figure);
      if (!isJson) process.stdout.write(`${describe(figure)}\n`);
    }
  } catch (error) {
    failures.push(file);
    process.stderr.write(`${file} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
if (isJson) {
  const byName = Object.fromEntries(
    figures.map(({ name, value, unit, limit, ratio }) => [name, { value: rounded(value), unit, limit, ratio: rounded(ratio) }]),
  );
  process.stdout.write(`${JSON.stringify(byName, null, 2)}\n`);
} else {
  const short = figures.filter((figure) => !isMet(figure));
  process.stdout.write(
    `\n${figures.length - short.length} met, ${short.length} short${failures.length > 0 ? `, ${failures.length} did not run` : ''}\n`,
  );
}
// Native workers and keep-alive sockets of a bench must not hold the run open.
process.exit(failures.length > 0 || figures.some((figure) => !isMet(figure)) ? 1 : 0);

async function run(module: Partial<BenchModule>): Promise<readonly Figure[]> {
  if (module.bench !== undefined) return module.bench();
  if (module.measure === undefined) throw new Error('exports neither bench nor measure');
  return Object.entries(await module.measure()).map(([name, { value, unit, limit, ratio }]) => {
    const [, what = '', sign = '≥', number = '0'] = /^(ratio )?([≥≤]) ([\d.]+)/.exec(limit) ?? [];
    const demand =
      what !== '' || sign !== '≤' ? (what === '' && limit.startsWith('≥') ? 'value at least' : 'ratio at least') : 'value at most';
    return { name, value, unit, limit: Number(number), ratio, demand, note: limit };
  });
}

function describe(figure: Figure): string {
  const demanded =
    figure.demand === 'ratio at least'
      ? `ratio ${rounded(figure.ratio)} (at least ${figure.limit})`
      : `${figure.demand.slice(6)} ${figure.limit}`;
  return `  ${isMet(figure) ? 'ok   ' : 'SHORT'} ${figure.name.padEnd(36)} ${String(rounded(figure.value)).padStart(10)} ${figure.unit.padEnd(12)} ${demanded}${figure.note === undefined ? '' : `; ${figure.note}`}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
