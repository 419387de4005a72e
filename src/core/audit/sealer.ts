import type { Desk } from '../desk.ts';
import type { SealKeyStore } from './seal-keys.ts';
import { findNewestSeal, rowsPerSeal, sealAudit } from './seals.ts';

export interface Sealer {
  start(): void;
  /** Seals the rest, so that a desk that was ended in order is sealed whole. */
  stop(): void;
}

const lookEveryMs = 1_000;
const sealAfterMs = 5 * 60_000;

/** Every 100 records or 5 minutes. Source: sync-and-reliability b7 */
export function createSealer(desk: Pick<Desk, 'db' | 'clock' | 'log' | 'acts' | 'identity'>, keys: SealKeyStore): Sealer {
  const { db, clock, identity } = desk;
  let cancel = (): void => undefined;
  let sealedAtMs = clock.monotonicMs();
  let sealedUpto = findNewestSeal(db, identity.deskId)?.upto_seq ?? 0;

  const seal = (isAll: boolean): void => {
    try {
      const head = Number(db.get('SELECT seq FROM audit ORDER BY seq DESC LIMIT 1')?.['seq'] ?? 0);
      if (head <= sealedUpto || (!isAll && head - sealedUpto < rowsPerSeal) || db.isSpaceShort) return;
      sealAudit(
        {
          db,
          deskId: identity.deskId,
          keys,
          nowMs: () => clock.nowMs(),
          noteBegun: (key) => desk.acts.record(null, () => ({ value: undefined, audit: { act: 'audit.seals_begun', detail: { key } } })),
        },
        isAll,
      );
      sealedUpto = findNewestSeal(db, identity.deskId)?.upto_seq ?? 0;
      if (isAll) sealedAtMs = clock.monotonicMs();
    } catch {
      // A full disk or a damaged database; both are told of elsewhere, and the next look tries again.
      desk.log.warn('audit.seal_failed');
    }
  };
  const schedule = (): void => {
    cancel = clock.schedule(lookEveryMs, () => {
      seal(clock.monotonicMs() - sealedAtMs >= sealAfterMs);
      schedule();
    });
  };

  return {
    start: schedule,
    stop() {
      cancel();
      seal(true);
    },
  };
}
