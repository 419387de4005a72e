import type { KeyObject } from 'node:crypto';
import type { Authority } from './certification/authority.ts';
import type { Offices } from './offices/offices.ts';
import type { PolicyKeeper } from './policy/policy-keeper.ts';
import type { Quota } from './policy/quota.ts';
import type { RegistryPaths } from './provision/folder.ts';
import type { FaultSwitch } from './server/faults.ts';
import type { Store } from './store/store.ts';

/** The cost of argon2id. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** The parts of a running registry that its features share. */
export interface Registry {
  readonly paths: RegistryPaths;
  readonly store: Store;
  readonly authority: Authority;
  readonly faults: FaultSwitch;
  readonly receiptKey: KeyObject;
  readonly cursorKey: Uint8Array;
  /** Attachments at rest; 32 bytes. */
  readonly attachmentKey: Uint8Array;
  /** X25519: opens the files in which desks without a link hand over their acts; without it none is taken. */
  readonly queueFileKey?: KeyObject;
  /** Changes when the registry loses its memory, so that desks start their feed anew. */
  readonly epoch: string;
  /** When the registry was last restored from a backup; absent when never. */
  readonly restoredAtMs?: number;
  /** What desks are told; without it the defaults. */
  readonly policy?: PolicyKeeper;
  /** What one desk may ask; without it the ordinary quota. */
  readonly quota?: Quota;
  /** Which offices there are, and which of them makes the cards; without it none does. */
  readonly offices?: Offices;
  readonly passwordCost: PasswordCost;
  nowMs(): number;
  /** One line for the log; never personal data. */
  log(message: string, error?: unknown): void;
}

/** A desk as its TLS certificate and the store name it. */
export interface Desk {
  readonly deskId: string;
  readonly officeId: string;
  readonly publicKey: KeyObject;
}
