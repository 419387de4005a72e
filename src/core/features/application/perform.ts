import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { Notice } from '../../../shared/contract/base.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { AttachmentRef, CommandKind, CommandPayload } from '../../../shared/registry-api/envelope.ts';
import { messageOfStepReason, type StepReasonCode } from '../../../shared/rules/rule-codes.ts';
import type { CommandDraft } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import { insertAct, summariseSync } from '../../storage/repositories/act-repository.ts';
import { updateApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import { saveSearchTerms } from '../../storage/repositories/search-repository.ts';
import { findCase, type ApplicationContext, type LoadedCase } from './case.ts';
import { searchTermsOf } from './search-terms.ts';
import { viewOf } from './view.ts';

export type ActAnswer = { application: ApplicationView; notices: Notice[] };

/** What a use case decided; everything here is committed together or not at all. */
export interface CaseAct {
  /** The case as it is now. */
  readonly application: StoredApplication;
  readonly act: string;
  /** For the audit log: codes, counts, hashes and numbers of papers, nothing personal. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly notices?: readonly Notice[];
  /** Stands in the timeline beside the act. */
  readonly note?: Notice;
  readonly outbox?: CommandDraft;
  readonly intent?: CommandDraft;
}

export interface ActRequest {
  readonly commandId: string;
  readonly applicationId: string;
}

/**
 * Runs one act on one case: loads it inside the act's transaction, lets `decide` judge, writes case, act, search terms, command, audit row and
 * remembered id together. The same id again answers what it answered before, with the case as it is by then.
 */
export function performOnCase<Input extends ActRequest>(
  context: ApplicationContext,
  call: Call,
  operation: string,
  input: Input,
  decide: (loaded: LoadedCase, tx: Tx) => Result<CaseAct, Failure>,
): Result<ActAnswer, Failure> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const performed = desk.acts.perform<{ notices: readonly Notice[] }>({ commandId: input.commandId, operation, actor, input }, (tx) => {
    const loaded = findCase(context, tx, input.applicationId);
    if (loaded === undefined) return fail('NOT_FOUND');
    const decided = decide(loaded, tx);
    if (!decided.ok) return decided;
    const { application, act, detail = {}, notices = [], note, outbox, intent } = decided.value;
    insertAct(tx, {
      commandId: input.commandId,
      applicationId: input.applicationId,
      act,
      atMs: desk.clock.nowMs(),
      registryAtMs: null,
      operatorLogin: actor.login,
      operatorName: actor.fullName,
      deskId: desk.identity.deskId,
      sync: outbox === undefined && intent === undefined ? 'saved' : 'queued',
      note: note ?? null,
    });
    writeCase(context, tx, loaded, application);
    return succeed({
      value: { notices },
      audit: { act, applicationId: input.applicationId, detail: { state: application.state, ...detail } },
      ...(outbox === undefined ? {} : { outbox: [outbox] }),
      ...(intent === undefined ? {} : { intent }),
      events: [{ type: 'application.changed', applicationId: input.applicationId, state: application.state }],
    });
  });
  return performed.ok ? answerOf(context, call, input.applicationId, performed.value.notices) : performed;
}

/** Writes the row with the summary of its acts, and its search terms. */
export function writeCase(context: ApplicationContext, tx: Tx, loaded: LoadedCase, application: StoredApplication): StoredApplication {
  const { applicationId } = application;
  const written = { ...application, sync: summariseSync(tx, applicationId), updatedAtMs: context.desk.clock.nowMs() };
  updateApplication(tx, written);
  saveSearchTerms(
    tx,
    applicationId,
    searchTermsOf(application.data, {
      contractNumber: loaded.contract.number,
      // The number on the card finds its case as a certificate's does. Source: CR-10
      serials: [...loaded.certificates.map(({ serial }) => serial), ...(application.card === null ? [] : [application.card.serial])],
    }),
  );
  return written;
}

export function answerOf(
  context: ApplicationContext,
  call: Call,
  applicationId: string,
  notices: readonly Notice[],
): Result<ActAnswer, Failure> {
  return context.desk.db.read((db) => {
    const loaded = findCase(context, db, applicationId);
    if (loaded === undefined) return fail('NOT_FOUND');
    return succeed({ application: viewOf(context, db, loaded, call), notices: [...notices] });
  });
}

/** A command about a case, with the revision and the lease under which it was decided. */
export function commandFor<K extends CommandKind>(
  application: StoredApplication,
  kind: K,
  payload: CommandPayload<K>,
  attachments: readonly AttachmentRef[] = [],
): CommandDraft {
  const draft = {
    kind,
    payload,
    aggregate: { type: 'application', key: application.applicationId },
    baseRev: application.rev,
    leaseToken: application.leaseToken,
    attachments,
  } as const;
  // Kind and payload belong together by the signature; the union cannot see it through a type parameter.
  return draft as unknown as CommandDraft;
}

/** The reason of a step or an edge as the code that the screen can say. */
export function failStep(reason: StepReasonCode, application: StoredApplication): Result<never, Failure> {
  const message = messageOfStepReason[reason];
  if (message !== undefined) return fail(message);
  if (reason === 'LEASE_HELD') return fail('LEASE_HELD', { deskId: application.leaseDeskId });
  if (reason === 'NEEDS_REGISTRY') return fail('REGISTRY_UNREACHABLE', {}, true);
  if (reason === 'OUTCOME_UNKNOWN') return fail('OUTCOME_UNKNOWN', {}, true);
  if (reason === 'NOT_YOUR_RIGHT') return fail('FORBIDDEN');
  return fail('STEP_NOT_POSSIBLE', { reason, state: application.state });
}
