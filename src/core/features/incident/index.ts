import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { incidentEntitySchema } from '../../../shared/registry-api/incident.ts';
import { incidentIdOf } from '../../../shared/rules/incidents.ts';
import type { CommandDraft } from '../../act/act.ts';
import type { Call, Desk, Projection } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { Tx } from '../../storage/database.ts';
import {
  closeRun,
  findOpenRunAtMs,
  forgetRegistryIncident,
  noteIncident,
  saveHandling,
  saveRegistryIncident,
  saveRun,
} from '../../storage/repositories/incident-repository.ts';
import { markRestorationSeen } from '../../storage/repositories/storage-care-repository.ts';
import { listOwnClockWords, listStories, type Story } from './stories.ts';

export interface IncidentFeature {
  readonly handlers: Handlers<'incident'>;
  readonly projection: Projection;
  /** How many nobody has handled yet. */
  countOpen(): number;
  /** The program begins to work: one that was not closed before is told of. */
  noteStart(): void;
  /** It is closed in order. */
  noteStop(): void;
  /** A verification of the journal found a row that does not fit its chain. */
  noteAuditGap(seq: number): void;
}

const countEveryMs = 5_000;

/** What happened to the desks of the office, as the supervisor hears of it and deals with it. Source: ADR-0025 */
export function createIncidentFeature(desk: Desk): IncidentFeature {
  const { db, clock, identity } = desk;
  let counted: { readonly n: number; readonly atMonoMs: number } | null = null;
  const trustedNowMs = (): number => clock.nowMs() + (desk.sync.clockOffsetMs() ?? 0);
  const countOpen = (): number => {
    const nowMonoMs = clock.monotonicMs();
    if (counted === null || nowMonoMs - counted.atMonoMs > countEveryMs)
      counted = { n: listStories(db, identity.deskId).filter(({ handled }) => handled === null).length, atMonoMs: nowMonoMs };
    return counted.n;
  };
  const changed = (): { readonly type: 'incident.changed' } => {
    counted = null;
    return { type: 'incident.changed' };
  };

  return {
    handlers: {
      list() {
        const rows = listStories(db, identity.deskId).map(rowOf);
        return succeed({ rows, open: rows.filter(({ handled }) => handled === null).length });
      },
      handle(input, call) {
        const done = handle(desk, input, call, trustedNowMs());
        if (!done.ok) return done;
        desk.publish(changed());
        return succeed({ open: countOpen() });
      },
    },
    projection: {
      entities: ['incident'],
      onChange(tx, change) {
        if (change.op === 'tombstone') forgetRegistryIncident(tx, change.id);
        else saveRegistryIncident(tx, change.rev, incidentEntitySchema.parse(change.body));
        return [changed()];
      },
    },
    countOpen,
    noteStart() {
      const openedAtMs = findOpenRunAtMs(db);
      const nowMs = trustedNowMs();
      if (openedAtMs === undefined) {
        db.transact((tx) => {
          saveRun(tx, clock.nowMs());
        });
        return;
      }
      desk.acts.record(null, (tx) => {
        const params = countsOf(tx, openedAtMs);
        noteIncident(tx, {
          incidentId: `killed/${identity.deskId}/${openedAtMs}`,
          kind: 'killed',
          deskId: identity.deskId,
          atMs: nowMs,
          params,
        });
        saveRun(tx, clock.nowMs());
        return { value: undefined, audit: { act: 'desk.killed', detail: params }, events: [changed()] };
      });
    },
    noteStop() {
      db.transact((tx) => {
        closeRun(tx);
      });
    },
    noteAuditGap(seq) {
      desk.acts.record(null, (tx) => {
        const epoch = Number(tx.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch'] ?? 1);
        const incidentId = incidentIdOf('audit_gap', identity.deskId, epoch);
        noteIncident(tx, { incidentId, kind: 'audit_gap', deskId: identity.deskId, atMs: trustedNowMs(), params: { row: seq } });
        return { value: undefined, audit: { act: 'audit.gap_found', detail: { row: seq } }, events: [changed()] };
      });
    },
  };
}

function rowOf({ incidentId, kind, deskId, isHere, atMs, params, handled }: Story) {
  return { incidentId, kind, deskId, isHere, atMs, params: { ...params }, handled };
}

/** What was there when the program ended, by which a supervisor sees that nothing is missing. */
function countsOf(tx: Tx, openedAtMs: number): Record<string, number> {
  const count = (text: string): number => Number(tx.get(text)?.['n'] ?? 0);
  const lastAtMs = Math.max(
    openedAtMs,
    count('SELECT at_ms AS n FROM audit ORDER BY seq DESC LIMIT 1'),
    count('SELECT wall_ms AS n FROM clock_mark WHERE id = 1'),
  );
  return {
    openedAtMs,
    lastAtMs,
    acts: Number(tx.get('SELECT count(*) AS n FROM audit WHERE at_ms >= @openedAtMs', { openedAtMs })?.['n'] ?? 0),
    drafts: count("SELECT count(*) AS n FROM application WHERE state = 'DRAFT'"),
    queued: count('SELECT count(*) AS n FROM outbox WHERE state = 0'),
    tornWrite: Number(
      tx.get("SELECT count(*) AS n FROM maintenance_run WHERE kind = 'tail_dropped' AND at_ms >= @lastAtMs", { lastAtMs })?.['n'] ?? 0,
    ),
  };
}

interface HandleInput {
  readonly commandId: string;
  readonly incidentId: string;
  readonly note: string;
}

/** The supervisor's word stands beside the incident. What the registry knows of is told to it, so that no other desk of the office asks again. */
function handle(desk: Desk, input: HandleInput, { actor }: Call, atMs: number): Result<null, Failure> {
  if (actor === null) return fail('NOT_SIGNED_IN');
  const note = input.note.trim();
  if (note.length < 3) return fail('FIELDS_INVALID', { field: 'note', code: 'REQUIRED' });
  const { deskId } = desk.identity;
  return desk.acts.perform<null>({ commandId: input.commandId, operation: 'incident.handle', actor, input }, (tx) => {
    const story = listStories(tx, deskId).find(({ incidentId }) => incidentId === input.incidentId);
    if (story === undefined) return fail('NOT_FOUND');
    if (story.handled !== null) return fail('STEP_NOT_POSSIBLE');
    const handling = { atMs, byName: actor.fullName, note };
    saveHandling(tx, story.incidentId, actor.login, handling);
    if (story.restorationId !== undefined) markRestorationSeen(tx, story.restorationId, atMs, actor.login);
    for (const id of story.clockEventIds ?? [])
      tx.run('UPDATE clock_event SET seen_at_ms = @atMs, seen_by = @by WHERE id = @id AND seen_at_ms IS NULL', {
        id,
        atMs,
        by: actor.fullName,
      });
    const words = story.clockEventIds === undefined ? [] : listOwnClockWords(tx, deskId);
    for (const word of words) saveHandling(tx, word.incidentId, actor.login, handling);
    const told = [
      ...(story.registryRev === null ? [] : [{ incidentId: story.incidentId, rev: story.registryRev }]),
      ...words.filter((word) => word.isFromRegistry),
    ];
    return succeed({
      value: null,
      audit: { act: 'incident.handle', detail: { incident: story.incidentId, kind: story.kind } },
      outbox: told.map(({ incidentId, rev }) => draftOf(incidentId, rev, actor.fullName, note)),
    });
  });
}

function draftOf(incidentId: string, rev: number, byName: string, note: string): CommandDraft {
  return {
    kind: 'incident.handle',
    payload: { incidentId, note, byName },
    aggregate: { type: 'incident', key: incidentId },
    baseRev: rev,
    leaseToken: 0,
  };
}
