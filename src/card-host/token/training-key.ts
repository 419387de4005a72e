import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { TokenFault, type MasterMac } from './code-deriver.ts';

/**
 * The master key of a training desk, in a file that only its owner can read: it guards invented cards only. A production desk never loads this
 * file (`training-parts.product.ts`).
 */
export function openTrainingKey(path: string): MasterMac {
  let key: Buffer | undefined;
  return (message) => {
    key ??= loadKey(path);
    return Promise.resolve(new Uint8Array(createHmac('sha256', key).update(message).digest()));
  };
}

function loadKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  chmodSync(path, 0o600);
  const key = readFileSync(path);
  if (key.byteLength !== 32) throw new TokenFault('TOKEN_FAILED', 'the training key is damaged');
  return key;
}
