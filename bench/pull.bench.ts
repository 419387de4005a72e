import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Projection } from '../src/core/desk.ts';
import { createHttpsTransport } from '../src/core/sync/https-transport.ts';
import { provisionDesk, provisionRegistry } from '../src/registry/index.ts';
import { exampleApplication } from '../src/shared/rules/example-application.ts';
import { atLeast, atMost, median, type Figure } from './bench.ts';
import { openBenchCore } from './support/bench-core.ts';

const runs = 3;

/** Reference data: one row for each change, as the operator record or a price list would be. */
const lightProjection: Projection = {
  entities: ['reference'],
  onChange: (tx, change) => {
    tx.run('INSERT INTO settings(name, value) VALUES (@name, @value) ON CONFLICT(name) DO UPDATE SET value = excluded.value', {
      name: change.id,
      value: JSON.stringify(change.body),
    });
    return [];
  },
};

/**
 * A desk that knows nothing follows the feed to its end over mutual TLS: pages are checked by their schema, applied once each in durable
 * encrypted transactions with their cursor, beside a clock that looks how long the core's loop is held.
 */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-'));
  try {
    const light = await measure(folder, 'reference', '{"code":"{{id}}","words":"sınaq {{n}}","price":{{n}}}', 10_000);
    const cases = await measure(folder, 'application', JSON.stringify(caseBody()), 2000);
    return [
      atLeast('pull of 10,000 changes', light.rate, 'rows/s', 10_000, light.note),
      atMost('pull: longest hold of the core', light.holdMs, 'ms', 50, light.holdNote),
      atLeast('pull of 2,000 whole cases', cases.rate, 'cases/s', 500, `${cases.note}; each with its acts, search terms and state`),
      atMost('pull of cases: longest hold', cases.holdMs, 'ms', 50, cases.holdNote),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, entity: string, body: string, count: number): Promise<Measured> {
  const registryFolder = path.join(folder, 'registry');
  const paths = await provisionRegistry(registryFolder);
  const credentials = await provisionDesk(registryFolder, { deskId: `desk-${entity}`, officeId: 'B1' });
  const bodyPath = path.join(folder, `${entity}.json`);
  writeFileSync(bodyPath, body);
  const feed = fork(
    path.join(import.meta.dirname, 'support', 'feed-registry.ts'),
    [paths.serverKey, paths.server, paths.deskCa, bodyPath, entity, String(count)],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const port = await new Promise<string>((resolve) => feed.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim())));
  const rates: number[] = [];
  const ofProcessor: number[] = [];
  const holds: { readonly processorMs: number; readonly wallMs: number }[] = [];
  try {
    for (let run = 0; run <= runs; run += 1) {
      const transport = createHttpsTransport({
        url: `https://127.0.0.1:${port}`,
        caPem: credentials.registryCaPem,
        certificatePem: credentials.certificatePem,
        keyPem: credentials.privateKeyPem,
      });
      const core = await openBenchCore(path.join(folder, `${entity}-${run}`), { transport, projections: [lightProjection] });
      const loop = watchLoop();
      const cpuFrom = process.threadCpuUsage();
      const fromMs = performance.now();
      while (Number(core.db.get('SELECT cursor FROM sync_state')?.['cursor']) < count)
        await new Promise((resolve) => setTimeout(resolve, 5));
      const rate = (count * 1000) / (performance.now() - fromMs);
      const cpu = process.threadCpuUsage(cpuFrom);
      const held = loop.end();
      const known = Number(core.db.get('SELECT count(*) AS n FROM entity_revs')?.['n']);
      const deferred = Number(core.db.get('SELECT count(*) AS n FROM inbox_deferred')?.['n']);
      await core.close();
      if (known !== count || deferred > 0) throw new Error(`${known} of ${count} known, ${deferred} put aside`);
      // The first run warms the code up.
      if (run === 0) continue;
      rates.push(rate);
      ofProcessor.push((count * 1_000_000) / (cpu.user + cpu.system));
      holds.push(held);
    }
  } finally {
    feed.kill();
  }
  return {
    rate: median(rates),
    note: `${Math.round(median(ofProcessor))} for a second of the core's thread`,
    holdMs: Math.max(...holds.map(({ processorMs }) => processorMs)),
    holdNote: `work of the core's thread between two turns of its loop; by the wall clock ${Math.round(Math.max(...holds.map(({ wallMs }) => wallMs)))} ms`,
  };
}

interface Measured {
  readonly rate: number;
  readonly note: string;
  readonly holdMs: number;
  readonly holdNote: string;
}

/**
 * The longest hold of the loop between two of its turns: by the wall clock, which other programs on the machine lengthen, and by what this thread
 * itself worked meanwhile.
 */
function watchLoop(): { end(): { readonly processorMs: number; readonly wallMs: number } } {
  const stepMs = 5;
  const workedMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = { wallMs: performance.now(), workedMs: workedMs() };
  const longest = { processorMs: 0, wallMs: 0 };
  const timer = setInterval(() => {
    const now = { wallMs: performance.now(), workedMs: workedMs() };
    longest.wallMs = Math.max(longest.wallMs, now.wallMs - last.wallMs - stepMs);
    longest.processorMs = Math.max(longest.processorMs, now.workedMs - last.workedMs);
    last = now;
  }, stepMs);
  return {
    end: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

function caseBody(): object {
  const act = (kind: string, at: number) => ({
    commandId: `0197b${at}00-0000-7000-8000-000000000000`.slice(0, 36),
    kind,
    atMs: 1_770_000_000_000 + at,
    occurredAtMs: 1_770_000_000_000 + at,
    operatorLogin: 'leyla',
    role: 'registrar',
    deskId: 'desk-2',
    note: '',
  });
  return {
    applicationId: '{{id}}',
    officeId: 'B1',
    deskId: 'desk-2',
    state: 'CONTRACT',
    data: exampleApplication('K1'),
    filedAtMs: 1_770_000_000_000,
    sentAtMs: 1_770_000_100_000,
    certificates: [],
    userId: '',
    activationAttempts: 0,
    refusal: null,
    attachments: [],
    lease: null,
    acts: [act('application.send', 100)],
  };
}
