import { join } from 'node:path';
import type { ElectronPaths } from '../../../src/main/electron/electron-shell.ts';
import type { LoadedDesk } from '../../../src/main/shell.ts';
import type { DeskConfig } from '../../../src/shared/platform/desk-config.ts';

export { createElectronShell, portAnswer, portRequest, prepareElectron } from '../../../src/main/electron/electron-shell.ts';

/** A production desk in `folder` for the Electron shell, with the paths a package would have. */
export function screenPathsForTest(folder: string): { desk: LoadedDesk; paths: ElectronPaths } {
  const key = { path: join(folder, 'key.pem') };
  const config: DeskConfig = {
    mode: 'production',
    office: { id: 'baki-1', code: 'BAK1', name: 'Bakı 1 saylı ASAN xidmət mərkəzi' },
    desk: { id: 'baki-1-01', code: '01' },
    registry: {
      url: 'https://reyestr.example',
      caPath: join(folder, 'ca.pem'),
      clientCertificatePath: join(folder, 'desk.pem'),
      clientKey: key,
      signingKey: key,
    },
    dataFolder: join(folder, 'data'),
    printFolder: '',
    exportFolder: '',
    cupsServer: '',
    printQueue: '',
    windowsPrintCommand: '',
    idleLockMs: 300_000,
  };
  return {
    desk: { config, configPath: join(folder, 'desk.json') },
    paths: {
      coreEntry: '/program/core.js',
      paperEntry: '/program/paper-host.js',
      maintenanceEntry: '/program/maintenance-host.js',
      cardHostEntry: '/program/card-host.js',
      pinPageFolder: '/program/pin-window',
      preload: '/program/preload.cjs',
      screenFolder: '/program/screen',
    },
  };
}
