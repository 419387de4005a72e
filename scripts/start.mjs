// `npm start`: prepares the machine, builds the screen when its sources changed, and hands over to src/main/start.ts on Node 24.
import { at, findElectron } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { prepareOrExit } from './prepare.mjs';
import { buildScreen } from './build-screen.mjs';
import { buildElectron } from './build-electron.mjs';

// Every process of the program reuses the code that an earlier start compiled.
process.env.NODE_COMPILE_CACHE = at('.cache/compile');
const args = process.argv.slice(2);
await prepareOrExit('start', { check: args.includes('--check') });
let code = await buildScreen();
if (code === 0 && findElectron() !== undefined) code = await buildElectron();
if (code === 0) code = await runOnNode24(['src/main/start.ts', ...args]);
process.exit(code);
