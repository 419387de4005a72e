import { createPrivateKey } from 'node:crypto';
import type { PolicyContent } from '../shared/registry-api/policy.ts';
import { openAuthority } from './certification/authority.ts';
import { openOffices, type Offices, type OfficeSettings } from './offices/offices.ts';
import { productionPasswordCost } from './operators/passwords.ts';
import { openPolicy, type PolicyKeeper } from './policy/policy-keeper.ts';
import type { Quota } from './policy/quota.ts';
import { readOwnFile } from './provision/folder.ts';
import { provisionRegistry } from './provision/provision-registry.ts';
import { openRecoveryKeys } from './recovery/recovery-keys.ts';
import type { PasswordCost, Registry } from './registry.ts';
import { markMemory, openMemory } from './restored.ts';
import { takeEnrolments } from './server/desk-identity.ts';
import { makeFaultSwitch } from './server/faults.ts';
import { postgresDialect, sqliteDialect } from './store/dialect.ts';
import { openStore } from './store/store.ts';

/** Where the store keeps the address of the revocation list and OCSP. */
export const publicUrlKey = 'public_url';

export interface OpenRegistryOptions extends OfficeSettings {
  /** Keys, enrolments, attachments and, by default, the database. Made when missing. */
  readonly folder: string;
  /** Address of a PostgreSQL server; without it the embedded database in the folder. */
  readonly database?: string;
  readonly passwordCost?: PasswordCost;
  /** What differs from the stored policy, or from the default one at the first start. */
  readonly policy?: Partial<PolicyContent>;
  readonly quota?: Quota;
  /** The database was restored from a backup: desks bring again what it has forgotten. */
  readonly isRestored?: boolean;
  readonly nowMs?: () => number;
  readonly log?: (message: string, error?: unknown) => void;
}

export interface OpenRegistry {
  readonly registry: Registry & { readonly policy: PolicyKeeper; readonly offices: Offices };
  /** Notes how far the memory has come. */
  mark(): Promise<void>;
}

/** A registry without a door: its folder, keys and store. `publicUrl` is what certificates name. */
export async function openRegistry(options: OpenRegistryOptions, publicUrl: () => string): Promise<OpenRegistry> {
  const paths = await provisionRegistry(options.folder);
  const store = await openStore(options.database === undefined ? sqliteDialect(paths.database) : postgresDialect(options.database));
  const nowMs = options.nowMs ?? Date.now;
  const receiptKey = createPrivateKey(readOwnFile(paths.receiptKey));
  const { epoch, restoredAtMs, isRestored } = await openMemory(store, options.folder, { isRestored: options.isRestored ?? false, nowMs });
  const recoveryKey = openRecoveryKeys(paths).currentPublicKey;
  const policy = await openPolicy(store, { receiptKey, epoch, nowMs }, { ...options.policy, recovery_key: recoveryKey }, isRestored);
  const registry = {
    paths,
    store,
    policy,
    restoredAtMs,
    offices: await openOffices(store, options),
    ...(options.quota === undefined ? {} : { quota: options.quota }),
    authority: await openAuthority(paths, publicUrl),
    faults: makeFaultSwitch(),
    receiptKey,
    attachmentKey: Buffer.from(readOwnFile(paths.attachmentKey), 'hex'),
    cursorKey: Buffer.from(readOwnFile(paths.cursorKey), 'hex'),
    queueFileKey: createPrivateKey(readOwnFile(paths.queueFileKey)),
    epoch,
    passwordCost: options.passwordCost ?? productionPasswordCost,
    nowMs,
    log: options.log ?? (() => undefined),
  };
  if (isRestored) registry.log(`this registry was restored from a backup and begins epoch ${epoch}`);
  await takeEnrolments(registry);
  return { registry, mark: () => markMemory(store, options.folder, epoch) };
}
