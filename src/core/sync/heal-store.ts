import type { CommandResult } from '../../shared/registry-api/envelope.ts';
import type { Reader, Tx } from '../storage/database.ts';

/** A settled command of this life, as far as a comparison with the registry needs it. */
export interface SettledCommand {
  readonly table: 'outbox' | 'intents';
  readonly seq: number;
  readonly commandId: string;
  /** Place of the desk; 0 for an intent. */
  readonly place: number;
}

const answered = 'state IN (1, 2, 4, 5) AND EXISTS (SELECT 1 FROM receipts r WHERE r.command_id = t.command_id)';

/** Commands that the registry answered with a receipt: those of the outbox by place, up to `limit`. */
export function listSettledPlaces(db: Reader, epoch: number, afterSeq: number, limit: number): SettledCommand[] {
  return db
    .all(
      `SELECT seq, command_id, desk_seq FROM outbox t WHERE epoch = @epoch AND seq > @afterSeq AND ${answered} ORDER BY seq LIMIT @limit`,
      {
        epoch,
        afterSeq,
        limit,
      },
    )
    .map((row) => ({ table: 'outbox', seq: Number(row['seq']), commandId: String(row['command_id']), place: Number(row['desk_seq']) }));
}

/** Where in the queue a place of this life stands; 0 before the first. */
export function seqOfPlace(db: Reader, epoch: number, place: number): number {
  return Number(db.get('SELECT max(seq) AS seq FROM outbox WHERE epoch = @epoch AND desk_seq <= @place', { epoch, place })?.['seq'] ?? 0);
}

/** The first place that waits or is held; null when none does. */
export function firstOpenPlace(db: Reader, epoch: number): number | null {
  const place = db.get('SELECT min(desk_seq) AS place FROM outbox WHERE state IN (0, 2, 3) AND epoch = @epoch', { epoch })?.['place'];
  return place === null || place === undefined ? null : Number(place);
}

export function listSettledIntents(db: Reader, afterSeq: number, limit: number): SettledCommand[] {
  return db
    .all(`SELECT seq, command_id FROM intents t WHERE seq > @afterSeq AND ${answered} ORDER BY seq LIMIT @limit`, { afterSeq, limit })
    .map((row) => ({ table: 'intents', seq: Number(row['seq']), commandId: String(row['command_id']), place: 0 }));
}

/**
 * The registry does not know this command any more: it goes again, the very same, and is "queued" until there is a new receipt. The old receipt
 * is kept: it proves what the registry had said. Source: F-26, I-19
 */
export function reopenForHealing(tx: Tx, command: SettledCommand, atMs: number): void {
  const { commandId, seq } = command;
  tx.run(
    `INSERT OR IGNORE INTO receipt_history(command_id, registry_epoch, result, receipt, at_ms, reopened_at_ms)
     SELECT command_id, receipt ->> '$.registry_epoch', result, receipt, at_ms, @atMs FROM receipts WHERE command_id = @commandId`,
    { commandId, atMs },
  );
  tx.run('DELETE FROM receipts WHERE command_id = @commandId', { commandId });
  if (command.table === 'outbox') {
    tx.run(
      "UPDATE outbox SET state = 0, attempts = 0, not_before_ms = 0, settled_at_ms = NULL, conflict_rev = NULL, last_answer = 'HEALING' WHERE seq = @seq",
      {
        seq,
      },
    );
  } else
    tx.run(
      "UPDATE intents SET state = 0, attempts = 0, not_before_ms = 0, settled_at_ms = NULL, last_answer = 'HEALING' WHERE seq = @seq",
      { seq },
    );
}

export function isHealing(db: Reader): boolean {
  return db.get('SELECT 1 AS found FROM receipt_history WHERE answered_at_ms IS NULL LIMIT 1') !== undefined;
}

/**
 * The answer to a command that went again. Answers undefined for a command that did not; else what differs from what the registry had said before
 * it was restored: a person is told, and both receipts are kept.
 */
export function noteHealed(
  tx: Tx,
  { command_id: commandId, result }: CommandResult,
  atMs: number,
): '' | 'outcome' | 'certificates' | undefined {
  const row = tx.get(
    'SELECT registry_epoch, result FROM receipt_history WHERE command_id = @commandId AND answered_at_ms IS NULL ORDER BY reopened_at_ms DESC LIMIT 1',
    {
      commandId,
    },
  );
  if (row === undefined) return undefined;
  const before = JSON.parse(String(row['result'])) as CommandResult['result'];
  const difference = before.outcome !== result.outcome ? 'outcome' : serialsOf(before) === serialsOf(result) ? '' : 'certificates';
  tx.run(
    'UPDATE receipt_history SET answered_at_ms = @atMs, difference = @difference WHERE command_id = @commandId AND answered_at_ms IS NULL',
    {
      commandId,
      atMs,
      difference,
    },
  );
  return difference;
}

function serialsOf(result: CommandResult['result']): string {
  return result.outcome === 'applied'
    ? (result.certificates ?? [])
        .map(({ serial }) => serial)
        .sort()
        .join()
    : '';
}

export interface PlaceProof {
  readonly registryEpoch: string;
  readonly provenSeq: number;
  readonly checkedAtMs: number;
  readonly missing: number;
}

export function findPlaceProof(db: Reader, epoch: number): PlaceProof | undefined {
  const row = db.get('SELECT registry_epoch, proven_seq, checked_at_ms, missing FROM place_proof WHERE epoch = @epoch', { epoch });
  if (row === undefined) return undefined;
  return {
    registryEpoch: String(row['registry_epoch']),
    provenSeq: Number(row['proven_seq']),
    checkedAtMs: Number(row['checked_at_ms']),
    missing: Number(row['missing']),
  };
}

export function savePlaceProof(tx: Tx, epoch: number, proof: PlaceProof): void {
  tx.run(
    `INSERT INTO place_proof(epoch, registry_epoch, proven_seq, checked_at_ms, missing) VALUES (@epoch, @registryEpoch, @provenSeq, @checkedAtMs, @missing)
     ON CONFLICT(epoch) DO UPDATE SET registry_epoch = excluded.registry_epoch, proven_seq = excluded.proven_seq,
       checked_at_ms = excluded.checked_at_ms, missing = excluded.missing`,
    { epoch, ...proof },
  );
}

export interface HealCounts {
  readonly sentAgain: number;
  readonly different: number;
}

export function countHealed(db: Reader): HealCounts {
  const row = db.get("SELECT count(*) AS n, sum(difference <> '') AS different FROM receipt_history");
  return { sentAgain: Number(row?.['n'] ?? 0), different: Number(row?.['different'] ?? 0) };
}

/** Places that were taken at the desk, and those of them that wait or are held. */
export function countPlaces(db: Reader, epoch: number): { readonly taken: number; readonly open: number } {
  const taken = db.get('SELECT desk_seq FROM outbox WHERE epoch = @epoch ORDER BY seq DESC LIMIT 1', { epoch })?.['desk_seq'];
  const open = db.get('SELECT count(*) AS n FROM outbox WHERE state IN (0, 2, 3) AND epoch = @epoch', { epoch })?.['n'];
  return { taken: Number(taken ?? 0), open: Number(open ?? 0) };
}
