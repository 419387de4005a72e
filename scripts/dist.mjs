// `npm run dist`: builds what ships and packs it. Arguments go to electron-builder, for example: npm run dist -- --linux dir
import { tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { prepareOrExit } from './prepare.mjs';
import { buildScreen } from './build-screen.mjs';
import { buildElectron } from './build-electron.mjs';

await prepareOrExit('run');
let code = await buildScreen({ product: true });
if (code === 0) code = await buildElectron({ product: true });
if (code === 0) code = await runOnNode24([tools['electron-builder'], '--publish', 'never', ...process.argv.slice(2)]);
process.exit(code);
