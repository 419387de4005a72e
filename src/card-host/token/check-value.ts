import type { MasterMac } from './code-deriver.ts';

/**
 * What two people compare after a key ceremony and after a move: 6 bytes that only this master key gives and that say nothing of any card's codes.
 */
export async function readCheckValue(mac: MasterMac): Promise<string> {
  const bytes = await mac(new TextEncoder().encode('qeyd-card-check-value-1'));
  const value = Buffer.from(bytes.subarray(0, 6)).toString('hex').toUpperCase();
  bytes.fill(0);
  return value.replace(/(.{4})(?=.)/gu, '$1-');
}
