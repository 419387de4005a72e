import { verify } from 'node:crypto';
import { auditSealText, noSeal, type AuditSeal } from '../../shared/registry-api/audit-seal.ts';
import type { Reader } from '../storage/database.ts';
import { verifyingKeyOf } from './seal-keys.ts';
import { begunKeyOf, listSeals, sealHash } from './seals.ts';

const pageSeals = 1000;

/**
 * Holds the seals against the chain as it is walked: each follows the one before it by number, hash and key, begins a series only where the journal says so,
 * and names the very head. Signatures are verified on the threads beside the walk.
 */
export function createSealCheck(db: Reader, deskId: string) {
  const begun = new Set<string>();
  const isSealed = db.get("SELECT 1 FROM sqlite_schema WHERE name = 'audit_seal'") !== undefined;
  let page: AuditSeal[] = [];
  let at = 0;
  let last: AuditSeal | null = null;
  let isBad = false;
  let firstForgedSeq = Number.POSITIVE_INFINITY;
  const signatures: Promise<void>[] = [];
  const countersigned = isSealed ? readCountersigned(db) : new Map<number, string>();

  const next = (): AuditSeal | undefined => {
    if (at < page.length) return page[at];
    page = isSealed ? listSeals(db, deskId, last?.no ?? 0, pageSeals) : [];
    at = 0;
    return page[0];
  };
  const verifyLater = (seal: AuditSeal, fromSeq: number): void => {
    const { sig, ...signed } = seal;
    signatures.push(
      isSignedBy(seal.key, auditSealText(signed), sig).then((isGood) => {
        if (!isGood) firstForgedSeq = Math.min(firstForgedSeq, fromSeq);
      }),
    );
  };
  let upcoming = next();

  return {
    /** The row that the next seal ends with; null when there is none. */
    nextSeq: (): number | null => upcoming?.upto_seq ?? null,
    noteBegun: (record: { readonly detail?: unknown }): void => void begun.add(begunKeyOf(record)),
    take: (head: string): boolean => {
      const seal = upcoming;
      if (seal === undefined) return true;
      const isContinued = last !== null && !seal.begins && seal.key === last.next_key;
      const isGood =
        seal.no === (last?.no ?? 0) + 1 &&
        seal.prev === (last === null ? noSeal : sealHash(last)) &&
        (isContinued || (seal.begins && begun.has(seal.key))) &&
        seal.head === head &&
        (countersigned.get(seal.no) ?? null) === (countersigned.has(seal.no) ? sealHash(seal) : null);
      if (!isGood) {
        isBad = true;
        return false;
      }
      verifyLater(seal, (last?.upto_seq ?? 0) + 1);
      last = seal;
      at += 1;
      upcoming = next();
      // A seal that does not lie beyond the last one would never be met.
      if (upcoming !== undefined && upcoming.upto_seq <= seal.upto_seq) {
        isBad = true;
        return false;
      }
      return true;
    },
    count: (): number => last?.no ?? 0,
    uptoSeq: (): number => last?.upto_seq ?? 0,
    firstUnsealedSeq: (): number | null => (isBad ? (last?.upto_seq ?? 0) + 1 : null),
    /** The first row under a seal that its key did not sign; null when there is none. */
    firstForged: async (): Promise<number | null> => {
      await Promise.all(signatures);
      return Number.isFinite(firstForgedSeq) ? firstForgedSeq : null;
    },
  };
}

/** What the registry has countersigned, by the number of the seal; its signature was checked when it came. */
function readCountersigned(db: Reader): Map<number, string> {
  const rows = db.all('SELECT a.no, a.seal FROM audit_seal_anchor a JOIN audit_seal s ON s.no = a.no AND s.epoch = a.epoch');
  return new Map(rows.map((row) => [Number(row['no']), Buffer.from(row['seal'] as Uint8Array).toString('hex')]));
}

function isSignedBy(keyHex: string, text: string, sig: string): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const key = verifyingKeyOf(Buffer.from(keyHex, 'hex'));
      verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(sig, 'base64url'), (error, isGood) => resolve(error === null && isGood));
    } catch {
      resolve(false);
    }
  });
}
