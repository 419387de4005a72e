/**
 * Acts that stand in the daily register of the office; look-ups, drafts and lock or session acts are in the audit log only.
 * Source: R-31, J-01, J-05, J-10
 */
export const registerActs = [
  'application.send',
  'application.sign_contract',
  'application.activate',
  'application.hand_over',
  'application.send_scans',
  'application.enter_scans',
  'application.archive',
  'application.refuse',
  'application.withdraw',
] as const;
export type RegisterAct = (typeof registerActs)[number];

export function isRegisterAct(kind: string): kind is RegisterAct {
  return (registerActs as readonly string[]).includes(kind);
}

/** Acts of roles that edit no case: what a supervisor returns of them is corrected by the registrar of the case. Source */
export const actsOfOtherRoles: readonly RegisterAct[] = ['application.send_scans', 'application.enter_scans'];

/** Acts whose papers the supervisor expects on the case. */
const actsWithPapers: readonly RegisterAct[] = [
  'application.sign_contract',
  'application.hand_over',
  'application.enter_scans',
  'application.archive',
  'application.refuse',
];

export type RegisterLine = {
  readonly kind: RegisterAct;
  /** Papers the act leaves behind: printed and, where signatures are due, signed. */
  readonly expectedDocuments: readonly string[];
  /** Documents of the case that are scanned or printed by now. */
  readonly presentDocuments: readonly string[];
};

/** Whether the papers of an act are all there. Source: R-31, COM-10 */
export function decideDocuments(line: RegisterLine): 'complete' | 'incomplete' | 'not_needed' {
  if (!actsWithPapers.includes(line.kind)) return 'not_needed';
  return line.expectedDocuments.every((document) => line.presentDocuments.includes(document)) ? 'complete' : 'incomplete';
}
