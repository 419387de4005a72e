import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { provisionDesk, provisionRegistry, startRegistry, writeOwnFile } from '../registry/index.ts';
import { deskConfigSchema } from '../shared/platform/desk-config.ts';
import { cardPlacesSchema, trainingDeskConfig, trainingDeskId, trainingOffice } from './training-desk.ts';

/**
 * The training registry as a child process of the start program: provisions itself and the training desk the first time, then serves. Says
 * `{type:'ready', url, configPath}` to its parent and ends with it.
 */
const startSchema = z.object({
  type: z.literal('start'),
  folder: z.string(),
  port: z.number().int(),
  controlPort: z.number().int(),
  publicPort: z.number().int(),
  cards: cardPlacesSchema,
});

/** Light, so that signing in at the training desk does not wait; real passwords are never here. */
const trainingPasswordCost = { memoryKib: 8 * 1024, passes: 1 };

process.on('message', (message: unknown) => {
  const start = startSchema.safeParse(message);
  if (!start.success) return;
  serve(start.data).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : 'the training registry could not start');
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));

/** What whoever runs the training may set for himself; everything else is written anew at each start. */
const keptSchema = deskConfigSchema.pick({ idleLockMs: true });

async function serve({ folder, port, controlPort, publicPort, cards }: z.infer<typeof startSchema>): Promise<void> {
  const registryFolder = join(folder, 'registry');
  const configPath = join(folder, 'desk.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await provisionRegistry(registryFolder);
  if (!existsSync(join(folder, 'desk-key.pem'))) {
    const desk = await provisionDesk(registryFolder, { deskId: trainingDeskId, officeId: trainingOffice.id });
    writeOwnFile(join(folder, 'registry-ca.pem'), desk.registryCaPem, false);
    writeOwnFile(join(folder, 'desk-certificate.pem'), desk.certificatePem, false);
    // The last: while it is missing, a start that was killed in between is taken up again.
    writeOwnFile(join(folder, 'desk-key.pem'), desk.privateKeyPem, true);
  }
  const registry = await startRegistry({
    folder: registryFolder,
    port,
    controlPort,
    publicPort,
    allowFaults: true,
    seedTraining: { officeId: trainingOffice.id },
    offices: [{ officeId: trainingOffice.id, name: trainingOffice.name }],
    passwordCost: trainingPasswordCost,
  });
  const config = { ...trainingDeskConfig(registry, cards), ...(await readKept(configPath)) };
  // Whole at every moment: the desk may be reading it beside this.
  writeOwnFile(configPath, JSON.stringify(config, undefined, 2), true);
  process.send?.({ type: 'ready', url: registry.url, configPath });
}

async function readKept(configPath: string): Promise<Partial<z.infer<typeof keptSchema>>> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(configPath, 'utf8')));
  } catch {
    // Not there yet, or not whole: an earlier version was killed while it wrote.
    return {};
  }
}
