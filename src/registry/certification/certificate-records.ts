import type { Selectable } from 'kysely';
import type { IssuedCertificate } from '../../shared/registry-api/envelope.ts';
import type { CertificateKind, CertificateState } from '../../shared/rules/vocabulary.ts';
import type { Session } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

/** A row of the certificate register. */
export interface CertificateRecord extends IssuedCertificate {
  readonly applicationId: string;
  readonly holderFin: string;
  readonly phone: string;
  readonly iccid: string;
}

const columns = [
  'serial',
  'application_id',
  'kind',
  'state',
  'holder_fin',
  'phone',
  'iccid',
  'voen',
  'organisation_name',
  'validity_rule',
  'not_before_ms',
  'not_after_ms',
  'der',
] as const;

export async function listCertificatesOnPhone(session: Session, phone: string): Promise<CertificateRecord[]> {
  const rows = await selectInOrder(session).where('phone', '=', phone).execute();
  return rows.map(toRecord);
}

export async function listCertificatesBySerial(session: Session, serials: readonly string[]): Promise<CertificateRecord[]> {
  if (serials.length === 0) return [];
  const rows = await selectInOrder(session).where('serial', 'in', serials).execute();
  return rows.map(toRecord);
}

/** In the order in which they were ordered. */
function selectInOrder(session: Session) {
  return session.db.selectFrom('certificate').select(columns).orderBy('ordinal').orderBy('serial');
}

export async function insertCertificate(session: Session, record: CertificateRecord, ordinal: number): Promise<void> {
  await session.db
    .insertInto('certificate')
    .values({
      serial: record.serial,
      application_id: record.applicationId,
      ordinal,
      kind: record.kind,
      state: record.state,
      holder_fin: record.holderFin,
      phone: record.phone,
      iccid: record.iccid,
      voen: record.voen,
      organisation_name: record.organisationName,
      validity_rule: record.validityRule,
      not_before_ms: record.notBeforeMs,
      not_after_ms: record.notAfterMs,
      der: record.der,
      revoked_at_ms: null,
      reason: '',
    })
    .execute();
  await markListStale(session);
}

/** Every change of state reaches the revocation list at its next making. */
export async function moveCertificates(
  session: Session,
  serials: readonly string[],
  change: { state: CertificateState; iccid?: string; revokedAtMs?: number; reason?: string },
): Promise<void> {
  if (serials.length === 0) return;
  await session.db
    .updateTable('certificate')
    .set({
      state: change.state,
      ...(change.iccid === undefined ? {} : { iccid: change.iccid }),
      ...(change.revokedAtMs === undefined ? {} : { revoked_at_ms: change.revokedAtMs, reason: change.reason ?? '' }),
    })
    .where('serial', 'in', serials)
    .execute();
  await markListStale(session);
}

async function markListStale(session: Session): Promise<void> {
  await session.db.updateTable('revocation_list').set({ is_stale: 1 }).where('id', '=', 1).execute();
}

/** As the protocol shows it. */
export function toIssued(record: CertificateRecord): IssuedCertificate {
  const { serial, kind, state, notBeforeMs, notAfterMs, validityRule, voen, organisationName, der } = record;
  return { serial, kind, state, notBeforeMs, notAfterMs, validityRule, voen, organisationName, der };
}

type Row = Pick<Selectable<Tables['certificate']>, (typeof columns)[number]>;

function toRecord(row: Row): CertificateRecord {
  return {
    serial: row.serial,
    applicationId: row.application_id,
    kind: row.kind as CertificateKind,
    state: row.state as CertificateState,
    holderFin: row.holder_fin,
    phone: row.phone,
    iccid: row.iccid,
    voen: row.voen,
    organisationName: row.organisation_name,
    validityRule: row.validity_rule as IssuedCertificate['validityRule'],
    notBeforeMs: row.not_before_ms,
    notAfterMs: row.not_after_ms,
    der: row.der,
  };
}
