import type { IssuedCertificate } from '../../../shared/registry-api/envelope.ts';
import type { Reader, Row, Tx } from '../database.ts';
import { textOf } from './columns.ts';

/** In the order in which the registry issued them; those of a replaced SIM were issued to an earlier case. */
export function listCertificates(db: Reader, applicationId: string): IssuedCertificate[] {
  return db
    .all(
      `SELECT certificate.* FROM certificate_of_application AS named JOIN certificate USING (serial)
       WHERE named.application_id = @applicationId ORDER BY named.ordinal`,
      { applicationId },
    )
    .map(certificateOf);
}

/** Takes over the registry's list; a serial once known stays, only its state follows. */
export function saveCertificates(tx: Tx, applicationId: string, certificates: readonly IssuedCertificate[]): void {
  for (const [ordinal, certificate] of certificates.entries()) {
    tx.run(
      `INSERT INTO certificate (serial, application_id, ordinal, kind, state, not_before_ms, not_after_ms, validity_rule, voen, organisation_name, der)
       VALUES (@serial, @applicationId, @ordinal, @kind, @state, @notBeforeMs, @notAfterMs, @validityRule, @voen, @organisationName, @der)
       ON CONFLICT (serial) DO UPDATE SET state = @state`,
      { ...certificate, applicationId, ordinal },
    );
    tx.run(
      `INSERT INTO kept_certificate (application_id, serial, ordinal)
       SELECT @applicationId, @serial, @ordinal FROM certificate WHERE serial = @serial AND application_id <> @applicationId
       ON CONFLICT DO NOTHING`,
      { applicationId, serial: certificate.serial, ordinal },
    );
  }
}

function certificateOf(row: Row): IssuedCertificate {
  return {
    serial: textOf(row, 'serial'),
    kind: textOf(row, 'kind') as IssuedCertificate['kind'],
    state: textOf(row, 'state') as IssuedCertificate['state'],
    notBeforeMs: Number(row['not_before_ms']),
    notAfterMs: Number(row['not_after_ms']),
    validityRule: textOf(row, 'validity_rule') as IssuedCertificate['validityRule'],
    voen: textOf(row, 'voen'),
    organisationName: textOf(row, 'organisation_name'),
    der: textOf(row, 'der'),
  };
}
