// Runs a program of the project, or a locked tool (`--tool <name>`), on Node 24 after making sure both are installed.
import { tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { prepareOrExit } from './prepare.mjs';

const args = process.argv.slice(2);
await prepareOrExit('run');
if (args[0] === '--tool') {
  const tool = tools[args[1]];
  if (tool === undefined) {
    process.stderr.write(`There is no tool "${args[1]}". Known: ${Object.keys(tools).join(', ')}\n`);
    process.exit(2);
  }
  args.splice(0, 2, tool);
}
process.exit(await runOnNode24(args));
