import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRegistry } from '../../src/registry/index.ts';

/** The reference registry as a process of its own on a database of its own; prints its address and one desk's credentials as JSON. */
const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-registry-'));
const registry = await startRegistry({ folder, seedTraining: { officeId: 'telim-1' }, passwordCost: { memoryKib: 1024, passes: 1 } });
const credentials = [];
for (let run = 0; run < 9; run += 1) credentials.push(await registry.provisionDesk({ deskId: `desk-${run}`, officeId: 'telim-1' }));
process.stdout.write(`${JSON.stringify({ url: registry.url, credentials })}\n`);
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
