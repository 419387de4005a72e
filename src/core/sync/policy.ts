import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Clock } from '../../shared/platform/ports.ts';
import { auditAnchorText, type AuditAnchor } from '../../shared/registry-api/audit-anchor.ts';
import { auditSealAnchorText, type AuditSealAnchor } from '../../shared/registry-api/audit-seal.ts';
import { defaultPolicy, isNewerPolicy, policyText, signedPolicySchema, type SignedPolicy } from '../../shared/registry-api/policy.ts';
import { effectiveLimits, type OfflineLimits } from '../../shared/rules/offline-limits.ts';
import { listSeals, sealHash } from '../audit/seals.ts';
import type { Database, Reader, Tx } from '../storage/database.ts';

export type Offer = 'stored' | 'known' | 'false';

/** The registry's policy at this desk: believed only by its signature, stored with it, checked again at every start. */
export interface PolicyKeeper {
  /** A policy as it arrived, with the key that the registry announces. An old one that comes late changes nothing. */
  offer(policy: SignedPolicy, receiptKeyBase64: string): Offer;
  signed(): SignedPolicy | null;
  limits(): OfflineLimits;
  /** True when what was stored did not bear its signature at the start; the defaults hold then. */
  wasTampered(): boolean;
}

export function createPolicyKeeper(db: Database, clock: Pick<Clock, 'nowMs'>, defaults: OfflineLimits = defaultPolicy): PolicyKeeper {
  const stored = readStored(db);
  let signed = stored.policy;
  return {
    offer: (policy, receiptKeyBase64) => {
      if (signed?.sig === policy.sig) return 'known';
      if (!isSignedBy(receiptKeyBase64, policyText(policy), policy.sig)) return 'false';
      if (!isNewerPolicy(policy, signed)) return 'known';
      db.transact((tx) => {
        tx.run(
          `INSERT INTO registry_policy(id, policy, receipt_key, stored_at_ms) VALUES (1, @policy, @key, @atMs)
           ON CONFLICT(id) DO UPDATE SET policy = excluded.policy, receipt_key = excluded.receipt_key, stored_at_ms = excluded.stored_at_ms`,
          { policy: JSON.stringify(policy), key: receiptKeyBase64, atMs: clock.nowMs() },
        );
      });
      signed = policy;
      return 'stored';
    },
    signed: () => signed,
    limits: () => effectiveLimits(signed, defaults, clock.nowMs()),
    wasTampered: () => stored.isTampered,
  };
}

function readStored(db: Reader): { readonly policy: SignedPolicy | null; readonly isTampered: boolean } {
  const row = db.get('SELECT policy, receipt_key FROM registry_policy WHERE id = 1');
  if (row === undefined) return { policy: null, isTampered: false };
  const parsed = signedPolicySchema.safeParse(readJson(String(row['policy'])));
  if (!parsed.success || !isSignedBy(String(row['receipt_key']), policyText(parsed.data), parsed.data.sig))
    return { policy: null, isTampered: true };
  return { policy: parsed.data, isTampered: false };
}

/** Keeps the countersigned head of the audit chain; `false` when the registry's key did not sign it or it contradicts the chain. Source: I-10 */
export function storeAnchor(tx: Tx, anchor: AuditAnchor, deskId: string, receiptKeyBase64: string): 'stored' | 'false' {
  if (anchor.desk_id !== deskId || !isSignedBy(receiptKeyBase64, auditAnchorText(anchor), anchor.sig)) return 'false';
  const own = tx.get('SELECT h FROM audit WHERE seq = @seq', { seq: anchor.seq });
  const isOwn = anchor.seq === 0 || (own !== undefined && Buffer.from(own['h'] as Uint8Array).toString('hex') === anchor.head);
  if (!isOwn) return 'false';
  const { epoch, seq, head, at_ms: atMs, sig } = anchor;
  tx.run('INSERT OR IGNORE INTO audit_anchor(epoch, seq, head, at_ms, sig) VALUES (@epoch, @seq, @head, @atMs, @sig)', {
    epoch,
    seq,
    head,
    atMs,
    sig,
  });
  return 'stored';
}

/** Keeps the countersigned seal; `false` when the registry's key did not sign it or it is none of ours. */
export function storeSealAnchor(tx: Tx, anchor: AuditSealAnchor, deskId: string, receiptKeyBase64: string): 'stored' | 'false' {
  if (anchor.desk_id !== deskId || !isSignedBy(receiptKeyBase64, auditSealAnchorText(anchor), anchor.sig)) return 'false';
  const [own] = listSeals(tx, deskId, anchor.no - 1, 1);
  if (own?.no !== anchor.no || own.epoch !== anchor.epoch || sealHash(own) !== anchor.seal) return 'false';
  const { epoch, no, at_ms: atMs, sig } = anchor;
  tx.run('INSERT OR IGNORE INTO audit_seal_anchor(no, epoch, seal, at_ms, sig) VALUES (@no, @epoch, @seal, @atMs, @sig)', {
    no,
    epoch,
    seal: Buffer.from(anchor.seal, 'hex'),
    atMs,
    sig,
  });
  return 'stored';
}

/** The registry has one key for years, and every answer is checked with it. */
let lastKey: { readonly base64: string; readonly key: KeyObject } | null = null;

function keyOf(base64: string): KeyObject {
  if (lastKey?.base64 !== base64)
    lastKey = { base64, key: createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' }) };
  return lastKey.key;
}

function isSignedBy(receiptKeyBase64: string, text: string, sig: string): boolean {
  try {
    return verify(null, Buffer.from(text, 'utf8'), keyOf(receiptKeyBase64), Buffer.from(sig, 'base64url'));
  } catch {
    return false;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
