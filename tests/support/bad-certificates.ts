import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { registryPaths } from '../../src/registry/index.ts';
import {
  exportPrivateKeyPem,
  generateKeyPair,
  importPrivateKeyPem,
  randomSerial,
  signingAlgorithm,
  x509,
} from '../../src/registry/provision/x509.ts';

const dayMs = 86_400_000;

export interface Authority {
  readonly certificatePem: string;
  readonly subject: string;
  readonly key: CryptoKey;
}

export interface Made {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  readonly fromDays?: number;
  readonly untilDays?: number;
  readonly names?: readonly { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }[];
  readonly usage?: 'server' | 'client';
  readonly name?: string;
  readonly isAuthority?: boolean;
  /** The key that it is for, in place of a new one. */
  readonly keyPem?: string;
}

/** Node and the DOM declare the same keys under types that do not match. */
function sameKey(key: unknown): CryptoKey {
  return key as CryptoKey;
}

/** The authority that made the registry's own server certificate, or the one of the desks. */
export async function readAuthority(registryFolder: string, of: 'server' | 'desk'): Promise<Authority> {
  const paths = registryPaths(registryFolder);
  const [certificateFile, keyFile] = of === 'server' ? [paths.tlsCa, paths.tlsCaKey] : [paths.deskCa, paths.deskCaKey];
  const certificatePem = readFileSync(certificateFile, 'utf8');
  const key = sameKey(await importPrivateKeyPem(readFileSync(keyFile, 'utf8')));
  return { certificatePem, subject: new x509.X509Certificate(certificatePem).subject, key };
}

export async function makeCertificate(
  by: Authority | 'self',
  wish: CertificateWish = {},
): Promise<Made & { readonly authority: Authority }> {
  const made = await generateKeyPair();
  const keyPem = wish.keyPem ?? (await exportPrivateKeyPem(made.privateKey));
  const spki = createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
  const own = sameKey(await importPrivateKeyPem(keyPem));
  const subject = `CN=${wish.name ?? 'sınaq'}`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: by === 'self' ? subject : by.subject,
    publicKey: new x509.PublicKey(spki),
    signingKey: by === 'self' ? own : by.key,
    serialNumber: randomSerial(),
    notBefore: new Date(Date.now() + (wish.fromDays ?? -1) * dayMs),
    notAfter: new Date(Date.now() + (wish.untilDays ?? 30) * dayMs),
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(wish.isAuthority ?? false, undefined, true),
      ...(wish.isAuthority === true
        ? []
        : [
            new x509.ExtendedKeyUsageExtension([
              wish.usage === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
            ]),
            new x509.SubjectAlternativeNameExtension([
              ...(wish.names ?? [
                { type: 'ip' as const, value: '127.0.0.1' },
                { type: 'dns' as const, value: 'localhost' },
              ]),
            ]),
          ]),
    ],
  });
  const cert = `${certificate.toString('pem')}
`;
  return { cert, key: keyPem, authority: { certificatePem: cert, subject, key: own } };
}
