import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { batchReceiptsText } from '../../shared/registry-api/batch-receipts.ts';
import type { CommandResult, Receipt } from '../../shared/registry-api/envelope.ts';
import { canonicalJson, sha256Hex } from '../platform/canonical.ts';
import { systemRandomness } from '../platform/randomness.ts';
import { checkResults } from './outcomes.ts';
import { createReceiptVerifier } from './receipts.ts';
import type { QueueRow } from './sync-store.ts';

const deskId = 'desk-1';
const outcome = { outcome: 'applied', rev: 1, state: 'REFUSED' } as const;
let key: KeyObject;
let verifier: ReturnType<typeof createReceiptVerifier>;
beforeEach(() => {
  const keys = generateKeyPairSync('ed25519');
  key = keys.privateKey;
  verifier = createReceiptVerifier(keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), deskId);
});

const signed = (text: string): string => sign(null, Buffer.from(text), key).toString('base64url');
const receiptOf = (commandId: string, pos: number, desk = deskId): Receipt => {
  const proven = {
    command_id: commandId,
    desk_id: desk,
    result_sha256: sha256Hex(canonicalJson(outcome)),
    pos,
    at_ms: 1,
    registry_epoch: 'e',
  };
  return { ...proven, sig: signed(canonicalJson(proven)) };
};
const rowOf = (commandId: string): QueueRow => ({
  table: 'outbox',
  seq: 1,
  commandId,
  kind: 'application.refuse',
  aggregate: 'application:a',
  attempts: 0,
  isUrgent: false,
  envelope: Buffer.alloc(0),
});
const batch = (count: number): { rows: QueueRow[]; results: CommandResult[] } => {
  const ids = Array.from({ length: count }, () => systemRandomness.uuid());
  return { rows: ids.map(rowOf), results: ids.map((id, index) => ({ command_id: id, result: outcome, receipt: receiptOf(id, index) })) };
};
const together = (results: readonly CommandResult[]): string => signed(batchReceiptsText(results.map(({ receipt }) => receipt)));
const nonsense = Buffer.alloc(64).toString('base64url');

describe('receipts of a batch', () => {
  it('are believed by the signature over all of them and stay provable alone', async () => {
    const { rows, results } = batch(3);
    expect(await checkResults(rows, results, verifier, together(results))).toMatchObject({ kind: 'checked' });
    for (const { command_id, receipt } of results) {
      expect(receipt !== null && (await verifier.verify(command_id, outcome, receipt))).toBe(true);
    }
  });

  it('are checked one by one when no signature, or a wrong one, is over all of them', async () => {
    const { rows, results } = batch(3);
    for (const signature of [undefined, nonsense, 7, ''])
      expect((await checkResults(rows, results, verifier, signature)).kind).toBe('checked');
    const [first, second, third] = results;
    if (first === undefined || second?.receipt == null || third === undefined) throw new Error('three were made');
    const forged = [first, { ...second, receipt: { ...second.receipt, sig: nonsense } }, third];
    for (const signature of [undefined, nonsense, together(results)]) {
      expect(await checkResults(rows, forged, verifier, signature)).toEqual({ kind: 'forged', commandId: second.command_id });
    }
  });

  it('prove nothing of another outcome, another command or another desk, however they are signed', async () => {
    const { rows, results } = batch(2);
    const [first, second] = results;
    if (first === undefined || second === undefined) throw new Error('two were made');
    const otherOutcome = [{ ...first, result: { ...outcome, rev: 2 } }, second];
    const swapped = [
      { ...first, receipt: second.receipt },
      { ...second, receipt: first.receipt },
    ];
    const otherDesk = [{ ...first, receipt: receiptOf(first.command_id, 0, 'desk-2') }, second];
    for (const wrong of [otherOutcome, swapped, otherDesk]) {
      expect(await checkResults(rows, wrong, verifier, together(wrong))).toEqual({ kind: 'forged', commandId: first.command_id });
    }
  });
});
