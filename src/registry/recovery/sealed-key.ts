import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { sealedKeyText, type SealedKey, type SealedKeyHeader } from '../../shared/registry-api/key-recovery.ts';
import { publicKeyIdOf } from './recovery-keys.ts';

/** The registry's own half of what `src/core/storage/recovery/sealed-key.ts` does at the desk; the two share the header and no code. */
const keyBytes = 32;
const tagBytes = 16;
const nonceBytes = 12;

/** The bytes of the key; null when it was sealed for another key or anything of it was changed. */
export function openSealed(sealed: SealedKey, privateKey: KeyObject): Buffer | null {
  const ephemeral = readP256(sealed.ephemeral);
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const nonce = Buffer.from(sealed.nonce, 'base64');
  if (ephemeral === null || bytes.length !== keyBytes + tagBytes || nonce.length !== nonceBytes) return null;
  const text = Buffer.from(sealedKeyText(sealed), 'utf8');
  try {
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(privateKey, ephemeral, text), nonce)
      .setAAD(text)
      .setAuthTag(bytes.subarray(keyBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, keyBytes)), decipher.final()]);
  } catch {
    return null;
  }
}

/** Null when the recipient's key is none of P-256. */
export function sealFor(
  recipientSpki: string,
  key: Uint8Array,
  header: Pick<SealedKeyHeader, 'desk_id' | 'database_key_id' | 'request_id' | 'sealed_at_ms'>,
): SealedKey | null {
  const recipient = readP256(recipientSpki);
  if (recipient === null) return null;
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const whole: SealedKeyHeader = {
    v: 1,
    alg: 'ECDH-P256+HKDF-SHA256+A256GCM',
    purpose: 'device',
    ...header,
    recipient_key_id: publicKeyIdOf(recipientSpki),
    ephemeral: ephemeral.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  const text = Buffer.from(sealedKeyText(whole), 'utf8');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(ephemeral.privateKey, recipient, text), nonce).setAAD(text);
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return { ...whole, nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') };
}

function deriveKey(privateKey: KeyObject, publicKey: KeyObject, text: Buffer): Buffer {
  const info = createHash('sha256').update(text).digest();
  return Buffer.from(hkdfSync('sha256', diffieHellman({ privateKey, publicKey }), Buffer.alloc(0), info, keyBytes));
}

function readP256(spkiBase64: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spkiBase64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}
