/** What the verification of the chain needs of a record. */
export interface SealedRecord {
  readonly atMs: number;
  readonly act: string;
  readonly operatorLogin?: string;
  readonly deskEpoch: number;
  /** Left out where the usual form says enough; the beginning of a series of seals is always read whole. */
  readonly detail?: unknown;
}

const text = '"[^"\\\\]*"';
const pair = `${text}:(?:${text}|-?[0-9]{1,15}|true|false)`;
/**
 * A record as the chain writes it (canonical JSON, its names in their order, no escapes outside `detail`), all of it, so that what it finds is what
 * JSON would say: three times as fast, and it runs for every row of years. Any other record goes the long way.
 */
const usualRecord = new RegExp(
  `^\\{"act":"([^"\\\\]*)",(?:"applicationId":${text},)?"atMs":([1-9][0-9]{0,14}),(?:"authMethod":${text},)?(?:"bootId":${text},)?(?:"commandId":${text},)?` +
    `"deskEpoch":([1-9][0-9]{0,8}),"detail":\\{(?:${pair}(?:,${pair})*)?\\},"monoMs":[0-9]{1,15}(?:,"operatorId":${text})?(?:,"operatorLogin":"([^"\\\\]*)")?` +
    `(?:,"role":${text})?(?:,"sessionId":${text})?\\}$`,
  'u',
);

/** The record of a row; null when it is none. */
export function readRecord(rec: string): SealedRecord | null {
  const usual = usualRecord.exec(rec);
  if (usual === null || usual[1] === 'audit.seals_begun') return readAnyRecord(rec);
  return {
    act: usual[1] ?? '',
    atMs: Number(usual[2]),
    deskEpoch: Number(usual[3]),
    ...(usual[4] === undefined ? {} : { operatorLogin: usual[4] }),
  };
}

/** By hand, for the same reason. */
export function readAnyRecord(rec: string): SealedRecord | null {
  try {
    const record = JSON.parse(rec) as Partial<Record<keyof SealedRecord, unknown>> | null;
    if (record === null || typeof record.atMs !== 'number' || typeof record.act !== 'string') return null;
    if (record.operatorLogin !== undefined && typeof record.operatorLogin !== 'string') return null;
    return Number.isInteger(record.deskEpoch) ? (record as SealedRecord) : null;
  } catch {
    return null;
  }
}
