import { contractVersion } from '../../../shared/contract/index.ts';
import { languageSelfCheck } from '../../../shared/language/self-check.ts';
import { succeed } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import { streamEvents, type EventBus } from '../../platform/event-bus.ts';
import type { Handlers } from '../../rpc/handlers.ts';

export interface SystemFacts {
  /** Registry's clock minus ours; null until it was measured. */
  clockOffsetMs(): number | null;
  freeDiskBytes(): number | null;
}

/** As the contract says it: a list of its own. */
function limitsOf(desk: Desk) {
  const { level, uses } = desk.sync.limits();
  return { level, uses: [...uses] };
}

export function createSystemFeature(
  desk: Desk,
  bus: Pick<EventBus, 'subscribe'>,
  idleLockMs: number,
  facts: SystemFacts,
  countIncidents: () => number,
): Handlers<'system'> {
  const languageProblems = languageSelfCheck();
  return {
    status: () =>
      succeed({
        contractVersion,
        mode: desk.identity.mode,
        appVersion: desk.identity.appVersion,
        officeId: desk.identity.officeId,
        officeName: desk.identity.officeName,
        deskId: desk.identity.deskId,
        nowMs: desk.clock.nowMs(),
        clockOffsetMs: facts.clockOffsetMs(),
        link: desk.sync.link(),
        queue: desk.sync.queue(),
        limits: limitsOf(desk),
        clockAlerts: desk.sync.clockAlerts(),
        incidents: countIncidents(),
        languageProblems,
        idleLockMs,
        freeDiskBytes: facts.freeDiskBytes(),
      }),
    events: (_input, call) => succeed(streamEvents(bus, call.signal)),
  };
}
