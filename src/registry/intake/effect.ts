import type { CommandKind, CommandOutcome, CommandPayload, Envelope } from '../../shared/registry-api/envelope.ts';
import type { HeldLease } from '../leases/leases.ts';
import type { Desk, Registry } from '../registry.ts';
import type { AggregateRow } from '../store/aggregates.ts';
import type { Session } from '../store/store.ts';

/** What a command meets: its aggregate locked, in a transaction that the intake commits. */
export interface EffectContext<K extends CommandKind = CommandKind> {
  readonly registry: Registry;
  /**
   * The database, for an effect that keeps rows beside its aggregate. What earlier commands of the same transaction decided is written first, and what this
   * one writes is undone when it is refused. An effect that only changes its aggregate never opens it, so that many share one write.
   */
  openSession(): Promise<Session>;
  /** The lease of the case, as this transaction sees it. */
  findLease(): HeldLease | undefined;
  /** Becomes the case's lease when the command is applied. */
  putLease(lease: HeldLease): void;
  readonly desk: Desk;
  readonly envelope: Envelope;
  readonly payload: CommandPayload<K>;
  readonly aggregate: AggregateRow;
  readonly nowMs: number;
}

/** The next revision of the aggregate. A remark does not make an operator's knowledge stale. */
export interface AggregateChange {
  readonly state: string;
  readonly body: unknown;
  readonly isRemark?: boolean;
}

type Applied = Extract<CommandOutcome, { outcome: 'applied' }>;
export type RuleParams = Readonly<Record<string, string | number>>;

/**
 * What an effect decided. A rejection without `change` leaves no trace but its stored result; one with `change` is itself an event of
 * the case, such as a failed activation.
 */
export type EffectResult =
  | {
      readonly kind: 'applied';
      readonly change: AggregateChange;
      readonly answer?: Partial<Pick<Applied, 'certificates' | 'userId' | 'lease_token' | 'lease_until_ms'>>;
    }
  | {
      readonly kind: 'rejected';
      readonly code: string;
      readonly params?: RuleParams;
      readonly state?: string;
      readonly change?: AggregateChange;
    }
  | { readonly kind: 'deferred'; readonly retryAfterMs: number };

export type Effect<K extends CommandKind> = (context: EffectContext<K>) => EffectResult | Promise<EffectResult>;

export function rejected(code: string, params: RuleParams = {}, state?: string): EffectResult {
  return { kind: 'rejected', code, params, ...(state === undefined ? {} : { state }) };
}
