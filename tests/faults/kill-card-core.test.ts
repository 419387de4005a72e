import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asanIdProfile } from '../../src/card-host/profile/asan-id/profile.ts';
import type { Channel } from '../../src/shared/platform/ports.ts';
import type { Envelope } from '../../src/shared/registry-api/envelope.ts';
import { isProving } from '../support/counts.ts';
import { startInProcessHost, type InProcessHost } from '../support/cards/in-process-host.ts';
import { playRegistry, serialOf, type PlayedRegistry } from '../support/cards/personalisation-desk.ts';
import { putCard, readerName, type ReaderWithCard } from '../support/cards/reader-with-card.ts';
import { withCard } from '../support/cards/card-maker.ts';

let registry: PlayedRegistry;
const folders: string[] = [];
beforeAll(async () => {
  registry = await playRegistry();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Stand {
  readonly place: ReaderWithCard;
  readonly host: InProcessHost;
  readonly folder: string;
  readonly keyHex: string;
}
interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly outcome?: {
    readonly state: string;
    readonly turns: number;
    readonly reports: number;
    readonly envelopeNumber: string;
    readonly envelopes: readonly { readonly number: string; readonly state: string }[];
  };
}
type FromChild =
  | { readonly kind: 'card'; readonly message: unknown }
  | { readonly kind: 'ask'; readonly id: number; readonly envelope: Envelope }
  | { readonly kind: 'end'; readonly outcome: NonNullable<Ended['outcome']> };

function stand(): Stand {
  const place = putCard();
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-card-core-'));
  folders.push(folder);
  registry.claims.clear();
  return { place, host: startInProcessHost(place.readers), folder, keyHex: randomBytes(32).toString('hex') };
}

/** One life of the core; card, card host and registry go on without it. */
function live({ place, host, folder, keyHex }: Stand, dieAt: number): Promise<Ended> {
  const child = fork(path.join(import.meta.dirname, 'card-core-child.ts'), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  let onCard: (message: unknown) => void = () => undefined;
  let onGone: () => void = () => undefined;
  host.serve(
    channelTo(
      child,
      (listener) => (onCard = listener),
      (listener) => (onGone = listener),
    ),
  );
  let outcome: Ended['outcome'];
  child.on('message', (message: FromChild) => {
    if (message.kind === 'card') onCard(message.message);
    else if (message.kind === 'end') outcome = message.outcome;
    else
      void registry.answer(message.envelope).then((answer) => {
        if (child.connected) child.send({ kind: 'answer', id: message.id, outcome: answer });
      });
  });
  child.send({ kind: 'life', life: { folder, keyHex, chipSerial: place.card.state.serialHex, readerName, dieAt } });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      onGone();
      if (signal === null && code !== 0) reject(new Error(`the life ended with ${String(code)}`));
      else resolve({ signal, ...(outcome === undefined ? {} : { outcome }) });
    });
  });
}

function channelTo(
  child: ChildProcess,
  hear: (listener: (message: unknown) => void) => void,
  hearEnd: (listener: () => void) => void,
): Channel {
  return {
    send: (message) => {
      if (child.connected) child.send({ kind: 'card', message: message as object });
    },
    onMessage: hear,
    onClose: hearEnd,
    close: () => undefined,
  };
}

/** The codes of the envelope open the card that lies with it. */
async function expectEnvelopeOpens({ place, host }: Stand, envelopeNumber: string): Promise<void> {
  const text = host.printed.find((each) => each.envelopeNumber === envelopeNumber)?.text ?? '';
  const pin1 = /PIN1:\s+(\d{4})/u.exec(text)?.[1] ?? '';
  await withCard(place.readers, readerName, async (session) => {
    expect(await asanIdProfile.verifyPin(session, 'pin1', Buffer.from(pin1))).toEqual({ isRight: true });
  });
}

// A whole life has 2 moments for each of its writings; the last ones are past its end.
const every = Array.from({ length: 96 }, (_, index) => index + 1);
const moments = isProving ? every : [14, 48, 66];

it.each(moments)(
  'PRS-03 fault 1: killed at moment %i of a personalisation, the desk comes to one finished card with one envelope that opens it',
  async (moment) => {
    const it = stand();
    const first = await live(it, moment);
    const { outcome } = first.signal === 'SIGKILL' ? await live(it, 0) : first;
    const says = JSON.stringify({ moment, outcome, printed: it.host.printed.map(({ envelopeNumber }) => envelopeNumber) });
    // Until the card was closed nothing is lost but time; a closed one is gone on with.
    expect(outcome?.state, says).toBe('made');
    expect(outcome?.reports, says).toBe(1);
    expect(it.place.card.state.lifecycle, says).toBe(7);
    const printed = it.host.printed.map(({ envelopeNumber }) => envelopeNumber);
    expect(new Set(printed).size, says).toBe(printed.length);
    expect(
      outcome?.envelopes.filter(({ state }) => state === 'printed').map(({ number }) => number),
      says,
    ).toEqual([outcome?.envelopeNumber]);
    expect(outcome?.envelopeNumber.startsWith(`${serialOf(1)}-`), says).toBe(true);
    await expectEnvelopeOpens(it, outcome?.envelopeNumber ?? '');
    it.host.close();
  },
  60_000,
);
