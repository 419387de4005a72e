import type { KeyAlgorithm } from '../../shared/card-host/host-protocol.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import type { CommandOutcome, CommandResult } from '../../shared/registry-api/envelope.ts';
import type { JournalStep, SpoilReason } from '../../shared/rules/personalisation-journal.ts';
import type { Actor, CommandDraft } from '../act/act.ts';
import type { Desk } from '../desk.ts';
import type { Tx } from '../storage/database.ts';
import { findBlank, setBlank } from '../storage/repositories/card-stock-repository.ts';
import { findCardRequest, noteRequestRev } from '../storage/repositories/card-request-repository.ts';
import {
  findRun,
  findRunOfCard,
  findRunOfCommand,
  findRunOfRequest,
  insertRun,
  listSteps,
  spoilEnvelopes,
  updateRun,
  writeStep,
  type StoredRun,
} from '../storage/repositories/production-repository.ts';

/** What of a personalisation the registry has a word in. Every act writes its step, its command and the card's row in one transaction. */
export interface RegistrySteps {
  /** Takes blank, chip and request for each other and asks the registry for it. Source: PRS-03 */
  claim(actor: Actor, wanted: ClaimedCard): Result<{ readonly runId: string; readonly commandId: string }, Failure>;
  issue(actor: Actor, run: StoredRun, requests: { readonly auth: Uint8Array; readonly sign: Uint8Array }): Result<string, Failure>;
  /** Waits for the registry's answer to a step that was begun; the journal has it when this returns. */
  settle(commandId: string): Promise<Result<null, Failure>>;
  report(actor: Actor, run: StoredRun, atMs: number): Result<null, Failure>;
  /** The card is out for good; its certificates are revoked and the request waits for another one. */
  spoil(actor: Actor, request: SpoilRequest): Result<null, Failure>;
}

export interface ClaimedCard {
  readonly applicationId: string;
  readonly cardSerial: string;
  readonly chipSerial: string;
  readonly readerName: string;
  readonly algorithm: KeyAlgorithm;
}

export interface SpoilRequest {
  readonly commandId: string;
  readonly runId: string;
  readonly reason: SpoilReason;
  readonly note: string;
}

type RegistryDesk = Pick<Desk, 'acts' | 'db' | 'clock' | 'random' | 'sync'>;

export function createRegistrySteps(desk: RegistryDesk): RegistrySteps {
  const { acts, clock, random } = desk;
  return {
    claim(actor, wanted) {
      const commandId = random.uuid();
      const runId = random.uuid();
      const { applicationId, cardSerial, chipSerial, readerName } = wanted;
      return acts.perform({ commandId, operation: 'card.claim', actor, input: wanted }, (tx) => {
        const request = findCardRequest(tx, applicationId);
        if (request === undefined) return fail('NOT_FOUND');
        if (findRunOfRequest(tx, applicationId) !== undefined) return fail('CARD_REQUEST_TAKEN');
        if (findBlank(tx, cardSerial)?.state !== 'free') return fail('CARD_NOT_IN_STOCK', { serial: cardSerial });
        if (findRunOfCard(tx, { cardSerial }) ?? findRunOfCard(tx, { chipSerial }))
          return fail('CARD_ALREADY_USED', { serial: cardSerial });
        insertRun(tx, { ...wanted, runId, operatorLogin: actor.login }, clock.nowMs());
        setBlank(tx, cardSerial, { state: 'used', reason: '', note: '' });
        writeStep(tx, runId, { step: 'claim', outcome: 'begun', code: '', atMs: clock.nowMs(), commandId });
        return succeed({
          value: { runId, commandId },
          audit: { act: 'card.claim', applicationId, detail: { serial: cardSerial, reader: readerName.slice(0, 60) } },
          intent: commandOf(applicationId, request.rev, 'card.claim', { applicationId, cardSerial, chipSerial }),
          events: [{ type: 'production.changed' as const }],
        });
      });
    },
    issue(actor, run, requests) {
      const { applicationId, cardSerial, runId } = run;
      const commandId = random.uuid();
      const authRequest = Buffer.from(requests.auth).toString('base64');
      const signRequest = Buffer.from(requests.sign).toString('base64');
      return acts.perform({ commandId, operation: 'card.issue', actor, input: { runId } }, (tx) => {
        writeStep(tx, runId, { step: 'issue', outcome: 'begun', code: '', atMs: clock.nowMs(), commandId });
        const payload = { applicationId, cardSerial, authRequest, signRequest };
        return succeed({
          value: commandId,
          audit: { act: 'card.issue', applicationId, detail: { serial: cardSerial } },
          intent: commandOf(applicationId, findCardRequest(tx, applicationId)?.rev ?? null, 'card.issue', payload),
        });
      });
    },
    async settle(commandId) {
      const settled = await desk.sync.settleIntent(commandId);
      return settled.ok ? succeed(null) : settled;
    },
    report(actor, run, atMs) {
      const { applicationId, cardSerial, runId, envelopeNumber } = run;
      const commandId = random.uuid();
      return acts.perform<null>({ commandId, operation: 'card.personalised', actor, input: { runId } }, (tx) => {
        const step = { step: 'report' as const, code: '', atMs: clock.nowMs(), commandId };
        writeStep(tx, runId, { ...step, outcome: 'begun' });
        writeStep(tx, runId, { ...step, outcome: 'done' });
        updateRun(tx, runId, { state: 'made', endedAtMs: clock.nowMs() });
        const payload = { applicationId, cardSerial, envelopeNumber, verifiedAtMs: atMs };
        return succeed({
          value: null,
          audit: { act: 'card.personalised', applicationId, detail: { serial: cardSerial, envelope: envelopeNumber } },
          outbox: [commandOf(applicationId, findCardRequest(tx, applicationId)?.rev ?? null, 'card.personalised', payload)],
          events: [{ type: 'production.changed' as const }],
        });
      });
    },
    spoil(actor, { commandId, runId, reason, note }) {
      return acts.perform<null>({ commandId, operation: 'card.spoil', actor, input: { runId, reason, note } }, (tx) => {
        const run = findRun(tx, runId);
        if (run === undefined) return fail('NOT_FOUND');
        if (run.state === 'spoilt' || run.state === 'abandoned') return fail('CARD_ALREADY_USED', { serial: run.cardSerial });
        if (run.packageNumber !== '') return fail('CARD_IN_PACKAGE', { number: run.packageNumber });
        // Whether the card is the request's at all is not known yet: only the registry's answer decides.
        const isClaimed = listSteps(tx, runId).some(({ step, outcome }) => step === 'claim' && outcome === 'done');
        if (!isClaimed) return fail('OUTCOME_UNKNOWN', {}, true);
        const { applicationId, cardSerial } = run;
        updateRun(tx, runId, { state: 'spoilt', endedAtMs: clock.nowMs(), spoilReason: reason });
        const envelopes = spoilEnvelopes(tx, runId, reason);
        setBlank(tx, cardSerial, { state: 'used', reason, note });
        return succeed({
          value: null,
          audit: { act: 'card.spoil', applicationId, detail: { serial: cardSerial, reason, envelopes } },
          outbox: [
            commandOf(applicationId, findCardRequest(tx, applicationId)?.rev ?? null, 'card.spoil', {
              applicationId,
              cardSerial,
              reason,
              note,
            }),
          ],
          events: [{ type: 'production.changed' as const }],
        });
      });
    },
  };
}

/** A command about the card of an application: of the centre, which holds no lease on the case. */
export function commandOf(applicationId: string, baseRev: number | null, kind: string, payload: unknown): CommandDraft {
  const draft = { kind, payload, aggregate: { type: 'application', key: applicationId }, baseRev, leaseToken: 0 };
  return draft as unknown as CommandDraft;
}

/** Writes the registry's answer into the journal, in the transaction that stores its receipt: no crash can part the two. */
export function noteAnswer(
  tx: Tx,
  command: { readonly commandId: string; readonly kind: string; readonly aggregateKey: string },
  { result }: CommandResult,
  atMs: number,
): boolean {
  if (result.outcome === 'deferred' || result.outcome === 'blocked') return false;
  if ('rev' in result && typeof result.rev === 'number') noteRequestRev(tx, command.aggregateKey, result.rev);
  const asked = findRunOfCommand(tx, command.commandId);
  if (asked === undefined || (asked.step !== 'claim' && asked.step !== 'issue')) return false;
  const run = findRun(tx, asked.runId);
  const last = listSteps(tx, asked.runId).findLast(({ commandId }) => commandId === command.commandId);
  if (run === undefined || last?.outcome !== 'begun') return false;
  const write = (step: JournalStep, outcome: 'done' | 'failed', code: string): void => {
    writeStep(tx, run.runId, { step, outcome, code, atMs, commandId: command.commandId });
  };
  if (result.outcome !== 'applied') {
    write(asked.step, 'failed', codeOf(result));
    // The card was not given away: it stays a blank one.
    if (asked.step === 'claim') {
      updateRun(tx, run.runId, { state: 'abandoned', endedAtMs: atMs });
      setBlank(tx, run.cardSerial, { state: 'free', reason: '', note: '' });
    }
    return true;
  }
  if (asked.step === 'issue') {
    const certificates = result.certificates ?? [];
    const auth = certificates.find(({ kind }) => kind === 'AUT');
    const sign = certificates.find(({ kind }) => kind !== 'AUT');
    if (auth === undefined || sign === undefined) {
      write('issue', 'failed', 'REGISTRY_ANSWER_INVALID');
      return true;
    }
    updateRun(tx, run.runId, {
      authCertificate: Buffer.from(auth.der, 'base64'),
      signCertificate: Buffer.from(sign.der, 'base64'),
    });
  }
  write(asked.step, 'done', '');
  return true;
}

function codeOf(result: CommandOutcome): string {
  return 'code' in result ? result.code.slice(0, 60) : 'CONFLICT';
}
