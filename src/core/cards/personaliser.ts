import type { CardSight, KeyAlgorithm } from '../../shared/card-host/host-protocol.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import {
  decideNextStep,
  decideRecovery,
  isTransient,
  listRecoveryChoices,
  type JournalStep,
  type RecoveryDecision,
} from '../../shared/rules/personalisation-journal.ts';
import type { Actor } from '../act/act.ts';
import type { Desk } from '../desk.ts';
import { findCardRequest } from '../storage/repositories/card-request-repository.ts';
import {
  findRun,
  listEnvelopes,
  listSteps,
  markEnvelopePrinted,
  spoilEnvelopes,
  takeEnvelope,
  updateRun,
  writeStep,
  type StoredRun,
} from '../storage/repositories/production-repository.ts';
import { sightFor } from './card-sight.ts';
import { isForKey, isRequestForKey } from './certificate-check.ts';
import type { CardHost } from './ports.ts';
import type { Personaliser, RunSight } from './production-ports.ts';
import { createRegistrySteps } from './registry-steps.ts';

type PersonaliserDesk = Pick<Desk, 'acts' | 'db' | 'clock' | 'random' | 'sync' | 'publish'>;

/** A step that the journal's rule asked for once more was not the last word; more of them in one go is a loop. */
const maxStepsInOneGo = 40;

/**
 * Drives one card from its claim to its report. Before each step the journal has it, after each its outcome; whatever breaks off in between, the
 * journal and the card say together what is safe. Source: ADR-0027; PRS-03; cards.md §3.4
 */
export function createPersonaliser(desk: PersonaliserDesk, host: CardHost): Personaliser {
  const { db, clock } = desk;
  const steps = createRegistrySteps(desk);
  const running = new Set<string>();

  const begin = (runId: string, step: JournalStep): void => {
    db.transact((tx) => {
      writeStep(tx, runId, { step, outcome: 'begun', code: '', atMs: clock.nowMs() });
    });
    desk.publish({ type: 'production.changed' });
  };
  const end = (runId: string, step: JournalStep, failure: Failure | null): void => {
    db.transact((tx) => {
      writeStep(tx, runId, { step, outcome: failure === null ? 'done' : 'failed', code: failure?.code ?? '', atMs: clock.nowMs() });
    });
  };

  async function look(run: StoredRun): Promise<CardSight | null> {
    const seen = await host.ask({ kind: 'read_card', readerName: run.readerName });
    return seen.ok ? seen.value.sight : null;
  }

  /** One step on the card; the answer is in the tables when this returns. */
  async function doStep(actor: Actor, run: StoredRun, step: JournalStep): Promise<Result<null, Failure>> {
    const common = { readerName: run.readerName, chipSerialHex: run.chipSerial, cardSerial: run.cardSerial };
    const { algorithm } = run;
    switch (step) {
      case 'claim':
      case 'issue':
        return settleStep(run, step);
      case 'report': {
        const verifiedAtMs = listSteps(db, run.runId).findLast((one) => one.step === 'verify' && one.outcome === 'done')?.atMs;
        return steps.report(actor, run, verifiedAtMs ?? clock.nowMs());
      }
      case 'wipe':
      case 'codes':
      case 'objects':
      case 'close': {
        begin(run.runId, step);
        // Keys and certificates of before are nobody's from here on.
        if (step === 'wipe') {
          db.transact((tx) => {
            updateRun(tx, run.runId, { authKey: null, signKey: null, authCertificate: null, signCertificate: null });
          });
        }
        const done = await (step === 'objects' ? host.ask({ kind: step, ...common, algorithm }) : host.ask({ kind: step, ...common }));
        end(run.runId, step, done.ok ? null : done.failure);
        return done.ok ? succeed(null) : done;
      }
      case 'keys': {
        begin(run.runId, step);
        const made = await host.ask({ kind: 'keys', ...common, algorithm });
        if (made.ok) {
          db.transact((tx) => {
            updateRun(tx, run.runId, { authKey: made.value.auth, signKey: made.value.sign });
          });
        }
        end(run.runId, step, made.ok ? null : made.failure);
        return made.ok ? succeed(null) : made;
      }
      case 'requests': {
        begin(run.runId, step);
        const signed = await host.ask({ kind: 'requests', ...common, algorithm });
        const isRight = signed.ok && isRequestForKey(signed.value.auth, run.authKey) && isRequestForKey(signed.value.sign, run.signKey);
        const checked = !signed.ok || isRight ? signed : fail('CARD_CHECK_FAILED');
        end(run.runId, step, checked.ok ? null : checked.failure);
        if (!checked.ok) return checked;
        const asked = steps.issue(actor, run, checked.value);
        return asked.ok ? settleStep(run, 'issue') : asked;
      }
      case 'certificates': {
        begin(run.runId, step);
        const { authCertificate: auth, signCertificate: sign } = run;
        const nowMs = clock.nowMs();
        const isRight = auth !== null && sign !== null && isForKey(auth, run.authKey, nowMs) && isForKey(sign, run.signKey, nowMs);
        const done = isRight ? await host.ask({ kind: 'certificates', ...common, auth, sign }) : fail('CERTIFICATE_OTHER_KEY');
        end(run.runId, step, done.ok ? null : done.failure);
        return done.ok ? succeed(null) : done;
      }
      case 'verify': {
        begin(run.runId, step);
        const { authCertificate: auth, signCertificate: sign } = run;
        const done = auth === null || sign === null ? fail('CARD_CHECK_FAILED') : await host.ask({ kind: 'verify', ...common, auth, sign });
        const tries = done.ok ? done.value.tries : null;
        const isFull = tries !== null && [tries.pin1, tries.pin2, tries.puk1, tries.puk2].every((left) => left >= 3);
        const checked = !done.ok || isFull ? done : fail('CARD_CHECK_FAILED');
        end(run.runId, step, checked.ok ? null : checked.failure);
        return checked.ok ? succeed(null) : checked;
      }
      case 'new_codes': {
        // What was printed before, or may have been, is nobody's any more.
        db.transact((tx) => {
          spoilEnvelopes(tx, run.runId, 'new_codes');
        });
        begin(run.runId, step);
        const done = await host.ask({ kind: 'new_codes', ...common });
        end(run.runId, step, done.ok ? null : done.failure);
        return done.ok ? succeed(null) : done;
      }
      case 'envelope':
        return printEnvelope(run, common);
    }
  }

  /** The number is taken before anything is printed under it; a number that failed is spoilt and never printed again. Source: PRS-06, PRS-07 */
  async function printEnvelope(
    run: StoredRun,
    common: { readonly readerName: string; readonly chipSerialHex: string; readonly cardSerial: string },
  ): Promise<Result<null, Failure>> {
    const { runId } = run;
    const envelopeNumber = db.transact((tx) => {
      const number = `${run.cardSerial}-${String(listEnvelopes(tx, runId).length + 1).padStart(2, '0')}`;
      takeEnvelope(tx, runId, number, clock.nowMs());
      writeStep(tx, runId, { step: 'envelope', outcome: 'begun', code: '', atMs: clock.nowMs() });
      return number;
    });
    const holderLabel = (findCardRequest(db, run.applicationId)?.holderName ?? '').slice(0, 120);
    const printed = await host.ask({ kind: 'envelope', ...common, envelopeNumber, holderLabel });
    db.transact((tx) => {
      if (printed.ok) {
        markEnvelopePrinted(tx, envelopeNumber);
        updateRun(tx, runId, { envelopeNumber });
      } else {
        spoilEnvelopes(tx, runId, printed.failure.code);
      }
      const code = printed.ok ? '' : printed.failure.code;
      writeStep(tx, runId, { step: 'envelope', outcome: printed.ok ? 'done' : 'failed', code, atMs: clock.nowMs() });
    });
    return printed.ok ? succeed(null) : printed;
  }

  /** Asks the registry again under the id that the step was begun with. */
  async function settleStep(run: StoredRun, step: 'claim' | 'issue'): Promise<Result<null, Failure>> {
    const begun = listSteps(db, run.runId).findLast((one) => one.step === step && one.commandId !== '');
    if (begun === undefined) return fail('NOT_FOUND');
    const settled = await steps.settle(begun.commandId);
    const last = listSteps(db, run.runId).findLast(({ commandId }) => commandId === begun.commandId);
    if (last?.outcome === 'done') return succeed(null);
    if (last?.outcome === 'failed') return fail('REGISTRY_REJECTED', { code: last.code });
    return settled.ok ? fail('OUTCOME_UNKNOWN', {}, true) : settled;
  }

  async function drive(actor: Actor, runId: string, first: RecoveryDecision): Promise<Result<null, Failure>> {
    let next = first;
    for (let turn = 0; turn < maxStepsInOneGo; turn += 1) {
      const run = findRun(db, runId);
      if (run === undefined) return fail('NOT_FOUND');
      if (next.action === 'finished') return succeed(null);
      if (next.action !== 'continue' && next.action !== 'wipe') return fail('CARD_NEEDS_DECISION', { action: next.action });
      const step = next.action === 'wipe' ? 'wipe' : next.step;
      const startedMs = clock.monotonicMs();
      const done = await doStep(actor, run, step);
      const workedMs = run.workedMs + Math.round(clock.monotonicMs() - startedMs);
      db.transact((tx) => {
        updateRun(tx, runId, { workedMs });
      });
      desk.publish({ type: 'production.changed' });
      const journal = listSteps(db, runId);
      next = decideNextStep(journal);
      if (done.ok) continue;
      // The host lost the codes: new ones are made without a question. Everything else waits for a person.
      const isOwnBusiness = done.failure.code === 'CODES_GONE' && !isTransient(done.failure.code);
      if (!isOwnBusiness) return done;
    }
    return fail('CARD_NEEDS_DECISION', { action: 'loop' });
  }

  async function exclusively<T>(runId: string, work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    if (running.has(runId)) return fail('CARD_BUSY', {}, true);
    running.add(runId);
    try {
      return await work();
    } finally {
      running.delete(runId);
      desk.publish({ type: 'production.changed' });
    }
  }

  async function inspect(runId: string): Promise<Result<RunSight, Failure>> {
    const run = findRun(db, runId);
    if (run === undefined) return fail('NOT_FOUND');
    const sight = sightFor(run, await look(run));
    const journal = listSteps(db, runId);
    return succeed({ sight, decision: decideRecovery(journal, sight), choices: listRecoveryChoices(journal, sight) });
  }

  return {
    async start(actor, wanted, onBegun) {
      const claimed = steps.claim(actor, wanted);
      if (!claimed.ok) return claimed;
      const { runId } = claimed.value;
      onBegun?.(runId);
      const made = await exclusively(runId, () => drive(actor, runId, { action: 'continue', step: 'claim' }));
      return made.ok ? succeed({ runId }) : made;
    },
    resume: (actor, runId, how, readerName) =>
      exclusively(runId, async () => {
        if (readerName !== undefined) {
          db.transact((tx) => {
            updateRun(tx, runId, { readerName });
          });
        }
        const seen = await inspect(runId);
        if (!seen.ok) return seen;
        const { decision, choices } = seen.value;
        if (how === 'wipe')
          return choices.mayWipe ? drive(actor, runId, { action: 'wipe' }) : fail('CARD_NEEDS_DECISION', { action: decision.action });
        if (decision.action === 'insert') return fail('CARD_ABSENT');
        return choices.mayContinue || decision.action === 'finished'
          ? drive(actor, runId, decision)
          : fail('CARD_NEEDS_DECISION', { action: decision.action });
      }),
    spoil: (actor, request) => (running.has(request.runId) ? fail('CARD_BUSY', {}, true) : steps.spoil(actor, request)),
    inspect,
    isRunning: (runId) => running.has(runId),
  };
}

/** For a card that is made anew at the centre. */
export const defaultAlgorithm: KeyAlgorithm = 'p-256';
