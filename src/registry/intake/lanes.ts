import { RegistryError } from '../server/registry-error.ts';
import { partitionCount } from '../store/partition.ts';
import type { Store } from '../store/store.ts';

/** How many commands may share one transaction, and how many transactions go on at once: two more cores want two more. */
const mostPerTransaction = 100;
const mostAtOnce = 4;
/** A desk that would wait longer for its answer than it is willing to is told to come back. */
const longestWaitS = 10;
/** Below this nobody is sent away: what waits is done before a desk would be back. */
const fewWaiting = 1_000;
const longestAwayMs = 10 * 60_000;
/** How much faster than the work itself answers may leave, and how long one is held at most. */
const answersPerWork = 1.5;
/** How fast those who were sent away come back: beside them come the next batches of those who were answered. */
const returnsPerWork = 0.5;
const longestHeldMs = 5_000;
/** What is taken for granted before anything was measured. */
const firstRatePerS = 1_000;
const rateWindowMs = 2_000;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly settle: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

export interface Lanes<Item, Answer> {
  /** Throws 503 when too many wait already, with the time at which there is room for `count` more. */
  refuseOverload(count: number): void;
  /**
   * Resolves when it is the turn of an answer to `count` items. At once as a rule; while much is waiting, answers leave at most at one and a half times
   * the pace of the work: a desk sends its next batch when it has its answer, so what was held up together would come back together.
   */
  awaitTurn(count: number): Promise<void>;
  /** Items of one partition are taken in the order they came. */
  put(partition: number, item: Item): Promise<Answer>;
}

/**
 * One queue for each partition, so that commands of many desks share a durable commit and no transaction goes beyond a partition. While one transaction of a
 * partition is on its way, the next ones gather: the busier the registry, the fewer commits for each command. The embedded database has one writer
 * and therefore one queue.
 */
export function createLanes<Item, Answer>(
  store: Store,
  take: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Answer>[]>,
): Lanes<Item, Answer> {
  const laneCount = store.dialect.isSerial ? 1 : partitionCount;
  const atOnce = store.dialect.isSerial ? 1 : mostAtOnce;
  const queues: Waiting<Item, Answer>[][] = Array.from({ length: laneCount }, () => []);
  const isBusy = new Array<boolean>(laneCount).fill(false);
  /** Lanes with work and nobody at it, in the order in which their work came. */
  const ready = new Set<number>();
  let running = 0;
  let waiting = 0;
  /** Until then the work of those who were sent away is promised room. */
  let nextRoomMs = 0;
  let nextAnswerMs = 0;
  const pace = createPace();

  function start(): void {
    for (const lane of ready) {
      if (running >= atOnce) return;
      ready.delete(lane);
      const batch = queues[lane]?.splice(0, mostPerTransaction) ?? [];
      running += 1;
      isBusy[lane] = true;
      void run(lane, batch);
    }
  }

  async function run(lane: number, batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    await answer(batch);
    waiting -= batch.length;
    pace.note(batch.length);
    running -= 1;
    isBusy[lane] = false;
    if ((queues[lane]?.length ?? 0) > 0) ready.add(lane);
    start();
  }

  /** One item that breaks the transaction must not take the others with it: then each goes by itself. */
  async function answer(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await take(batch.map((each) => each.item));
      for (const [index, each] of batch.entries()) {
        const result = answers[index];
        if (result?.status === 'fulfilled') each.settle(result.value);
        else each.fail(result?.reason ?? new Error('A command got no answer.'));
      }
    } catch (error) {
      const [only] = batch;
      if (only === undefined) return;
      if (batch.length === 1) only.fail(error);
      else for (const each of batch) await answer([each]);
    }
  }

  return {
    refuseOverload(count) {
      const waitS = waiting / pace.perSecond();
      if (waiting < fewWaiting || waitS < longestWaitS) return;
      // Whoever is sent away gets a time of his own, so that those who were sent away in one second do not come back in one.
      const nowMs = performance.now();
      nextRoomMs = Math.min(
        Math.max(nextRoomMs, nowMs + (waitS * 1000) / 2) + (count * 1000) / (pace.perSecond() * returnsPerWork),
        nowMs + longestAwayMs,
      );
      throw new RegistryError(503, 'BUSY', {}, Math.ceil((nextRoomMs - nowMs) / 1000));
    },
    async awaitTurn(count) {
      if (waiting < fewWaiting) return;
      const nowMs = performance.now();
      nextAnswerMs = Math.min(Math.max(nextAnswerMs, nowMs) + (count * 1000) / (pace.perSecond() * answersPerWork), nowMs + longestHeldMs);
      await new Promise((resolve) => setTimeout(resolve, nextAnswerMs - nowMs));
    },
    put(partition, item) {
      const lane = store.dialect.isSerial ? 0 : partition;
      waiting += 1;
      return new Promise<Answer>((settle, fail) => {
        queues[lane]?.push({ item, settle, fail });
        if (isBusy[lane] === true) return;
        ready.add(lane);
        start();
      });
    },
  };
}

/** How many items a second have been done lately, while there was something to do. */
function createPace(): { note(count: number): void; perSecond(): number } {
  let ratePerS = firstRatePerS;
  let fromMs = performance.now();
  let done = 0;
  return {
    note(count) {
      done += count;
      const forMs = performance.now() - fromMs;
      if (forMs < rateWindowMs) return;
      // A window with little in it says that little came, not that little is possible.
      const measured = (done * 1000) / forMs;
      if (measured > ratePerS || done >= mostPerTransaction) ratePerS = (ratePerS + measured) / 2;
      fromMs = performance.now();
      done = 0;
    },
    perSecond: () => ratePerS,
  };
}
