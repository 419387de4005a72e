import type { Receipt } from './envelope.ts';

/**
 * What the registry signs once over all receipts of a batch's answer, in their order; a command without a receipt holds its place. The
 * receipts are in it whole, with their own signatures: whoever has checked this one has the registry's word for each of them, and each is
 * still provable alone for as long as it is kept.
 */
export function batchReceiptsText(receipts: readonly (Receipt | null)[]): string {
  const lines = receipts.map((receipt) => {
    if (receipt === null) return 'null';
    const { command_id, desk_id, result_sha256, pos, at_ms, registry_epoch, sig } = receipt;
    return JSON.stringify([command_id, desk_id, result_sha256, pos, at_ms, registry_epoch, sig]);
  });
  // No text that a single receipt signs begins like this.
  return `batch-receipts-1\n${lines.join('\n')}`;
}
