import type { Session } from '../store/store.ts';

/** What may happen once: the primary keys are the rule, whoever comes first. Source: ADR-0027 */

interface Once {
  readonly applicationId: string;
  readonly atMs: number;
}

export type ClaimStop = 'CARD_SERIAL_USED' | 'CARD_WRITTEN_OFF' | 'CHIP_USED';

/** Takes the serial and the chip for a case; null when both are its own now. */
export async function claimCard(
  session: Session,
  { serial, chipSerial, applicationId, atMs }: Once & { readonly serial: string; readonly chipSerial: string },
): Promise<ClaimStop | null> {
  const taken = { state: 'taken', application_id: applicationId, at_ms: atMs };
  const made = await session.db
    .insertInto('card_serial')
    .values({ serial, ...taken, delivery_id: '', pin_request_id: '' })
    .onConflict((conflict) => conflict.column('serial').doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows !== 1n) {
    const fromStock = await session.db
      .updateTable('card_serial')
      .set(taken)
      .where('serial', '=', serial)
      .where('state', '=', 'stock')
      .executeTakeFirst();
    if (fromStock.numUpdatedRows !== 1n) {
      const known = await session.db.selectFrom('card_serial').select('state').where('serial', '=', serial).executeTakeFirst();
      return known?.state === 'written_off' ? 'CARD_WRITTEN_OFF' : 'CARD_SERIAL_USED';
    }
  }
  const chip = await session.db
    .insertInto('chip_serial')
    .values({ chip_serial: chipSerial, serial, application_id: applicationId, at_ms: atMs })
    .onConflict((conflict) => conflict.column('chip_serial').doNothing())
    .executeTakeFirst();
  return chip.numInsertedOrUpdatedRows === 1n ? null : 'CHIP_USED';
}

export async function moveSerial(session: Session, serial: string, state: 'out' | 'written_off'): Promise<void> {
  await session.db.updateTable('card_serial').set({ state }).where('serial', '=', serial).execute();
}

/** A delivery of blank cards; answers the first serial that stands for something already. */
export async function takeIntoStock(
  session: Session,
  { deliveryId, serials, atMs }: { readonly deliveryId: string; readonly serials: readonly string[]; readonly atMs: number },
): Promise<string | null> {
  const rows = await session.db
    .insertInto('card_serial')
    .values(
      serials.map((serial) => ({ serial, state: 'stock', delivery_id: deliveryId, application_id: '', pin_request_id: '', at_ms: atMs })),
    )
    .onConflict((conflict) => conflict.column('serial').doNothing())
    .returning('serial')
    .execute();
  const made = new Set(rows.map((row) => row.serial));
  const others = serials.filter((serial) => !made.has(serial));
  if (others.length === 0) return null;
  // A card that was claimed before its delivery was heard of belongs to the delivery all the same.
  const claimed = await session.db
    .updateTable('card_serial')
    .set({ delivery_id: deliveryId })
    .where('serial', 'in', others)
    .where('delivery_id', '=', '')
    .returning('serial')
    .execute();
  const known = new Set(claimed.map((row) => row.serial));
  return others.find((serial) => !known.has(serial)) ?? null;
}

/** Null when the blank card is out of the stock now. */
export async function writeOff(
  session: Session,
  deliveryId: string,
  serial: string,
): Promise<'SERIAL_UNKNOWN' | 'CARD_SERIAL_USED' | null> {
  const row = await session.db
    .selectFrom('card_serial')
    .select(['state', 'delivery_id'])
    .where('serial', '=', serial)
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .executeTakeFirst();
  if (row?.delivery_id !== deliveryId) return 'SERIAL_UNKNOWN';
  if (row.state !== 'stock') return 'CARD_SERIAL_USED';
  await moveSerial(session, serial, 'written_off');
  return null;
}

/** A key is certified once. */
export async function claimKey(
  session: Session,
  { spkiSha256, certificateSerial, applicationId, atMs }: Once & { readonly spkiSha256: string; readonly certificateSerial: string },
): Promise<boolean> {
  const made = await session.db
    .insertInto('card_key')
    .values({ spki_sha256: spkiSha256, certificate_serial: certificateSerial, application_id: applicationId, at_ms: atMs })
    .onConflict((conflict) => conflict.column('spki_sha256').doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n;
}

export async function listKeys(
  session: Session,
  spkiSha256s: readonly string[],
): Promise<Map<string, { readonly certificateSerial: string }>> {
  const rows = await session.db
    .selectFrom('card_key')
    .select(['spki_sha256', 'certificate_serial'])
    .where('spki_sha256', 'in', spkiSha256s)
    .execute();
  return new Map(rows.map((row) => [row.spki_sha256, { certificateSerial: row.certificate_serial }]));
}

/** An envelope is used once, for one card; the same word again changes nothing. */
export async function claimEnvelope(session: Session, envelopeNumber: string, serial: string, atMs: number): Promise<boolean> {
  await session.db
    .insertInto('pin_envelope')
    .values({ envelope_number: envelopeNumber, serial, at_ms: atMs })
    .onConflict((conflict) => conflict.column('envelope_number').doNothing())
    .execute();
  const row = await session.db.selectFrom('pin_envelope').select('serial').where('envelope_number', '=', envelopeNumber).executeTakeFirst();
  return row?.serial === serial;
}

/** One request for new codes of a card at a time. */
export async function openPinRequest(session: Session, serial: string, requestId: string): Promise<boolean> {
  const row = await session.db
    .updateTable('card_serial')
    .set({ pin_request_id: requestId })
    .where('serial', '=', serial)
    .where('pin_request_id', 'in', ['', requestId])
    .executeTakeFirst();
  return row.numUpdatedRows === 1n;
}

export async function closePinRequest(session: Session, serial: string, requestId: string): Promise<void> {
  await session.db
    .updateTable('card_serial')
    .set({ pin_request_id: '' })
    .where('serial', '=', serial)
    .where('pin_request_id', '=', requestId)
    .execute();
}
