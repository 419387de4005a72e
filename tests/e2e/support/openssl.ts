import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesPageSchema, applicationEntitySchema, type ApplicationEntity } from '../../../src/shared/registry-api/endpoints.ts';
import type { Program } from './program.ts';

/** What the registry holds of the only case of this phone, by its own change feed. */
export async function findRegisteredCase(program: Program, phone: string): Promise<ApplicationEntity> {
  const answer = await program.askRegistry('/v1/sync/changes?limit=500');
  const { changes } = changesPageSchema.parse(JSON.parse(answer.body.toString('utf8')));
  const found = changes
    .filter((change) => change.entity === 'application' && change.op === 'upsert')
    .map((change) => applicationEntitySchema.parse(change.body))
    .findLast((one) => one.data.carrier.phone === phone);
  if (found === undefined) throw new Error('the registry has no case of this phone');
  return found;
}

/** Puts the issued certificates, their authority and its revocation list into files, for a program that is not ours. */
export async function exportCertificates(
  program: Program,
  issued: ApplicationEntity,
): Promise<{ readonly files: readonly string[]; readonly authority: string; readonly list: string }> {
  const files = issued.certificates.map(({ serial, der }) => {
    const file = join(program.folder, `${serial}.der`);
    writeFileSync(file, Buffer.from(der, 'base64'));
    return file;
  });
  const list = join(program.folder, 'authority.crl');
  writeFileSync(list, (await program.askRegistry('/v1/crl')).body);
  return { files, authority: join(program.folder, 'registry', 'keys', 'certification-ca.crt.pem'), list };
}

/** `openssl` as a person calls it; its complaint becomes the error. */
export function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
