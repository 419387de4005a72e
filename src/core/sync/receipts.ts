import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { batchReceiptsText } from '../../shared/registry-api/batch-receipts.ts';
import type { Receipt } from '../../shared/registry-api/envelope.ts';
import { canonicalJson, sha256Hex } from '../platform/canonical.ts';

export interface ReceiptVerifier {
  /** True when the registry signed exactly this outcome for this command of this desk. `rawResult` is the result as received. */
  verify(commandId: string, rawResult: unknown, receipt: Receipt): Promise<boolean>;
  /** True when the registry signed exactly these receipts, in this order, as one answer. Says nothing of the results: see `isAbout`. */
  verifyBatch(receipts: readonly (Receipt | null)[], batchSignature: string): Promise<boolean>;
  /** True when the receipt, once it is known to be genuine, proves exactly this outcome for this command of this desk. */
  isAbout(commandId: string, rawResult: unknown, receipt: Receipt): boolean;
}

/**
 * Signatures are checked on the thread pool, so a batch uses both cores and the loop stays free; `isInline` checks them in the call itself,
 * which a simulation needs to be repeatable.
 */
export function createReceiptVerifier(receiptKeyBase64: string, deskId: string, isInline = false): ReceiptVerifier {
  const key: KeyObject = createPublicKey({ key: Buffer.from(receiptKeyBase64, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The receipt key is not Ed25519');
  const isSigned = (text: string, signatureBase64url: string): Promise<boolean> => {
    const signed = Buffer.from(text, 'utf8');
    const signature = Buffer.from(signatureBase64url, 'base64url');
    if (isInline) return Promise.resolve(verify(null, signed, key, signature));
    return new Promise((resolve, reject) => {
      verify(null, signed, key, signature, (error, isGenuine) => {
        if (error === null) resolve(isGenuine);
        else reject(error);
      });
    });
  };
  const isAbout: ReceiptVerifier['isAbout'] = (commandId, rawResult, receipt) =>
    receipt.command_id === commandId && receipt.desk_id === deskId && receipt.result_sha256 === sha256Hex(canonicalJson(rawResult));
  return {
    isAbout,
    verify: (commandId, rawResult, receipt) =>
      isAbout(commandId, rawResult, receipt) ? isSigned(provenText(receipt), receipt.sig) : Promise.resolve(false),
    verifyBatch: (receipts, batchSignature) => isSigned(batchReceiptsText(receipts), batchSignature),
  };
}

/** The canonical JSON of what a receipt proves: keys in order, written out because a drain checks thousands a second. */
function provenText(receipt: Receipt): string {
  const text = JSON.stringify;
  return `{"at_ms":${receipt.at_ms},"command_id":${text(receipt.command_id)},"desk_id":${text(receipt.desk_id)},"pos":${receipt.pos},"registry_epoch":${text(receipt.registry_epoch)},"result_sha256":"${receipt.result_sha256}"}`;
}
