import type { Clock } from '../../shared/platform/ports.ts';
import { endpoints } from '../../shared/registry-api/endpoints.ts';
import type { DeskCommands } from '../../shared/registry-api/desk-commands.ts';
import { appendAudit } from '../audit/chain.ts';
import type { Reader, Tx } from '../storage/database.ts';
import { settleAct } from '../storage/repositories/act-repository.ts';
import { findNewestRestoration, saveReconciliation, type StoredRestoration } from '../storage/repositories/storage-care-repository.ts';
import { isSuccess } from './classify.ts';
import { jsonLimitBytes, parseJson, requestTimeoutMs, type Exchange } from './exchange.ts';
import { splitAggregate } from './outcomes.ts';
import type { ReceiptVerifier } from './receipts.ts';
import { commandStates, saveReceipt } from './sync-store.ts';

export interface RestoredHistory {
  /** Begins to ask, as soon as there is a link and for as long as it takes. Does nothing on a desk that was not restored. */
  start(): void;
  stop(): void;
  /** One try now; true when nothing is left to reconcile. */
  tryNow(): Promise<boolean>;
}

type Known = DeskCommands['commands'][number];
interface Counts {
  known: number;
  unknownHere: number;
  settled: number;
  /** Of those that were counted as lost, how many the registry has. */
  found: number;
}

const retryMs = 15_000;
const pageLimit = 200;

/**
 * After a restoration the registry is asked what it has of this desk. A command that the restored queue does not know becomes known history with its
 * receipt; one whose signed text was lost gets its stored outcome; one that still waits is answered by being sent again under its id. The rest of
 * what the registry knows comes with the change feed, which is read from its beginning. Source: sync-and-reliability (b8)
 */
export function createRestoredHistory(exchange: Exchange): RestoredHistory {
  const { db, clock } = exchange;
  let cancel = (): void => undefined;
  let isStopped = false;

  const listPage = async (epoch: number, afterSeq: number, afterId: string): Promise<DeskCommands | null> => {
    const path = endpoints.deskCommands.path.replace(':deskId', encodeURIComponent(exchange.identity.deskId));
    const after = afterId === '' ? '' : `&after_id=${afterId}`;
    const reply = await exchange.send({
      method: 'GET',
      path: `${path}?epoch=${epoch}&after_seq=${afterSeq}${after}&limit=${pageLimit}`,
      timeoutMs: requestTimeoutMs,
      maxAnswerBytes: jsonLimitBytes,
    });
    if (!isSuccess(reply)) return null;
    const parsed = endpoints.deskCommands.answer.safeParse(parseJson(reply.body));
    return parsed.success ? parsed.data : null;
  };

  const reconcile = async (restoration: StoredRestoration): Promise<boolean> => {
    const known = await exchange.getInfo();
    if (!('info' in known)) return false;
    const local = await readLocal(db, () => pause(clock));
    const counts: Counts = { known: 0, unknownHere: 0, settled: 0, found: 0 };
    let lastEpoch = restoration.deskEpoch;
    for (let epoch = 1; epoch <= lastEpoch; epoch += 1) {
      let place = { seq: -1, id: '' };
      for (;;) {
        const page = await listPage(epoch, place.seq, place.id);
        if (page === null || isStopped) return false;
        lastEpoch = Math.max(lastEpoch, page.present_epoch);
        const proven = await listProven(page.commands, known.verifier);
        db.transact((tx) => {
          for (const command of proven) takeKnown(tx, local, command, epoch, clock.nowMs(), counts);
        });
        const last = page.commands.at(-1);
        if (!page.has_more || last === undefined) break;
        place = { seq: last.desk_seq, id: last.command_id };
      }
    }
    conclude(restoration, counts);
    return true;
  };

  const conclude = (restoration: StoredRestoration, { known, unknownHere, settled, found }: Counts): void => {
    const atMs = clock.nowMs();
    const lost = Math.max(0, (restoration.counts['actsLost'] ?? 0) - found);
    db.transact((tx) => {
      giveUpSilent(tx, atMs);
      saveReconciliation(tx, restoration.id, atMs, { known, unknownHere, settled, lost });
      appendAudit(
        tx,
        { deskId: exchange.identity.deskId, deskEpoch: exchange.deskEpoch() },
        {
          atMs,
          monoMs: Math.round(clock.monotonicMs()),
          bootId: exchange.bootId,
          act: 'storage.reconciled',
          operatorId: '',
          operatorLogin: '',
          role: '',
          authMethod: '',
          sessionId: '',
          applicationId: '',
          commandId: '',
          detail: { known, unknownHere, settled, lost },
        },
      );
    });
    exchange.log.info('sync.reconciled', { known, unknownHere, settled, lost });
  };

  const tryNow = async (): Promise<boolean> => {
    const restoration = findNewestRestoration(db);
    if (restoration === undefined || restoration.reconciledAtMs !== null) return true;
    try {
      return await reconcile(restoration);
    } catch (error) {
      exchange.log.error('sync.reconcile_failed', error);
      return false;
    }
  };
  const run = async (): Promise<void> => {
    if ((await tryNow()) || isStopped) return;
    cancel = clock.schedule(retryMs, () => void run());
  };
  return {
    start: () => void run(),
    stop() {
      isStopped = true;
      cancel();
    },
    tryNow,
  };
}

/** An outcome counts by its receipt; a command whose receipt is not genuine is left for the idempotent resend, which judges it. */
async function listProven(commands: readonly Known[], verifier: ReceiptVerifier): Promise<Known[]> {
  const proven: Known[] = [];
  for (const command of commands) {
    const isProven =
      command.result === null || command.receipt === null || (await verifier.verify(command.command_id, command.result, command.receipt));
    if (isProven) proven.push(command);
  }
  return proven;
}

function takeKnown(tx: Tx, local: ReadonlyMap<string, Here>, command: Known, epoch: number, atMs: number, counts: Counts): void {
  counts.known += 1;
  const { command_id: commandId, result, receipt } = command;
  const here = local.get(commandId);
  if (here?.state === commandStates.open) {
    counts.settled += 1;
    return;
  }
  if (result === null || receipt === null) return;
  const answer = result.outcome.toUpperCase();
  if (here !== undefined) {
    if (!here.isSilent) return;
    const state =
      result.outcome === 'applied' || result.outcome === 'conflict' || result.outcome === 'rejected' ? commandStates[result.outcome] : null;
    if (state === null) return;
    tx.run('UPDATE outbox SET state = @state, settled_at_ms = @atMs, last_answer = @answer WHERE seq = @seq AND state = 3', {
      seq: here.seq,
      state,
      atMs,
      answer,
    });
    saveReceipt(tx, commandId, JSON.stringify(result), JSON.stringify(receipt), atMs);
    const sync = result.outcome === 'applied' ? 'registered' : result.outcome === 'rejected' ? 'refused' : 'attention';
    settleAct(tx, { applicationId: here.applicationId, commandId }, { sync, registryAtMs: receipt.at_ms });
    counts.settled += 1;
    counts.found += 1;
    return;
  }
  const aggregate = `${command.aggregate.type}:${command.aggregate.key}`;
  const isNew =
    tx.run(
      `INSERT INTO registry_history(command_id, desk_epoch, desk_seq, aggregate, kind, occurred_at_ms, operator_login, outcome, found_at_ms)
       VALUES (@commandId, @epoch, @deskSeq, @aggregate, @kind, @occurredAtMs, @login, @outcome, @atMs) ON CONFLICT(command_id) DO NOTHING`,
      {
        commandId,
        epoch,
        deskSeq: command.desk_seq,
        aggregate,
        kind: command.kind,
        occurredAtMs: command.occurred_at_ms,
        login: command.operator_login,
        outcome: result.outcome,
        atMs,
      },
    ) === 1;
  if (!isNew) return;
  counts.unknownHere += 1;
  saveReceipt(tx, commandId, JSON.stringify(result), JSON.stringify(receipt), atMs);
  // It filled a gap in the places that are known here, so it was counted as lost.
  const highest = Number(tx.get('SELECT max(desk_seq) AS n FROM outbox WHERE epoch = @epoch', { epoch })?.['n'] ?? 0);
  if (command.desk_seq > 0 && command.desk_seq < highest) counts.found += 1;
  // A later act on the case follows the newest of this desk, known here or only there.
  const head = tx.get('SELECT command_id FROM aggregate_heads WHERE aggregate = @aggregate', { aggregate });
  const headAtMs = head === undefined ? -1 : (local.get(String(head['command_id']))?.queuedAtMs ?? -1);
  if (headAtMs < command.occurred_at_ms) {
    tx.run(
      'INSERT INTO aggregate_heads(aggregate, command_id) VALUES (@aggregate, @commandId) ON CONFLICT(aggregate) DO UPDATE SET command_id = excluded.command_id',
      { aggregate, commandId },
    );
  }
}

interface Here {
  readonly seq: number;
  readonly applicationId: string;
  readonly state: number;
  /** Its signed text was lost. */
  readonly isSilent: boolean;
  readonly queuedAtMs: number;
}

const localRows = 2000;

/** Every command of the restored queue by its id; ids have no index of their own, so they are read once. */
async function readLocal(db: Reader, rest: () => Promise<void>): Promise<Map<string, Here>> {
  const local = new Map<string, Here>();
  for (const text of [
    'SELECT seq, command_id, aggregate, state, last_answer, queued_at_ms FROM outbox WHERE seq > @after ORDER BY seq LIMIT @localRows',
    'SELECT seq, command_id, aggregate, state, last_answer, queued_at_ms FROM intents WHERE seq > @after ORDER BY seq LIMIT @localRows',
  ]) {
    let after = 0;
    for (;;) {
      const rows = db.all(text, { after, localRows });
      for (const row of rows) {
        after = Number(row['seq']);
        const { type, key } = splitAggregate(String(row['aggregate']));
        local.set(String(row['command_id']), {
          seq: after,
          applicationId: type === 'application' ? key : '',
          state: Number(row['state']),
          isSilent: row['last_answer'] === 'ENVELOPE_LOST',
          queuedAtMs: Number(row['queued_at_ms']),
        });
      }
      if (rows.length < localRows) break;
      await rest();
    }
  }
  return local;
}

/** Gives the loop to others. */
function pause(clock: Pick<Clock, 'schedule'>): Promise<void> {
  return new Promise((resolve) => void clock.schedule(0, resolve));
}

/** A command without its text that the registry does not know either will never be sent: it holds nothing any more, and its case asks for a person. */
function giveUpSilent(tx: Tx, atMs: number): void {
  for (const row of tx.all("SELECT seq, command_id, aggregate FROM outbox WHERE state = 3 AND last_answer = 'ENVELOPE_LOST'")) {
    const commandId = String(row['command_id']);
    const { type, key } = splitAggregate(String(row['aggregate']));
    tx.run("UPDATE outbox SET state = 5, settled_at_ms = @atMs, last_answer = 'NOT_RECOVERED' WHERE seq = @seq", {
      seq: Number(row['seq']),
      atMs,
    });
    if (type === 'application') settleAct(tx, { applicationId: key, commandId }, { sync: 'attention', registryAtMs: null });
  }
}
