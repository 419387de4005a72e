import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRegistry, type RegistryOptions, type RunningRegistry } from '../../../src/registry/index.ts';
import { actAt, centre, officeNames, offices, type ActingDesk } from './card-cases.ts';
import { startPrivatePostgres } from './private-postgres.ts';
import { lightPasswords, TestDesk } from './test-desk.ts';

export interface OfficesUnderTest {
  readonly folder: string;
  /** The first one is the centre's; on PostgreSQL a second program serves some of the desks. */
  readonly registries: readonly RunningRegistry[];
  readonly maker: ActingDesk;
  readonly otherMaker: ActingDesk;
  /** One desk in each of the three registration offices. */
  readonly registrars: readonly [ActingDesk, ActingDesk, ActingDesk];
  stop(): Promise<void>;
}

/** A centre with two desks and three offices with one, all with the training roles. */
export async function openOffices(name: 'sqlite' | 'postgres', options: Partial<RegistryOptions> = {}): Promise<OfficesUnderTest> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offices-'));
  const postgres = name === 'postgres' ? await startPrivatePostgres() : undefined;
  const database = await postgres?.createDatabase('registry');
  const started: RegistryOptions = {
    folder,
    ...(database === undefined ? {} : { database }),
    seedTraining: { officeId: centre, moreOffices: offices },
    offices: officeNames,
    passwordCost: lightPasswords,
    allowFaults: true,
    ...options,
  };
  const registries = [await startRegistry(started)];
  if (database !== undefined) registries.push(await startRegistry(started));
  const desks: TestDesk[] = [];
  const enrol = async (deskId: string, officeId: string) => {
    const registry = registries[desks.length % registries.length];
    if (registry === undefined) throw new Error('No registry was started.');
    const desk = new TestDesk(registry, await registry.provisionDesk({ deskId, officeId }));
    desks.push(desk);
    return actAt(desk);
  };
  return {
    folder,
    registries,
    maker: await enrol('merkez-01', centre),
    otherMaker: await enrol('merkez-02', centre),
    registrars: [await enrol('baki-1-01', offices[0]), await enrol('gence-1-01', offices[1]), await enrol('sumqayit-1-01', offices[2])],
    async stop() {
      await Promise.all(desks.map((desk) => desk.close()));
      for (const registry of registries) await registry.stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
