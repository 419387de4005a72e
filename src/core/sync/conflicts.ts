import { applicationEntitySchema, type ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import { commandOutcomeSchema, envelopeSchema, type Envelope } from '../../shared/registry-api/envelope.ts';
import type { Reader, Tx } from '../storage/database.ts';
import { commandStates } from './sync-store.ts';

/** Both sides of a conflict as they were signed: our command, and what the registry held when it answered. */
export interface StoredConflict {
  readonly commandId: string;
  readonly isIntent: boolean;
  readonly envelope: Envelope;
  readonly operatorName: string;
  readonly rev: number;
  readonly fields: readonly string[];
  /** Null when the registry's side cannot be read by this program. */
  readonly theirs: ApplicationEntity | null;
}

/** A conflict that waits for a person, or undefined. */
export function findConflict(db: Reader, commandId: string): StoredConflict | undefined {
  const outbox = db.get(
    `SELECT o.operator_name, e.envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq
     WHERE o.command_id = @commandId AND o.state = 2 AND o.state IN (0, 2, 3)`,
    { commandId },
  );
  const row = outbox ?? db.get('SELECT operator_name, envelope FROM intents WHERE command_id = @commandId AND state = 2', { commandId });
  const receipt = db.get('SELECT result FROM receipts WHERE command_id = @commandId', { commandId });
  if (row === undefined || receipt === undefined) return undefined;
  const outcome = commandOutcomeSchema.parse(JSON.parse(String(receipt['result'])));
  if (outcome.outcome !== 'conflict') return undefined;
  const theirs = applicationEntitySchema.safeParse(outcome.current);
  return {
    commandId,
    isIntent: outbox === undefined,
    envelope: envelopeSchema.parse(JSON.parse(Buffer.from(row['envelope'] as Uint8Array).toString('utf8'))),
    operatorName: String(row['operator_name']),
    rev: outcome.rev,
    fields: outcome.fields,
    theirs: theirs.success ? theirs.data : null,
  };
}

/** The registry's side stays: our command remains as evidence and holds nothing any more. */
export function letTheirsStand(tx: Tx, commandId: string, byCommandId: string): boolean {
  const values = { commandId, byCommandId, state: commandStates.superseded };
  return (
    tx.run(
      'UPDATE outbox SET state = @state, superseded_by = @byCommandId WHERE command_id = @commandId AND state = 2 AND state IN (0, 2, 3)',
      values,
    ) === 1
  );
}
