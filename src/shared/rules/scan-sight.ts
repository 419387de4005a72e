import type { ApplicationState, Permission } from './vocabulary.ts';

/**
 * May this person look at the scans of a case? They show the holder in full. Who may reveal a person may; of those who see cases masked, the
 * sender looks at what he is about to send and the entry officer at what was sent to him, and neither before nor after.
 * Source: COM-10, R-06, R-07; procedures.md §16 "Load scans"
 */
export function maySeeScans(
  held: (permission: Permission) => boolean,
  of: { readonly state: ApplicationState; readonly areScansSent: boolean },
): boolean {
  if (!held('scan.view')) return false;
  if (held('person.reveal')) return true;
  return of.state === 'HANDED' && (held('scan.send') || (held('scan.enter') && of.areScansSent));
}
