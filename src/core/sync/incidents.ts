import type { Clock } from '../../shared/platform/ports.ts';
import { incidentIdOf } from '../../shared/rules/incidents.ts';
import { appendAudit } from '../audit/chain.ts';
import type { Tx } from '../storage/database.ts';
import type { DeskIdentity } from '../desk.ts';
import { noteIncident } from '../storage/repositories/incident-repository.ts';

export interface StopParts {
  readonly identity: Pick<DeskIdentity, 'deskId'>;
  readonly clock: Clock;
  readonly bootId: string;
  readonly deskEpoch: () => number;
  readonly trustedNowMs: () => number;
}

/**
 * The exchange was stopped until a person clears it: what that means is a story for the supervisor, in the transaction that stores the stop. The queue
 * stands as it was. Source: ADR-0025, I-16, F-25, F-29
 */
export function noteStop(tx: Tx, exchange: StopParts, code: string): void {
  const { deskId } = exchange.identity;
  const epoch = exchange.deskEpoch();
  const queued = Number(tx.get('SELECT count(*) AS n FROM outbox WHERE state = 0')?.['n'] ?? 0);
  appendAudit(
    tx,
    { deskId, deskEpoch: epoch },
    {
      atMs: exchange.clock.nowMs(),
      monoMs: Math.round(exchange.clock.monotonicMs()),
      bootId: exchange.bootId,
      act: 'sync.frozen',
      operatorId: '',
      operatorLogin: '',
      role: '',
      authMethod: '',
      sessionId: '',
      applicationId: '',
      commandId: '',
      detail: { code, queued },
    },
  );
  const kind = code === 'DESK_FORK' ? 'cloned' : code.startsWith('AUDIT_') ? 'audit_gap' : 'stopped';
  const incidentId = kind === 'stopped' ? `stopped/${deskId}/${epoch}` : incidentIdOf(kind, deskId, epoch);
  noteIncident(tx, { incidentId, kind, deskId, atMs: exchange.trustedNowMs(), params: { queued, code } });
}
