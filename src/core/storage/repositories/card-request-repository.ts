import {
  cardRequestEntitySchema,
  packageEntitySchema,
  type CardRequestEntity,
  type PackageEntity,
} from '../../../shared/registry-api/card-entities.ts';
import type { Reader, Row, Tx } from '../database.ts';
import { json, nullableInt } from './columns.ts';

/** A request for a card as the registry told of it last, with the highest revision of its case that this desk has seen. */
export interface StoredCardRequest {
  readonly rev: number;
  readonly request: CardRequestEntity;
  /** As it is printed on the card and the envelope. */
  readonly holderName: string;
}

export function saveCardRequest(tx: Tx, rev: number, entity: CardRequestEntity): void {
  tx.run(
    `INSERT INTO card_request(application_id, rev, body) VALUES (@applicationId, @rev, @body)
     ON CONFLICT(application_id) DO UPDATE SET rev = max(rev, excluded.rev), body = excluded.body`,
    { applicationId: entity.applicationId, rev, body: JSON.stringify(entity) },
  );
}

/** The registry answered one of our commands with a later revision than the feed has brought. */
export function noteRequestRev(tx: Tx, applicationId: string, rev: number): void {
  tx.run('UPDATE card_request SET rev = max(rev, @rev) WHERE application_id = @applicationId', { applicationId, rev });
}

export function forgetCardRequest(tx: Tx, applicationId: string): void {
  tx.run('DELETE FROM card_request WHERE application_id = @applicationId', { applicationId });
}

export function findCardRequest(db: Reader, applicationId: string): StoredCardRequest | undefined {
  const row = db.get('SELECT * FROM card_request WHERE application_id = @applicationId', { applicationId });
  return row && requestOf(row);
}

/** Those of which the centre's part is not over, by office and deadline. */
export function listCardRequests(db: Reader): StoredCardRequest[] {
  return db
    .all(
      `SELECT * FROM card_request WHERE body ->> '$.isOver' = 0
       ORDER BY body ->> '$.officeName', body ->> '$.dueAtMs', application_id`,
    )
    .map(requestOf);
}

export interface StoredPackage {
  /** Null until the registry has heard of it. */
  readonly rev: number | null;
  readonly entity: PackageEntity;
}

export function savePackage(tx: Tx, rev: number | null, entity: PackageEntity): void {
  tx.run(
    `INSERT INTO dispatch_package(package_number, rev, body, prepared_at_ms) VALUES (@packageNumber, @rev, @body, @preparedAtMs)
     ON CONFLICT(package_number) DO UPDATE SET rev = coalesce(excluded.rev, rev), body = excluded.body`,
    { packageNumber: entity.packageNumber, rev, body: JSON.stringify(entity), preparedAtMs: entity.preparedAtMs },
  );
}

export function notePackageRev(tx: Tx, packageNumber: string, rev: number): void {
  tx.run('UPDATE dispatch_package SET rev = max(coalesce(rev, 0), @rev) WHERE package_number = @packageNumber', { packageNumber, rev });
}

export function findPackage(db: Reader, packageNumber: string): StoredPackage | undefined {
  const row = db.get('SELECT * FROM dispatch_package WHERE package_number = @packageNumber', { packageNumber });
  return row && packageOf(row);
}

/** The newest first. */
export function listPackages(db: Reader, limit: number): StoredPackage[] {
  return db.all('SELECT * FROM dispatch_package ORDER BY prepared_at_ms DESC, package_number DESC LIMIT @limit', { limit }).map(packageOf);
}

/** How many packages this desk made; the next one's number follows. */
export function countPackages(db: Reader, prefix: string): number {
  const row = db.get('SELECT count(*) AS n FROM dispatch_package WHERE substr(package_number, 1, @length) = @prefix', {
    length: prefix.length,
    prefix,
  });
  return Number(row?.['n'] ?? 0);
}

function requestOf(row: Row): StoredCardRequest {
  const request = cardRequestEntitySchema.parse(json(row, 'body'));
  const { surname, givenName, fatherName } = request;
  return { rev: Number(row['rev']), request, holderName: [surname, givenName, fatherName].filter((part) => part !== '').join(' ') };
}

function packageOf(row: Row): StoredPackage {
  return { rev: nullableInt(row, 'rev'), entity: packageEntitySchema.parse(json(row, 'body')) };
}
