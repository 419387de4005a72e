import type { scan as azScan } from '../az/scan.ts';

/** Scans. In English. */
export const scan = {
  limits: 'Accepted: PDF, JPEG, PNG; at most {{size}} and {{pages}} pages a file.',
  add: 'Add a scan',
  kind: 'Kind of document',
  choose: 'Choose a file',
  dropHint: 'or drop a file here, or paste it',
  list: 'Scans needed',
  missing: 'Not yet',
  'document.contract': 'Contract',
  'document.certificate': 'Paper certificate',
  'document.notice': 'Activation notice',
  'document.photo': 'Photo for the card',
  'document.other': 'Other document',
  'state.stored': 'Saved',
  'state.queued': 'Queued',
  'state.uploading': 'Uploading',
  'state.uploaded': 'Uploaded',
  pages: '{{n}} p.',
  look: 'Look',
  remove: 'Remove',
  send: 'Send the scans',
  enter: 'Enter the scans',
  early: 'Scans can be added now; they are sent after the hand-over.',
  'said.added': '{{document}}: the scan was added.',
} as const satisfies Record<keyof typeof azScan, string>;
