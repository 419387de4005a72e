import type { CardSight, KeyAlgorithm } from '../../shared/card-host/host-protocol.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import type { Actor } from '../act/act.ts';
import type { Desk } from '../desk.ts';
import { findBlank, findNextBlank } from '../storage/repositories/card-stock-repository.ts';
import {
  findLastBatch,
  insertBatch,
  listBatchItems,
  setBatchItem,
  setBatchState,
  type StoredBatch,
} from '../storage/repositories/card-batch-repository.ts';
import { findRunOfCard, findRunOfRequest } from '../storage/repositories/production-repository.ts';
import type { CardHost } from './ports.ts';
import type { BatchPrompt, BatchRunner, BatchView, Personaliser } from './production-ports.ts';

type BatchDesk = Pick<Desk, 'db' | 'clock' | 'random' | 'acts' | 'publish' | 'log'>;

/** A card that stands in the reader is looked at again when no event came: the service may have lost one. */
const lookAgainMs = 2_000;

/**
 * Cards one after the other: prompt, insertion, making, removal. What is done and what waits stands in the database, so a batch goes on tomorrow; what a
 * person is asked now lives in memory. Source: PRS-03
 */
export function createBatchRunner(desk: BatchDesk, host: CardHost, personaliser: Personaliser, algorithm: () => KeyAlgorithm): BatchRunner {
  const { db, clock } = desk;
  let prompt: BatchPrompt = { kind: 'none' };
  /** The serial that a person scanned for the next card; otherwise the next of the pack. */
  let scannedSerial = '';
  let wakeUp: () => void = () => undefined;
  let isLoopRunning = false;
  let isClosed = false;

  const say = (next: BatchPrompt): void => {
    prompt = next;
    desk.publish({ type: 'production.changed' });
  };
  const stopListening = host.onEvent(() => {
    wakeUp();
  });
  /** Until a card comes or goes, a person does something, or a while has passed. */
  const somethingHappens = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.schedule(lookAgainMs, () => {
        resolve();
      });
      wakeUp = () => {
        cancel();
        resolve();
      };
    });

  const isRunning = (batchId: string): boolean => !isClosed && findLastBatch(db, batchId)?.state === 'running';
  const nextSerial = (): string => (scannedSerial === '' ? (findNextBlank(db)?.serial ?? '') : scannedSerial);

  /** The one card in the batch's reader; with two cards in two readers a person has to take one out. */
  async function look(readerName: string): Promise<Result<CardSight | null, Failure>> {
    const status = await host.ask({ kind: 'status' });
    if (!status.ok) return status;
    const withCard = status.value.status.readers.filter(({ atrHex }) => atrHex !== null);
    if (readerName === '' && withCard.length > 1) return fail('CARD_TWO_READERS');
    const reader = readerName === '' ? withCard[0] : withCard.find(({ name }) => name === readerName);
    if (reader === undefined) return succeed(null);
    const seen = await host.ask({ kind: 'read_card', readerName: reader.name });
    if (seen.ok) return succeed(seen.value.sight);
    return seen.failure.code === 'CARD_ABSENT' || seen.failure.code === 'CARD_REMOVED' ? succeed(null) : seen;
  }

  /** Why this card cannot be the next one; null when it can. */
  function findRefusal(sight: CardSight): Failure | null {
    if (sight.profile !== 'asan_id') return { code: 'CARD_NOT_OURS' };
    const known = findRunOfCard(db, { chipSerial: sight.chipSerialHex });
    if (known !== undefined) return { code: 'CARD_ALREADY_USED', params: { serial: known.cardSerial } };
    return sight.life === 'closed' ? { code: 'CARD_IN_USE', params: { serial: sight.cardSerial } } : null;
  }

  async function loop(batchId: string, actor: Actor): Promise<void> {
    let isWaitingForRemoval = false;
    while (isRunning(batchId)) {
      const batch = findLastBatch(db, batchId);
      const item = listBatchItems(db, batchId).find(({ state }) => state === 'waiting' || state === 'making');
      if (batch === undefined || item === undefined) {
        finish(batchId);
        return;
      }
      const half = findRunOfRequest(db, item.applicationId);
      if (half?.state === 'made') {
        mark(batchId, item.applicationId, 'made');
        isWaitingForRemoval = true;
        continue;
      }
      const seen = await look(batch.readerName);
      if (half !== undefined) {
        // A person decides: go on, wipe and begin anew, scrap, or leave it for later.
        if (prompt.kind !== 'decide') say({ kind: 'decide', runId: half.runId, applicationId: item.applicationId, failure: null });
        await somethingHappens();
        continue;
      }
      if (!seen.ok) {
        sayOnce({ kind: 'refused', failure: seen.failure });
        await somethingHappens();
        continue;
      }
      const sight = seen.value;
      if (sight === null) {
        isWaitingForRemoval = false;
        const serial = nextSerial();
        sayOnce(serial === '' ? { kind: 'no_stock' } : { kind: 'insert', applicationId: item.applicationId, serial });
        await somethingHappens();
        continue;
      }
      if (isWaitingForRemoval) {
        sayOnce({ kind: 'remove' });
        await somethingHappens();
        continue;
      }
      const refusal = findRefusal(sight);
      const serial = nextSerial();
      if (refusal !== null || serial === '') {
        sayOnce(refusal === null ? { kind: 'no_stock' } : { kind: 'refused', failure: refusal });
        await somethingHappens();
        continue;
      }
      await make(batchId, actor, { applicationId: item.applicationId, serial, sight });
      isWaitingForRemoval = true;
    }
    say({ kind: 'none' });
  }

  async function make(
    batchId: string,
    actor: Actor,
    { applicationId, serial, sight }: { readonly applicationId: string; readonly serial: string; readonly sight: CardSight },
  ): Promise<void> {
    scannedSerial = '';
    say({ kind: 'working', applicationId, serial });
    mark(batchId, applicationId, 'making');
    const wanted = {
      applicationId,
      cardSerial: serial,
      chipSerial: sight.chipSerialHex,
      readerName: sight.readerName,
      algorithm: algorithm(),
    };
    const made = await personaliser.start(actor, wanted);
    if (made.ok) {
      mark(batchId, applicationId, 'made');
      say({ kind: 'remove' });
      return;
    }
    const half = findRunOfRequest(db, applicationId);
    if (half !== undefined) {
      say({ kind: 'decide', runId: half.runId, applicationId, failure: made.failure });
      return;
    }
    // Nothing was begun: the request goes to the end of the row, and the batch waits for a person.
    mark(batchId, applicationId, 'left');
    pauseWith(batchId, made.failure);
  }

  const mark = (batchId: string, applicationId: string, state: 'waiting' | 'making' | 'made' | 'left'): void => {
    db.transact((tx) => {
      setBatchItem(tx, batchId, applicationId, state);
    });
  };
  const sayOnce = (next: BatchPrompt): void => {
    if (JSON.stringify(next) !== JSON.stringify(prompt)) say(next);
  };
  function pauseWith(batchId: string, failure: Failure): void {
    db.transact((tx) => {
      setBatchState(tx, batchId, 'paused');
    });
    say({ kind: 'refused', failure });
  }
  function finish(batchId: string): void {
    const isAllMade = listBatchItems(db, batchId).every(({ state }) => state === 'made');
    db.transact((tx) => {
      setBatchState(tx, batchId, isAllMade ? 'done' : 'stopped');
    });
    say({ kind: 'none' });
  }
  function run(batchId: string, actor: Actor): void {
    if (isLoopRunning) return;
    isLoopRunning = true;
    void loop(batchId, actor)
      .catch((error: unknown) => {
        // The program ends while a card is being made: its journal says how far it came.
        if (isClosed) return;
        desk.log.error('batch.failed', error);
        pauseWith(batchId, { code: 'INTERNAL' });
      })
      .finally(() => {
        isLoopRunning = false;
        // Resumed while the last card of the pause was being ended.
        if (isRunning(batchId)) run(batchId, actor);
      });
  }
  function change(actor: Actor, commandId: string, state: StoredBatch['state']): Result<null, Failure> {
    const changed = desk.acts.perform<null>({ commandId, operation: `production.batch_${state}`, actor, input: { state } }, (tx) => {
      const batch = findLastBatch(tx);
      if (batch === undefined || batch.state === 'done' || batch.state === 'stopped') return fail('NOT_FOUND');
      setBatchState(tx, batch.batchId, state);
      return succeed({
        value: null,
        audit: { act: `production.batch_${state}`, detail: { batch: batch.batchId } },
        events: [{ type: 'production.changed' as const }],
      });
    });
    wakeUp();
    return changed;
  }

  // A program that ended in the middle of a batch begins tomorrow where a person says so.
  db.transact((tx) => {
    const batch = findLastBatch(tx);
    if (batch?.state === 'running') setBatchState(tx, batch.batchId, 'paused');
  });

  return {
    start(actor, { commandId, applicationIds, readerName }) {
      const batchId = desk.random.uuid();
      const begun = desk.acts.perform<string>({ commandId, operation: 'production.batch', actor, input: { applicationIds } }, (tx) => {
        const open = findLastBatch(tx);
        if (open !== undefined && (open.state === 'running' || open.state === 'paused')) return fail('BATCH_OPEN');
        insertBatch(tx, { batchId, readerName, operatorLogin: actor.login, beganAtMs: clock.nowMs() }, applicationIds);
        return succeed({
          value: batchId,
          audit: { act: 'production.batch', detail: { batch: batchId, cards: applicationIds.length } },
          events: [{ type: 'production.changed' as const }],
        });
      });
      if (begun.ok) run(begun.value, actor);
      return begun.ok ? succeed(null) : begun;
    },
    pause: (actor, commandId) => change(actor, commandId, 'paused'),
    stop: (actor, commandId) => change(actor, commandId, 'stopped'),
    resume(actor, commandId) {
      const changed = change(actor, commandId, 'running');
      const batch = findLastBatch(db);
      if (changed.ok && batch !== undefined) run(batch.batchId, actor);
      return changed;
    },
    chooseSerial(serial) {
      if (findBlank(db, serial)?.state !== 'free') return fail('CARD_NOT_IN_STOCK', { serial });
      scannedSerial = serial;
      wakeUp();
      return succeed(null);
    },
    leave(applicationId) {
      const batch = findLastBatch(db);
      if (batch === undefined) return;
      mark(batch.batchId, applicationId, 'left');
      if (prompt.kind === 'decide' && prompt.applicationId === applicationId) say({ kind: 'remove' });
      wakeUp();
    },
    requeue(applicationId) {
      const batch = findLastBatch(db);
      if (batch === undefined || !listBatchItems(db, batch.batchId).some((item) => item.applicationId === applicationId)) return;
      if (batch.state === 'running' || batch.state === 'paused') mark(batch.batchId, applicationId, 'waiting');
      if (prompt.kind === 'decide' && prompt.applicationId === applicationId) say({ kind: 'remove' });
      wakeUp();
    },
    nudge() {
      wakeUp();
    },
    view(): BatchView | null {
      const batch = findLastBatch(db);
      return batch === undefined ? null : { ...batch, items: listBatchItems(db, batch.batchId), prompt };
    },
    close() {
      isClosed = true;
      stopListening();
      wakeUp();
    },
  };
}
