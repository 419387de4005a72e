// `npm run test:electron`: the suite of the Shell interface and the end-to-end tests in the real Electron.
// Where there is no Electron it says so and ends with code 2; the browser shell's run is part of npm test.
import { findElectron, tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { hasDisplay } from './lib/system-parts.mjs';
import { prepareElectron, prepareOrExit } from './prepare.mjs';
import { buildScreen } from './build-screen.mjs';
import { buildElectron } from './build-electron.mjs';

await prepareOrExit('run');
await prepareElectron();
if (findElectron() === undefined) {
  process.stderr.write('Electron is not on this machine, so nothing was tested. Type: npx install-electron\n');
  process.exit(2);
}
if (!hasDisplay()) {
  process.stderr.write('There is no display for Electron. Type: xvfb-run -a npm run test:electron\n');
  process.exit(2);
}
const env = { QEYD_SHELL: 'electron', QEYD_ELECTRON: findElectron() };
const steps = [
  () => buildScreen(),
  () => buildElectron(),
  () => runOnNode24([tools.vitest, 'run', 'shell'], { env }),
  () => runOnNode24([tools.playwright, 'test'], { env }),
];
for (const step of steps) {
  const code = await step();
  if (code !== 0) process.exit(code);
}
