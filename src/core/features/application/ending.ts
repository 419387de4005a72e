import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { LookUpEvidence } from './evidence.ts';
import { decideTransition } from '../../../shared/rules/application-states.ts';
import {
  decideRefusal,
  listDocumentsToReturn,
  refusalReasons,
  type RefusalReason,
  type ReturnedDocument,
} from '../../../shared/rules/refusal.ts';
import type { Call } from '../../desk.ts';
import type { StoredApplication, StoredRefusal } from '../../storage/repositories/application-repository.ts';
import { factsOfCase, type ApplicationContext, type LoadedCase } from './case.ts';
import { listEvidence } from './evidence.ts';
import { commandFor, failStep, performOnCase, type ActAnswer, type ActRequest, type CaseAct } from './perform.ts';

/** The registrar's refusal with its reason and the list of what went back. Source: COM-14 */
export function refuse(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly reasonCode: string; readonly note: string; readonly returnedDocuments: readonly ReturnedDocument[] },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.refuse', input, (loaded) => {
    const { application } = loaded;
    const facts = { ...factsOfCase(context, loaded, call.permissions), hasReason: true };
    const allowed = decideTransition(application.state, 'REFUSED', facts);
    if (!allowed.ok) return failStep(allowed.error, application);
    const atMs = context.desk.clock.nowMs();
    const refusal = { ...input, operatorLogin: call.actor?.login ?? '', atMs };
    const hasDocumentsInHand = listDocumentsToReturn(application.data).length > 0;
    const decided = decideRefusal(refusal, hasDocumentsInHand);
    if (!decided.ok) return fail('FIELDS_INVALID', { field: fieldOfProblem[decided.error], code: decided.error });
    const stored: StoredRefusal = {
      reasonCode: decided.value.reason,
      note: input.note,
      atMs,
      returnedDocuments: input.returnedDocuments.map((document) => ({ ...document })),
      invalidityNote: decided.value.keepsInvalidityNote,
    };
    return succeed({ ...refusedCase(loaded, stored), detail: { reason: stored.reasonCode, returned: stored.returnedDocuments.length } });
  });
}

const fieldOfProblem = {
  REASON_NEEDED: 'reasonCode',
  NOTE_NEEDED: 'note',
  OPERATOR_NEEDED: 'operator',
  RETURNED_DOCUMENTS_NEEDED: 'returnedDocuments',
} as const;

/** The refusal that follows by itself from a rule: everything that was shown goes back. Source: COM-01, COM-04, COM-05 */
export function decideSystemRefusal(
  context: ApplicationContext,
  loaded: LoadedCase,
  reason: RefusalReason,
  more: readonly LookUpEvidence[] = [],
): CaseAct {
  return refusedCase(
    loaded,
    {
      reasonCode: reason,
      note: '',
      atMs: context.desk.clock.nowMs(),
      returnedDocuments: listDocumentsToReturn(loaded.application.data).map((document) => ({ ...document })),
      invalidityNote: refusalReasons[reason].keepsInvalidityNote,
    },
    more,
  );
}

/** A case that was never sent reaches the registry too: J-05 and the register of the day are the centre's. */
function refusedCase(loaded: LoadedCase, refusal: StoredRefusal, more: readonly LookUpEvidence[] = []): CaseAct {
  const { application } = loaded;
  const { person, category } = application.data;
  return {
    application: { ...ended(application), state: 'REFUSED', refusal },
    act: 'application.refuse',
    detail: { reason: refusal.reasonCode },
    outbox: commandFor(application, 'application.refuse', {
      applicationId: application.applicationId,
      reasonCode: refusal.reasonCode,
      note: refusal.note,
      invalidityNote: refusal.invalidityNote,
      returnedDocuments: refusal.returnedDocuments,
      summary: { category, fin: person.fin, surname: person.surname, givenName: person.givenName },
      lookUps: [...listEvidence(loaded), ...more].slice(-20),
    }),
  };
}

/**
 * The applicant takes the application back; everything that was shown goes back to him with it. A case that the registry never saw ends here, so
 * why and what was returned stand on the case itself. Source: COM-14; procedures.md §14.1
 */
export function withdraw(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly reason: string },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.withdraw', input, (loaded) => {
    const { application } = loaded;
    const facts = { ...factsOfCase(context, loaded, call.permissions), hasReason: true };
    const allowed = decideTransition(application.state, 'WITHDRAWN', facts);
    if (!allowed.ok) return failStep(allowed.error, application);
    const { applicationId, rev } = application;
    const refusal: StoredRefusal = {
      reasonCode: 'withdrawn',
      note: input.reason,
      atMs: context.desk.clock.nowMs(),
      returnedDocuments: listDocumentsToReturn(application.data).map((document) => ({ ...document })),
      invalidityNote: false,
    };
    return succeed({
      application: { ...ended(application), state: 'WITHDRAWN', refusal },
      act: 'application.withdraw',
      detail: { returned: refusal.returnedDocuments.length },
      ...(rev === null ? {} : { outbox: commandFor(application, 'application.withdraw', { applicationId, reason: input.reason }) }),
    });
  });
}

function ended(application: StoredApplication): StoredApplication {
  return { ...application, dueAtMs: null, archiveDueAtMs: null };
}
