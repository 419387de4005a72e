import type { ApplicationState, Permission } from './vocabulary.ts';

/**
 * The documents of an Asan ID are scanned twice: those of the application while the card is made and carried, those of the hand-over after it. Only cards
 * come to these states. Source: AID-12, HND-13; procedures.md §14.1
 */
export const firstScanStates: readonly ApplicationState[] = ['PERSONALISING', 'DISPATCHED', 'READY'];

/** A set is being sent and entered now. */
export function isScanSetOpen(state: ApplicationState): boolean {
  return state === 'HANDED' || firstScanStates.includes(state);
}

/**
 * May this person look at the scans of a case? They show the holder in full. Who may reveal a person may; of those who see cases masked, the
 * sender looks at what he is about to send and the entry officer at what was sent to him, and neither before nor after.
 * Source: COM-10, AID-12, R-06, R-07; procedures.md §16 "Load scans"
 */
export function maySeeScans(
  held: (permission: Permission) => boolean,
  of: { readonly state: ApplicationState; readonly areScansSent: boolean },
): boolean {
  if (!held('scan.view')) return false;
  if (held('person.reveal')) return true;
  return isScanSetOpen(of.state) && (held('scan.send') || (held('scan.enter') && of.areScansSent));
}
