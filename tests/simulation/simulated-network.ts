import { createHash } from 'node:crypto';
import type { RegistryReply, RegistryRequest, RegistryTransport } from '../../src/core/sync/transport.ts';
import { isPush, type Conduct } from './conduct.ts';
import type { Answer, SimulatedRegistry } from './simulated-registry.ts';
import { createTally } from './tally.ts';
import type { Chance, World } from './world.ts';

/** How bad the network of a run is: each value is the probability of that fate for one request. */
export interface Weather {
  readonly requestLost: number;
  readonly answerLost: number;
  readonly answerSpoilt: number;
  readonly refusedWithStatus: number;
  readonly duplicated: number;
  /** Longest delay of one way. */
  readonly delayMs: number;
}

export const calm: Weather = { requestLost: 0, answerLost: 0, answerSpoilt: 0, refusedWithStatus: 0, duplicated: 0, delayMs: 20 };

/** One desk's way to the registry. */
export interface Line {
  readonly transport: RegistryTransport;
  setReachable(isReachable: boolean): void;
  /** What was on its way from a program that died reaches the registry or not, but nobody hears the answer. */
  abandon(): void;
}

export interface Network {
  line(deskId: string): Line;
  setWeather(weather: Weather): void;
  /** Delivers again requests of commands that were sent once, long ago. Answers what the registry said. */
  replay(count: number): Promise<Answer[]>;
  readonly requestCount: () => number;
  /** What the weather did. */
  readonly faults: () => Readonly<Record<string, number>>;
  /** A hash over every request and its answer, in their order. */
  readonly history: () => string;
}

const statuses: readonly { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[] = [
  { status: 500 },
  { status: 502 },
  { status: 503, headers: { 'retry-after': '3' } },
  { status: 503, headers: { 'retry-after': '-5' } },
  { status: 429, headers: { 'retry-after': '2' } },
  { status: 429, headers: { 'retry-after': '1000000000' } },
  { status: 429, headers: { 'retry-after': 'sabah' } },
  { status: 408 },
  { status: 425 },
];
/** What only a push may meet: it stops a desk until a person has looked. */
const statusesOfPush = [...statuses, { status: 422 }];

interface Sent {
  readonly deskId: string;
  readonly request: Parameters<SimulatedRegistry['handle']>[1];
}

/** Loses, delays, doubles, reorders and spoils what desks and registry say to each other. */
export function createNetwork(world: World, chance: Chance, registry: SimulatedRegistry, conduct: Conduct): Network {
  let weather = calm;
  let requests = 0;
  const tally = createTally();
  const history = createHash('sha256');
  const sentCommands: Sent[] = [];
  let pollers: (() => void)[] = [];
  registry.onAnnounced(() => {
    const waiting = pollers;
    pollers = [];
    for (const wake of waiting) wake();
  });
  const delay = (): number => (chance.hits(0.8) ? chance.below(40) : chance.below(weather.delayMs));

  const spoil = (body: Buffer): Buffer => {
    const way = chance.below(4);
    if (way === 0) return body.subarray(0, body.length >> 2);
    if (way === 1) return Buffer.from('<html>502 Bad Gateway</html>');
    if (way === 2) return Buffer.from('{"results":[]}');
    // A proof that does not hold. Found by its name and not by its place: keys and signatures differ from process to process.
    const text = body.toString('latin1');
    const at = text.indexOf('"sig":"');
    return at < 0 ? body.subarray(0, body.length >> 1) : Buffer.from(`${text.slice(0, at)}"sig":"AAAA${text.slice(at + 11)}`, 'latin1');
  };

  /** A long poll is answered at once when there is something, else at the next announcement or at its end. */
  const handlePoll = async (deskId: string, sent: Sent['request'], settle: (answer: Answer) => void): Promise<void> => {
    const url = new URL(sent.path, 'https://registry');
    const waitMs = Number(url.searchParams.get('wait_s') ?? 0) * 1000;
    url.searchParams.set('wait_s', '0');
    const request = { ...sent, path: `${url.pathname}${url.search}` };
    const endMs = world.nowMs() + waitMs;
    const look = async (known?: Answer): Promise<void> => {
      const answer = known ?? (await registry.handle(deskId, request));
      const isEmpty = answer.status === 200 && (JSON.parse(answer.body.toString('utf8')) as { changes: unknown[] }).changes.length === 0;
      if (!isEmpty || world.nowMs() >= endMs) {
        settle(answer);
        return;
      }
      let isWoken = false;
      const wake = (): void => {
        if (isWoken) return;
        isWoken = true;
        cancel();
        world.schedule(0, () => look());
      };
      // Nobody announced anything: at the end of the wait the answer is still the one that it was.
      const cancel = world.schedule(endMs - world.nowMs(), () => {
        isWoken = true;
        return look(answer);
      });
      pollers.push(wake);
    };
    await look();
  };

  const line = (deskId: string): Line => {
    let isReachable = true;
    let life = 0;
    const send = (request: RegistryRequest): Promise<RegistryReply> =>
      new Promise((resolve) => {
        const mine = life;
        requests += 1;
        let isOver = false;
        const hear = conduct.noteSent(deskId, request);
        const finish = (reply: RegistryReply): void => {
          if (isOver) return;
          isOver = true;
          history.update(
            `${world.nowMs()} ${deskId} ${request.path.split('?')[0]} ${reply.kind === 'answer' ? reply.status : reply.reason}\n`,
          );
          if (mine !== life) return;
          hear(reply);
          resolve(reply);
        };
        if (!isReachable) {
          world.schedule(1, () => finish({ kind: 'failed', reason: 'unreachable', detail: 'ECONNREFUSED' }));
          return;
        }
        request.signal?.addEventListener('abort', () => finish({ kind: 'failed', reason: 'aborted', detail: '' }));
        world.schedule(request.timeoutMs, () => finish({ kind: 'failed', reason: 'timeout', detail: '' }));
        const sent: Sent = {
          deskId,
          request: {
            method: request.method,
            path: request.path,
            headers: request.headers ?? {},
            body: request.body === undefined ? null : Buffer.from(request.body as Uint8Array),
          },
        };
        const isCommand = isPush(request);
        const isPoll = request.path.startsWith('/v1/sync/changes');
        if (chance.hits(weather.requestLost)) {
          tally.note('requests lost');
          return;
        }
        if (chance.hits(weather.refusedWithStatus)) {
          tally.note('refused with a status');
          const possible = isCommand ? statusesOfPush : statuses;
          const refusal = possible[chance.below(possible.length)] ?? { status: 500 };
          const body = Buffer.from('{"code":"FAULT","detail":""}');
          world.schedule(delay(), () => finish({ kind: 'answer', status: refusal.status, headers: refusal.headers ?? {}, body }));
          return;
        }
        const isLost = chance.hits(weather.answerLost);
        const isSpoilt = chance.hits(weather.answerSpoilt);
        if (isLost) tally.note('answers lost');
        else if (isSpoilt) tally.note('answers spoilt');
        const back = delay();
        if (back > 1_000) tally.note('answers late by more than a second');
        const settle = (answer: Answer): void => {
          if (isLost) {
            if (chance.hits(0.5)) world.schedule(back, () => finish({ kind: 'failed', reason: 'reset', detail: 'ECONNRESET' }));
            return;
          }
          world.schedule(back, () => {
            if (!isReachable) finish({ kind: 'failed', reason: 'reset', detail: 'ECONNRESET' });
            else finish({ kind: 'answer', ...answer, body: isSpoilt ? spoil(answer.body) : answer.body });
          });
        };
        world.schedule(delay(), async () => {
          if (!isReachable) {
            finish({ kind: 'failed', reason: 'reset', detail: 'ECONNRESET' });
            return;
          }
          if (isPoll) await handlePoll(deskId, sent.request, settle);
          else settle(await registry.handle(deskId, sent.request));
          if (isCommand) sentCommands.push(sent);
        });
        if (isCommand && chance.hits(weather.duplicated)) {
          tally.note('requests doubled');
          world.schedule(chance.below(chance.hits(0.5) ? 2_000 : 1_800_000), async () => {
            await registry.handle(deskId, sent.request);
          });
        }
      });
    return {
      transport: { send, probe: () => Promise.resolve(isReachable), close: () => Promise.resolve() },
      setReachable: (reachable) => {
        isReachable = reachable;
      },
      abandon: () => {
        life += 1;
      },
    };
  };

  return {
    line,
    setWeather: (next) => {
      weather = next;
    },
    async replay(count) {
      const answers: Answer[] = [];
      for (let index = 0; index < count && sentCommands.length > 0; index += 1) {
        const sent = sentCommands[chance.below(sentCommands.length)];
        if (sent !== undefined) answers.push(await registry.handle(sent.deskId, sent.request));
      }
      return answers;
    },
    requestCount: () => requests,
    faults: () => tally.counts(),
    history: () => history.copy().digest('hex'),
  };
}
