import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { hasFile, readOwnFile, registryPaths, writeOwnFile } from './folder.ts';
import { exportPrivateKeyPem, generateKeyPair, importPrivateKeyPem, randomSerial, signingAlgorithm, x509 } from './x509.ts';

/** What a desk has to be configured with. The key signs commands and opens the TLS connection. */
export interface DeskCredentials {
  readonly deskId: string;
  readonly officeId: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** The authority that the desk pins for the registry's server certificate. */
  readonly registryCaPem: string;
}

export const deskEnrolmentSchema = z.object({
  deskId: z.string().regex(/^[A-Za-z0-9_-]{1,60}$/),
  officeId: z.string().min(1).max(60),
  /** SPKI of the signing key, base64. */
  publicKey: z.string(),
  /** Since when the desk is refused everything. */
  revokedAtMs: z.number().int().optional(),
});
export type DeskEnrolment = z.infer<typeof deskEnrolmentSchema>;

/**
 * Enrols a desk: a client certificate whose SAN names it and an enrolment file that the registry takes into its store at its next start
 * or at the first sight of the desk, running or not.
 */
export async function provisionDesk(folder: string, desk: { deskId: string; officeId: string }): Promise<DeskCredentials> {
  const paths = registryPaths(folder);
  const authority = new x509.X509Certificate(readOwnFile(paths.deskCa));
  const signingKey = await importPrivateKeyPem(readOwnFile(paths.deskCaKey));
  const keys = await generateKeyPair();
  const nowMs = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ C: ['AZ'] }, { O: [desk.officeId] }, { CN: [desk.deskId] }],
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey,
    serialNumber: randomSerial(),
    notBefore: new Date(nowMs - 86_400_000),
    notAfter: new Date(nowMs + 2 * 365 * 86_400_000),
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: deskUri(desk.deskId) }]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
    ],
  });
  const publicKey = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey)).toString('base64');
  const enrolment = deskEnrolmentSchema.parse({ ...desk, publicKey });
  writeOwnFile(path.join(paths.desks, `${enrolment.deskId}.json`), JSON.stringify(enrolment), false);
  return {
    ...desk,
    certificatePem: certificate.toString('pem'),
    privateKeyPem: await exportPrivateKeyPem(keys.privateKey),
    registryCaPem: readOwnFile(paths.tlsCa),
  };
}

/** Shuts a desk out: from now on every connection of it is refused. Enrolling it anew, with a new key, lets it in again. */
export function revokeDesk(folder: string, deskId: string, nowMs: number): boolean {
  const enrolment = findEnrolment(folder, deskId);
  if (enrolment === undefined) return false;
  const file = path.join(registryPaths(folder).desks, `${deskId}.json`);
  writeOwnFile(file, JSON.stringify({ ...enrolment, revokedAtMs: enrolment.revokedAtMs ?? nowMs }), false);
  return true;
}

export function deskUri(deskId: string): string {
  return `urn:qeyd:desk:${deskId}`;
}

export function listEnrolments(folder: string): DeskEnrolment[] {
  const { desks } = registryPaths(folder);
  if (!hasFile(desks)) return [];
  return readdirSync(desks)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => deskEnrolmentSchema.parse(JSON.parse(readOwnFile(path.join(desks, name)))));
}

/** The enrolment of one desk; undefined when there is none. */
export function findEnrolment(folder: string, deskId: string): DeskEnrolment | undefined {
  const file = path.join(registryPaths(folder).desks, `${deskId}.json`);
  const isName = deskEnrolmentSchema.shape.deskId.safeParse(deskId).success;
  return isName && hasFile(file) ? deskEnrolmentSchema.parse(JSON.parse(readOwnFile(file))) : undefined;
}
