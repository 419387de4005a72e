import type { Failure, Result } from '../../shared/platform/result.ts';
import type { CardInSight, RecoveryChoices, RecoveryDecision } from '../../shared/rules/personalisation-journal.ts';
import type { Actor } from '../act/act.ts';
import type { ClaimedCard, SpoilRequest } from './registry-steps.ts';

export type { ClaimedCard, SpoilRequest } from './registry-steps.ts';

export interface RunSight {
  readonly sight: CardInSight;
  readonly decision: RecoveryDecision;
  readonly choices: RecoveryChoices;
}

/**
 * Makes cards, one after the other or some at once in different readers; two calls on one card: the second is CARD_BUSY. Failures are the card
 * host's words, the registry's, or CARD_NEEDS_DECISION when a person has to choose between going on, wiping and scrapping.
 */
export interface Personaliser {
  /** Claims the card and makes it, to its end or to the first stop. `onBegun` is called as soon as the claim is written. */
  start(actor: Actor, wanted: ClaimedCard, onBegun?: (runId: string) => void): Promise<Result<{ readonly runId: string }, Failure>>;
  /** What a crash left, gone on with or begun anew; refused where the journal and the card say that it is not safe. */
  resume(actor: Actor, runId: string, how: 'continue' | 'wipe', readerName?: string): Promise<Result<null, Failure>>;
  spoil(actor: Actor, request: SpoilRequest): Result<null, Failure>;
  inspect(runId: string): Promise<Result<RunSight, Failure>>;
  isRunning(runId: string): boolean;
}

/** What the person at the reader is asked for now. */
export type BatchPrompt =
  | { readonly kind: 'none' | 'remove' | 'no_stock' }
  | { readonly kind: 'insert' | 'working'; readonly applicationId: string; readonly serial: string }
  /** The card in the reader cannot be the next one, or the reader cannot be asked. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** A half-made card: go on, wipe and begin anew, scrap, or leave it for later. */
  | { readonly kind: 'decide'; readonly runId: string; readonly applicationId: string; readonly failure: Failure | null };

export interface BatchView {
  readonly batchId: string;
  readonly state: 'running' | 'paused' | 'stopped' | 'done';
  readonly beganAtMs: number;
  readonly readerName: string;
  readonly items: readonly { readonly applicationId: string; readonly state: 'waiting' | 'making' | 'made' | 'left' }[];
  readonly prompt: BatchPrompt;
}

export interface BatchRunner {
  /** BATCH_OPEN while another one runs or rests. */
  start(
    actor: Actor,
    input: { readonly commandId: string; readonly applicationIds: readonly string[]; readonly readerName: string },
  ): Result<null, Failure>;
  pause(actor: Actor, commandId: string): Result<null, Failure>;
  resume(actor: Actor, commandId: string): Result<null, Failure>;
  stop(actor: Actor, commandId: string): Result<null, Failure>;
  /** The next card is this one and not the next of the pack. CARD_NOT_IN_STOCK */
  chooseSerial(serial: string): Result<null, Failure>;
  /** A half-made card is laid aside; the batch goes on with the next request. */
  leave(applicationId: string): void;
  /** Its card was scrapped: the request waits in the batch for another one. */
  requeue(applicationId: string): void;
  /** Something changed that no event of a reader tells of. */
  nudge(): void;
  view(): BatchView | null;
  close(): void;
}
