import { endpoints } from '../../shared/registry-api/endpoints.ts';
import { busyWaitMs, fullJitterMs } from './backoff.ts';
import { classifyReply, isSuccess, unreadable, type Verdict } from './classify.ts';
import { jsonLimitBytes, parseJson, type Exchange } from './exchange.ts';
import { isHealing } from './heal-store.ts';
import type { PlaceProver } from './place-proof.ts';
import { applyChanges, beginResync, replayDeferred, sweepStale } from './inbox.ts';
import { createSleeper } from './sleeper.ts';
import { createPageSize } from './page-size.ts';
import type { RegistryReply } from './transport.ts';
import { getSyncState, saveCursor } from './sync-store.ts';

export interface Puller {
  start(): void;
  /** Tries now instead of at the end of the present wait; a pause that the registry asked for stands unless a person asks. */
  wake(cause: 'reconnect' | 'asked'): void;
  stop(): void;
}

const longestPollS = 25;
const frozenLookMs = 60_000;
const resyncEveryMs = 30_000;
const healingLookMs = 500;
const longestHealingMs = 120_000;

interface Flight {
  readonly waitS: number;
  /** Left while the page before was still being applied, so its way says nothing of the clock. */
  readonly isAhead: boolean;
  readonly sentMonoMs: number;
  readonly reply: Promise<RegistryReply>;
}

/** Follows the change feed: one page and its cursor in one transaction, for ever. An unreadable page moves nothing. */
export function createPuller(exchange: Exchange, proof: PlaceProver, onReopened: () => void): Puller {
  const { clock, db, random } = exchange;
  const sleeper = createSleeper(clock);
  const aborter = new AbortController();
  let isStopped = false;
  let attempt = 0;
  /** The registry asked not to be asked until then. */
  let busyUntil = 0;
  let isFirst = true;
  let lastResyncMs: number | null = null;
  const size = createPageSize();
  /** The next page is on its way while this one is applied; it counts only when this one was. */
  let ahead: { readonly cursor: string; readonly flight: Flight } | null = null;

  /** Asked anew after every wait. */
  const isOver = (): boolean => isStopped;

  const fail = async (verdict: Verdict): Promise<void> => {
    attempt += 1;
    if (verdict.action === 'freeze' || verdict.action === 'freeze_until_told') exchange.freeze(verdict);
    const waitMs =
      verdict.action === 'wait' ? busyWaitMs(attempt, random.fraction(), verdict.retryAfterMs) : fullJitterMs(attempt, random.fraction());
    isFirst = true;
    if (verdict.action === 'wait') busyUntil = clock.monotonicMs() + waitMs;
    await sleeper.sleep(Math.max(waitMs, 200));
    while (!isOver() && clock.monotonicMs() < busyUntil) await sleeper.sleep(Math.max(20, busyUntil - clock.monotonicMs()));
  };

  /** A registry that expires every cursor must not be read from the start in a loop. */
  const mayResync = (): boolean => {
    const isFar = lastResyncMs === null || clock.monotonicMs() - lastResyncMs >= resyncEveryMs;
    if (isFar) lastResyncMs = clock.monotonicMs();
    return isFar;
  };

  /** Not for ever: a command that is held does not keep the desk from reading. */
  const waitForHealing = async (): Promise<void> => {
    for (let waited = 0; waited < longestHealingMs && isHealing(db) && !isOver(); waited += healingLookMs) await pause(healingLookMs);
  };
  const pause = (forMs: number): Promise<void> => new Promise((resolve) => void clock.schedule(forMs, resolve));

  /** In steps, so that the core is not held; a crash between them goes on where it stood. */
  const sweep = async (): Promise<void> => {
    for (let isDone = false; !isDone && !isOver();) {
      const step = db.transact((tx) => sweepStale(tx, exchange.projections()));
      for (const event of step.events) exchange.publish(event);
      isDone = step.isDone;
      await giveWay();
    }
  };
  const giveWay = (): Promise<void> => new Promise((resolve) => void clock.schedule(0, resolve));

  /**
   * Another incarnation of the registry: its revisions start anew, and its key may be another. What we had and it lost goes back first, so that
   * cases do not fall back in front of people; then everything is read again.
   */
  const beginAnew = async (epoch: string): Promise<void> => {
    exchange.forgetInfo();
    const healed = await proof.run('all');
    if (isOver()) return;
    if (!('reopened' in healed)) {
      lastResyncMs = null;
      return fail(healed);
    }
    if (healed.reopened > 0) {
      onReopened();
      await waitForHealing();
      if (isOver()) return;
    }
    db.transact((tx) => {
      beginResync(tx);
      saveCursor(tx, '', epoch, exchange.time.estimate());
    });
    exchange.log.warn('sync.epoch_changed');
    isFirst = true;
  };

  const ask = (cursor: string, waitS: number, isAhead = false): Flight => ({
    waitS,
    isAhead,
    sentMonoMs: clock.monotonicMs(),
    reply: exchange.send({
      method: 'GET',
      path: `${endpoints.changes.path}?cursor=${encodeURIComponent(cursor)}&limit=${size.limit()}&wait_s=${waitS}`,
      headers: exchange.packing.headers(exchange.knownInfo()?.encodings ?? []),
      timeoutMs: (waitS + 15) * 1000,
      maxAnswerBytes: jsonLimitBytes,
      signal: aborter.signal,
    }),
  });

  const pullOnce = async (): Promise<void> => {
    // The key of the registry is known before anything that it signed comes in.
    const known = await exchange.getInfo();
    if (isOver()) return;
    if (!('info' in known)) return fail(known);
    const { cursor, registryEpoch, isResyncing } = getSyncState(db);
    const poll = exchange.pace()?.poll_s ?? longestPollS;
    const flight =
      ahead?.cursor === cursor
        ? ahead.flight
        : ask(cursor, isFirst || exchange.time.needsMeasure() ? 0 : Math.min(longestPollS, Math.max(1, poll)));
    ahead = null;
    const { waitS, sentMonoMs } = flight;
    const reply = await flight.reply;
    if (isOver()) return;
    if (!isSuccess(reply)) {
      const verdict = classifyReply(reply, exchange.trustedNowMs());
      if (verdict.action !== 'resync' || !mayResync()) return fail(verdict);
      exchange.forgetInfo();
      const fresh = await exchange.getInfo();
      if (isOver()) return;
      if ('info' in fresh && registryEpoch !== '' && fresh.info.registry_epoch !== registryEpoch)
        return beginAnew(fresh.info.registry_epoch);
      db.transact(beginResync);
      exchange.log.warn('sync.resync', { code: verdict.code });
      isFirst = true;
      return;
    }
    const parsed = endpoints.changes.answer.safeParse(parseJson(reply.body));
    if (!parsed.success) {
      exchange.link.noteAnswer(unreadable.code);
      return fail(unreadable);
    }
    const page = parsed.data;
    if (waitS === 0 && !flight.isAhead) exchange.noteServerTime(page.server_time_ms, sentMonoMs);
    if (page.policy !== undefined) exchange.takePolicy(page.policy);
    if (registryEpoch !== '' && page.registry_epoch !== registryEpoch) {
      return mayResync() ? beginAnew(page.registry_epoch) : fail(unreadable);
    }
    if (page.has_more && page.next_cursor !== cursor) ahead = { cursor: page.next_cursor, flight: ask(page.next_cursor, 0, true) };
    if (page.changes.length > 0 || page.next_cursor !== cursor || registryEpoch === '') {
      const fromMs = clock.monotonicMs();
      const events = db.transact((tx) => {
        const told = applyChanges(tx, page.changes, exchange.projections());
        saveCursor(tx, page.next_cursor, page.registry_epoch, exchange.time.estimate());
        return told;
      });
      size.noteApplied(page.changes.length, clock.monotonicMs() - fromMs);
      for (const event of events) exchange.publish(event);
    }
    attempt = 0;
    isFirst = page.has_more;
    if (isResyncing && !page.has_more) await sweep();
    // An answer that comes at once and brings nothing must not become a busy loop.
    if (waitS > 0 && page.changes.length === 0 && clock.monotonicMs() - sentMonoMs < 200) await sleeper.sleep(1000);
  };

  const run = async (): Promise<void> => {
    const events = db.transact((tx) => replayDeferred(tx, exchange.projections()));
    for (const event of events) exchange.publish(event);
    while (!isStopped) {
      try {
        if (exchange.frozen() !== null) await sleeper.sleep(frozenLookMs);
        else if (await exchange.passBreaker()) await pullOnce();
        else await sleeper.sleep(Math.max(200, exchange.breaker.restMs()));
      } catch (error) {
        exchange.log.error('sync.pull_failed', error);
        await sleeper.sleep(5000);
      }
    }
  };

  return {
    start: () => void run(),
    wake: (cause) => {
      attempt = 0;
      if (cause === 'asked') busyUntil = 0;
      sleeper.wake();
    },
    stop: () => {
      isStopped = true;
      aborter.abort();
      sleeper.wake();
    },
  };
}
