import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CommandPayload } from '../../../shared/registry-api/envelope.ts';
import { contractFormOf, decideSigning, decideTransition } from '../../../shared/rules/application-states.ts';
import { archiveDueAtMs } from '../../../shared/rules/deadlines.ts';
import { findDocumentsNotReturned } from '../../../shared/rules/refusal.ts';
import { firstScanStates, isScanSetOpen } from '../../../shared/rules/scan-sight.ts';
import { papersOfHandOver } from '../../../shared/rules/signers.ts';
import type { Call } from '../../desk.ts';
import { listAttachments, queueFiles } from './attachments.ts';
import { decideAttendee } from './attendee.ts';
import type { StoredApplication } from '../../storage/repositories/application-repository.ts';
import { signedNumberNote } from '../../storage/repositories/act-repository.ts';
import { factsOfCase, listMissingScans, numberOfForm, type ApplicationContext } from './case.ts';
import { commandFor, failStep, performOnCase, type ActAnswer, type ActRequest } from './perform.ts';

/**
 * The centre signs and seals both copies, then the holder signs both, or his representative where the power of attorney lets him; who says so
 * signs for the centre (ADR-0013). Source: SIM-13, SIM-14, COM-08, COM-16, M-44
 */
export function confirmContractSigned(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly centreSigned: boolean; readonly applicantSigned: boolean },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.confirmContractSigned', input, (loaded) => {
    const { application } = loaded;
    if (!call.permissions.has('centre.sign')) return failStep('NOT_YOUR_RIGHT', application);
    const form = contractFormOf(application.data.carrier.kind);
    const signer = decideAttendee(context, loaded, [form]);
    if (!signer.ok) return signer;
    const facts = factsOfCase(context, loaded, call.permissions);
    const contract = { ...facts.contract, isSignedByCentre: input.centreSigned, isSignedByHolder: input.applicantSigned };
    const decided = decideSigning(facts.contract, { ...facts, contract });
    if (!decided.ok) return decided.error === 'CENTRE_NOT_SIGNED' ? fail('M-44') : failStep(decided.error, application);
    const paperNumber = numberOfForm(loaded, form);
    return succeed({
      application: { ...application, state: decided.value, isCentreSigned: true, isApplicantSigned: true, contractSignedBy: signer.value },
      act: 'application.sign_contract',
      detail: { paperNumber, signedBy: signer.value },
      note: signedNumberNote(paperNumber),
      outbox: commandFor(application, 'application.sign_contract', {
        applicationId: application.applicationId,
        paperNumber,
        centreSignedBy: call.actor?.login ?? '',
        signedAtMs: context.desk.clock.nowMs(),
        signedBy: signer.value,
      }),
    });
  });
}

/** Needs the activation and the printed notice; the originals go back with a list to the one who may sign for them. Source: SIM-17, SIM-19, COM-16 */
export function handOver(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly returnedOriginals: readonly { document: string; note: string }[] },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.handOver', input, (loaded) => {
    const { application } = loaded;
    const decided = decideTransition(application.state, 'HANDED', factsOfCase(context, loaded, call.permissions));
    if (!decided.ok) return failStep(decided.error, application);
    const receiver = decideAttendee(context, loaded, papersOfHandOver(application.data.certificateForm));
    if (!receiver.ok) return receiver;
    const missing = findDocumentsNotReturned(application.data, input.returnedOriginals);
    if (missing.length > 0)
      return fail('FIELDS_INVALID', { field: 'returnedDocuments', code: 'RETURNED_DOCUMENTS_NEEDED', documents: missing.join(', ') });
    const noticeNumber = numberOfForm(loaded, 'appendix-10');
    return succeed({
      application: {
        ...application,
        state: 'HANDED',
        dueAtMs: null,
        handedTo: receiver.value,
        card: application.card && { ...application.card, state: 'HANDED' },
        // From here the second set of a card is sent and entered. Source: HND-13
        ...(application.card === null ? {} : { areScansSent: false, areScansEntered: false }),
      },
      act: 'application.hand_over',
      detail: { noticeNumber, returned: input.returnedOriginals.length, receivedBy: receiver.value },
      outbox: commandFor(application, 'application.hand_over', {
        applicationId: application.applicationId,
        noticeNumber,
        returnedOriginals: input.returnedOriginals.map((each) => ({ ...each })),
        handedAtMs: context.desk.clock.nowMs(),
        receivedBy: receiver.value,
        ...cardGiven(application),
      }),
    });
  });
}

/** Source: HND-12 */
function cardGiven({ cardHandOver: { match, test } }: StoredApplication): Pick<CommandPayload<'application.hand_over'>, 'card'> {
  if (match === null || test === null || test.outcome === 'failed') return {};
  const { cardSerial, envelopeNumber } = match;
  return { card: { cardSerial, envelopeNumber, test: test.outcome, waiveReason: test.reason } };
}

/** The authorised officer sends the whole set; what is missing is named. Source: SIM-18, COM-10 */
export function sendScans(context: ApplicationContext, call: Call, input: ActRequest): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.sendScans', input, (loaded, tx) => {
    const { application } = loaded;
    if (!isScanSetOpen(application.state)) return failStep('NOT_HANDED_OVER', application);
    if (application.areScansEntered) return failStep('STATE', application);
    if (factsOfCase(context, loaded, call.permissions).lease === 'held_by_other') return failStep('LEASE_HELD', application);
    const missing = listMissingScans(loaded);
    if (missing.length > 0) return fail('SCAN_INCOMPLETE', { documents: missing.join(', '), count: missing.length });
    const attachments = listAttachments(loaded);
    const { applicationId } = application;
    queueFiles(context, tx, loaded, attachments);
    return succeed({
      application: { ...application, areScansSent: true },
      act: 'application.send_scans',
      detail: { files: attachments.length },
      outbox: commandFor(application, 'application.send_scans', { applicationId, attachments }, attachments),
    });
  });
}

/** The document-entry officer enters what was sent; from here the seven working days to the archive run. Source: COM-10, COM-11, T-08 */
export function enterScans(context: ApplicationContext, call: Call, input: ActRequest): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.enterScans', input, (loaded, tx) => {
    const { application } = loaded;
    const facts = factsOfCase(context, loaded, call.permissions);
    const isFirst = firstScanStates.includes(application.state);
    if (isFirst) {
      // The first set of a card changes no state: the card is made and carried meanwhile. Source: AID-12
      const stop = application.areScansEntered ? 'STATE' : !application.areScansSent ? 'SCANS_NOT_SENT' : null;
      if (stop !== null) return failStep(stop, application);
      if (facts.lease === 'held_by_other') return failStep('LEASE_HELD', application);
    } else {
      const decided = decideTransition(application.state, 'SCANNED', { ...facts, scans: { ...facts.scans, areEntered: true } });
      if (!decided.ok) return failStep(decided.error, application);
    }
    const attachments = listAttachments(loaded);
    const { applicationId } = application;
    queueFiles(context, tx, loaded, attachments);
    return succeed({
      application: isFirst
        ? { ...application, areScansEntered: true }
        : { ...application, state: 'SCANNED', areScansEntered: true, archiveDueAtMs: archiveDueAtMs(context.desk.clock.nowMs()) },
      act: 'application.enter_scans',
      detail: { files: attachments.length },
      outbox: commandFor(application, 'application.enter_scans', { applicationId, attachments }, attachments),
    });
  });
}

/** Source: SIM-20, COM-11, J-10 */
export function archive(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly receiver: string; readonly listNumber: string },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.archive', input, (loaded) => {
    const { application } = loaded;
    const decided = decideTransition(application.state, 'ARCHIVED', factsOfCase(context, loaded, call.permissions));
    if (!decided.ok) return failStep(decided.error, application);
    const { receiver, listNumber } = input;
    return succeed({
      application: { ...application, state: 'ARCHIVED', archiveDueAtMs: null },
      act: 'application.archive',
      detail: { listNumber },
      outbox: commandFor(application, 'application.archive', { applicationId: application.applicationId, receiver, listNumber }),
    });
  });
}

/** Ends a supervisor's return for correction; the supervisor looks again. Source: R-31 */
export function reportCorrected(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly note: string },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.reportCorrected', input, (loaded, tx) => {
    const { application } = loaded;
    const { returned } = application;
    if (returned === null) return failStep('STATE', application);
    tx.run("UPDATE act_review SET review = 'corrected', at_ms = @atMs WHERE act_command_id = @actCommandId", {
      actCommandId: returned.actCommandId,
      atMs: context.desk.clock.nowMs(),
    });
    return succeed({
      application: { ...application, returned: null },
      act: 'register.correct',
      detail: { actCommandId: returned.actCommandId },
      outbox: commandFor(application, 'register.correct', {
        applicationId: application.applicationId,
        actCommandId: returned.actCommandId,
        note: input.note,
      }),
    });
  });
}
