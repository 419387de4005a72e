import type { EntitlementAnswer, PersonAnswer, SimAnswer } from '../../../shared/registry-api/endpoints.ts';
import type { IssuedCertificate } from '../../../shared/registry-api/envelope.ts';
import { contractFormOf } from '../../../shared/rules/application-states.ts';
import { factsOfData, type CaseDataFacts, type CaseRecord } from '../../../shared/rules/case-data-facts.ts';
import type { CaseFacts } from '../../../shared/rules/case-facts.ts';
import { decideCardKinds, decideKinds, isPrintedOnPaper, type KindsDecision } from '../../../shared/rules/certificate-kinds.ts';
import { isPassportAllowed } from '../../../shared/rules/identity-check.ts';
import { listRequiredDocuments } from '../../../shared/rules/document-matrix.ts';
import { lookUpKey, withNormalisedFields } from '../../../shared/rules/look-up-queries.ts';
import { firstScanStates } from '../../../shared/rules/scan-sight.ts';
import { lookUpKinds, type LookUpKind, type SigningKind, type PaperForm, type Permission } from '../../../shared/rules/vocabulary.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import type { Desk } from '../../desk.ts';
import { sha256 } from '../../platform/canonical.ts';
import type { PasswordHash } from '../../platform/password-hash.ts';
import type { Reader } from '../../storage/database.ts';
import { findSignedNumber } from '../../storage/repositories/act-repository.ts';
import { certificatesInUse, findApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import { listCertificates } from '../../storage/repositories/certificate-repository.ts';
import { listLookUps, type StoredLookUp } from '../../storage/repositories/look-up-repository.ts';
import type { PaperFact, PaperFacts, ScanFact, ScanFacts } from './ports.ts';

/** What every use case of a case stands on. */
export interface ApplicationContext {
  readonly desk: Desk;
  readonly papers: PaperFacts;
  readonly scans: ScanFacts;
  readonly passwords: PasswordHash;
  /** What the rules said of the typed data, by case: a list of many cases asks again and again. */
  readonly dataFacts: Map<string, RememberedFacts>;
  /** Searches whose answer is awaited, as case and kind. */
  readonly searching: Set<string>;
  /** Whose opening is written already, by the session that opened them last. */
  readonly opened: { sessionId: string; readonly cases: Set<string> };
}

interface RememberedFacts {
  /** Version and time of the case: while they are the same, so is everything. */
  key: string;
  /** What the facts follow from; an act that changes none of it keeps them. */
  readonly source: string;
  readonly facts: CaseDataFacts;
}
/** More cases than a list shows. */
const maxRememberedFacts = 2000;

/** A case with everything that its rules look at. */
export interface LoadedCase {
  readonly application: StoredApplication;
  readonly lookUps: readonly StoredLookUp[];
  readonly certificates: readonly IssuedCertificate[];
  readonly papers: readonly PaperFact[];
  readonly scans: readonly ScanFact[];
  readonly contract: ContractRecord;
}

/** The contract of a case as it is known at this desk. */
export interface ContractRecord {
  /** Of the valid paper of this desk, else the one under which both signed at another. Empty: none is known. */
  readonly number: string;
  /** An act of signing names this very number. */
  readonly isSigned: boolean;
}

export function findCase(context: ApplicationContext, db: Reader, applicationId: string): LoadedCase | undefined {
  const application = findApplication(db, applicationId);
  return application && loadParts(context, db, application);
}

export function loadParts(context: ApplicationContext, db: Reader, application: StoredApplication): LoadedCase {
  const { applicationId } = application;
  const papers = context.papers.listOfApplication(db, applicationId);
  return {
    application,
    lookUps: listLookUps(db, applicationId),
    certificates: certificatesInUse(application, listCertificates(db, applicationId)),
    papers: papers.filter((paper) => paper.state !== 'spoilt'),
    scans: context.scans.listOfApplication(db, applicationId),
    contract: contractOf(db, application, papers),
  };
}

/**
 * Papers stay at their desk; the act of signing carries the number to the others. A number that was declared void here is nobody's.
 * Source: SIM-14, COM-08; ADR 0012
 */
export function contractOf(db: Reader, application: StoredApplication, papers: readonly PaperFact[]): ContractRecord {
  const signedNumber = findSignedNumber(db, application.applicationId) ?? '';
  const isVoid = papers.some(({ number, state }) => number === signedNumber && state === 'spoilt');
  const number = numberOfForm({ papers }, contractFormOf(application.data.carrier.kind)) || (isVoid ? '' : signedNumber);
  const isSigned = number !== '' && number === signedNumber && application.isCentreSigned && application.isApplicantSigned;
  return { number, isSigned };
}

export function todayOn(desk: Desk): string {
  return civilDateAt(desk.clock.nowMs());
}

export function factsOfCase(context: ApplicationContext, loaded: LoadedCase, permissions: Iterable<Permission>): CaseFacts {
  const { application, scans } = loaded;
  const { desk } = context;
  return {
    ...dataFactsOf(context, loaded),
    state: application.state,
    card: {
      state: application.card?.state ?? null,
      isHolderConfirmed: application.cardHandOver.holderConfirmedAtMs !== null,
      isMatched: application.cardHandOver.match !== null,
      isTested: application.cardHandOver.test !== null && application.cardHandOver.test.outcome !== 'failed',
    },
    hasPhoto: hasPhoto(loaded),
    isAcceptancePrinted: isFormPrinted(loaded, 'F-23'),
    contract: {
      isPrinted: isFormPrinted(loaded, contractFormOf(application.data.carrier.kind)),
      isSignedByCentre: application.isCentreSigned,
      isSignedByHolder: application.isApplicantSigned,
    },
    areCertificatesPrinted: loaded.certificates.every(
      ({ kind, serial }) => !isPrintedOnPaper(kind) || isFormPrinted(loaded, 'F-20', serial),
    ),
    activation: { attempts: application.activationAttempts, outcome: application.activationOutcome },
    isNoticePrinted: isFormPrinted(loaded, 'appendix-10'),
    scans: {
      areCaptured: listMissingScans(loaded).length === 0 && scans.length > 0,
      areSent: application.areScansSent,
      areEntered: application.areScansEntered,
    },
    unknownOutcome: application.pendingKind,
    isOnline: desk.sync.link().state === 'online',
    permissions: [...permissions],
    lease: leaseOf(desk, application),
    hasReason: false,
  };
}

/** A pure function of data, record and day, remembered under what those are known by. */
function dataFactsOf({ desk, dataFacts }: ApplicationContext, loaded: LoadedCase): CaseDataFacts {
  const { application, lookUps } = loaded;
  const { applicationId, version, updatedAtMs, bearerConfirmed, attendee, secretAnswerHash } = application;
  const key = [version, updatedAtMs, bearerConfirmed, attendee, secretAnswerHash !== '', lookUps.length, todayOn(desk)].join('|');
  const remembered = dataFacts.get(applicationId);
  if (remembered?.key === key) return remembered.facts;
  const record = recordOf(loaded);
  const source = sha256(JSON.stringify([application.data, record, todayOn(desk)])).toString('base64');
  if (remembered?.source === source) {
    remembered.key = key;
    return remembered.facts;
  }
  const facts = factsOfData(application.data, record, todayOn(desk));
  if (dataFacts.size >= maxRememberedFacts) dataFacts.clear();
  dataFacts.set(applicationId, { key, source, facts });
  return facts;
}

/** A sent case is edited under a lease; its first one comes with the registry's answer to the sending. */
function leaseOf(desk: Desk, application: StoredApplication): CaseFacts['lease'] {
  if (application.rev === null) return 'not_needed';
  return application.leaseDeskId === desk.identity.deskId ? 'mine' : 'held_by_other';
}

/** What the rules about the typed data look at besides the data. */
export function recordOf(loaded: LoadedCase): CaseRecord {
  const { application } = loaded;
  const lookUps = Object.fromEntries(
    lookUpKinds.map((kind) => {
      const last = findLastLookUp(loaded, kind);
      return [kind, { attempts: countAttempts(loaded.lookUps, kind), outcome: last?.outcome ?? 'none', key: last?.queryKey ?? '' }];
    }),
  ) as CaseRecord['lookUps'];
  const sim = findSim(loaded);
  return {
    bearer: application.bearerConfirmed,
    attendee: application.attendee,
    hasSecretAnswer: application.secretAnswerHash !== '',
    isPassportAllowed: isPassportAllowed(application.data),
    lookUps,
    sim: sim === null ? null : { ...sim, serviceActivatedOn: activatedOnOf(sim) },
    entitlement: findEntitlement(loaded),
  };
}

/** Source: COM-07 */
export function countAttempts(lookUps: readonly StoredLookUp[], kind: LookUpKind): number {
  return lookUps.reduce((most, lookUp) => (lookUp.kind === kind ? Math.max(most, lookUp.attempt) : most), 0);
}

/** The last one that says something: an outage does not take an earlier answer away. */
export function findLastLookUp(loaded: Pick<LoadedCase, 'lookUps'>, kind: LookUpKind): StoredLookUp | undefined {
  const ofKind = loaded.lookUps.filter((lookUp) => lookUp.kind === kind);
  return ofKind.findLast((lookUp) => lookUp.outcome !== 'unavailable') ?? ofKind.at(-1);
}

export function isStale(loaded: LoadedCase, lookUp: StoredLookUp): boolean {
  return lookUpKey(lookUp.kind, loaded.application.data) !== lookUp.queryKey;
}

/** The operator's answer, when the last query found the number and the number is still the one typed. */
export function findSim(loaded: LoadedCase): NonNullable<SimAnswer['sim']> | null {
  const last = findLastLookUp(loaded, 'sim');
  if (last === undefined || last.outcome !== 'found' || isStale(loaded, last)) return null;
  return (JSON.parse(last.answer) as SimAnswer).sim;
}

/** What the contracting body's service confirmed for exactly what is typed now. Source: X-06 */
export function findEntitlement(loaded: LoadedCase): { readonly kinds: readonly SigningKind[] } | null {
  const last = findLastLookUp(loaded, 'entitlement');
  if (last === undefined || last.outcome !== 'found' || isStale(loaded, last)) return null;
  return { kinds: (JSON.parse(last.answer) as EntitlementAnswer).kinds };
}

/** Loaded at the desk, or in the state register's last answer about exactly this person. Source: AID-07 */
export function hasPhoto(loaded: LoadedCase): boolean {
  if (loaded.scans.some(({ document }) => document === 'photo')) return true;
  const last = findLastLookUp(loaded, 'person');
  if (last === undefined || last.outcome !== 'found' || isStale(loaded, last)) return false;
  return (JSON.parse(last.answer) as PersonAnswer).person?.photo !== undefined;
}

/** An answer that was stored before the operators said the day has none. Source: C-36 */
export function activatedOnOf(sim: { readonly serviceActivatedOn?: string }): string {
  return sim.serviceActivatedOn ?? '';
}

/** Source: SIM-10, C-36 */
export function kindsDecisionOf(desk: Desk, loaded: LoadedCase): KindsDecision | null {
  if (loaded.application.data.carrier.kind === 'asan_id') return cardKindsDecisionOf(loaded);
  const sim = findSim(loaded);
  if (sim === null) return null;
  const data = withNormalisedFields(loaded.application.data);
  return decideKinds({
    requested: data.kinds,
    purpose: data.purpose,
    category: data.category,
    standing: data.organisation.standing,
    bodyKind: data.organisation.bodyKind,
    voen: data.organisation.voen,
    serviceType: sim.serviceType,
    existing: sim.certificates,
    fin: data.person.fin,
    operator: sim.operator,
    serviceActivatedOn: activatedOnOf(sim),
    serviceUntilOn: sim.serviceUntilOn,
    todayOn: todayOn(desk),
  });
}

/** Until the body's service answered, nothing is said; its paper needs no answer. Source: AID-02, AID-10, CR-28, CR-29 */
function cardKindsDecisionOf(loaded: LoadedCase): KindsDecision | null {
  const { data } = loaded.application;
  const last = findLastLookUp(loaded, 'entitlement');
  const isAnswered = last !== undefined && last.outcome !== 'unavailable' && !isStale(loaded, last);
  if (data.carrier.entitlement === 'electronic' && !isAnswered) return null;
  return decideCardKinds(withNormalisedFields(data), findEntitlement(loaded));
}

/** Every copy of the form is out of the printer. */
export function isFormPrinted(loaded: LoadedCase, form: PaperForm, certificateSerial = ''): boolean {
  const printed = loaded.papers.filter(
    (paper) =>
      paper.form === form && paper.state === 'printed' && (certificateSerial === '' || paper.certificateSerial === certificateSerial),
  );
  const copies = printed[0]?.copies ?? 1;
  return new Set(printed.map((paper) => paper.copy)).size >= copies;
}

export function numberOfForm(loaded: Pick<LoadedCase, 'papers'>, form: PaperForm): string {
  return loaded.papers.findLast((paper) => paper.form === form && paper.state !== 'spoilt')?.number ?? '';
}

/** All papers of the case are scanned; the SIM card itself is none. Source: COM-10, SIM-18 */
export function listMissingScans(loaded: LoadedCase): string[] {
  const needed = listRequiredDocuments(loaded.application.data)
    .map(({ code }): string => code)
    .filter((code) => code !== 'D-10');
  const present = new Set(loaded.scans.map((scan) => scan.document));
  // Of a card the application's set is complete before there is a contract. Source: AID-12, HND-13
  const contract = firstScanStates.includes(loaded.application.state) ? [] : ['contract'];
  return [...needed, ...contract].filter((document) => !present.has(document));
}
