import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { contractFormOf } from '../../../shared/rules/application-states.ts';
import { decideIdentityDocument, decideRepresentativeDocument } from '../../../shared/rules/identity-check.ts';
import { decideSigner } from '../../../shared/rules/signers.ts';
import type { ApplicationState, Attendee, SignablePaper } from '../../../shared/rules/vocabulary.ts';
import type { Call } from '../../desk.ts';
import { factsOfCase, todayOn, type ApplicationContext, type LoadedCase } from './case.ts';
import { failStep, performOnCase, type ActAnswer, type ActRequest } from './perform.ts';

const signingStates: readonly ApplicationState[] = ['CONTRACT', 'CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'];

/**
 * Somebody else of the applicant's side has come to the desk to sign, and was compared with his own document: the applicant himself, or the
 * representative whom the application names. A contract that is out with the other's name on it is declared spoilt first.
 * Source: COM-01, COM-02, COM-16
 */
export function nameAttendee(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly attendee: Attendee },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.nameAttendee', input, (loaded) => {
    const { application } = loaded;
    const { attendee } = input;
    if (!signingStates.includes(application.state) || application.attendee === attendee) return failStep('STATE', application);
    if (application.pendingKind !== 'none') return failStep('OUTCOME_UNKNOWN', application);
    if (factsOfCase(context, loaded, call.permissions).lease === 'held_by_other') return failStep('LEASE_HELD', application);
    if (attendee === 'representative' && !application.data.representative.isPresent)
      return fail('STEP_NOT_POSSIBLE', { reason: 'SIGNER_NOT_ALLOWED', code: 'REPRESENTATIVE_NOT_NAMED', state: application.state });
    if (isContractOut(loaded)) return fail('STEP_NOT_POSSIBLE', { reason: 'CONTRACT_NAMES_ANOTHER', state: application.state });
    const decide = attendee === 'applicant' ? decideIdentityDocument : decideRepresentativeDocument;
    const expired = decide(application.data, todayOn(context.desk)).stops.find(({ code }) => code === 'M-02');
    if (expired !== undefined) return fail('M-02', expired.params);
    return succeed({ application: { ...application, attendee }, act: 'application.name_attendee', detail: { attendee } });
  });
}

/** Somebody may hold a copy that nobody has signed yet. */
function isContractOut({ application, papers }: LoadedCase): boolean {
  const isSigned = application.isCentreSigned && application.isApplicantSigned;
  return (
    !isSigned &&
    papers.some(
      ({ form, state }) => form === contractFormOf(application.data.carrier.kind) && (state === 'printing' || state === 'printed'),
    )
  );
}

/** The one at the desk, if he may sign all these papers today. Source: COM-16, POA-R1..POA-R4 */
export function decideAttendee(
  context: ApplicationContext,
  { application }: LoadedCase,
  papers: readonly SignablePaper[],
): Result<Attendee, Failure> {
  let who: Attendee = 'applicant';
  for (const paper of papers) {
    const decided = decideSigner(paper, application.attendee, application.data, todayOn(context.desk));
    if (!decided.ok) {
      const { code, params } = decided.error;
      return /^M-\d\d$/u.test(code) ? fail(code, params) : fail('STEP_NOT_POSSIBLE', { ...params, reason: 'SIGNER_NOT_ALLOWED', code });
    }
    who = decided.value.who;
  }
  return succeed(who);
}
