import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { hasFile, registryPaths, writeOwnFile, type RegistryPaths } from './folder.ts';
import { hasCurrentRecoveryKey, makeRecoveryKey } from '../recovery/recovery-keys.ts';
import { exportPrivateKeyPem, generateKeyPair, randomSerial, signingAlgorithm, x509, type KeyPair } from './x509.ts';

const dayMs = 86_400_000;
const authorityYears = 15;

/** Makes what is missing of the registry's own authorities and keys; a second call changes nothing. */
export async function provisionRegistry(folder: string): Promise<RegistryPaths> {
  const paths = registryPaths(folder);
  if (!hasFile(paths.server)) {
    const tls = await makeAuthority('CN=Qeyd Registry TLS CA, C=AZ', paths.tlsCa, paths.tlsCaKey);
    await makeServerCertificate(tls, paths);
  }
  if (!hasFile(paths.deskCa)) await makeAuthority('CN=Qeyd Desk CA, C=AZ', paths.deskCa, paths.deskCaKey);
  if (!hasFile(paths.certificationCa)) await makeAuthority('CN=Qeyd Test CA, C=AZ', paths.certificationCa, paths.certificationCaKey);
  if (!hasFile(paths.receiptKey)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeOwnFile(paths.receiptKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), true);
  }
  if (!hasFile(paths.queueFileKey)) {
    const { privateKey } = generateKeyPairSync('x25519');
    writeOwnFile(paths.queueFileKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), true);
  }
  if (!hasCurrentRecoveryKey(paths)) makeRecoveryKey(paths);
  if (!hasFile(paths.attachmentKey)) writeOwnFile(paths.attachmentKey, randomBytes(32).toString('hex'), true);
  if (!hasFile(paths.cursorKey)) writeOwnFile(paths.cursorKey, randomBytes(32).toString('hex'), true);
  return paths;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: KeyPair;
}

async function makeAuthority(name: string, certificateFile: string, keyFile: string): Promise<Authority> {
  const keys = await generateKeyPair();
  const nowMs = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    serialNumber: randomSerial(),
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + authorityYears * 365 * dayMs),
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writeOwnFile(keyFile, await exportPrivateKeyPem(keys.privateKey), true);
  writeOwnFile(certificateFile, certificate.toString('pem'), false);
  return { certificate, keys };
}

async function makeServerCertificate(authority: Authority, paths: RegistryPaths): Promise<void> {
  const keys = await generateKeyPair();
  const nowMs = Date.now();
  const make = async (notBeforeMs: number, notAfterMs: number) =>
    await x509.X509CertificateGenerator.create({
      subject: 'CN=Qeyd reference registry, C=AZ',
      issuer: authority.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      serialNumber: randomSerial(),
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(notAfterMs),
      signingAlgorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      ],
    });
  writeOwnFile(paths.serverKey, await exportPrivateKeyPem(keys.privateKey), true);
  // For the fault "expired certificate": the same key, out of date.
  writeOwnFile(paths.expiredServer, (await make(nowMs - 60 * dayMs, nowMs - 30 * dayMs)).toString('pem'), false);
  writeOwnFile(paths.server, (await make(nowMs - dayMs, nowMs + 5 * 365 * dayMs)).toString('pem'), false);
}
