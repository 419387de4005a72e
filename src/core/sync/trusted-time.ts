import type { Clock } from '../../shared/platform/ports.ts';
import { fail, type Failure } from '../../shared/platform/result.ts';
import type { CommandKind } from '../../shared/registry-api/envelope.ts';
import {
  afterJump,
  betterMeasurement,
  errorNowMs,
  exactTimeKinds,
  findJumpMs,
  isDriftTooLarge,
  measureOffset,
  wasSleep,
  type ClockEstimate,
  type ClockEventKind,
  type ClockMeasurement,
  type ClockReading,
} from '../../shared/rules/trusted-time.ts';
import { appendAudit } from '../audit/chain.ts';
import type { DeskIdentity, Log } from '../desk.ts';
import type { Database, Tx } from '../storage/database.ts';

export interface ClockEvent {
  readonly id: number;
  readonly kind: ClockEventKind;
  readonly atMs: number;
  readonly byMs: number;
  readonly seenBy: string;
}

/** The device clock beside the monotonic one and the registry's: jumps are found, written down and shown; nothing waits by a clock that jumps. */
export interface TrustedTime {
  /** Time for waits: runs with the monotonic clock from the device clock's reading at the start, and never jumps. */
  steadyNowMs(): number;
  /** Compares both clocks; cheap, asked before every act and every few seconds. Never inside a transaction: a jump is written down at once. */
  check(): void;
  /** The registry stamped an answer to what was sent at `sentMonoMs`. */
  noteServerTime(serverMs: number, sentMonoMs: number): void;
  /** Nothing was compared since the start, since a jump, or for long: the next answer should come at once. */
  needsMeasure(): boolean;
  estimate(): ClockEstimate | null;
  /** Why an act of these kinds may not happen by this clock; null while it may. */
  findStop(kinds: readonly CommandKind[]): Failure | null;
  /** The newest first. */
  listEvents(): ClockEvent[];
  countUnseen(): number;
  markSeen(tx: Tx, byName: string): number;
  stop(): void;
}

export interface TrustedTimeParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly identity: DeskIdentity;
  readonly bootId: string;
  readonly log: Log;
  readonly deskEpoch: number;
  readonly stored: { readonly clockOffsetMs: number | null };
  /** Something was written down that a supervisor has to hear of. */
  readonly onEvent?: () => void;
}

const checkEveryMs = 10_000;
const markEveryMs = 60_000;
const compareEveryMs = 10 * 60 * 1000;
/** A clock that stands still or crawls is one story, not one every ten seconds. */
const sameStoryMs = 15 * 60 * 1000;

export function createTrustedTime(parts: TrustedTimeParts): TrustedTime {
  const { db, clock, bootId } = parts;
  const base: ClockReading = { wallMs: clock.nowMs(), monoMs: clock.monotonicMs() };
  let last = base;
  let markedMonoMs = -Infinity;
  let measured: ClockMeasurement | null = null;
  let comparedMonoMs = -Infinity;
  let estimate: ClockEstimate | null = parts.stored.clockOffsetMs === null ? null : { offsetMs: parts.stored.clockOffsetMs, errorMs: null };
  /** A gap forward that may have been a sleep: what was believed before it. */
  let gap: { readonly eventId: number; readonly byMs: number; readonly before: ClockEstimate | null } | null = null;
  let jumpedMonoMs = -Infinity;
  let wasTooLarge = false;
  let story: { readonly id: number; readonly kind: ClockEventKind; readonly atMonoMs: number } | null = null;
  let cancel: (() => void) | null = null;

  const record = (kind: ClockEventKind, byMs: number): number => {
    const id = write(kind, byMs);
    parts.onEvent?.();
    return id;
  };
  const write = (kind: ClockEventKind, byMs: number): number =>
    db.transact((tx) => {
      const nowMonoMs = clock.monotonicMs();
      if (story?.kind === kind && nowMonoMs - story.atMonoMs < sameStoryMs) {
        const more = { id: story.id, byMs: kind === 'drift' ? 0 : byMs };
        const isUnread = tx.run('UPDATE clock_event SET by_ms = by_ms + @byMs WHERE id = @id AND seen_at_ms IS NULL', more) === 1;
        story = { ...story, atMonoMs: nowMonoMs };
        // What somebody has read is over: more of it is a new story.
        if (isUnread) return story.id;
      }
      const atMs = clock.nowMs();
      const monoMs = Math.round(nowMonoMs);
      const { seq } = appendAudit(
        tx,
        { deskId: parts.identity.deskId, deskEpoch: parts.deskEpoch },
        {
          atMs,
          monoMs,
          bootId,
          act: `clock.${kind}`,
          operatorId: '',
          operatorLogin: '',
          role: '',
          authMethod: '',
          sessionId: '',
          applicationId: '',
          commandId: '',
          detail: { byMs, ...(estimate === null ? {} : { offsetMs: estimate.offsetMs }) },
        },
      );
      tx.run(
        'INSERT INTO clock_event(kind, at_ms, mono_ms, boot_id, by_ms, offset_ms, audit_seq) VALUES (@kind, @atMs, @monoMs, @bootId, @byMs, @offsetMs, @seq)',
        { kind, atMs, monoMs, bootId, byMs, offsetMs: estimate?.offsetMs ?? null, seq },
      );
      const id = Number(tx.get('SELECT max(id) AS id FROM clock_event')?.['id']);
      story = { id, kind, atMonoMs: nowMonoMs };
      parts.log.warn('clock.event', { kind, byMs });
      return id;
    });

  const mark = (): void => {
    markedMonoMs = clock.monotonicMs();
    db.transact((tx) => {
      tx.run('INSERT INTO clock_mark(id, wall_ms) VALUES (1, @wallMs) ON CONFLICT(id) DO UPDATE SET wall_ms = excluded.wall_ms', {
        wallMs: clock.nowMs(),
      });
    });
  };

  const noteJump = (jumpMs: number): void => {
    const before = estimateNow();
    estimate = afterJump(before, jumpMs);
    measured = null;
    comparedMonoMs = -Infinity;
    jumpedMonoMs = clock.monotonicMs();
    const eventId = record(jumpMs < 0 ? 'jump_back' : 'jump_forward', jumpMs);
    gap = jumpMs > 0 ? { eventId, byMs: jumpMs, before } : null;
    mark();
  };

  const check = (): void => {
    const now = { wallMs: clock.nowMs(), monoMs: clock.monotonicMs() };
    const jumpMs = findJumpMs(last, now);
    last = now;
    if (jumpMs !== 0) noteJump(jumpMs);
    else if (now.monoMs - markedMonoMs >= markEveryMs) mark();
  };

  const estimateNow = (): ClockEstimate | null =>
    measured === null ? estimate : { offsetMs: measured.offsetMs, errorMs: errorNowMs(measured, clock.monotonicMs()) };

  const tick = (): void => {
    cancel = clock.schedule(checkEveryMs, tick);
    check();
  };

  const markedMs = db.get('SELECT wall_ms FROM clock_mark WHERE id = 1')?.['wall_ms'];
  // The clock stood later when the program last ran: it was set back meanwhile, by this much at the least.
  if (markedMs !== undefined && findJumpMs({ wallMs: Number(markedMs), monoMs: base.monoMs }, base) < 0)
    noteJump(base.wallMs - Number(markedMs));
  cancel = clock.schedule(checkEveryMs, tick);

  return {
    steadyNowMs: () => Math.round(base.wallMs + clock.monotonicMs() - base.monoMs),
    check,
    noteServerTime: (serverMs, sentMonoMs) => {
      check();
      // Asked before a sleep and read after it: what the registry stamped lies as far back as the sleep was long, and proves no drift.
      if (sentMonoMs < jumpedMonoMs) return;
      comparedMonoMs = clock.monotonicMs();
      const next = measureOffset({ sentMonoMs, receivedMonoMs: clock.monotonicMs(), receivedWallMs: clock.nowMs(), serverMs });
      if (gap !== null && wasSleep(gap.byMs, gap.before, next)) {
        const { eventId } = gap;
        db.transact((tx) =>
          tx.run("UPDATE clock_event SET kind = 'slept', seen_at_ms = at_ms WHERE id = @eventId AND seen_at_ms IS NULL", { eventId }),
        );
        story = null;
      }
      gap = null;
      measured = betterMeasurement(measured, next);
      estimate = { offsetMs: measured.offsetMs, errorMs: measured.errorMs };
      const isTooLarge = isDriftTooLarge(estimateNow());
      if (isTooLarge && !wasTooLarge) record('drift', measured.offsetMs);
      wasTooLarge = isTooLarge;
    },
    needsMeasure: () => clock.monotonicMs() - comparedMonoMs > compareEveryMs,
    estimate: estimateNow,
    findStop: (kinds) => {
      const now = estimateNow();
      if (now === null || !isDriftTooLarge(now) || !kinds.some((kind) => exactTimeKinds.includes(kind))) return null;
      return fail('CLOCK_OFF', { minutes: Math.floor(Math.abs(now.offsetMs) / 60_000) }, true).failure;
    },
    listEvents: () =>
      db.all('SELECT id, kind, at_ms, by_ms, seen_by FROM clock_event ORDER BY id DESC LIMIT 20').map((row) => ({
        id: Number(row['id']),
        kind: String(row['kind']) as ClockEventKind,
        atMs: Number(row['at_ms']),
        byMs: Number(row['by_ms']),
        seenBy: String(row['seen_by']),
      })),
    countUnseen: () => Number(db.get('SELECT count(*) AS n FROM clock_event WHERE seen_at_ms IS NULL')?.['n'] ?? 0),
    markSeen: (tx, byName) => {
      story = null;
      return tx.run('UPDATE clock_event SET seen_at_ms = @atMs, seen_by = @byName WHERE seen_at_ms IS NULL', {
        atMs: clock.nowMs(),
        byName,
      });
    },
    stop: () => {
      cancel?.();
      cancel = null;
    },
  };
}
