import { readFileSync } from 'node:fs';
import type { DeskConfig } from '../shared/platform/desk-config.ts';
import type { CoreStart } from '../shared/platform/host-messages.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';

/** Where the registry is and with what the desk proves itself there. CONFIG_INCOMPLETE names the file that cannot be read. */
export function readRegistryAccess(config: DeskConfig, secrets: CoreStart['secrets']) {
  return {
    url: config.registry.url,
    caPem: readConfigured(config.registry.caPath, 'registry.caPath'),
    certificatePem: readConfigured(config.registry.clientCertificatePath, 'registry.clientCertificatePath'),
    keyPem: secrets.clientKeyPem,
  };
}

function readConfigured(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new StartFailure('CONFIG_INCOMPLETE', { gaps: name });
  }
}
