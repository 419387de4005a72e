import type { Channel, Clock } from '../../shared/platform/ports.ts';
import { cardHostAnswerSchema, type CardHostAnswer, type CardHostRequestKind } from '../../shared/card-host/host-protocol.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { answerKinds, type CardHost, type CardHostAnswerTo, type CardHostEvent, type CardHostRequestOf } from './ports.ts';

type Answered = Exclude<CardHostAnswer, { kind: 'event' }>;

const hostFailed = fail('CARD_HOST_FAILED', {}, true);
const minuteMs = 60_000;
/**
 * How long an answer may take before the process counts as lost. The host itself watches each command; these are for a host that says nothing at
 * all, so they are generous: key generation takes minutes, a PIN window waits for a person, and a request may wait behind another of its reader.
 */
const silenceMs: Readonly<Partial<Record<CardHostRequestKind, number>>> = {
  status: 20_000,
  cancel: 20_000,
  keys: 8 * minuteMs,
  change_pin: 8 * minuteMs,
  unblock_pin: 8 * minuteMs,
  sign: 8 * minuteMs,
};
const usualSilenceMs = 5 * minuteMs;
const firstPauseMs = 200;
const lastPauseMs = 5_000;
/** Failures that a second try, with nothing changed, may overcome. */
const retryable: ReadonlySet<string> = new Set([
  ...['SERVICE_DOWN', 'CARD_REMOVED', 'CARD_RESET', 'CARD_SHARED', 'CARD_TIMEOUT', 'TRANSPORT_FAILED', 'CARD_HOST_FAILED'],
  ...['TOKEN_MISSING', 'TOKEN_FAILED', 'CANCELLED', 'PIN_CANCELLED'],
]);

/**
 * The core's side of the card host. The channel is held open for its events and built anew with a growing pause when the process went; whatever
 * was under way then is answered CARD_HOST_FAILED. Source: ADR-0027
 */
export function createCardHostClient(connect: () => Promise<Channel>, clock: Clock): CardHost {
  const pending = new Map<number, (answer: Answered | null) => void>();
  const listeners = new Set<(event: CardHostEvent) => void>();
  let nextId = 1;
  let channel: Channel | null = null;
  let isClosed = false;
  let pauseMs = firstPauseMs;
  let cancelPause = (): void => undefined;

  const tell = (event: CardHostEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const lost = (which: Channel): void => {
    if (channel !== which) return;
    channel = null;
    for (const finish of [...pending.values()]) finish(null);
    tell({ kind: 'host', isRunning: false });
    again();
  };
  const again = (): void => {
    if (isClosed) return;
    cancelPause = clock.schedule(pauseMs, () => void join());
    pauseMs = Math.min(pauseMs * 2, lastPauseMs);
  };
  const join = async (): Promise<void> => {
    let joined: Channel;
    try {
      joined = await connect();
    } catch {
      again();
      return;
    }
    if (isClosed) {
      joined.close();
      return;
    }
    channel = joined;
    tell({ kind: 'host', isRunning: true });
    joined.onMessage((message) => {
      receive(joined, message);
    });
    joined.onClose(() => {
      lost(joined);
    });
  };
  const receive = (from: Channel, message: unknown): void => {
    const parsed = cardHostAnswerSchema.safeParse(message);
    if (!parsed.success) {
      // A host that breaks its own word is broken: it is left, and everything under way with it.
      from.close();
      lost(from);
      return;
    }
    pauseMs = firstPauseMs;
    if (parsed.data.kind === 'event') tell(parsed.data.event);
    else pending.get(parsed.data.id)?.(parsed.data);
  };
  void join();

  return {
    async ask<Kind extends CardHostRequestKind>(request: CardHostRequestOf<Kind>): Promise<Result<CardHostAnswerTo<Kind>, Failure>> {
      const over = channel;
      if (over === null) return hostFailed;
      const id = nextId++;
      const answer = await new Promise<Answered | null>((resolve) => {
        const cancelSilence = clock.schedule(silenceMs[request.kind] ?? usualSilenceMs, () => finish(null));
        const finish = (got: Answered | null): void => {
          cancelSilence();
          pending.delete(id);
          resolve(got);
        };
        pending.set(id, finish);
        over.send({ ...request, id });
      });
      if (answer === null) return hostFailed;
      if (answer.kind === 'failed') return fail(answer.code, answer.params, retryable.has(answer.code));
      // An answer to another question is no answer.
      return isAnswerTo(request.kind, answer) ? succeed(answer) : hostFailed;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      isClosed = true;
      cancelPause();
      const open = channel;
      channel = null;
      for (const finish of [...pending.values()]) finish(null);
      listeners.clear();
      open?.close();
    },
  };
}

function isAnswerTo<Kind extends CardHostRequestKind>(kind: Kind, answer: Answered): answer is CardHostAnswerTo<Kind> & Answered {
  return answer.kind === answerKinds[kind];
}
