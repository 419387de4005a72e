import { maySignAll, type MaySign } from './signers.ts';
import type { ApplicationState, CardState, CarrierKind, Category, LookUpKind, Permission } from './vocabulary.ts';

/** How one look-up of the case stands. */
export type LookUpFact = {
  /** Answered searches with no result so far; outages do not count. Source: COM-07, C-06 */
  readonly attempts: number;
  readonly outcome: 'none' | 'found' | 'not_found' | 'unavailable';
  /** The last answer is for exactly what is typed now; a later edit of the FİN, the document, the VÖEN or the SIM makes it stale. */
  readonly isCurrent: boolean;
  /** Its own fields are all there and valid, so a search would not be wasted. */
  readonly isQueryReady: boolean;
};

/** The Asan ID card of the case and what the hand-over has done with it so far; nothing of a SIM. */
export type CardFact = {
  /** Null while no card was taken for the request. Source: procedures.md §14.3 */
  readonly state: CardState | null;
  /** At the hand-over: the bearer asked again, document and powers in force, the person found again. Source: HND-01..HND-05 */
  readonly isHolderConfirmed: boolean;
  /** Card and envelope in the registrar's hand were scanned and are those of the case. Source: HND-11, HND-12, PRS-07 */
  readonly isMatched: boolean;
  /** The card proved itself on the desk's reader, or a reason was written why it could not. */
  readonly isTested: boolean;
};

/**
 * Everything that the state machine and the steps of a case look at. The desk and the registry each fill it from what they store; the
 * part that follows from the typed data alone is made by `factsOfData`.
 */
export type CaseFacts = {
  readonly state: ApplicationState;
  readonly carrierKind: CarrierKind;
  readonly card: CardFact;
  readonly category: Category;
  /** No problem is left in the form. Source: SIM-07 */
  readonly isDataComplete: boolean;
  /** The document is the bearer's, of an accepted kind and in force; the bearer is the one who files. Source: COM-01, COM-02, COM-16 */
  readonly isIdentityAccepted: boolean;
  /** All documents of the matrix were shown and are in force. Source: COM-03 */
  readonly areDocumentsComplete: boolean;
  /** Business or State is asked for, so the VÖEN must be found. Source: SIM-09 */
  readonly needsOrganisation: boolean;
  /** A representative files, so he must be found too. Source: COM-16 */
  readonly needsRepresentative: boolean;
  readonly lookUps: Readonly<Record<LookUpKind, LookUpFact>>;
  /** What `decideKinds` says with the SIM's answer; `unknown` until the operator answered. Source: SIM-10 */
  readonly kinds: 'unknown' | 'allowed' | 'refused';
  /** The portrait for the card is kept with the case. Source: AID-07 */
  readonly hasPhoto: boolean;
  /** The notice that the application for a card was accepted is out. Source: AID-13 */
  readonly isAcceptancePrinted: boolean;
  readonly certificateForm: 'paper' | 'electronic';
  /** Which papers the one at the desk may sign. Source: COM-16 */
  readonly maySign: MaySign;
  readonly contract: { readonly isPrinted: boolean; readonly isSignedByCentre: boolean; readonly isSignedByHolder: boolean };
  /** Every signing certificate has its printed paper. Source: SIM-15 */
  readonly areCertificatesPrinted: boolean;
  readonly activation: { readonly attempts: number; readonly outcome: 'none' | 'failed' | 'activated' };
  readonly isNoticePrinted: boolean;
  readonly scans: { readonly areCaptured: boolean; readonly areSent: boolean; readonly areEntered: boolean };
  /** A sending or activation left the desk and its answer is not known: nothing else may be tried before it is asked. */
  readonly unknownOutcome: 'none' | 'send' | 'activate';
  readonly isOnline: boolean;
  readonly permissions: readonly Permission[];
  /** Who may change a sent case now. */
  readonly lease: 'not_needed' | 'mine' | 'held_by_other';
  /** A reason code was chosen for the refusal or withdrawal that is being decided. Source: COM-14 */
  readonly hasReason: boolean;
};

const noLookUp: LookUpFact = { attempts: 0, outcome: 'none', isCurrent: false, isQueryReady: false };

/** What a SIM case has, and an Asan ID before its card. */
export const noCard: CardFact = { state: null, isHolderConfirmed: false, isMatched: false, isTested: false };

/** A draft with nothing in it and an operator without rights: the start for tests and for building facts by spread. */
export const emptyCaseFacts: CaseFacts = {
  state: 'DRAFT',
  carrierKind: 'sim',
  card: noCard,
  category: 'K1',
  isDataComplete: false,
  isIdentityAccepted: false,
  areDocumentsComplete: false,
  needsOrganisation: false,
  needsRepresentative: false,
  lookUps: { person: noLookUp, representative: noLookUp, organisation: noLookUp, sim: noLookUp, entitlement: noLookUp, holder: noLookUp },
  kinds: 'unknown',
  hasPhoto: false,
  isAcceptancePrinted: false,
  certificateForm: 'paper',
  maySign: maySignAll,
  contract: { isPrinted: false, isSignedByCentre: false, isSignedByHolder: false },
  areCertificatesPrinted: false,
  activation: { attempts: 0, outcome: 'none' },
  isNoticePrinted: false,
  scans: { areCaptured: false, areSent: false, areEntered: false },
  unknownOutcome: 'none',
  isOnline: false,
  permissions: [],
  lease: 'not_needed',
  hasReason: false,
};

/** Found, and for exactly what is typed now. */
export function isFoundNow(lookUp: LookUpFact): boolean {
  return lookUp.outcome === 'found' && lookUp.isCurrent;
}
