import { sign } from 'node:crypto';
import { batchReceiptsText } from '../../shared/registry-api/batch-receipts.ts';
import type { CommandOutcome, CommandResult, Receipt } from '../../shared/registry-api/envelope.ts';
import type { Registry } from '../registry.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';

/** Proof that the outcome is on record, signed with the registry's Ed25519 key. */
export function makeReceipt(
  registry: Registry,
  commandId: string,
  deskId: string,
  result: CommandOutcome,
  pos: number,
  atMs: number,
): Receipt {
  const proven = {
    command_id: commandId,
    desk_id: deskId,
    result_sha256: sha256Hex(canonicalJson(result)),
    pos,
    at_ms: atMs,
    registry_epoch: registry.epoch,
  };
  const sig = sign(null, Buffer.from(canonicalJson(proven), 'utf8'), registry.receiptKey).toString('base64url');
  return { ...proven, sig };
}

/** One signature for the whole answer, so that a desk with a day's backlog checks one and not fifty. */
export function signBatch(registry: Registry, results: readonly CommandResult[]): string {
  const text = batchReceiptsText(results.map(({ receipt }) => receipt));
  return sign(null, Buffer.from(text, 'utf8'), registry.receiptKey).toString('base64url');
}
