import type { incidents as azIncidents } from '../az/incidents.ts';

/** Incidents: what happened to a desk, what was not lost, what to do next. */
export const incidents = {
  title: 'Incidents',
  list: 'List of incidents',
  empty: 'No incidents. When a desk dies, is copied, is restored or has its clock changed, it is told here.',
  when: 'Time',
  desk: 'Desk',
  thisDesk: '{{desk}} (this desk)',
  happened: 'What happened',
  kept: 'What was not lost',
  next: 'What to do',
  state: 'Handling',
  'state.open': 'Not handled',
  'state.handled': 'Handled',
  handledBy: 'Handled by {{name}}, {{at}}',
  note: 'Note',
  noteHint: 'Write what you did: the note stays beside the incident and does not change.',
  handle: 'Handled',
  handleTitle: 'Handling the incident',
  open: 'Incidents: {{n}}',
  times: 'This happened {{n}} times.',
  'kind.killed': 'The program stopped in the middle of work',
  'kind.cloned': 'A copy of the desk is working',
  'kind.restored': 'The desk was restored from a backup',
  'kind.damaged': 'The database was damaged and restored',
  'kind.registry_restored': 'The registry was restored',
  'kind.audit_gap': 'The journal does not agree',
  'kind.clock_back': 'The clock was set back',
  'kind.clock_forward': 'The clock was set forward',
  'kind.clock_off': 'The clock differs from the registry',
  'kind.stopped': 'Sending was stopped',
  'killed.what':
    'The program ended without being closed: the power failed or a process was killed. It had been opened at {{openedAt}}, its last record is of {{lastAt}}.',
  'killed.torn': 'One write was unfinished at that moment; it had not been confirmed.',
  'killed.kept': 'Nothing that was said to be saved is lost: {{acts}} rows of the journal were written in that run and all are there.',
  'kept.counts': 'Open drafts: {{drafts}}, acts waiting to be sent: {{queued}}.',
  'killed.next':
    'Let the operator open and check the draft he was writing. If it happens again, have the power supply of the computer checked.',
  'cloned.what':
    'Two computers work under the name of this desk: its database was copied to another computer and both were used. The registry did not accept what this computer sent, and sending is stopped.',
  'cloned.whatCopy':
    'A second computer works under the name of this desk: a copy of its database tried to send acts. The registry did not accept the acts of the copy, and this computer goes on working.',
  'cloned.whatThere':
    'Two computers work under the name of desk {{desk}}: a copy of its database tried to send acts. The registry did not accept the acts of the copy.',
  'cloned.kept': 'Nothing is lost or recorded twice: {{queued}} waiting acts are kept on this computer.',
  'cloned.keptThere':
    'The records of the registry have not changed and nothing was recorded twice. The acts of the copy are kept on its own computer.',
  'cloned.next':
    'Find out which computer is the real desk and switch the other one off. If this one is real, let the administrator restore it with desk:restore: from then on only this computer is accepted, and its queue is sent. Tell the security service.',
  'cloned.nextThere':
    'Find the second computer that has the database of the desk and switch it off. Find out with the security service who copied it.',
  'stopped.what': 'The answer of the registry could not be proven true, and sending from this desk is stopped.',
  'stopped.next': 'Tell the security service and support. When the cause is gone, press “Send now” on the Synchronisation page.',
  'audit_gap.what':
    'The journal of this desk does not agree with the one the registry has confirmed: it was changed, or a copy of the desk was used. Sending is stopped.',
  'audit_gap.whatRow': 'Row {{row}} of the journal of this desk does not fit its chain: it was changed, deleted or lost.',
  'audit_gap.whatThere':
    'The journal of desk {{desk}} does not agree with the one the registry has confirmed: it was changed, or a copy of the desk was used.',
  'audit_gap.kept': 'The acts that the registry accepted and their receipts are there. The journal as it is now is kept as evidence.',
  'audit_gap.next': 'Leave the computer as it is and tell the security service at once.',
  'audit_gap.nextThere': 'Stop the work at desk {{desk}} and tell the security service at once.',
  'restored.what': 'The desk was restored from a backup on purpose; what an older copy sends is refused from now on.',
  'restored.whatThere': 'Desk {{desk}} was restored from a backup; what an older copy sends is refused from now on.',
  'damaged.what': 'Damaged pages were found in the database ({{badPages}}); it was restored.',
  'restored.from': 'The copy of {{copyAt}} was used.',
  'restored.noCopy': 'There was no usable copy, the database was built anew.',
  'restored.recovered': 'Acts taken over from the former database: {{recovered}}.',
  'restored.toSend': 'Acts sent to the registry: {{toSend}}. An act that was accepted before is not done twice.',
  'restored.reconciled':
    'The registry knows {{known}} acts of this desk; {{unknownHere}} that were not here were written into the history, the outcome of {{settled}} was received.',
  'restored.waiting': 'It is compared with the registry when there is a link.',
  'restored.auditAside': 'Rows of the journal kept apart: {{auditAside}}.',
  'restored.auditLost': 'Rows of the journal that are gone: {{auditLost}}.',
  'restored.lost': 'Acts that were not recovered: {{lost}}.',
  'restored.nothingLost': 'No act was left unrecovered.',
  'restored.kept': 'The former files are kept aside, nothing was deleted.',
  'restored.keptThere': 'The records of the registry have not changed. The desk shows its own counts on its screen.',
  'restored.next': 'Nothing has to be done: note who restored the desk and why.',
  'restored.nextLost': 'Find the missing acts in the papers and the journal and have them done again; tell the security service.',
  'restored.nextThere': 'If your centre wanted the restoration, nothing has to be done. If not, tell the security service.',
  'registry_restored.what': 'The central registry was restored from an older copy: it did not know {{n}} acts of this desk.',
  'registry_restored.kept':
    'Nothing is lost: {{n}} acts were sent again under their own numbers, all have new receipts, the old receipts are kept.',
  'registry_restored.keptOpen':
    'Nothing is lost: {{n}} acts are sent again under their own numbers, {{answered}} have new receipts, {{open}} wait for an answer.',
  'registry_restored.next': 'Nothing has to be done.',
  'registry_restored.nextDifferent':
    'The answer to {{different}} acts differs from the former one: both receipts are kept, tell the centre.',
  'clock_back.what': 'The clock of the computer was set back by {{by}}; after that it showed {{shownAt}}.',
  'clock_forward.what': 'The clock of the computer went forward by {{by}}; after that it showed {{shownAt}}.',
  'clock_off.what': 'The clock of the computer differs from the registry by {{by}}.',
  'clock_off.whatThere': 'The clock of desk {{desk}} differs from the registry by {{by}}.',
  'clock.kept':
    'Nothing is lost: the order of acts does not depend on the clock, and the time of the registry is written beside each. Acts that need the exact time rest until the clock is right.',
  'clock.next': 'Have the date and time of the computer set right, and find out who changed them.',
  'clock.nextThere': 'Have the date and time of that desk set right, and find out who changed them.',
} as const satisfies Record<keyof typeof azIncidents, string>;
