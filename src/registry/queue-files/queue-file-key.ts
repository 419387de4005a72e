import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { queueFileKeyText, type QueueFileKey } from '../../shared/registry-api/queue-file.ts';
import type { Registry } from '../registry.ts';

function spkiOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** What desks are told, so that they can close a file for this registry; undefined where no such file is taken. */
export function announceQueueFileKey(registry: Pick<Registry, 'queueFileKey' | 'receiptKey'>): QueueFileKey | undefined {
  if (registry.queueFileKey === undefined) return undefined;
  const key = spkiOf(registry.queueFileKey).toString('base64');
  return { key, sig: sign(null, Buffer.from(queueFileKeyText(key), 'utf8'), registry.receiptKey).toString('base64url') };
}

export function queueFileKeyId(key: KeyObject): string {
  return createHash('sha256').update(spkiOf(key)).digest('hex');
}
