import type { Reader } from '../storage/database.ts';

const pageAnchors = 1000;

interface Anchor {
  readonly epoch: number;
  readonly seq: number;
  readonly head: string;
}

/**
 * Holds the heads that the registry has countersigned against the chain as it is walked. A desk that was restored has written its later rows anew, in
 * another life: a head of the former life says nothing of them.
 */
export function createAnchorCheck(db: Reader) {
  const isAnchored = db.get("SELECT 1 FROM sqlite_schema WHERE name = 'audit_anchor'") !== undefined;
  let page: Anchor[] = [];
  let at = 0;
  let last = { seq: -1, epoch: 0 };
  let provenSeq = 0;

  const load = (): void => {
    if (at < page.length || !isAnchored) return;
    at = 0;
    page = db
      .all(
        `SELECT epoch, seq, head FROM audit_anchor WHERE seq > 0 AND (seq, epoch) > (@seq, @epoch) ORDER BY seq, epoch LIMIT ${pageAnchors}`,
        last,
      )
      .map((row) => ({ epoch: Number(row['epoch']), seq: Number(row['seq']), head: String(row['head']) }));
  };
  load();
  return {
    nextSeq: (): number | null => page[at]?.seq ?? null,
    take: (head: string, epoch: number): boolean => {
      const seq = page[at]?.seq ?? 0;
      for (let anchor = page[at]; anchor?.seq === seq; anchor = page[at]) {
        if (anchor.epoch === epoch && anchor.head !== head) return false;
        if (anchor.epoch === epoch) provenSeq = seq;
        last = { seq: anchor.seq, epoch: anchor.epoch };
        at += 1;
        load();
      }
      return true;
    },
    uptoSeq: (): number => provenSeq,
    firstUnprovenSeq: (): number => provenSeq + 1,
  };
}
