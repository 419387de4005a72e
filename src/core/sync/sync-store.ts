import { z } from 'zod';
import { registryInfoSchema, type RegistryInfo } from '../../shared/registry-api/endpoints.ts';
import { longestRetryAfterMs } from '../../shared/rules/sync-answers.ts';
import type { ClockEstimate } from '../../shared/rules/trusted-time.ts';
import type { Reader, Tx } from '../storage/database.ts';
import { backoffCapMs } from './backoff.ts';

/** States of a command at the desk, as stored. */
export const commandStates = { open: 0, applied: 1, conflict: 2, parked: 3, superseded: 4, rejected: 5 } as const;

const drainSchema = z.object({ atMs: z.number(), commands: z.number(), tookMs: z.number() });
export type DrainSummary = z.infer<typeof drainSchema>;

export interface SyncState {
  readonly cursor: string;
  readonly registryEpoch: string;
  /** Everything is being read anew. */
  readonly isResyncing: boolean;
  readonly info: RegistryInfo | null;
  readonly deskEpoch: number;
  readonly clockOffsetMs: number | null;
  readonly attempt: number;
  readonly notBeforeMs: number;
  /** Until then the registry asked for a pause; 0 when it did not. */
  readonly busyUntilMs: number;
  readonly frozenCode: string;
  readonly frozenAtMs: number | null;
  readonly lastDrain: DrainSummary | null;
}

export function getSyncState(db: Reader): SyncState {
  const row = db.get('SELECT * FROM sync_state WHERE id = 1');
  if (row === undefined) throw new Error('The sync state row is missing');
  return {
    cursor: String(row['cursor']),
    registryEpoch: String(row['registry_epoch']),
    isResyncing: Number(row['is_resyncing']) === 1,
    info: row['registry_info'] === '' ? null : registryInfoSchema.parse(JSON.parse(String(row['registry_info']))),
    deskEpoch: Number(row['desk_epoch']),
    clockOffsetMs: row['clock_offset_ms'] === null ? null : Number(row['clock_offset_ms']),
    attempt: Number(row['attempt']),
    notBeforeMs: Number(row['not_before_ms']),
    busyUntilMs: Number(row['busy_until_ms']),
    frozenCode: String(row['frozen_code']),
    frozenAtMs: row['frozen_at_ms'] === null ? null : Number(row['frozen_at_ms']),
    lastDrain: row['last_drain'] === '' ? null : drainSchema.parse(JSON.parse(String(row['last_drain']))),
  };
}

export function saveBackoff(tx: Tx, attempt: number, notBeforeMs: number, busyUntilMs: number): void {
  const values = { attempt, notBeforeMs, busyUntilMs };
  tx.run('UPDATE sync_state SET attempt = @attempt, not_before_ms = @notBeforeMs, busy_until_ms = @busyUntilMs WHERE id = 1', values);
}

export function saveFrozen(tx: Tx, code: string, atMs: number | null): void {
  tx.run('UPDATE sync_state SET frozen_code = @code, frozen_at_ms = @atMs WHERE id = 1', { code, atMs });
}

export function saveRegistryInfo(tx: Tx, info: RegistryInfo): void {
  tx.run('UPDATE sync_state SET registry_info = @info WHERE id = 1', { info: JSON.stringify(info) });
}

export function saveCursor(tx: Tx, cursor: string, registryEpoch: string, estimate: ClockEstimate | null): void {
  tx.run(
    'UPDATE sync_state SET cursor = @cursor, registry_epoch = @registryEpoch, clock_offset_ms = @offsetMs, clock_error_ms = @errorMs WHERE id = 1',
    {
      cursor,
      registryEpoch,
      offsetMs: estimate?.offsetMs ?? null,
      errorMs: estimate?.errorMs ?? null,
    },
  );
}

export function saveLastDrain(tx: Tx, summary: DrainSummary): void {
  tx.run('UPDATE sync_state SET last_drain = @summary WHERE id = 1', { summary: JSON.stringify(summary) });
}

/** Diagnostics of the last thousand exchanges. */
export function noteAttempt(
  tx: Tx,
  attempt: {
    readonly atMs: number;
    readonly what: string;
    readonly commands: number;
    readonly outcome: string;
    readonly http: number | null;
    readonly tookMs: number;
  },
): void {
  tx.run(
    'INSERT INTO outbox_attempt(at_ms, what, commands, outcome, http, took_ms) VALUES (@atMs, @what, @commands, @outcome, @http, @tookMs)',
    {
      ...attempt,
      tookMs: Math.round(attempt.tookMs),
    },
  );
  tx.run('DELETE FROM outbox_attempt WHERE id = (SELECT max(id) FROM outbox_attempt) - 1000');
}

export interface QueueRow {
  readonly table: 'outbox' | 'intents';
  readonly seq: number;
  readonly commandId: string;
  readonly kind: string;
  readonly aggregate: string;
  readonly attempts: number;
  readonly isUrgent: boolean;
  /** The signed envelope as it is sent. */
  readonly envelope: Buffer;
}

interface Candidate {
  readonly seq: number;
  readonly aggregate: string;
  readonly state: number;
  readonly notBeforeMs: number;
  readonly sizeBytes: number;
}

const scanRows = 128;
/** No wait is longer: one that seems so was stored before the device clock went back, and is over. */
const longestWaitMs = longestRetryAfterMs + backoffCapMs;

/**
 * The next commands in order, as many as fit. Within an aggregate strictly first in, first out: a waiting, conflicting or parked predecessor,
 * or an intent of unknown outcome made before, holds its aggregate and nothing else. Urgent commands go alone and pass everything.
 * `skip` leaves out what is on its way already.
 */
export function listSendable(
  db: Reader,
  nowMs: number,
  limits: { readonly commands: number; readonly bytes: number },
  skip: { readonly seqs: ReadonlySet<number>; readonly aggregates: ReadonlySet<string> } = { seqs: new Set(), aggregates: new Set() },
): QueueRow[] {
  const chosen: Candidate[] = [];
  const held = new Set<string>(skip.aggregates);
  const intents = new Map<string, number>();
  for (const row of db.all('SELECT aggregate, min(after_outbox_seq) AS after_seq FROM intents WHERE state = 0 GROUP BY aggregate')) {
    intents.set(String(row['aggregate']), Number(row['after_seq']));
  }
  let bytes = 0;
  let chosenLane = 1;
  let afterLane = -1;
  let afterSeq = 0;
  scan: for (;;) {
    const rows = db.all(
      `SELECT lane, seq, aggregate, state, not_before_ms, size_bytes FROM outbox WHERE state IN (0, 2, 3) AND (lane, seq) > (@afterLane, @afterSeq)
       ORDER BY lane, seq LIMIT ${scanRows}`,
      { afterLane, afterSeq },
    );
    for (const row of rows) {
      const lane = Number(row['lane']);
      afterLane = lane;
      afterSeq = Number(row['seq']);
      if (lane === 1 && chosenLane === 0) break scan;
      const candidate: Candidate = {
        seq: afterSeq,
        aggregate: String(row['aggregate']),
        state: Number(row['state']),
        notBeforeMs: Number(row['not_before_ms']),
        sizeBytes: Number(row['size_bytes']),
      };
      if (skip.seqs.has(candidate.seq)) continue;
      const isDue =
        candidate.state === commandStates.open && (candidate.notBeforeMs <= nowMs || candidate.notBeforeMs > nowMs + longestWaitMs);
      if (lane === 1) {
        if (held.has(candidate.aggregate)) continue;
        const intentAfter = intents.get(candidate.aggregate);
        if (!isDue || (intentAfter !== undefined && intentAfter < candidate.seq)) {
          held.add(candidate.aggregate);
          continue;
        }
      } else if (!isDue) continue;
      if (chosen.length > 0 && bytes + candidate.sizeBytes > limits.bytes) break scan;
      chosen.push(candidate);
      chosenLane = lane;
      bytes += candidate.sizeBytes;
      if (chosen.length >= limits.commands) break scan;
    }
    if (rows.length < scanRows) break;
  }
  return chosen.map(({ seq }) => getOutboxRow(db, seq));
}

function getOutboxRow(db: Reader, seq: number): QueueRow {
  const row = db.get(
    'SELECT o.seq, command_id, kind, aggregate, attempts, lane, envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq WHERE o.seq = @seq',
    { seq },
  );
  if (row === undefined) throw new Error('An outbox row vanished');
  return toQueueRow('outbox', row);
}

function toQueueRow(table: QueueRow['table'], row: Readonly<Record<string, unknown>>): QueueRow {
  return {
    table,
    seq: Number(row['seq']),
    commandId: String(row['command_id']),
    kind: String(row['kind']),
    aggregate: String(row['aggregate']),
    attempts: Number(row['attempts']),
    isUrgent: row['lane'] === 0,
    envelope: row['envelope'] as Buffer,
  };
}

/** The next intent that may be asked: due, and with no earlier command of its aggregate still waiting. Those in `first` go before others. */
export function findSendableIntent(db: Reader, nowMs: number, first: ReadonlySet<string>): QueueRow | undefined {
  const rows = db.all(
    `SELECT seq, command_id, kind, aggregate, attempts, envelope FROM intents i WHERE state = 0 AND (not_before_ms <= @nowMs OR not_before_ms > @farMs)
       AND NOT EXISTS (SELECT 1 FROM intents e WHERE e.state = 0 AND e.aggregate = i.aggregate AND e.seq < i.seq)
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state IN (0, 2, 3) AND o.lane = 1 AND o.aggregate = i.aggregate AND o.seq <= i.after_outbox_seq)
     ORDER BY seq LIMIT 50`,
    { nowMs, farMs: nowMs + longestWaitMs },
  );
  const row = rows.find((candidate) => first.has(String(candidate['command_id']))) ?? rows[0];
  return row === undefined ? undefined : toQueueRow('intents', row);
}

/** When the next waiting command falls due, or null when none waits for a time. */
export function findNextDueMs(db: Reader, nowMs: number): number | null {
  const span = { nowMs, farMs: nowMs + longestWaitMs };
  const outbox = db.get(
    'SELECT min(not_before_ms) AS due FROM outbox WHERE state = 0 AND not_before_ms > 0 AND not_before_ms > @nowMs AND not_before_ms <= @farMs',
    span,
  )?.['due'];
  const intents = db.get(
    'SELECT min(not_before_ms) AS due FROM intents WHERE state = 0 AND not_before_ms > @nowMs AND not_before_ms <= @farMs',
    span,
  )?.['due'];
  const due = [outbox, intents].filter((value) => value !== null && value !== undefined).map(Number);
  return due.length === 0 ? null : Math.min(...due);
}

const setState = {
  outbox:
    'UPDATE outbox SET state = @state, settled_at_ms = @atMs, last_answer = @answer, conflict_rev = @conflictRev WHERE seq = @seq AND state = 0',
} as const;

/** Settles an open command; false when it was settled before (a duplicate answer). */
export function settle(
  tx: Tx,
  row: Pick<QueueRow, 'table' | 'seq'>,
  change: { readonly state: number; readonly atMs: number; readonly answer: string; readonly conflictRev: number | null },
): boolean {
  if (row.table === 'outbox') return tx.run(setState.outbox, { seq: row.seq, ...change }) === 1;
  return (
    tx.run('UPDATE intents SET state = @state, settled_at_ms = @atMs, last_answer = @answer WHERE seq = @seq AND state = 0', {
      seq: row.seq,
      state: change.state,
      atMs: change.atMs,
      answer: change.answer,
    }) === 1
  );
}

/** Keeps an open command waiting, with what was answered. */
export function postpone(
  tx: Tx,
  row: Pick<QueueRow, 'table' | 'seq'>,
  change: { readonly notBeforeMs: number; readonly answer: string },
): void {
  const values = { seq: row.seq, notBeforeMs: change.notBeforeMs, answer: change.answer };
  if (row.table === 'outbox') {
    tx.run(
      'UPDATE outbox SET attempts = attempts + 1, not_before_ms = @notBeforeMs, last_answer = @answer WHERE seq = @seq AND state = 0',
      values,
    );
  } else {
    tx.run(
      'UPDATE intents SET attempts = attempts + 1, not_before_ms = @notBeforeMs, last_answer = @answer WHERE seq = @seq AND state = 0',
      values,
    );
  }
}

/**
 * Puts a command that was set aside, or held without the registry's signed word, back into its place. Answers what it is, or undefined when it is
 * not one of those, or is an online act that another one has followed.
 */
export function reopen(tx: Tx, commandId: string): { readonly kind: string; readonly aggregate: string } | undefined {
  const outbox = tx.get(
    'SELECT seq, kind, aggregate FROM outbox WHERE command_id = @commandId AND (state = 3 OR (state = 2 AND conflict_rev = 0)) AND state IN (0, 2, 3)',
    { commandId },
  );
  const row =
    outbox ??
    tx.get(
      `SELECT seq, kind, aggregate FROM intents i WHERE command_id = @commandId AND state = 3
         AND NOT EXISTS (SELECT 1 FROM intents l WHERE l.aggregate = i.aggregate AND l.seq > i.seq)`,
      { commandId },
    );
  if (row === undefined) return undefined;
  const seq = { seq: Number(row['seq']) };
  if (outbox === undefined) {
    tx.run(
      "UPDATE intents SET state = 0, attempts = 0, not_before_ms = 0, settled_at_ms = NULL, last_answer = 'SENT_AGAIN' WHERE seq = @seq",
      seq,
    );
  } else {
    tx.run(
      "UPDATE outbox SET state = 0, attempts = 0, not_before_ms = 0, settled_at_ms = NULL, conflict_rev = NULL, last_answer = 'SENT_AGAIN' WHERE seq = @seq",
      seq,
    );
  }
  return { kind: String(row['kind']), aggregate: String(row['aggregate']) };
}

/** Makes everything that waits for a time due now: the link is back, or a person asked. */
export function clearWaits(tx: Tx): void {
  tx.run('UPDATE outbox SET not_before_ms = 0 WHERE state = 0 AND not_before_ms > 0');
  tx.run('UPDATE intents SET not_before_ms = 0 WHERE state = 0 AND not_before_ms > 0');
}

export function saveReceipt(tx: Tx, commandId: string, result: string, receipt: string, atMs: number): void {
  tx.run('INSERT OR IGNORE INTO receipts(command_id, result, receipt, at_ms) VALUES (@commandId, @result, @receipt, @atMs)', {
    commandId,
    result,
    receipt,
    atMs,
  });
}

/** Makes one intent due: somebody waits for it. */
export function clearIntentWait(tx: Tx, commandId: string): void {
  tx.run('UPDATE intents SET not_before_ms = 0 WHERE command_id = @commandId AND state = 0 AND not_before_ms > 0', { commandId });
}

export interface QueueCounts {
  readonly queued: number;
  readonly attention: number;
  readonly unknown: number;
  readonly oldestAtMs: number | null;
}

export function getQueueCounts(db: Reader): QueueCounts {
  const outbox = db.get(
    `SELECT sum(state = 0) AS queued, sum(state <> 0) AS attention, min(CASE WHEN state = 0 THEN queued_at_ms END) AS oldest FROM outbox WHERE state IN (0, 2, 3)`,
  );
  const intents = db.get(
    'SELECT sum(state = 0) AS open, sum(state = 3) AS parked, min(CASE WHEN state = 0 THEN queued_at_ms END) AS oldest FROM intents WHERE state IN (0, 3)',
  );
  const oldest = [outbox?.['oldest'], intents?.['oldest']].filter((value) => value !== null && value !== undefined).map(Number);
  return {
    queued: Number(outbox?.['queued'] ?? 0),
    attention: Number(outbox?.['attention'] ?? 0) + Number(intents?.['parked'] ?? 0),
    unknown: Number(intents?.['open'] ?? 0),
    oldestAtMs: oldest.length === 0 ? null : Math.min(...oldest),
  };
}

export interface PageRow {
  readonly commandId: string;
  readonly kind: string;
  readonly applicationId: string;
  readonly atMs: number;
  readonly operatorName: string;
  readonly state: 'queued' | 'conflict' | 'parked' | 'rejected' | 'unknown';
  readonly attempts: number;
  readonly lastAnswer: string;
  readonly sizeBytes: number;
}

const stateNames: Readonly<Record<number, PageRow['state']>> = { 0: 'queued', 2: 'conflict', 3: 'parked', 5: 'rejected' };
const pageColumns = 'command_id, kind, aggregate, queued_at_ms, operator_name, state, attempts, last_answer, size_bytes';

/** What waits, what needs a person and what was refused since `rejectedSinceMs`, oldest first, at most 500. */
export function listQueuePage(db: Reader, rejectedSinceMs: number): PageRow[] {
  const outbox = db.all(
    `SELECT ${pageColumns} FROM outbox WHERE state IN (0, 2, 3)
     UNION ALL SELECT ${pageColumns} FROM outbox WHERE state = 5 AND settled_at_ms >= @rejectedSinceMs LIMIT 500`,
    { rejectedSinceMs },
  );
  const intents = db.all(
    `SELECT ${pageColumns} FROM intents WHERE state IN (0, 3)
     UNION ALL SELECT ${pageColumns} FROM intents WHERE state = 5 AND settled_at_ms >= @rejectedSinceMs LIMIT 500`,
    { rejectedSinceMs },
  );
  const toRow = (row: Readonly<Record<string, unknown>>, openName: PageRow['state']): PageRow => {
    const aggregate = String(row['aggregate']);
    return {
      commandId: String(row['command_id']),
      kind: String(row['kind']),
      applicationId: aggregate.startsWith('application:') ? aggregate.slice('application:'.length) : '',
      atMs: Number(row['queued_at_ms']),
      operatorName: String(row['operator_name']),
      state: Number(row['state']) === 0 ? openName : (stateNames[Number(row['state'])] ?? 'parked'),
      attempts: Number(row['attempts']),
      lastAnswer: String(row['last_answer']),
      sizeBytes: Number(row['size_bytes']),
    };
  };
  return [...outbox.map((row) => toRow(row, 'queued')), ...intents.map((row) => toRow(row, 'unknown'))]
    .sort((left, right) => left.atMs - right.atMs)
    .slice(0, 500);
}
