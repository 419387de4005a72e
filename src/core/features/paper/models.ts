import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { emptyCaseFacts } from '../../../shared/rules/case-facts.ts';
import { isPrintedOnPaper } from '../../../shared/rules/certificate-kinds.ts';
import { decidePaper, isPrintedByActs, type PaperSettings } from '../../../shared/rules/papers.ts';
import { filerOf, listMaySign } from '../../../shared/rules/signers.ts';
import type { PaperForm, Permission } from '../../../shared/rules/vocabulary.ts';
import type { PaperCertificate, PaperHead, PaperModel } from '../../documents/ports.ts';
import type { Reader } from '../../storage/database.ts';
import { certificatesInUse, findApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import { listCertificates } from '../../storage/repositories/certificate-repository.ts';
import { listLookUps } from '../../storage/repositories/look-up-repository.ts';
import { hasDocument } from './ledger.ts';

/** Everything of a paper but its head: what is stated on it. The number, the copy and the moment come when it is made. */
type WithoutHead<M> = M extends unknown ? Omit<M, 'head'> : never;
export type PaperContent = WithoutHead<PaperModel>;

export interface PlannedPaper {
  readonly content: PaperContent;
  readonly copies: number;
}

/** What the case says on this form now, or why the form cannot be made now. */
export function planPaper(
  db: Reader,
  wanted: { readonly applicationId: string; readonly form: PaperForm; readonly certificateSerial: string },
  permissions: ReadonlySet<Permission>,
  settings: PaperSettings,
  todayOn: string,
): Result<PlannedPaper, Failure> {
  const application = findApplication(db, wanted.applicationId);
  if (application === undefined) return fail('NOT_FOUND');
  const facts = {
    ...emptyCaseFacts,
    state: application.state,
    carrierKind: application.data.carrier.kind,
    certificateForm: application.data.certificateForm,
    contract: { isPrinted: true, isSignedByCentre: application.isCentreSigned, isSignedByHolder: application.isApplicantSigned },
    activation: { attempts: application.activationAttempts, outcome: application.activationOutcome },
    permissions: [...permissions],
    maySign: listMaySign(application.attendee, application.data, todayOn),
  };
  const decision = decidePaper(wanted.form, facts, settings);
  if (!decision.ok) return fail('PAPER_NOT_POSSIBLE', { reason: decision.error });
  // It came out at another desk, whose ledger alone can void it: one more under a number of ours would be a second original. ADR 0012
  if (isPrintedByActs(wanted.form, facts) && !hasDocument(db, wanted)) return fail('PAPER_NOT_POSSIBLE', { reason: 'PRINTED_ELSEWHERE' });
  const content = contentOf(db, application, wanted.form, wanted.certificateSerial);
  if (!content.ok) return content;
  return succeed({ content: content.value, copies: decision.value.copies });
}

function contentOf(db: Reader, application: StoredApplication, form: PaperForm, serial: string): Result<PaperContent, Failure> {
  const { data } = application;
  // Before the contract nobody else can have been named; decidePaper has judged the one at the desk.
  const signer = application.attendee === '' ? filerOf(data) : application.attendee;
  // No more of the card than the paper says: what a paper states is remembered as one text.
  const card = application.card === null ? undefined : { serial: application.card.serial, envelopeNumber: application.card.envelopeNumber };
  switch (form) {
    case 'appendix-1': {
      const lookUps = listLookUps(db, application.applicationId).map(({ system, outcome, atMs }) => ({ system, outcome, atMs }));
      return succeed({ form, data, filedAtMs: application.filedAtMs, hasSecretAnswer: application.secretAnswerHash !== '', lookUps });
    }
    case 'appendix-5':
      return withCertificates(db, application, (certificates) => ({ form, data, signer, certificates }));
    case 'appendix-6': {
      if (card === undefined) return fail('PAPER_NOT_POSSIBLE', { reason: 'CARD_NOT_READY' });
      return withCertificates(db, application, (certificates) => ({ form, data, signer, certificates, card }));
    }
    case 'F-23':
      return succeed({
        form,
        data,
        filedAtMs: application.filedAtMs,
        dueAtMs: application.dueAtMs,
        applicationId: application.applicationId,
      });
    case 'appendix-10':
      if (application.userId === '' && data.carrier.kind === 'sim') return fail('PAPER_NOT_POSSIBLE', { reason: 'NOT_ACTIVATED' });
      return withCertificates(db, application, (certificates) => ({
        form,
        data,
        signer,
        certificates,
        userId: application.userId,
        ...(card === undefined ? {} : { card }),
      }));
    case 'F-20': {
      const certificate = certificatesOf(db, application).find((candidate) => candidate.serial === serial);
      if (certificate === undefined) return fail('NOT_FOUND');
      // An authentication certificate is never printed. Source: Təlimat §6.2
      if (!isPrintedOnPaper(certificate.kind)) return fail('PAPER_NOT_POSSIBLE', { reason: 'STATE' });
      return succeed({ form, data, signer, certificate, ...(card === undefined ? {} : { card }) });
    }
    case 'F-36':
      return succeed({ form, data, signer, ...refusalOf(application) });
    default:
      return fail('PAPER_NOT_POSSIBLE', { reason: 'STATE' });
  }
}

function withCertificates(
  db: Reader,
  application: StoredApplication,
  make: (certificates: readonly PaperCertificate[]) => PaperContent,
): Result<PaperContent, Failure> {
  const certificates = certificatesOf(db, application);
  return certificates.length === 0 ? fail('PAPER_NOT_POSSIBLE', { reason: 'NOT_ISSUED' }) : succeed(make(certificates));
}

function certificatesOf(db: Reader, application: StoredApplication): PaperCertificate[] {
  return certificatesInUse(application, listCertificates(db, application.applicationId)).map((certificate) => ({
    serial: certificate.serial,
    kind: certificate.kind,
    notBeforeMs: certificate.notBeforeMs,
    notAfterMs: certificate.notAfterMs,
    validityRule: certificate.validityRule,
    voen: certificate.voen,
    organisationName: certificate.organisationName,
  }));
}

function refusalOf(application: StoredApplication) {
  const { refusal, state } = application;
  return {
    refusedAtMs: refusal?.atMs ?? application.updatedAtMs,
    reasonCode: state === 'WITHDRAWN' ? 'withdrawn' : (refusal?.reasonCode ?? 'other'),
    note: refusal?.note ?? '',
    invalidityNote: refusal?.invalidityNote ?? false,
    returnedDocuments: refusal?.returnedDocuments ?? [],
  };
}

/** What a paper states about the case, as one text: when it changes, a copy that was never printed is made anew. */
export function contentKeyOf(content: PaperContent): string {
  // Look-ups go on while the application lies printed and signed; they are the office's own notes on it.
  return JSON.stringify(content.form === 'appendix-1' ? { ...content, lookUps: [] } : content);
}

/** A paper's whole model for one copy. */
export function modelOf(content: PaperContent, head: PaperHead): PaperModel {
  return { ...content, head };
}
