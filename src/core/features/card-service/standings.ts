import type { CardCertificateView } from '../../../shared/contract/card.ts';
import type { Desk } from '../../desk.ts';
import { findStanding, saveStanding } from '../../storage/repositories/operator-card-repository.ts';

/** What was told so recently is not asked again. */
const freshMs = 30_000;
/** The card is shown at once; a registry that takes longer is heard when it answers. */
const patienceMs = 250;

export interface Standings {
  /** Asks the registry about these serials, as long as patience lasts; `isLate` says that more will come. */
  ask(serials: readonly string[]): Promise<void>;
  of(serial: string): CardCertificateView['status'];
}

/**
 * What the registry says of certificates: now, or the last it said with the time of that. An answer that comes late is kept and told of by an event.
 * Source: issue 4 §5
 */
export function createStandings(desk: Desk): Standings {
  const isFresh = (toldAtMs: number) => Math.abs(desk.clock.nowMs() - toldAtMs) <= freshMs;
  const listUnknown = (serials: readonly string[]) =>
    serials.filter((serial) => !isFresh(findStanding(desk.db, serial)?.toldAtMs ?? -freshMs));
  let underWay: Promise<boolean> | null = null;

  async function fetch(serials: readonly string[]): Promise<boolean> {
    const answer = await desk.registry.certificateStatus(serials);
    if (!answer.ok) return false;
    const nowMs = desk.clock.nowMs();
    desk.db.transact((tx) => {
      for (const each of answer.value.certificates) saveStanding(tx, each, nowMs);
    });
    return true;
  }

  return {
    async ask(serials) {
      const unknown = listUnknown(serials);
      if (unknown.length === 0 || desk.sync.link().state !== 'online') return;
      const before = underWay;
      let isAnswered = false;
      const asking = (before ?? Promise.resolve(false)).then(() => fetch(unknown));
      underWay = asking;
      const late = asking.then(
        (isNews) => {
          if (underWay === asking) underWay = null;
          if (isNews && isAnswered) desk.publish({ type: 'card.changed' });
        },
        (error: unknown) => {
          if (underWay === asking) underWay = null;
          desk.log.error('card.status_failed', error);
        },
      );
      await Promise.race([late, new Promise<void>((resolve) => desk.clock.schedule(patienceMs, resolve))]);
      isAnswered = true;
    },
    of(serial) {
      const known = findStanding(desk.db, serial);
      if (known === undefined) return { state: null, source: 'unknown', atMs: null };
      return { state: known.state, source: isFresh(known.toldAtMs) ? 'registry' : 'remembered', atMs: Math.round(known.toldAtMs) };
    },
  };
}
