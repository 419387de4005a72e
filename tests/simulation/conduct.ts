import { gunzipSync } from 'node:zlib';
import type { Reader } from '../../src/core/storage/database.ts';
import type { RegistryReply, RegistryRequest } from '../../src/core/sync/transport.ts';
import type { World } from './world.ts';

/** What desks may send and when, judged on the wire at the moment it happens: what cannot be seen any more when peace has come. */
export interface Conduct {
  /** The queue of this desk, as it stands whenever the desk sends. */
  watch(deskId: string, queue: Reader): void;
  /** Tells of one request as it leaves; answers whoever has to hear what the program heard. */
  noteSent(deskId: string, request: RegistryRequest): (reply: RegistryReply) => void;
  /** A person asked: waits and freezes end. */
  notePerson(deskId: string): void;
  /** The program died. What it heard of a pause may be lost with it; a freeze that only a person may end is on its disk. */
  noteDeath(deskId: string): void;
  /** A write failed, perhaps the one that should have kept it. */
  noteFailedWrite(deskId: string): void;
  violations(): readonly string[];
}

interface Heard {
  pausedUntilMs: number;
  isFrozen: boolean;
}

/** A pause longer than this is a mistake of the registry and may be cut. Source: fault 17 */
const longestPauseMs = 3_600_000;
/** Devices count in whole milliseconds. */
const toleranceMs = 2;

export function isPush(request: Pick<RegistryRequest, 'path'>): boolean {
  return request.path.startsWith('/v1/sync/commands') || request.path.startsWith('/v1/sync/intents');
}

export function createConduct(world: Pick<World, 'nowMs'>): Conduct {
  const queues = new Map<string, Reader>();
  const heard = new Map<string, Heard>();
  const found = new Set<string>();
  const of = (deskId: string): Heard => {
    const known = heard.get(deskId) ?? { pausedUntilMs: 0, isFrozen: false };
    heard.set(deskId, known);
    return known;
  };

  const listen = (deskId: string, reply: RegistryReply): void => {
    if (reply.kind !== 'answer') return;
    if (reply.status === 422) of(deskId).isFrozen = true;
    const asked = reply.headers['retry-after'] ?? '';
    if ((reply.status === 429 || reply.status === 503) && /^\d+$/u.test(asked)) {
      const pauseMs = Math.min(Number(asked) * 1000, longestPauseMs);
      of(deskId).pausedUntilMs = Math.max(of(deskId).pausedUntilMs, world.nowMs() + pauseMs);
    }
  };

  return {
    watch: (deskId, queue) => void queues.set(deskId, queue),
    noteSent(deskId, request) {
      if (!isPush(request)) return () => undefined;
      const { pausedUntilMs, isFrozen } = of(deskId);
      if (world.nowMs() + toleranceMs < pausedUntilMs) found.add(`Retry-After: ${deskId} sent before the pause it was asked for was over`);
      if (isFrozen) found.add(`422: ${deskId} sent again though nobody had looked`);
      const queue = queues.get(deskId);
      if (queue !== undefined) for (const text of listPassed(queue, readIds(request))) found.add(`head of line: ${text} (${deskId})`);
      return (reply) => {
        listen(deskId, reply);
      };
    },
    notePerson: (deskId) => void heard.delete(deskId),
    noteDeath(deskId) {
      of(deskId).pausedUntilMs = 0;
    },
    noteFailedWrite: (deskId) => void heard.delete(deskId),
    violations: () => [...found],
  };
}

function readIds(request: RegistryRequest): readonly string[] {
  const raw = Buffer.from(request.body as Uint8Array);
  const text = (request.headers?.['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
  const body = JSON.parse(text) as { readonly command_id: string } | { readonly commands: readonly { readonly command_id: string }[] };
  return 'commands' in body ? body.commands.map((command) => command.command_id) : [body.command_id];
}

/** Commands that leave although an earlier one of their aggregate, or an act of unknown outcome, neither goes with them nor is settled. */
function listPassed(queue: Reader, ids: readonly string[]): readonly string[] {
  return ids.flatMap((commandId) => {
    const own =
      queue.get('SELECT aggregate, seq - 1 AS before_seq, lane, -1 AS intent_seq FROM outbox WHERE command_id = @commandId', {
        commandId,
      }) ??
      queue.get(
        'SELECT aggregate, after_outbox_seq AS before_seq, 1 AS lane, seq AS intent_seq FROM intents WHERE command_id = @commandId',
        {
          commandId,
        },
      );
    if (own === undefined || own['lane'] === 0) return [];
    const place = { aggregate: own['aggregate'] ?? '', beforeSeq: own['before_seq'] ?? 0, intentSeq: own['intent_seq'] ?? -1 };
    return queue
      .all(
        `SELECT command_id, state FROM outbox WHERE aggregate = @aggregate AND seq <= @beforeSeq AND lane = 1 AND state IN (0, 2, 3)
         UNION ALL SELECT command_id, state FROM intents WHERE aggregate = @aggregate AND state = 0
           AND CASE WHEN @intentSeq < 0 THEN after_outbox_seq <= @beforeSeq ELSE seq < @intentSeq END`,
        place,
      )
      .filter((earlier) => earlier['state'] !== 0 || !ids.includes(String(earlier['command_id'])))
      .map((earlier) => `${commandId} went past ${String(earlier['command_id'])} in state ${String(earlier['state'])}`);
  });
}
