import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createBrowserShell } from './browser/browser-shell.ts';
import { checkFirstScreen, launchCheckBrowser } from './browser/check.ts';
import { findChromium, hasDisplay, openAppWindow } from './browser/chromium.ts';
import { startTrainingCards, type TrainingCards } from './browser/training-cards.ts';
import { startTrainingRegistry, type TrainingRegistry } from './browser/training-registry.ts';
import { coreDumpsNotForbidden, forbidCoreDumps } from './core-dumps.ts';
import { findElectron, runInElectron } from './electron-program.ts';
import { loadDesk } from './load-desk.ts';
import { describeStartFailure } from '../shared/language/start-failures.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';

/**
 * `npm start`: training mode, in Electron where its binary is there, else in the browser shell. `--check` reaches the first usable page, prints how long each part took and ends;
 * `--no-window` only serves and prints the address; `--cards direct` keeps virtual cards out of the machine's card service; `--config FILE` opens that desk (a production one is refused here with a sentence).
 */
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    'no-window': { type: 'boolean', default: false },
    config: { type: 'string' },
    folder: { type: 'string', default: join('.run', 'training') },
    port: { type: 'string', default: '0' },
    cards: { type: 'string', default: 'auto' },
  },
});
const root = resolve(import.meta.dirname, '..', '..');
const startedAt = performance.now();

async function main(): Promise<number> {
  // Before any secret is read; registry, core, paper host and Chromium take it over.
  if (!forbidCoreDumps()) console.error(coreDumpsNotForbidden);
  const folder = resolve(values.folder);
  const parts: Record<string, number> = {};
  let registry: TrainingRegistry | undefined;
  let cards: TrainingCards | undefined;
  if (values.config === undefined) {
    cards = await startTrainingCards(join(root, 'src', 'training', 'virtual-card', 'entry.ts'), folder, vpcdOf(values.cards));
    const from = performance.now();
    registry = await startTrainingRegistry(join(root, 'src', 'training', 'registry-child.ts'), folder);
    const served = registry.ready.then(() => {
      parts.registry = performance.now() - from;
    });
    // A desk that is refused at once ends its registry before it served: that is no news, and must not end the program before it said why.
    served.catch(() => undefined);
    // The desk goes on without its registry, so from the second start on the two start side by side.
    if (!registry.isConfigured) await served;
    // The card host looks for them when it starts.
    await cards.ready;
  }
  const configPath = resolve(values.config ?? join(folder, 'desk.json'));
  const electron = findElectron(root);
  const isBrowserWanted = values.check || values['no-window'] || electron === undefined || !hasDisplay();
  try {
    return isBrowserWanted ? await runInBrowserShell(configPath, parts) : await runInElectron(electron, root, configPath, interrupted());
  } finally {
    await Promise.all([registry?.stop(), cards?.stop()]);
  }
}

/** Where virtual cards show themselves: in the machine's card service where it has a virtual reader, or straight to the card host. */
function vpcdOf(wanted: string): 'auto' | 'never' {
  return wanted === 'direct' ? 'never' : 'auto';
}

async function runInBrowserShell(configPath: string, parts: Record<string, number>): Promise<number> {
  const shell = createBrowserShell(
    await loadDesk(configPath),
    {
      coreEntry: join(root, 'src', 'core', 'entry-node.ts'),
      paperEntry: join(root, 'src', 'core', 'documents', 'paper-host-node.ts'),
      maintenanceEntry: join(root, 'src', 'core', 'maintenance', 'maintenance-host-node.ts'),
      cardHostEntry: join(root, 'src', 'card-host', 'entry-node.ts'),
      pinPageFolder: join(root, 'dist', 'pin-window'),
      screenFolder: join(root, 'dist', 'screen'),
    },
    Number(values.port),
  );
  const browser = values.check ? launchCheckBrowser() : undefined;
  browser?.catch(() => undefined);
  try {
    const started = await shell.start();
    Object.assign(parts, started.parts);
    const { address } = await started.openScreen();
    if (browser !== undefined) {
      Object.assign(parts, await checkFirstScreen(await browser, address, configPath));
      for (const [name, ms] of Object.entries(parts)) console.log(`  ${name.padEnd(24)} ${ms.toFixed(0).padStart(6)} ms`);
      console.log(`İlk işlək ekran ${((performance.now() - startedAt) / 1000).toFixed(2)} s sonra hazırdır.`);
      return 0;
    }
    started.onCoreState((state) => {
      if (state === 'failed') console.error(describeStartFailure(new StartFailure('CORE_CRASHED')));
    });
    await showUntilClosed(address);
    return 0;
  } finally {
    await shell.stop();
  }
}

/** An app window where there is a display and a Chromium; otherwise the address, for a browser of the person's own. */
async function showUntilClosed(address: string): Promise<void> {
  const ended = interrupted();
  const chromium = findChromium();
  if (values['no-window'] || !hasDisplay() || chromium === undefined) {
    console.log(`Qeyd bu ünvandadır (60 saniyə ərzində bir dəfə açılır):\n${address}`);
    await ended;
    return;
  }
  const window = await openAppWindow(chromium, address);
  await Promise.race([window.closed, ended]);
  window.close();
  await window.closed;
}

function interrupted(): Promise<void> {
  return new Promise((end) => {
    process.once('SIGINT', () => {
      end();
    });
    process.once('SIGTERM', () => {
      end();
    });
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof StartFailure ? describeStartFailure(error) : error);
    process.exit(error instanceof StartFailure && error.code === 'CHROMIUM_MISSING' ? 2 : 1);
  },
);
