import type { CertificateStatus } from '../../../shared/registry-api/card-session.ts';
import { certificateStates } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Tx } from '../database.ts';

/** The certificate with which an operator was let in by the registry at this desk. */
export interface PinnedCard {
  readonly operatorId: string;
  readonly certificateSha256: string;
  readonly certificate: Uint8Array;
  readonly seenOnlineAtMs: number;
}

export function findPinnedCard(db: Reader, certificateSha256: string): PinnedCard | undefined {
  const row = db.get('SELECT * FROM operator_card WHERE certificate_sha256 = @certificateSha256', { certificateSha256 });
  return (
    row && {
      operatorId: String(row['operator_id']),
      certificateSha256: String(row['certificate_sha256']),
      certificate: row['certificate'] as Buffer,
      seenOnlineAtMs: Number(row['seen_online_at_ms']),
    }
  );
}

export function pinCard(tx: Tx, card: PinnedCard): void {
  tx.run('DELETE FROM operator_card WHERE certificate_sha256 = @sha256 OR operator_id = @operatorId', {
    sha256: card.certificateSha256,
    operatorId: card.operatorId,
  });
  tx.run(
    `INSERT INTO operator_card(operator_id, certificate_sha256, certificate, seen_online_at_ms)
     VALUES (@operatorId, @certificateSha256, @certificate, @seenOnlineAtMs)`,
    { ...card, certificate: Buffer.from(card.certificate) },
  );
}

/** A card that was taken away, exchanged or refused lets nobody in without the link. */
export function unpinCard(tx: Tx, operatorId: string): void {
  tx.run('DELETE FROM operator_card WHERE operator_id = @operatorId', { operatorId });
}

/** What the registry said last of a certificate, and when. */
export interface KnownStanding extends CertificateStatus {
  readonly toldAtMs: number;
}

export function findStanding(db: Reader, serial: string): KnownStanding | undefined {
  const row = db.get('SELECT * FROM certificate_standing WHERE serial = @serial', { serial });
  if (row === undefined) return undefined;
  const state = String(row['state']);
  return {
    serial: String(row['serial']),
    // A state that a newer registry knows and this program does not lets nobody in.
    state: certificateStates.find((known) => known === state) ?? null,
    notBeforeMs: Number(row['not_before_ms']),
    notAfterMs: Number(row['not_after_ms']),
    applicationId: String(row['application_id']),
    toldAtMs: Number(row['told_at_ms']),
  };
}

export function saveStanding(tx: Tx, standing: CertificateStatus, toldAtMs: number): void {
  tx.run(
    `INSERT INTO certificate_standing(serial, state, not_before_ms, not_after_ms, application_id, told_at_ms)
     VALUES (@serial, @state, @notBeforeMs, @notAfterMs, @applicationId, @toldAtMs)
     ON CONFLICT(serial) DO UPDATE SET state = @state, not_before_ms = @notBeforeMs, not_after_ms = @notAfterMs,
       application_id = @applicationId, told_at_ms = @toldAtMs`,
    { ...standing, state: standing.state ?? '', toldAtMs },
  );
}
