import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandDraft } from '../src/core/act/act.ts';
import { openDesk, type OpenDesk } from '../src/core/open-desk.ts';
import { systemClock } from '../src/core/platform/clock.ts';
import { createEventBus } from '../src/core/platform/event-bus.ts';
import { systemRandomness } from '../src/core/platform/randomness.ts';
import { createHttpsTransport } from '../src/core/sync/https-transport.ts';
import type { RegistryReply, RegistryTransport } from '../src/core/sync/transport.ts';
import type { DeskCredentials } from '../src/registry/index.ts';
import { trainingOperators } from '../src/registry/index.ts';
import { succeed } from '../src/shared/platform/result.ts';
import { atMost, median, type Figure } from './bench.ts';
import { openSlowRoad } from './support/slow-road.ts';
import { benchActor, silentLog } from './support/bench-actor.ts';

const actsOfADay = 300;
const runs = 5;
const slowRuns = 3;
const slowBitsPerS = 256_000;

/**
 * The link of a desk with a day's acts comes back: from the moment it is noticed until the last of them is registered, with the receipts of the
 * reference registry (its own process and durable database) checked and stored.
 */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-'));
  const registry = fork(path.join(import.meta.dirname, 'support', 'registry-process.ts'), [], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const started = await new Promise<string>((resolve) => {
    let text = '';
    registry.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (text.includes('\n')) resolve(text);
    });
  });
  const { url, credentials } = JSON.parse(started) as { url: string; credentials: DeskCredentials[] };
  const noticed: number[] = [];
  const returned: number[] = [];
  const slow: number[] = [];
  try {
    for (let run = 0; run <= runs; run += 1) {
      const times = await measure(path.join(folder, `desk-${run}`), url, credentials[run] as DeskCredentials);
      // The first run warms the code up.
      if (run === 0) continue;
      noticed.push(times.sinceNoticedMs);
      returned.push(times.sinceReturnMs);
    }
    for (let run = 0; run < slowRuns; run += 1) {
      const desk = credentials[runs + 1 + run] as DeskCredentials;
      slow.push((await measure(path.join(folder, `slow-${run}`), url, desk, slowBitsPerS)).sinceNoticedMs);
    }
  } finally {
    registry.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    atMost('300 acts after the link is noticed', median(noticed), 'ms', 1000, `longest ${Math.round(Math.max(...noticed))} ms`),
    atMost('300 acts after the link is back', median(returned), 'ms', 5000, `longest ${Math.round(Math.max(...returned))} ms`),
    atMost(
      '300 acts at 256 kbit/s',
      median(slow),
      'ms',
      5000,
      `each way; the feed of the same acts comes beside; longest ${Math.round(Math.max(...slow))} ms`,
    ),
  ];
}

/** The road, with a gate in it. */
function withGate(inner: RegistryTransport): { readonly transport: RegistryTransport; open(): void; noticedAtMs(): number } {
  let isOpen = false;
  let noticedAtMs = 0;
  /** By the probe, or by a request of the feed that was just due. */
  const notice = (): void => {
    if (noticedAtMs === 0) noticedAtMs = performance.now();
  };
  const gone: RegistryReply = { kind: 'failed', reason: 'unreachable', detail: 'ENETUNREACH' };
  return {
    transport: {
      send: async (request) => {
        if (!isOpen) return gone;
        const reply = await inner.send(request);
        if (reply.kind === 'answer') notice();
        return reply;
      },
      probe: async () => {
        const isBack = isOpen && (await inner.probe());
        if (isBack) notice();
        return isBack;
      },
      close: () => inner.close(),
    },
    open: () => {
      isOpen = true;
    },
    noticedAtMs: () => noticedAtMs,
  };
}

async function measure(
  folder: string,
  url: string,
  credentials: DeskCredentials,
  bitsPerS = Infinity,
): Promise<{ readonly sinceNoticedMs: number; readonly sinceReturnMs: number }> {
  const road = bitsPerS === Infinity ? null : await openSlowRoad(Number(new URL(url).port), bitsPerS);
  const gate = withGate(
    createHttpsTransport({
      url: road === null ? url : `https://127.0.0.1:${road.port}`,
      caPem: credentials.registryCaPem,
      certificatePem: credentials.certificatePem,
      keyPem: credentials.privateKeyPem,
    }),
  );
  const opened = await openDesk({
    identity: {
      mode: 'training',
      officeId: credentials.officeId,
      officeCode: 'TLM1',
      officeName: 'Təlim',
      deskId: credentials.deskId,
      deskCode: '01',
      appVersion: '0.1.0',
    },
    databaseFile: path.join(folder, 'desk.db'),
    databaseKeyHex: randomBytes(32).toString('hex'),
    signingKeyPem: credentials.privateKeyPem,
    transport: gate.transport,
    bus: createEventBus(() => undefined),
    clock: systemClock,
    random: systemRandomness,
    log: silentLog,
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  const open = opened.value;
  open.worker.start({ projections: [] });
  for (let act = 0; act < actsOfADay; act += 1) queueRefusal(open);
  await waitFor(() => open.worker.link().state === 'offline');
  gate.open();
  const openedAtMs = performance.now();
  await waitFor(() => open.worker.queue().queued === 0);
  const endMs = performance.now();
  const applied = Number(open.db.get('SELECT count(*) AS n FROM outbox WHERE state = 1')?.['n']);
  await open.close();
  road?.close();
  if (applied !== actsOfADay) throw new Error(`${applied} of ${actsOfADay} registered`);
  return { sinceNoticedMs: endMs - gate.noticedAtMs(), sinceReturnMs: endMs - openedAtMs };
}

async function waitFor(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const leyla = trainingOperators.find(({ login }) => login === 'leyla');

function queueRefusal({ desk }: OpenDesk): void {
  const applicationId = desk.random.uuid();
  const draft: CommandDraft = {
    kind: 'application.refuse',
    payload: {
      applicationId,
      reasonCode: 'M-05',
      note: '',
      invalidityNote: false,
      returnedDocuments: [{ document: 'identity', note: '' }],
      summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
      lookUps: [],
    },
    aggregate: { type: 'application', key: applicationId },
    baseRev: null,
    leaseToken: 0,
  };
  const actor = { ...benchActor, operatorId: leyla?.operatorId ?? '', login: 'leyla', role: 'registrar' as const };
  const done = desk.acts.perform({ commandId: desk.random.uuid(), operation: 'queue', actor, input: null }, () =>
    succeed({ value: null, audit: { act: 'queue', detail: {} }, outbox: [draft] }),
  );
  if (!done.ok) throw new Error(done.failure.code);
}
