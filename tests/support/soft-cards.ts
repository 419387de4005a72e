import { createHash, KeyObject, randomBytes, sign, webcrypto } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { insertCertificate, moveCertificates } from '../../src/registry/certification/certificate-records.ts';
import { openRegistry } from '../../src/registry/index.ts';
import type { KeyAlgorithm } from '../../src/shared/card-host/host-protocol.ts';
import type { CertificateState } from '../../src/shared/rules/vocabulary.ts';

/** A key with its certificate, as it lies on a card; here the key can be used without a PIN. */
export interface SoftKey {
  readonly serial: string;
  /** Base64 of DER. */
  readonly der: string;
  readonly sha256: string;
  sign(content: string | Uint8Array): Buffer;
}

/** What a finished card of one holder has. */
export interface SoftCard {
  readonly applicationId: string;
  readonly cardSerial: string;
  readonly chipSerialHex: string;
  readonly algorithm: KeyAlgorithm;
  readonly auth: SoftKey;
  readonly signing: SoftKey;
}

export interface CardMaker {
  make(options?: { algorithm?: KeyAlgorithm; state?: CertificateState; notBeforeMs?: number; notAfterMs?: number }): Promise<SoftCard>;
  move(card: SoftCard, state: CertificateState): Promise<void>;
  close(): Promise<void>;
}

const subtleOf = {
  'rsa-2048': { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
  'p-256': { name: 'ECDSA', namedCurve: 'P-256' },
  'p-384': { name: 'ECDSA', namedCurve: 'P-384' },
} as const;

/**
 * Cards whose certificates the registry of this folder really gave: by its own authority, into its own register. It works on the folder beside the
 * running registry, as a second program would.
 */
export async function openCardMaker(folder: string): Promise<CardMaker> {
  const { registry } = await openRegistry({ folder }, () => 'http://127.0.0.1:1');
  return {
    async make({ algorithm = 'p-256', state = 'ACTIVE', notBeforeMs = Date.now() - 60_000, notAfterMs = Date.now() + 86_400_000 } = {}) {
      const applicationId = uuidv7();
      const makeKey = async (kind: 'AUT' | 'PER'): Promise<SoftKey> => {
        const pair = (await webcrypto.subtle.generateKey(subtleOf[algorithm], true, ['sign', 'verify']));
        const order = {
          kind,
          subject: { fin: 'QYD0001', surname: 'SINAQ', givenName: 'KARTLI', organisation: null },
          publicKey: pair.publicKey,
          notBeforeMs,
          notAfterMs,
        };
        const { serial, der } = await registry.authority.issue(order);
        await registry.store.transact((session) =>
          insertCertificate(
            session,
            {
              ...{ serial, kind, state, notBeforeMs, notAfterMs, validityRule: 'three_years', voen: '', organisationName: '', der },
              ...{ applicationId, holderFin: 'QYD0001', phone: '', iccid: '' },
            },
            kind === 'AUT' ? 0 : 1,
          ),
        );
        const privateKey = KeyObject.from(pair.privateKey);
        const hash = algorithm === 'p-384' ? 'sha384' : 'sha256';
        return {
          serial,
          der,
          sha256: createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex'),
          sign: (content) => sign(hash, Buffer.from(content), privateKey),
        };
      };
      return {
        applicationId,
        algorithm,
        cardSerial: randomBytes(6).toString('hex').toUpperCase(),
        chipSerialHex: randomBytes(10).toString('hex').toUpperCase(),
        auth: await makeKey('AUT'),
        signing: await makeKey('PER'),
      };
    },
    move: (card, state) =>
      registry.store.transact((session) =>
        moveCertificates(session, [card.auth.serial, card.signing.serial], {
          state,
          ...(state === 'REVOKED' ? { revokedAtMs: Date.now(), reason: 'keyCompromise' } : {}),
        }),
      ),
    close: () => registry.store.close(),
  };
}
