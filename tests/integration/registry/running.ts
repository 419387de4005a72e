import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRegistry, type RegistryOptions, type RunningRegistry } from '../../../src/registry/index.ts';
import { lightPasswords, officeId, TestDesk } from './test-desk.ts';

export interface TestRegistry {
  readonly folder: string;
  readonly registry: RunningRegistry;
  enrol(deskId: string, office?: string): Promise<TestDesk>;
  stop(): Promise<void>;
}

/** A registry of its own in a temporary folder, with the training operators. */
export async function runRegistry(options: Partial<RegistryOptions> = {}): Promise<TestRegistry> {
  const folder = mkdtempSync(path.join(tmpdir(), 'registry-'));
  const registry = await startRegistry({ folder, seedTraining: { officeId }, passwordCost: lightPasswords, allowFaults: true, ...options });
  const desks: TestDesk[] = [];
  return {
    folder,
    registry,
    async enrol(deskId, office = officeId) {
      const desk = new TestDesk(registry, await registry.provisionDesk({ deskId, officeId: office }));
      desks.push(desk);
      return desk;
    },
    async stop() {
      await Promise.all(desks.map((desk) => desk.close()));
      await registry.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
