import type { Desk } from '../desk.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import {
  findNewestFullCheckAtMs,
  findNewestGoodCareRun,
  insertCareRun,
  type CareKind,
  type CareRun,
} from '../storage/repositories/storage-care-repository.ts';
import { findWitness, writeWitness } from '../storage/recovery/witness.ts';
import { listDueCare, nextCareMomentMs, retryAfterMs, type CareHistory, type CareStep } from './care-rules.ts';
import type { Maintenance } from './maintenance-client.ts';

/** What the storage page and the supervisor see of the care. */
export interface StorageCare {
  start(): void;
  stop(): void;
  /** A copy now, whatever the hour; waits for one that is under way. */
  backUp(): Promise<Result<CareRun, Failure>>;
  nextBackupAtMs(): number;
}

export interface StorageCareParts {
  readonly desk: Pick<Desk, 'db' | 'clock' | 'log' | 'acts'>;
  readonly maintenance: Maintenance;
  readonly databaseFile: string;
  /** What a copy must leave free on the disk. */
  readonly freeAfterBytes: number;
  /** The database was found damaged while the desk runs: it has to begin anew, into the recovery. */
  readonly onDamaged: (code: string) => void;
}

/** After the start, so that it takes nothing from it. */
const firstLookMs = 90_000;
const lookEveryMs = 60_000;
const witnessEveryMs = 2_000;

/** Checks, copies and trial restores by the clock, in the maintenance process; what came of each stands in the database and in the journal. */
export function createStorageCare(parts: StorageCareParts): StorageCare {
  const { desk, maintenance } = parts;
  const { db, clock } = desk;
  let cancelLook = (): void => undefined;
  let cancelWitness = (): void => undefined;
  let isStopped = false;
  let underWay: Promise<unknown> = Promise.resolve();
  let notBeforeMs = 0;
  let witnessedSeq = -1;

  const history = (): CareHistory => ({
    backupAtMs: findNewestGoodCareRun(db, 'backup')?.atMs ?? null,
    checkAtMs: findNewestGoodCareRun(db, 'check')?.atMs ?? null,
    fullCheckAtMs: findNewestFullCheckAtMs(db),
    drillAtMs: findNewestGoodCareRun(db, 'drill')?.atMs ?? null,
  });

  const note = (kind: CareKind, startedMs: number, code: string, detail: CareRun['detail']): CareRun => {
    const run: CareRun = { kind, atMs: clock.nowMs(), tookMs: clock.monotonicMs() - startedMs, code, detail };
    desk.acts.record(null, (tx) => {
      insertCareRun(tx, run);
      return { value: undefined, audit: { act: `storage.${kind}`, detail: { outcome: code, ...detail } } };
    });
    return run;
  };

  const run = async (step: CareStep): Promise<Result<CareRun, Failure>> => {
    const startedMs = clock.monotonicMs();
    const options = { nowMs: clock.nowMs(), freeAfterBytes: parts.freeAfterBytes };
    const kind = step === 'full_check' ? 'check' : step;
    const outcome = await perform(step, options);
    if (isStopped) return fail('MAINTENANCE_UNAVAILABLE', {}, true);
    const code = outcome.ok ? 'OK' : outcome.failure.code;
    // Nobody was there to do it: no run, and nothing for the journal.
    if (code === 'MAINTENANCE_UNAVAILABLE') return fail(code, {}, true);
    if (code !== 'OK') desk.log.warn(`storage.${kind}_failed`, { code });
    if (code === 'DATABASE_DAMAGED') {
      // Nothing more is written into it; the restoration will say what happened.
      parts.onDamaged(code);
      return fail(code);
    }
    const done = note(kind, startedMs, code, outcome.ok ? outcome.value : {});
    return outcome.ok ? succeed(done) : outcome;
  };

  const perform = async (
    step: CareStep,
    options: { nowMs: number; freeAfterBytes: number },
  ): Promise<Result<CareRun['detail'], Failure>> => {
    if (step === 'backup') {
      const made = await maintenance.backUp(options);
      return made.ok ? succeed({ ...made.value }) : made;
    }
    if (step === 'drill') {
      const drilled = await maintenance.drill(options);
      return drilled.ok ? succeed({ ...drilled.value }) : drilled;
    }
    const checked = await maintenance.check(step === 'full_check');
    if (!checked.ok) return checked;
    return checked.value.isWhole ? succeed({ pages: checked.value.pages, isFull: step === 'full_check' }) : fail('DATABASE_DAMAGED');
  };

  const lookAfter = async (): Promise<void> => {
    for (const step of listDueCare(clock.nowMs(), history())) {
      const outcome = await run(step);
      if (isStopped) return;
      if (!outcome.ok) {
        notBeforeMs = clock.monotonicMs() + retryAfterMs;
        return;
      }
    }
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = underWay.then(work);
    underWay = done.catch((error: unknown) => desk.log.error('storage.care_failed', error));
    return done;
  };
  const scheduleLook = (delayMs: number): void => {
    cancelLook = clock.schedule(delayMs, () => {
      if (isStopped) return;
      // On a full disk every byte is for receipts and the journal.
      const isDue = !db.isSpaceShort && clock.monotonicMs() >= notBeforeMs && listDueCare(clock.nowMs(), history()).length > 0;
      const looked = isDue ? inTurn(lookAfter) : Promise.resolve();
      void looked
        .catch(() => undefined)
        .then(() => {
          if (!isStopped) scheduleLook(lookEveryMs);
        });
    });
  };
  const witness = (): void => {
    try {
      const found = findWitness(db);
      if (found === null || found.seq === witnessedSeq) return;
      writeWitness(parts.databaseFile, found);
      witnessedSeq = found.seq;
    } catch {
      // A full disk or a damaged database takes the alarm away, not the work; both are told of elsewhere.
      desk.log.warn('storage.witness_failed');
    }
  };
  const scheduleWitness = (): void => {
    cancelWitness = clock.schedule(witnessEveryMs, () => {
      witness();
      scheduleWitness();
    });
  };

  return {
    start() {
      scheduleLook(firstLookMs);
      scheduleWitness();
    },
    stop() {
      isStopped = true;
      cancelLook();
      cancelWitness();
      witness();
    },
    backUp: () => inTurn(() => run('backup')),
    nextBackupAtMs() {
      const nowMs = clock.nowMs();
      const isDue = listDueCare(nowMs, history()).includes('backup');
      return isDue ? nowMs + Math.max(0, notBeforeMs - clock.monotonicMs()) : nextCareMomentMs(nowMs);
    },
  };
}
