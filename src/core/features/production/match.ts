import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { commandOf } from '../../cards/index.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import { findCardRequest } from '../../storage/repositories/card-request-repository.ts';
import { findRunOfCard, listRuns, updateRun } from '../../storage/repositories/production-repository.ts';

export interface MatchScan {
  readonly commandId: string;
  readonly card: string;
  readonly envelope: string;
}

/** A scanner may send blanks or small letters. */
function normalise(code: string): string {
  return code.replaceAll(/\s/gu, '').toUpperCase();
}

/**
 * Two barcodes, one from the card and one from its envelope. The envelope's number begins with the serial of its card, so the eye sees it too; only the
 * number that was printed last counts, because an older envelope carries codes that are no more. Source: PRS-06, PRS-07, M-18
 */
export function matchCard(
  desk: Desk,
  actor: Actor,
  scan: MatchScan,
): Result<{ runId: string; holderName: string; officeName: string; left: number }, Failure> {
  const serial = normalise(scan.card);
  const envelope = normalise(scan.envelope);
  const done = desk.acts.perform<{ runId: string; applicationId: string }>(
    { commandId: scan.commandId, operation: 'card.match', actor, input: { serial, envelope } },
    (tx) => {
      const run = findRunOfCard(tx, { cardSerial: serial });
      if (run?.state !== 'made') return fail('CARD_UNKNOWN', { serial });
      if (run.packageNumber !== '') return fail('CARD_IN_PACKAGE', { number: run.packageNumber });
      if (run.envelopeNumber !== envelope) {
        // The right card's, but one that was replaced: it is destroyed and not handed on.
        return envelope.startsWith(`${serial}-`)
          ? fail('ENVELOPE_OLD', { number: envelope })
          : fail('M-18', { kart: serial, sistem: envelope });
      }
      if (run.matchedAtMs !== null) return fail('CARD_MATCHED', { serial });
      const { applicationId, runId } = run;
      updateRun(tx, runId, { matchedAtMs: desk.clock.nowMs() });
      const baseRev = findCardRequest(tx, applicationId)?.rev ?? null;
      return succeed({
        value: { runId, applicationId },
        audit: { act: 'card.match', applicationId, detail: { serial, envelope } },
        outbox: [commandOf(applicationId, baseRev, 'card.match', { applicationId, cardSerial: serial, envelopeNumber: envelope })],
        events: [{ type: 'production.changed' as const }, { type: 'dispatch.changed' as const }],
      });
    },
  );
  if (!done.ok) return done;
  const request = findCardRequest(desk.db, done.value.applicationId);
  const left = listRuns(desk.db, 'made').filter(({ matchedAtMs, packageNumber }) => matchedAtMs === null && packageNumber === '').length;
  return succeed({
    runId: done.value.runId,
    holderName: request?.holderName ?? '',
    officeName: request?.request.officeName ?? '',
    left,
  });
}
