import type { CertificateKind } from '../../shared/rules/vocabulary.ts';
import { readOwnFile, type RegistryPaths } from '../provision/folder.ts';
import { importPrivateKeyPem, randomSerial, signingAlgorithm, x509, type Key } from '../provision/x509.ts';

/** Under the arc of examples: no real policy is claimed. */
export const testPolicyOid = '2.999.994.1.1';

/** What one certificate says about its holder. */
export interface CertificateSubject {
  readonly fin: string;
  readonly surname: string;
  readonly givenName: string;
  /** Only Business and State certificates name an organisation. */
  readonly organisation: { readonly voen: string; readonly name: string; readonly unit: string; readonly position: string } | null;
}

export interface CertificateOrder {
  readonly kind: CertificateKind;
  readonly subject: CertificateSubject;
  /** Of a SIM, made by the provider; or of a chip, from its certificate request. */
  readonly publicKey: Key | x509.PublicKey;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly certificatePem: string;
  readonly signingKey: Key;
  readonly baseUrl: () => string;
  issue(order: CertificateOrder): Promise<{ serial: string; der: string }>;
}

/** The certification authority with the test profile. Source: azerbaijan.md §10 */
export async function openAuthority(paths: RegistryPaths, baseUrl: () => string): Promise<Authority> {
  const certificatePem = readOwnFile(paths.certificationCa);
  const certificate = new x509.X509Certificate(certificatePem);
  const signingKey = await importPrivateKeyPem(readOwnFile(paths.certificationCaKey));
  const issuerKeyId = await x509.AuthorityKeyIdentifierExtension.create(certificate);
  return {
    certificate,
    certificatePem,
    signingKey,
    baseUrl,
    async issue(order) {
      const serial = randomSerial();
      const issued = await x509.X509CertificateGenerator.create({
        subject: subjectName(order.subject),
        issuer: certificate.subjectName,
        publicKey: order.publicKey,
        signingKey,
        serialNumber: serial,
        notBefore: new Date(order.notBeforeMs),
        notAfter: new Date(order.notAfterMs),
        signingAlgorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          ...usageOf(order.kind),
          await x509.SubjectKeyIdentifierExtension.create(order.publicKey),
          issuerKeyId,
          new x509.CertificatePolicyExtension([testPolicyOid]),
          new x509.CRLDistributionPointsExtension([`${baseUrl()}/v1/crl`]),
          new x509.AuthorityInfoAccessExtension({ ocsp: `${baseUrl()}/v1/ocsp` }),
        ],
      });
      return { serial, der: Buffer.from(issued.rawData).toString('base64') };
    },
  };
}

/** Authentication signs a challenge of a TLS client; a signing certificate does nothing but sign documents. */
function usageOf(kind: CertificateKind): x509.Extension[] {
  if (kind === 'AUT') {
    return [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ];
  }
  return [new x509.KeyUsagesExtension(x509.KeyUsageFlags.nonRepudiation, true)];
}

const oids = {
  surname: '2.5.4.4',
  givenName: '2.5.4.42',
  serialNumber: '2.5.4.5',
  title: '2.5.4.12',
  organizationIdentifier: '2.5.4.97',
} as const;

function subjectName(subject: CertificateSubject): x509.Name {
  const text = (value: string) => [{ utf8String: value }];
  const name: x509.JsonNameParams = [
    { C: [{ printableString: 'AZ' }] },
    { [oids.surname]: text(subject.surname) },
    { [oids.givenName]: text(subject.givenName) },
    { CN: text(`${subject.surname} ${subject.givenName} ${subject.fin}`.slice(0, 64)) },
    { [oids.serialNumber]: [{ printableString: `PNOAZ-${subject.fin}` }] },
  ];
  const { organisation } = subject;
  if (organisation === null) return new x509.Name(name);
  name.push({ O: text(organisation.name.slice(0, 64)) });
  if (organisation.unit !== '') name.push({ OU: text(organisation.unit.slice(0, 64)) });
  if (organisation.position !== '') name.push({ [oids.title]: text(organisation.position.slice(0, 64)) });
  name.push({ [oids.organizationIdentifier]: text(`VATAZ-${organisation.voen}`) });
  return new x509.Name(name);
}
