/**
 * The closed lists of names that the desk, the registry and the screen share. One name per idea; labels live in the catalogues.
 * Source: procedures.md §1, §3.2, §3.3, §4.1, §4.2, §14.1, §14.2, §16.
 */

/** Applicant categories handled at the desk so far. Source: procedures.md §4.1 */
export const categories = ['K1', 'K1b', 'K2', 'K3', 'K4', 'K5', 'K6'] as const;
export type Category = (typeof categories)[number];

/** How the right to an Asan ID is shown: confirmed by the contracting body's service, or by its paper. Source: AID-02, D-12, X-06 */
export const entitlementProofs = ['electronic', 'document'] as const;

/** Source: CR-09, procedures.md §4.2. `judge` means the identity card and the judge's card shown together. */
export const identityDocumentKinds = [
  'citizen_card',
  'permanent_permit',
  'temporary_permit',
  'refugee_card',
  'foreign_passport',
  'military_card',
  'judge',
] as const;
export type IdentityDocumentKind = (typeof identityDocumentKinds)[number];

/** Signing certificate kinds that a SIM may carry (the authentication certificate AUT goes with every holder). Source: procedures.md §3.3 */
export const signingKinds = ['PER', 'BUS', 'STA'] as const;
export type SigningKind = (typeof signingKinds)[number];
export const certificateKinds = ['AUT', 'PER', 'BUS', 'STA'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** Service type that the mobile operator opened on the SIM. Source: CR-27, procedures.md §3.4 */
export const simServiceTypes = ['personal', 'business', 'state'] as const;
export type SimServiceType = (typeof simServiceTypes)[number];

export const mobileOperators = ['azercell', 'bakcell', 'nar'] as const;
export type MobileOperator = (typeof mobileOperators)[number];

/** What an organisation is in law; decides between Business and State for its staff. Source: CT-STA, CR-26 */
export const bodyKinds = [
  'private',
  'administrative_body',
  'budget_financed',
  'judiciary',
  'prosecution',
  'municipality',
  'self_financing_subordinate',
] as const;
export type BodyKind = (typeof bodyKinds)[number];

/** What the case asks for: a first set, one more kind on a SIM that has certificates, or a duplicate / e-SIM of the same number. */
export const purposes = ['first', 'additional', 'sim_replacement'] as const;
export type Purpose = (typeof purposes)[number];

/** What the certificates live on. Source: CAR-SIM, CAR-AID */
export const carrierKinds = ['sim', 'asan_id'] as const;
export type CarrierKind = (typeof carrierKinds)[number];

/** PERSONALISING, DISPATCHED and READY are on the way of an Asan ID only. Source: procedures.md §14.1 */
export const applicationStates = [
  'DRAFT',
  'CHECKING',
  'SENT',
  'INVALID',
  'PERSONALISING',
  'DISPATCHED',
  'READY',
  'CONTRACT',
  'CERT_PRINTED',
  'ACTIVATING',
  'ACT_FAILED',
  'HANDED',
  'SCANNED',
  'ARCHIVED',
  'REFUSED',
  'WITHDRAWN',
] as const;
export type ApplicationState = (typeof applicationStates)[number];

/** Source: procedures.md §14.2 */
export const certificateStates = [
  'GENERATED',
  'ACTIVE',
  'SUSPENDED_USER',
  'SUSPENDED_CALL',
  'SUSPENDED_BODY',
  'SUSPENDED_CENTRE',
  'EXPIRED',
  'REVOKED',
  'REVOKED_EXPIRY',
] as const;
export type CertificateState = (typeof certificateStates)[number];

/** Source: procedures.md §14.3 */
export const cardStates = [
  'BLANK',
  'PERSONALISED',
  'MATCHED',
  'DISPATCHED',
  'RECEIVED',
  'MISMATCH',
  'NO_ENVELOPE',
  'REGISTERED',
  'HANDED',
  'BLOCKED',
  'PIN_REISSUE',
  'RETURNED',
  'SPOILED',
] as const;
export type CardState = (typeof cardStates)[number];

/** Source: procedures.md §14.4 */
export const packageStates = [
  'PREPARED',
  'WITH_COURIER',
  'ID_FAILED',
  'AT_OFFICE',
  'DAMAGED',
  'ACT_SIGNED',
  'RECORDED',
  'CHECKED',
  'CONFIRMED',
  'RETURNED',
] as const;
export type PackageState = (typeof packageStates)[number];

/** Source: procedures.md §14.5 */
export const pinRequestStates = [
  'REQUESTED',
  'VERIFIED',
  'REFUSED',
  'CONTRACT_SIGNED',
  'SCANNED',
  'SENT_TO_CENTRE',
  'READY_AT_CENTRE',
  'BACK_AT_OFFICE',
  'HANDED',
  'ARCHIVED',
] as const;
export type PinRequestState = (typeof pinRequestStates)[number];

/** Roles a person may be appointed to. Source: procedures.md §1 (R-05, R-06, R-07, R-10, R-11, R-09, R-08, auditor of §16, R-31). */
export const roles = [
  'registrar',
  'authorised_officer',
  'document_entry',
  'call_centre',
  'personalisation_operator',
  'centre_officer',
  'rights_administrator',
  'auditor',
  'supervisor',
] as const;
export type Role = (typeof roles)[number];

/** Rights that the dispatcher checks; which role has which is the table in `rights.ts`. Source: procedures.md §16 */
export const permissions = [
  'application.view',
  'application.edit',
  'paper.print',
  'centre.sign',
  'scan.view',
  'scan.capture',
  'scan.send',
  'scan.enter',
  'activation.support',
  'card.view',
  'card.personalise',
  'card.dispatch',
  'card.service',
  'package.receive',
  'package.sign',
  'pin.reissue',
  'register.view',
  'register.review',
  'operator.view',
  'operator.manage',
  'audit.view',
  'sync.view',
  'person.reveal',
  'storage.care',
  'training.faults',
] as const;
export type Permission = (typeof permissions)[number];

/** Words for the state of an act, the same on every screen. Source: screens.md "Words for state" */
export const syncWords = ['saved', 'queued', 'registered', 'refused', 'attention', 'unknown'] as const;
export type SyncWord = (typeof syncWords)[number];

/** Documents of the matrix that a SIM case can ask for. Source: procedures.md §4.3 */
export const documentCodes = [
  'D-01',
  'D-02',
  'D-03',
  'D-04',
  'D-05',
  'D-06',
  'D-07',
  'D-08',
  'D-09',
  'D-10',
  'D-11',
  'D-12',
  'D-13',
] as const;
export type DocumentCode = (typeof documentCodes)[number];

/** Papers that go with a courier or come back with him. Source: procedures.md §12 */
export const carriageForms = ['F-24', 'F-25', 'F-26', 'F-27', 'F-28', 'F-29'] as const;
export type CarriageForm = (typeof carriageForms)[number];

/** Printed forms. Those after F-36 belong to no application: they are about a day, a package or a request for new codes. Source: procedures.md §12 */
export const paperForms = [
  'appendix-1',
  'appendix-5',
  'appendix-6',
  'F-20',
  'appendix-10',
  'F-23',
  'F-36',
  'day-register',
  'F-21',
  ...carriageForms,
] as const;
export type PaperForm = (typeof paperForms)[number];

/** Forms of a case that the applicant's side signs, and of which a power of attorney may name some. Source: COM-16, procedures.md §12 */
export const signablePapers = ['appendix-1', 'appendix-5', 'appendix-6', 'F-20', 'appendix-10'] as const;
export type SignablePaper = (typeof signablePapers)[number];

/** Who of the applicant's side stands at the desk. Source: COM-01, COM-16 */
export const attendees = ['applicant', 'representative'] as const;
export type Attendee = (typeof attendees)[number];

/**
 * Look-ups with a counted number of attempts, and the SIM service query that is not counted; the representative has attempts of his own.
 * `entitlement` is the right to an Asan ID and not counted; `holder` is the applicant once more when the card is handed over.
 * Source: COM-04, COM-05, COM-06, COM-16, X-05, X-06, HND-05
 */
export const lookUpKinds = ['person', 'representative', 'organisation', 'sim', 'entitlement', 'holder'] as const;
export type LookUpKind = (typeof lookUpKinds)[number];
