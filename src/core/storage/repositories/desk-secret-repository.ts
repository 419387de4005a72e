import { createHmac } from 'node:crypto';
import type { Randomness } from '../../../shared/platform/ports.ts';
import type { Database, Reader, Tx } from '../database.ts';
import { textOf } from './columns.ts';

const settingName = 'desk_secret';

/**
 * A keyed hash of a text under a random key that was made for this desk and never leaves its encrypted database: two texts can be told apart
 * by it, but nobody without the key can try out what the text was. Not to be called inside a transaction. Hex.
 */
export function keyedHash(desk: { readonly db: Database; readonly random: Randomness }, purpose: string, text: string): string {
  const key = findKey(desk.db) ?? desk.db.transact((tx) => makeKey(tx, desk.random));
  return createHmac('sha256', Buffer.from(key, 'hex')).update(`${purpose}\0${text}`).digest('hex');
}

function findKey(db: Reader): string | undefined {
  const row = db.get('SELECT value FROM settings WHERE name = @name', { name: settingName });
  return row && textOf(row, 'value');
}

function makeKey(tx: Tx, random: Randomness): string {
  const value = Buffer.from(random.bytes(32)).toString('hex');
  tx.run('INSERT INTO settings (name, value) VALUES (@name, @value)', { name: settingName, value });
  return value;
}
