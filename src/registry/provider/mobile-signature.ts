import { randomInt, randomUUID } from 'node:crypto';
import { generateKeyPair, type Key } from '../provision/x509.ts';
import type { Session } from '../store/store.ts';

/**
 * The mobile-signature provider: it holds the keys of the SIMs and gives each number its User ID. Private keys leave its table nowhere.
 * Source: R-18, CR-06
 */
export async function makeSimKey(session: Session, phone: string, usage: 'AUT' | 'signing'): Promise<{ keyId: string; publicKey: Key }> {
  const keys = await generateKeyPair();
  const keyId = randomUUID();
  await session.db
    .insertInto('sim_key')
    .values({
      key_id: keyId,
      phone,
      usage,
      serial: '',
      private_key: Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64'),
      public_key: Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey)).toString('base64'),
    })
    .execute();
  return { keyId, publicKey: keys.publicKey };
}

export async function nameSimKey(session: Session, keyId: string, serial: string): Promise<void> {
  await session.db.updateTable('sim_key').set({ serial }).where('key_id', '=', keyId).execute();
}

/** The card that the number's certificates were last activated on. */
export async function findBoundIccid(session: Session, phone: string): Promise<string | undefined> {
  const row = await session.db.selectFrom('sim_card').select('iccid').where('phone', '=', phone).executeTakeFirst();
  return row?.iccid;
}

/** One User ID for a number whatever it carries; a new card of the number keeps it. Source: CR-06 */
export async function bindSim(session: Session, sim: { phone: string; iccid: string; holderFin: string }): Promise<string> {
  const bound = await session.db.selectFrom('sim_card').select('user_id').where('phone', '=', sim.phone).executeTakeFirst();
  const userId = bound?.user_id ?? String(randomInt(1_000_000)).padStart(6, '0');
  await session.db
    .insertInto('sim_card')
    .values({ phone: sim.phone, iccid: sim.iccid, user_id: userId, holder_fin: sim.holderFin })
    .onConflict((conflict) => conflict.column('phone').doUpdateSet({ iccid: sim.iccid }))
    .execute();
  return userId;
}
