import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { sealedKeyText, type SealedKey, type SealedKeyHeader } from '../../../shared/registry-api/key-recovery.ts';

const keyBytes = 32;
const tagBytes = 16;
const nonceBytes = 12;

/** Names a database key without telling it. */
export function databaseKeyIdOf(keyHex: string): string {
  return createHash('sha256').update('qeyd-database-key-id-1\n').update(Buffer.from(keyHex, 'hex')).digest('hex').slice(0, 32);
}

/** Of a public key as SPKI, base64. */
export function publicKeyIdOf(spkiBase64: string): string {
  return createHash('sha256').update(Buffer.from(spkiBase64, 'base64')).digest('hex').slice(0, 32);
}

export interface DeviceKeyPair {
  readonly privateKey: KeyObject;
  /** SPKI, base64. */
  readonly publicKey: string;
}

/** A key pair for one question; its private half never leaves the memory of this process. */
export function makeDeviceKeyPair(): DeviceKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

/** Null when the key is none of P-256: nothing is sealed for it. */
export function sealDatabaseKey(
  keyHex: string,
  recipient: { readonly publicKey: string; readonly deskId: string; readonly nowMs: number },
): SealedKey | null {
  const key = readPublicKey(recipient.publicKey);
  if (key === null) return null;
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header: SealedKeyHeader = {
    v: 1,
    alg: 'ECDH-P256+HKDF-SHA256+A256GCM',
    purpose: 'recovery',
    desk_id: recipient.deskId,
    database_key_id: databaseKeyIdOf(keyHex),
    recipient_key_id: publicKeyIdOf(recipient.publicKey),
    request_id: '',
    sealed_at_ms: recipient.nowMs,
    ephemeral: ephemeral.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  const text = Buffer.from(sealedKeyText(header), 'utf8');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', cipherKey(ephemeral.privateKey, key, text), nonce).setAAD(text);
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(keyHex, 'hex')), cipher.final(), cipher.getAuthTag()]);
  return { ...header, nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') };
}

/** The database key in hex; null when the text was not sealed for this key, or one byte of it is another. */
export function openSealedKey(sealed: SealedKey, privateKeyPemOrObject: KeyObject | string): string | null {
  const privateKey = typeof privateKeyPemOrObject === 'string' ? createPrivateKey(privateKeyPemOrObject) : privateKeyPemOrObject;
  const ephemeral = readPublicKey(sealed.ephemeral);
  if (ephemeral === null) return null;
  const text = Buffer.from(sealedKeyText(sealed), 'utf8');
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const nonce = Buffer.from(sealed.nonce, 'base64');
  if (bytes.length !== keyBytes + tagBytes || nonce.length !== nonceBytes) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', cipherKey(privateKey, ephemeral, text), nonce)
      .setAAD(text)
      .setAuthTag(bytes.subarray(keyBytes));
    const key = Buffer.concat([decipher.update(bytes.subarray(0, keyBytes)), decipher.final()]).toString('hex');
    return databaseKeyIdOf(key) === sealed.database_key_id ? key : null;
  } catch {
    return null;
  }
}

function cipherKey(privateKey: KeyObject, publicKey: KeyObject, text: Buffer): Buffer {
  const secret = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), createHash('sha256').update(text).digest(), keyBytes));
}

function readPublicKey(spkiBase64: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spkiBase64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}
