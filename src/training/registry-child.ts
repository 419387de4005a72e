import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { provisionDesk, provisionRegistry, startRegistry } from '../registry/index.ts';
import { trainingDeskConfig } from './training-desk.ts';
import { z } from 'zod';

/**
 * The training registry as a child process of the start program: provisions itself and the training desk the first time, then serves. Says
 * `{type:'ready', url, configPath}` to its parent and ends with it.
 */
const startSchema = z.object({ type: z.literal('start'), folder: z.string(), port: z.number().int() });

process.on('message', (message: unknown) => {
  const start = startSchema.safeParse(message);
  if (!start.success) return;
  void serve(start.data.folder, start.data.port).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : 'the training registry could not start');
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));

async function serve(folder: string, port: number): Promise<void> {
  const registryFolder = join(folder, 'registry');
  const configPath = join(folder, 'desk.json');
  await provisionRegistry(registryFolder);
  const registry = await startRegistry({ dataFolder: registryFolder, port, faults: true, seedTraining: true });
  const config = trainingDeskConfig(registry.url);
  if (!existsSync(join(folder, 'desk-certificate.pem'))) {
    const desk = await provisionDesk(registryFolder, { deskId: config.desk.id, officeId: config.office.id });
    await writeFile(join(folder, 'registry-ca.pem'), desk.caPem);
    await writeFile(join(folder, 'desk-certificate.pem'), desk.certificatePem);
    await writeFile(join(folder, 'desk-key.pem'), desk.keyPem, { mode: 0o600 });
    await writeFile(join(folder, 'desk-signing-key.pem'), desk.signingKeyPem, { mode: 0o600 });
  }
  await writeFile(configPath, JSON.stringify(config, undefined, 2));
  process.send?.({ type: 'ready', url: registry.url, configPath });
}
