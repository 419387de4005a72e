import type { BodyKind, IdentityDocumentKind, MobileOperator, SimServiceType } from '../../shared/rules/vocabulary.ts';

export interface RegisteredDocument {
  readonly kind: IdentityDocumentKind;
  readonly number: string;
  readonly issuedBy: string;
  readonly issuedOn: string;
  readonly validUntilOn: string;
  readonly isUnlimited: boolean;
}

export interface RegisteredPerson {
  readonly register: 'İAMAS' | 'VMMS';
  readonly fin: string;
  readonly surname: string;
  readonly givenName: string;
  readonly fatherName: string;
  readonly sex: 'M' | 'F';
  readonly birthOn: string;
  readonly birthPlace: string;
  readonly citizenship: string;
  readonly registeredAddress: string;
  readonly documents: readonly [RegisteredDocument, ...RegisteredDocument[]];
}

export interface RegisteredOrganisation {
  readonly voen: string;
  readonly name: string;
  readonly bodyKind: BodyKind;
  readonly address: string;
  readonly headFin: string;
  readonly taxOffice: string;
  readonly employeeFins: readonly string[];
}

export interface RegisteredSim {
  readonly phone: string;
  readonly iccid: string;
  /** A second card that the operator made for the same number: a duplicate or an e-SIM. */
  readonly duplicateIccid: string;
  readonly operator: MobileOperator;
  readonly serviceType: SimServiceType;
  /** The day of the first connection; extensions do not move it. Source: C-36 */
  readonly serviceActivatedOn: string;
  readonly serviceUntilOn: string;
  readonly ownerFin: string;
  readonly isCorporate: boolean;
}
