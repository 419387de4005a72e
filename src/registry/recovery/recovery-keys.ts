import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { hasFile, readOwnFile, writeOwnFile, type RegistryPaths } from '../provision/folder.ts';

/**
 * The keys for which desks wrap their database keys. A new one may be made at any time; the older ones are kept, because backups of desks are still
 * sealed for them. Whoever holds one of these files and a desk's folder can read that desk: they belong on a medium of their own. Source: ADR-0024
 */
export interface RecoveryKeys {
  /** SPKI, base64. */
  readonly currentPublicKey: string;
  /** Undefined: this registry has never had such a key, or it was destroyed. */
  findPrivateKey(keyId: string): KeyObject | undefined;
}

const currentFile = (paths: RegistryPaths): string => path.join(paths.recoveryKeys, 'current');
const keyFile = (paths: RegistryPaths, keyId: string): string => path.join(paths.recoveryKeys, `${keyId}.key.pem`);

export function hasCurrentRecoveryKey(paths: RegistryPaths): boolean {
  return hasFile(currentFile(paths));
}

/** The key first, then its name as the current one: a crash in between leaves the former. */
export function makeRecoveryKey(paths: RegistryPaths): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = publicKeyIdOf(publicTextOf(privateKey));
  writeOwnFile(keyFile(paths, keyId), privateKey.export({ type: 'pkcs8', format: 'pem' }), true);
  writeOwnFile(currentFile(paths), keyId, false);
  return keyId;
}

export function openRecoveryKeys(paths: RegistryPaths): RecoveryKeys {
  const find = (keyId: string): KeyObject | undefined => {
    if (!/^[0-9a-f]{32}$/.test(keyId) || !hasFile(keyFile(paths, keyId))) return undefined;
    return createPrivateKey(readOwnFile(keyFile(paths, keyId)));
  };
  const current = find(readOwnFile(currentFile(paths)));
  if (current === undefined) throw new Error('The current recovery key is not there.');
  return { currentPublicKey: publicTextOf(current), findPrivateKey: find };
}

/** The first half of SHA-256 over the SPKI. */
export function publicKeyIdOf(spkiBase64: string): string {
  return createHash('sha256').update(Buffer.from(spkiBase64, 'base64')).digest('hex').slice(0, 32);
}

function publicTextOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
}
