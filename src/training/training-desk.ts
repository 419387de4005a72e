import type { DeskConfig } from '../shared/platform/desk-config.ts';
import { trainingOperators } from '../registry/index.ts';

/** The configuration file of the training desk; its paths are relative to the file's own folder. */
export function trainingDeskConfig(registryUrl: string): DeskConfig {
  return {
    mode: 'training',
    office: { id: 'baki-1', code: 'BAK1', name: 'Bakı 1 saylı ASAN xidmət mərkəzi' },
    desk: { id: 'baki-1-01', code: '01' },
    registry: {
      url: registryUrl,
      caPath: 'registry-ca.pem',
      clientCertificatePath: 'desk-certificate.pem',
      clientKey: { path: 'desk-key.pem' },
      signingKey: { path: 'desk-signing-key.pem' },
    },
    dataFolder: 'desk',
    printFolder: 'prints',
    cupsServer: '',
    idleLockMs: 300_000,
    training: {
      operators: trainingOperators.map(({ login, fullName, password, roles }) => ({ login, fullName, password, roles: [...roles] })),
      faultsPath: '/v1/_faults',
    },
  };
}
