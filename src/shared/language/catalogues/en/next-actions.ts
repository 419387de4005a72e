import type { nextActions as azNextActions } from '../az/next-actions.ts';

/** The next action of a case as a verb. In English. */
export const nextActions = {
  fill: 'Fill in the application',
  check: 'Check with the registers',
  send: 'Send',
  ask_outcome: 'Ask for the outcome',
  correct: 'Correct',
  refuse: 'Refuse',
  take_photo: 'Load the photo',
  print_acceptance: 'Print the notice of acceptance',
  confirm_holder: 'Check the holder',
  print_contract: 'Print the contract',
  confirm_signed: 'Confirm the signatures',
  print_certificate: 'Print the certificate',
  activate: 'Activate',
  renew_activation: 'Renew the activation',
  print_notice: 'Print the notice',
  check_card: 'Check card and envelope',
  hand_over: 'Hand over',
  scan: 'Scan the documents',
  send_scans: 'Send the scans',
  enter_scans: 'Enter the scans',
  archive: 'To the archive',
  none: 'Waiting',
} as const satisfies Record<keyof typeof azNextActions, string>;
