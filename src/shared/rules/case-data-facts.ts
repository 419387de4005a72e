import type { ApplicationData } from './application-data.ts';
import { listProblems } from './application-form.ts';
import type { CaseFacts, LookUpFact } from './case-facts.ts';
import { decideCardKinds, decideKinds, needsOrganisationCheck, type ExistingCertificate } from './certificate-kinds.ts';
import { findMissingDocuments } from './document-matrix.ts';
import { decideBearer, decideIdentityDocument, decideRepresentativeDocument } from './identity-check.ts';
import { lookUpKey, lookUpQueryFor, withNormalisedFields } from './look-up-queries.ts';
import { filerOf, listMaySign } from './signers.ts';
import { lookUpKinds, type Attendee, type LookUpKind, type SigningKind, type SimServiceType } from './vocabulary.ts';

/** What the desk and the registry store beside the data, as far as these rules need it. */
export type CaseRecord = {
  readonly bearer: 'not_asked' | 'is_bearer' | 'not_bearer';
  /** Who stands at the desk with that document; empty until it was asked. Source: COM-16 */
  readonly attendee: Attendee | '';
  readonly hasSecretAnswer: boolean;
  /** The centre officer let a foreign passport pass that the category does not name. Source: C-02 */
  readonly isPassportAllowed: boolean;
  /** By kind: counted attempts, the last outcome, and the `lookUpKey` that the last answer belongs to. */
  readonly lookUps: Readonly<
    Record<LookUpKind, { readonly attempts: number; readonly outcome: LookUpFact['outcome']; readonly key: string }>
  >;
  /** The operator's last answer about the SIM, if it is known. */
  readonly sim: {
    readonly operator: string;
    readonly serviceType: SimServiceType;
    /** Empty when the operator does not say it. Source: C-36 */
    readonly serviceActivatedOn: string;
    readonly serviceUntilOn: string;
    readonly certificates: readonly ExistingCertificate[];
  } | null;
  /** What the contracting body's service confirmed for what is typed now; null while it did not. Source: X-06 */
  readonly entitlement: { readonly kinds: readonly SigningKind[] } | null;
};

export const emptyCaseRecord: CaseRecord = {
  bearer: 'not_asked',
  attendee: '',
  hasSecretAnswer: false,
  isPassportAllowed: false,
  lookUps: {
    person: { attempts: 0, outcome: 'none', key: '' },
    representative: { attempts: 0, outcome: 'none', key: '' },
    organisation: { attempts: 0, outcome: 'none', key: '' },
    sim: { attempts: 0, outcome: 'none', key: '' },
    entitlement: { attempts: 0, outcome: 'none', key: '' },
    holder: { attempts: 0, outcome: 'none', key: '' },
  },
  sim: null,
  entitlement: null,
};

export type CaseDataFacts = Pick<
  CaseFacts,
  | 'carrierKind'
  | 'category'
  | 'isDataComplete'
  | 'isIdentityAccepted'
  | 'areDocumentsComplete'
  | 'needsOrganisation'
  | 'needsRepresentative'
  | 'lookUps'
  | 'kinds'
  | 'certificateForm'
  | 'maySign'
>;

/**
 * The part of the case's facts that follows from the typed data and the record: to be spread into the rest.
 * Source: SIM-03..SIM-10
 */
export function factsOfData(data: ApplicationData, record: CaseRecord, todayOn: string): CaseDataFacts {
  const identity = decideIdentityDocument(data, todayOn);
  const isPassportSettled = identity.warnings.length === 0 || record.isPassportAllowed;
  const lookUps = Object.fromEntries(lookUpKinds.map((kind) => [kind, lookUpFact(kind, data, record, todayOn)])) as Record<
    LookUpKind,
    LookUpFact
  >;
  return {
    carrierKind: data.carrier.kind,
    category: data.category,
    isDataComplete: record.hasSecretAnswer && listProblems(data, todayOn).length === 0,
    isIdentityAccepted:
      decideBearer(record.bearer).isEstablished &&
      record.attendee === filerOf(data) &&
      identity.isAccepted &&
      isPassportSettled &&
      decideRepresentativeDocument(data, todayOn).isAccepted,
    areDocumentsComplete: findMissingDocuments(data, todayOn).length === 0,
    needsOrganisation: needsOrganisationCheck(data.kinds),
    needsRepresentative: data.representative.isPresent,
    lookUps,
    kinds: data.carrier.kind === 'sim' ? kindsFact(data, record, todayOn) : cardKindsFact(data, record, lookUps.entitlement),
    certificateForm: data.certificateForm,
    maySign: listMaySign(record.attendee, data, todayOn),
  };
}

function lookUpFact(kind: LookUpKind, data: ApplicationData, record: CaseRecord, todayOn: string): LookUpFact {
  const { attempts, outcome, key } = record.lookUps[kind];
  return {
    attempts,
    outcome,
    isCurrent: outcome !== 'none' && key === lookUpKey(kind, data),
    isQueryReady: lookUpQueryFor(kind, data, todayOn).ok,
  };
}

function kindsFact(typed: ApplicationData, record: CaseRecord, todayOn: string): CaseFacts['kinds'] {
  if (record.sim === null) return 'unknown';
  const data = withNormalisedFields(typed);
  const decision = decideKinds({
    requested: data.kinds,
    purpose: data.purpose,
    category: data.category,
    standing: data.organisation.standing,
    bodyKind: data.organisation.bodyKind,
    voen: data.organisation.voen,
    serviceType: record.sim.serviceType,
    existing: record.sim.certificates,
    fin: data.person.fin,
    operator: record.sim.operator,
    serviceActivatedOn: record.sim.serviceActivatedOn,
    serviceUntilOn: record.sim.serviceUntilOn,
    todayOn,
  });
  return decision.ok ? 'allowed' : 'refused';
}

/** Until the service answered, nothing is known; a paper of the contracting body needs no answer. Source: AID-02, AID-10, CR-28, CR-29 */
function cardKindsFact(typed: ApplicationData, record: CaseRecord, asked: LookUpFact): CaseFacts['kinds'] {
  if (typed.carrier.entitlement === 'electronic' && (!asked.isCurrent || asked.outcome === 'unavailable')) return 'unknown';
  return decideCardKinds(withNormalisedFields(typed), record.entitlement).ok ? 'allowed' : 'refused';
}
