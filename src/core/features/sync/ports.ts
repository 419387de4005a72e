import type { syncContract } from '../../../shared/contract/sync.ts';
import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import type { Envelope } from '../../../shared/registry-api/envelope.ts';
import type { OperationOutput } from '../../rpc/handlers.ts';
import type { Reader, Tx } from '../../storage/database.ts';

/** Both sides of a conflict as they were signed. */
export interface StoredConflict {
  readonly isIntent: boolean;
  readonly envelope: Envelope;
  readonly operatorName: string;
  /** The revision that the registry showed. */
  readonly rev: number;
  readonly fields: readonly string[];
  readonly theirs: ApplicationEntity | null;
}

export interface ConflictPort {
  findConflict(db: Reader, commandId: string): StoredConflict | undefined;
  /** The registry's side stays; false when the conflict was answered meanwhile. */
  letTheirsStand(tx: Tx, commandId: string, byCommandId: string): boolean;
}

/** The exchange as its page sees it. */
export interface SyncPagePort extends ConflictPort {
  page(): OperationOutput<typeof syncContract.page>;
  /** Resets the waits and tries now; resolves when the try has come to rest. */
  sendNow(): Promise<void>;
  markClockSeen(tx: Tx, byName: string): number;
  /** Puts a command that was set aside back into its place, inside the act's transaction; undefined when it is not one of those. */
  reopen(tx: Tx, commandId: string): { readonly kind: string; readonly applicationId: string } | undefined;
}
