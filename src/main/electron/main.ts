import * as electron from 'electron';
import { join } from 'node:path';
import { coreDumpsNotForbidden, forbidCoreDumps } from '../core-dumps.ts';
import { loadDesk } from '../load-desk.ts';
import { describeStartFailure } from '../../shared/language/start-failures.ts';
import { StartFailure } from '../../shared/platform/start-failure.ts';
import { createElectronShell, prepareElectron } from './electron-shell.ts';

/** Entry of the product. The desk's configuration lies beside the user data; `--desk=FILE` names another one. */
prepareElectron(electron);

async function main(): Promise<void> {
  if (!forbidCoreDumps()) console.error(coreDumpsNotForbidden);
  const argument = process.argv.find((value) => value.startsWith('--desk='))?.slice('--desk='.length);
  const desk = await loadDesk(argument ?? join(electron.app.getPath('userData'), 'desk.json'));
  const built = join(electron.app.getAppPath(), 'dist');
  const shell = createElectronShell(
    electron,
    desk,
    {
      coreEntry: join(built, 'electron', 'core.js'),
      paperEntry: join(built, 'electron', 'paper-host.js'),
      maintenanceEntry: join(built, 'electron', 'maintenance-host.js'),
      cardHostEntry: join(built, 'electron', 'card-host.js'),
      pinPageFolder: join(built, 'pin-window'),
      preload: join(built, 'electron', 'preload.cjs'),
      screenFolder: join(built, 'screen'),
    },
    (line) => {
      console.log(line);
    },
  );
  electron.app.on('window-all-closed', () => {
    void shell.stop().finally(() => {
      electron.app.quit();
    });
  });
  const started = await shell.start();
  await started.openScreen();
}

main().catch((error: unknown) => {
  const sentence = error instanceof StartFailure ? describeStartFailure(error) : describeStartFailure({ code: 'INTERNAL', params: {} });
  if (!(error instanceof StartFailure)) console.error(error);
  // The recovery page says it where there is a window; it ends the program when it is closed.
  if (electron.BrowserWindow.getAllWindows().length > 0) return;
  electron.dialog.showErrorBox('Qeyd', sentence);
  electron.app.exit(1);
});
