import type { Reader, Row, Tx } from '../database.ts';
import { textOf } from './columns.ts';

/** A blank card by its serial; `used` once it was given to a request, whatever became of it. */
export interface StoredBlank {
  readonly serial: string;
  readonly deliveryId: string;
  readonly state: 'free' | 'used' | 'written_off';
  readonly reason: string;
  readonly note: string;
  readonly atMs: number;
}

export function insertBlank(tx: Tx, blank: { serial: string; deliveryId: string; place: number; note: string; atMs: number }): boolean {
  return (
    tx.run(
      `INSERT INTO card_stock(serial, delivery_id, place, state, reason, note, at_ms) VALUES (@serial, @deliveryId, @place, 'free', '', @note, @atMs)
       ON CONFLICT(serial) DO NOTHING`,
      blank,
    ) > 0
  );
}

export function setBlank(tx: Tx, serial: string, change: { state: StoredBlank['state']; reason: string; note: string }): void {
  tx.run('UPDATE card_stock SET state = @state, reason = @reason, note = @note WHERE serial = @serial', { serial, ...change });
}

export function findBlank(db: Reader, serial: string): StoredBlank | undefined {
  const row = db.get('SELECT * FROM card_stock WHERE serial = @serial', { serial });
  return row && blankOf(row);
}

/** As they were delivered: the pack is worked through in its order. */
export function findNextBlank(db: Reader): StoredBlank | undefined {
  const row = db.get("SELECT * FROM card_stock WHERE state = 'free' ORDER BY at_ms, place LIMIT 1");
  return row && blankOf(row);
}

/** Free ones first, in the order of the pack. */
export function listBlanks(db: Reader, limit: number): StoredBlank[] {
  return db.all("SELECT * FROM card_stock ORDER BY state = 'free' DESC, at_ms, place LIMIT @limit", { limit }).map(blankOf);
}

export function countBlanks(db: Reader): Record<StoredBlank['state'], number> {
  const counts = { free: 0, used: 0, written_off: 0 };
  for (const row of db.all('SELECT state, count(*) AS n FROM card_stock GROUP BY state'))
    counts[textOf(row, 'state') as StoredBlank['state']] = Number(row['n']);
  return counts;
}

function blankOf(row: Row): StoredBlank {
  return {
    serial: textOf(row, 'serial'),
    deliveryId: textOf(row, 'delivery_id'),
    state: textOf(row, 'state') as StoredBlank['state'],
    reason: textOf(row, 'reason'),
    note: textOf(row, 'note'),
    atMs: Number(row['at_ms']),
  };
}
