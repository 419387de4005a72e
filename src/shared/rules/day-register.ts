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

export type ClosingLine = {
  readonly documents: 'complete' | 'incomplete' | 'not_needed';
  readonly sync: 'saved' | 'queued' | 'registered' | 'refused' | 'attention' | 'unknown';
  readonly review: 'none' | 'reviewed' | 'returned' | 'corrected';
};

export type ClosingStop = 'DOCUMENTS_INCOMPLETE' | 'NOT_REGISTERED' | 'NOT_REVIEWED' | 'RETURNED';

/**
 * May the supervisor close the day? Every act has reached the registry one way or the other, was reviewed, and has its papers. An act the
 * registry refused needs a review but no papers: it has no effect. An empty day may be closed.
 * Source: R-31
 */
export function decideClosing(
  lines: readonly ClosingLine[],
): { readonly ok: true } | { readonly ok: false; readonly stops: ClosingStop[] } {
  const stops = new Set<ClosingStop>();
  for (const line of lines) {
    if (line.sync !== 'registered' && line.sync !== 'refused') stops.add('NOT_REGISTERED');
    if (line.documents === 'incomplete' && line.sync !== 'refused') stops.add('DOCUMENTS_INCOMPLETE');
    if (line.review === 'returned') stops.add('RETURNED');
    else if (line.review !== 'reviewed') stops.add('NOT_REVIEWED');
  }
  const order: readonly ClosingStop[] = ['NOT_REGISTERED', 'DOCUMENTS_INCOMPLETE', 'RETURNED', 'NOT_REVIEWED'];
  return stops.size === 0 ? { ok: true } : { ok: false, stops: order.filter((stop) => stops.has(stop)) };
}
