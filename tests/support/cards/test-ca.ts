import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { CardKeyName } from '../../../src/shared/card-host/host-protocol.ts';

const holder: x509.JsonNameParams = [
  { C: [{ printableString: 'AZ' }] },
  { SN: [{ utf8String: 'QURBANOVA' }] },
  { G: [{ utf8String: 'SƏBİNƏ' }] },
  { CN: [{ utf8String: 'QURBANOVA SƏBİNƏ QYD0001' }] },
  { '2.5.4.5': [{ printableString: 'PNOAZ-QYD0001' }] },
];
const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certification authority of a test: a root and certificates of the size and the fields that the registry's have. */
export interface TestCa {
  readonly rootPem: string;
  /** For the key of a PKCS#10 request whose own signature is right. */
  issue(request: Uint8Array, key: CardKeyName): Promise<Uint8Array>;
}

export async function createTestCa(): Promise<TestCa> {
  const keys = await crypto.subtle.generateKey(curve, false, ['sign', 'verify']);
  const name = 'CN=Qeyd Test CA, C=AZ';
  const [notBefore, notAfter] = [new Date('2026-01-01T00:00:00Z'), new Date('2036-01-01T00:00:00Z')];
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: curve,
    serialNumber: '01',
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  let serial = 0x4000;
  return {
    rootPem: root.toString('pem'),
    async issue(der, key) {
      const request = new x509.Pkcs10CertificateRequest(new Uint8Array(der));
      if (!(await request.verify())) throw new Error('the request is not signed by its own key');
      serial += 1;
      const issued = await x509.X509CertificateGenerator.create({
        subject: new x509.Name(holder),
        issuer: name,
        publicKey: request.publicKey,
        signingKey: keys.privateKey,
        serialNumber: `${serial.toString(16)}${'5A'.repeat(14)}`,
        notBefore,
        notAfter,
        signingAlgorithm: curve,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          ...(key === 'auth'
            ? [
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
                new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
              ]
            : [new x509.KeyUsagesExtension(x509.KeyUsageFlags.nonRepudiation, true)]),
          await x509.SubjectKeyIdentifierExtension.create(request.publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(root),
          new x509.CertificatePolicyExtension(['2.999.994.1.1']),
          new x509.CRLDistributionPointsExtension(['https://registry.qeyd.example:8443/v1/crl']),
          new x509.AuthorityInfoAccessExtension({ ocsp: 'https://registry.qeyd.example:8443/v1/ocsp' }),
        ],
      });
      return new Uint8Array(issued.rawData);
    },
  };
}
