import type { ApplicationData, IdentityDocument, Person } from '../../shared/rules/application-data.ts';
import type { Attendee, CarriageForm, CertificateKind } from '../../shared/rules/vocabulary.ts';

/**
 * What a paper is made from: plain data, already decided. A form adds wording (assets/templates) and layout, and nothing else, so the same
 * model gives the same bytes. The secret answer is in no model. Source: azerbaijan.md §11; §14
 */
export interface PaperHead {
  readonly number: string;
  readonly copy: number;
  readonly copies: number;
  readonly preparedAtMs: number;
  readonly officeName: string;
  readonly deskId: string;
  readonly operatorName: string;
  /** A paper of a training desk says so on every page. */
  readonly isTraining: boolean;
}

export interface PaperCertificate {
  readonly serial: string;
  readonly kind: CertificateKind;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly validityRule: 'three_years' | 'sim_service_term';
  readonly voen: string;
  readonly organisationName: string;
}

export interface PaperLookUp {
  readonly system: string;
  readonly outcome: 'found' | 'not_found' | 'unavailable';
  readonly atMs: number;
}

export interface ReturnedDocument {
  readonly document: string;
  readonly note: string;
}

export interface ApplicationPaper {
  readonly form: 'appendix-1';
  readonly head: PaperHead;
  readonly data: ApplicationData;
  readonly filedAtMs: number;
  readonly hasSecretAnswer: boolean;
  readonly lookUps: readonly PaperLookUp[];
}

/** Of a paper about an Asan ID: its card and the envelope with its codes. */
export interface PaperCard {
  readonly serial: string;
  readonly envelopeNumber: string;
}

export interface ContractPaper {
  readonly form: 'appendix-5' | 'appendix-6';
  readonly head: PaperHead;
  readonly data: ApplicationData;
  /** Whose hand is on the holder's line; absent: of the one who files. Source: COM-16 */
  readonly signer?: Attendee;
  readonly certificates: readonly PaperCertificate[];
  /** Only with Əlavə 6. */
  readonly card?: PaperCard;
}

/** The application for an Asan ID was accepted. Source: AID-13 */
export interface AcceptancePaper {
  readonly form: 'F-23';
  readonly head: PaperHead;
  readonly data: ApplicationData;
  readonly applicationId: string;
  readonly filedAtMs: number;
}

export interface CertificatePaper {
  readonly form: 'F-20';
  readonly head: PaperHead;
  readonly data: ApplicationData;
  /** Whose hand is on the holder's line; absent: of the one who files. Source: COM-16 */
  readonly signer?: Attendee;
  readonly certificate: PaperCertificate;
  readonly card?: PaperCard;
}

export interface ActivationPaper {
  readonly form: 'appendix-10';
  readonly head: PaperHead;
  readonly data: ApplicationData;
  /** Whose hand is on the holder's line; absent: of the one who files. Source: COM-16 */
  readonly signer?: Attendee;
  readonly certificates: readonly PaperCertificate[];
  /** Empty for an Asan ID: only a SIM has one. Source: CR-06, HND-10 */
  readonly userId: string;
  readonly card?: PaperCard;
}

export interface RefusalPaper {
  readonly form: 'F-36';
  readonly head: PaperHead;
  readonly data: ApplicationData;
  /** To whom the documents go back; absent: to the one who files. Source: COM-16 */
  readonly signer?: Attendee;
  readonly refusedAtMs: number;
  readonly reasonCode: string;
  readonly note: string;
  readonly invalidityNote: boolean;
  readonly returnedDocuments: readonly ReturnedDocument[];
}

export interface DayRegisterRow {
  readonly atMs: number;
  readonly kind: string;
  readonly personMasked: string;
  readonly serials: readonly string[];
  readonly operatorName: string;
  readonly documents: 'complete' | 'incomplete' | 'not_needed';
  readonly sync: string;
  readonly review: string;
}

export interface DayRegisterPaper {
  readonly form: 'day-register';
  readonly head: PaperHead;
  /** In which role the operator of the head made it: he signs as that. */
  readonly preparedBy: 'registrar' | 'supervisor';
  readonly on: string;
  readonly rows: readonly DayRegisterRow[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Contract on changing the codes of an Asan ID. Source: PIN-07, C-13 */
export interface PinContractPaper {
  readonly form: 'F-21';
  readonly head: PaperHead;
  readonly person: Person;
  readonly document: Pick<IdentityDocument, 'kind' | 'number'>;
  readonly cardSerial: string;
  readonly filedAtMs: number;
}

export interface CarriageRow {
  readonly cardSerial: string;
  readonly envelopeNumber: string;
  /** Code of the template's `notes`, or empty. */
  readonly note: string;
}

/** A delivery act or a register of a package: what lies in it, from whom, with whom, to whom. Source: procedures.md §12 F-24..F-29 */
export interface CarriagePaper {
  readonly form: CarriageForm;
  readonly head: PaperHead;
  readonly packageNumber: string;
  readonly fromName: string;
  readonly toName: string;
  readonly courierName: string;
  readonly courierFin: string;
  /** 0 while it was not. */
  readonly dispatchedAtMs: number;
  /** Names already known; an empty one is written by hand. */
  readonly giver: string;
  readonly receiver: string;
  readonly rows: readonly CarriageRow[];
  /** Cards of the office's requests that were spoilt and are in no package; only on F-25. */
  readonly spoilt?: readonly { readonly cardSerial: string; readonly reason: string }[];
}

export type PaperModel =
  | ApplicationPaper
  | ContractPaper
  | AcceptancePaper
  | CertificatePaper
  | ActivationPaper
  | RefusalPaper
  | DayRegisterPaper
  | PinContractPaper
  | CarriagePaper;

/** Both sides of a card. It has no number of the print ledger: it is the card that is counted. Source: PRS-05 */
export interface CardFacePaper {
  readonly form: 'card-face';
  readonly cardSerial: string;
  readonly surname: string;
  readonly givenName: string;
  readonly fatherName: string;
  readonly fin: string;
  readonly signingKind: 'PER' | 'BUS' | 'STA';
  readonly organisationName: string;
  readonly issuedOn: string;
  readonly validUntilOn: string;
  /** `data:` address of a JPEG or PNG; empty: an empty frame is drawn. */
  readonly photo: string;
  readonly madeAtMs: number;
  readonly isTraining: boolean;
}

export type RenderModel = PaperModel | CardFacePaper;
