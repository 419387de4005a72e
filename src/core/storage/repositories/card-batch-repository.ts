import type { Reader, Row, Tx } from '../database.ts';
import { textOf } from './columns.ts';

export interface StoredBatch {
  readonly batchId: string;
  readonly state: 'running' | 'paused' | 'stopped' | 'done';
  readonly beganAtMs: number;
  /** Empty: whichever reader has the card. */
  readonly readerName: string;
  readonly operatorLogin: string;
}

export interface StoredBatchItem {
  readonly applicationId: string;
  readonly state: 'waiting' | 'making' | 'made' | 'left';
}

export function insertBatch(tx: Tx, batch: Omit<StoredBatch, 'state'>, applicationIds: readonly string[]): void {
  tx.run(
    `INSERT INTO card_batch(batch_id, state, began_at_ms, reader_name, operator_login) VALUES (@batchId, 'running', @beganAtMs, @readerName, @operatorLogin)`,
    { ...batch },
  );
  applicationIds.forEach((applicationId, place) => {
    tx.run(`INSERT INTO card_batch_item(batch_id, application_id, place, state) VALUES (@batchId, @applicationId, @place, 'waiting')`, {
      batchId: batch.batchId,
      applicationId,
      place,
    });
  });
}

/** That one, or the newest. */
export function findLastBatch(db: Reader, batchId?: string): StoredBatch | undefined {
  const row =
    batchId === undefined
      ? db.get('SELECT * FROM card_batch ORDER BY began_at_ms DESC, batch_id DESC LIMIT 1')
      : db.get('SELECT * FROM card_batch WHERE batch_id = @batchId', { batchId });
  return row && batchOf(row);
}

export function setBatchState(tx: Tx, batchId: string, state: StoredBatch['state']): void {
  tx.run('UPDATE card_batch SET state = @state WHERE batch_id = @batchId', { batchId, state });
}

export function listBatchItems(db: Reader, batchId: string): StoredBatchItem[] {
  return db.all('SELECT application_id, state FROM card_batch_item WHERE batch_id = @batchId ORDER BY place', { batchId }).map((row) => ({
    applicationId: textOf(row, 'application_id'),
    state: textOf(row, 'state') as StoredBatchItem['state'],
  }));
}

export function setBatchItem(tx: Tx, batchId: string, applicationId: string, state: StoredBatchItem['state']): void {
  tx.run('UPDATE card_batch_item SET state = @state WHERE batch_id = @batchId AND application_id = @applicationId', {
    batchId,
    applicationId,
    state,
  });
}

function batchOf(row: Row): StoredBatch {
  return {
    batchId: textOf(row, 'batch_id'),
    state: textOf(row, 'state') as StoredBatch['state'],
    beganAtMs: Number(row['began_at_ms']),
    readerName: textOf(row, 'reader_name'),
    operatorLogin: textOf(row, 'operator_login'),
  };
}
