import { createPersonaliser } from '../../src/core/cards/index.ts';
import { createCardHostClient } from '../../src/core/cards/card-host-client.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import type { Desk } from '../../src/core/desk.ts';
import { createProductionProjection } from '../../src/core/features/production/projection.ts';
import { findCardRequest, saveCardRequest } from '../../src/core/storage/repositories/card-request-repository.ts';
import { insertBlank } from '../../src/core/storage/repositories/card-stock-repository.ts';
import { findRunOfRequest, listEnvelopes } from '../../src/core/storage/repositories/production-repository.ts';
import type { Channel } from '../../src/shared/platform/ports.ts';
import type { CommandOutcome } from '../../src/shared/registry-api/envelope.ts';
import { personaliser as tural, requestOf, serialOf } from '../support/cards/personalisation-desk.ts';
import { createTestClock } from '../support/test-clock.ts';
import { createTestDesk, type TestDesk } from '../support/test-desk.ts';

/**
 * The core of a personalisation desk in a process of its own: card, card host and registry live in the process that started it and outlive it. It kills
 * itself before or after its nth writing to the database, or goes on with what an earlier life left and ends with 0.
 */
interface Life {
  readonly folder: string;
  readonly keyHex: string;
  readonly chipSerial: string;
  readonly readerName: string;
  /** 0: never. Odd: before a writing; even: after it. */
  readonly dieAt: number;
}
type FromParent =
  | { readonly kind: 'card'; readonly message: unknown }
  | { readonly kind: 'life'; readonly life: Life }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: CommandOutcome };

const answers = new Map<number, (outcome: CommandOutcome) => void>();
let hearCard: (message: unknown) => void = () => undefined;
process.on('message', (message: FromParent) => {
  if (message.kind === 'card') hearCard(message.message);
  if (message.kind === 'answer') answers.get(message.id)?.(message.outcome);
  if (message.kind === 'life') void live(message.life).then((outcome) => process.send?.({ kind: 'end', outcome }, () => process.exit(0)));
});

async function live(life: Life): Promise<object> {
  const channel: Channel = {
    send: (message) => void process.send?.({ kind: 'card', message }),
    onMessage: (listener) => {
      hearCard = listener;
    },
    onClose: () => undefined,
    close: () => undefined,
  };
  let lastId = 0;
  const clock = createTestClock();
  const desk = await createTestDesk({
    restartOf: { folder: life.folder, databaseKeyHex: life.keyHex, clock } as TestDesk,
    projections: [createProductionProjection({ clock })],
    answerCommand: (envelope) =>
      new Promise((resolve) => {
        lastId += 1;
        answers.set(lastId, resolve);
        process.send?.({ kind: 'ask', id: lastId, envelope });
      }),
  });
  const request = requestOf(1);
  if (findCardRequest(desk.db, request.applicationId) === undefined) {
    desk.db.transact((tx) => {
      saveCardRequest(tx, 3, request);
      insertBlank(tx, { serial: serialOf(1), deliveryId: 'D-1', place: 1, note: '', atMs: 0 });
    });
  }
  const maker = createPersonaliser(
    mortal(desk, life.dieAt),
    createCardHostClient(() => Promise.resolve(channel), systemClock),
  );
  const wanted = {
    applicationId: request.applicationId,
    cardSerial: serialOf(1),
    chipSerial: life.chipSerial,
    readerName: life.readerName,
    algorithm: 'p-256' as const,
  };
  let turns = 0;
  for (; turns < 10; turns += 1) {
    const run = findRunOfRequest(desk.db, request.applicationId);
    if (run === undefined) {
      await maker.start(tural, wanted);
      continue;
    }
    if (run.state === 'made') break;
    const seen = await maker.inspect(run.runId);
    if (!seen.ok) throw new Error(seen.failure.code);
    const { action } = seen.value.decision;
    if (action === 'scrap') return { state: 'scrapped', turns };
    await maker.resume(tural, run.runId, action === 'wipe' ? 'wipe' : 'continue');
  }
  const run = findRunOfRequest(desk.db, request.applicationId);
  const reports = desk.db.all("SELECT 1 FROM outbox WHERE kind = 'card.personalised'").length;
  const envelopes = run === undefined ? [] : listEnvelopes(desk.db, run.runId);
  return { state: run?.state ?? 'none', turns, reports, envelopeNumber: run?.envelopeNumber, envelopes };
}

/** The desk whose process ends at its nth writing. */
function mortal(desk: Desk, dieAt: number): Desk {
  let moment = 0;
  const mayDie = (): void => {
    moment += 1;
    if (moment === dieAt) process.kill(process.pid, 'SIGKILL');
  };
  const around = <T>(work: () => T): T => {
    mayDie();
    const done = work();
    mayDie();
    return done;
  };
  return {
    ...desk,
    db: new Proxy(desk.db, {
      get: (target, name) => {
        if (name === 'transact') return (work: Parameters<typeof target.transact>[0]) => around(() => target.transact(work));
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    }),
    acts: {
      ...desk.acts,
      perform: (act, decide) => around(() => desk.acts.perform(act, decide)),
    },
  };
}
