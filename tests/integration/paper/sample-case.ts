import type { Call } from '../../../src/core/desk.ts';
import type { PaperCertificate, PaperHead } from '../../../src/core/documents/ports.ts';
import {
  emptyCardHandOver,
  insertApplication,
  type StoredApplication,
} from '../../../src/core/storage/repositories/application-repository.ts';
import { saveCertificates } from '../../../src/core/storage/repositories/certificate-repository.ts';
import { applicationDataSchema, type ApplicationData } from '../../../src/shared/rules/application-data.ts';
import { signedStates } from '../../../src/shared/rules/application-states.ts';
import { filerOf } from '../../../src/shared/rules/signers.ts';
import { permissions, type CertificateKind } from '../../../src/shared/rules/vocabulary.ts';
import { testActor, type TestDesk } from '../../support/test-desk.ts';

/** 22 November 2026, 11:05:09 in Baku. */
export const momentMs = Date.UTC(2026, 10, 22, 7, 5, 9);
/** Every Azerbaijani letter that other alphabets lack, and the ones that fold badly. */
export const allLetters = 'ÇçƏəĞğIıİiÖöŞşÜüXxQq';
export const longOrganisation =
  '“Şirvan Üzümçülük və Şərabçılıq Birliyinin Xəzər Sahili üzrə Təchizat, Anbar və Daşıma Xidmətləri İdarəsi” İB Məhdud MMC';

export function sampleData(change: Partial<Record<keyof ApplicationData, unknown>> = {}): ApplicationData {
  return applicationDataSchema.parse({
    category: 'K4',
    kinds: ['PER', 'BUS'],
    person: {
      fin: 'QYD0001',
      surname: 'Əliyeva',
      givenName: 'Çiçək',
      fatherName: 'İsmayıl',
      sex: 'F',
      birthOn: '1990-01-15',
      birthPlace: 'Gəncə',
      citizenship: 'AZE',
    },
    document: { kind: 'citizen_card', number: 'AA0000012', issuedBy: 'ASAN xidmət 1', issuedOn: '2021-03-09', validUntilOn: '2031-03-09' },
    contact: {
      registeredAddress: 'Bakı şəhəri, Nümunə küçəsi 44',
      actualAddress: 'Gəncə şəhəri, Sınaq küçəsi 7',
      phone: '+994500000001',
      email: 'cicek@numune.test',
    },
    carrier: { phone: '+994500000001', iccid: '8999401000000000018', operator: 'azercell', connectionFormNumber: 'MO-77' },
    organisation: {
      voen: '0000012341',
      name: longOrganisation,
      position: 'mühasib',
      unit: 'Maliyyə şöbəsi',
      standing: 'employee',
      bodyKind: 'private',
    },
    presented: {
      'D-01': { isShown: true },
      'D-02': { isShown: true, validUntilOn: '2031-03-09' },
      'D-05': { isShown: true },
      'D-09': { isShown: true },
      'D-10': { isShown: true },
    },
    consent: { textVersion: '2026-1', givenAtMs: momentMs },
    secretQuestion: `Ən sevdiyim şəhər ${allLetters}`,
    ...change,
  });
}

export function sampleHead(number: string, copy = 1, copies = 1): PaperHead {
  return {
    number,
    copy,
    copies,
    preparedAtMs: momentMs,
    officeName: 'Bakı 1 saylı ASAN xidmət mərkəzi',
    deskId: 'desk-01',
    operatorName: 'Nərgiz Qəhrəmanlı',
    isTraining: false,
  };
}

export function sampleCertificate(kind: CertificateKind, index: number): PaperCertificate {
  const isOrganisation = kind === 'BUS' || kind === 'STA';
  return {
    serial: `4A7F00C2D81E33B5000${index}`,
    kind,
    notBeforeMs: momentMs,
    notAfterMs: momentMs + 1095 * 86_400_000,
    validityRule: 'three_years',
    voen: isOrganisation ? '0000012341' : '',
    organisationName: isOrganisation ? longOrganisation : '',
  };
}

export const sampleCertificates = [sampleCertificate('AUT', 1), sampleCertificate('PER', 2), sampleCertificate('BUS', 3)];

/** A case as the application feature would have stored it. */
export function storeCase(desk: TestDesk, change: Partial<StoredApplication> = {}, data: ApplicationData = sampleData()): string {
  const applicationId = change.applicationId ?? desk.random.uuid();
  const isSigned = change.state !== undefined && signedStates.includes(change.state);
  const application: StoredApplication = {
    applicationId,
    state: 'CONTRACT',
    data,
    version: 1,
    rev: 1,
    deskId: desk.identity.deskId,
    operatorId: testActor.operatorId,
    operatorLogin: testActor.login,
    operatorName: testActor.fullName,
    bearerConfirmed: 'is_bearer',
    attendee: filerOf(data),
    contractSignedBy: '',
    handedTo: '',
    secretAnswerHash: '$argon2id$v=19$x',
    filedAtMs: momentMs,
    dueAtMs: null,
    archiveDueAtMs: null,
    userId: '',
    activationAttempts: 0,
    activationOutcome: 'none',
    // Nothing comes after the contract without both signatures.
    isCentreSigned: isSigned,
    isApplicantSigned: isSigned,
    areScansSent: false,
    areScansEntered: false,
    leaseDeskId: desk.identity.deskId,
    leaseToken: 1,
    leaseUntilMs: 0,
    leaseRev: 0,
    pendingCommandId: '',
    pendingKind: 'none',
    card: null,
    cardHandOver: emptyCardHandOver,
    refusal: null,
    returned: null,
    sync: 'registered',
    updatedAtMs: momentMs,
    ...change,
  };
  desk.db.transact((tx) => {
    insertApplication(tx, application);
    // A register never gives a serial twice, so each case has its own.
    const prefix = applicationId.replaceAll('-', '').slice(-12).toUpperCase();
    saveCertificates(
      tx,
      applicationId,
      sampleCertificates.map((certificate, index) => ({
        ...certificate,
        serial: `${prefix}0${index}`,
        state: 'GENERATED' as const,
        der: '',
      })),
    );
  });
  return applicationId;
}

export const registrarCall: Call = {
  actor: testActor,
  permissions: new Set(permissions),
  correlationId: 'test',
  signal: new AbortController().signal,
};
