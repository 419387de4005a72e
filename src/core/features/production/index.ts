import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { KeyAlgorithm } from '../../../shared/card-host/host-protocol.ts';
import type { Actor } from '../../act/act.ts';
import { createBatchRunner, createPersonaliser } from '../../cards/index.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { BatchRunner, Personaliser } from '../../cards/production-ports.ts';
import type { Call, Desk, Projection } from '../../desk.ts';
import type { PaperWorker, Spooler } from '../../documents/ports.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { countBlanks, listBlanks } from '../../storage/repositories/card-stock-repository.ts';
import { countEnvelopes, findRun, updateRun } from '../../storage/repositories/production-repository.ts';
import { createAsureHandOver } from './asure.ts';
import { renderFace } from './face.ts';
import { matchCard } from './match.ts';
import type { AsurePort } from './ports.ts';
import { createProductionProjection } from './projection.ts';
import { takeIn, writeOff } from './stock.ts';
import { batchViewOf, listWork } from './work.ts';

export type { AsurePort } from './ports.ts';

export interface ProductionParts {
  readonly host: CardHost;
  readonly worker: PaperWorker;
  readonly spooler: Spooler;
  /** Null where no folder is configured. */
  readonly asure: AsurePort | null;
  /** The kind of keys that the registry's policy asks for. */
  readonly algorithm: () => KeyAlgorithm;
}

export interface ProductionFeature {
  readonly handlers: Handlers<'production'>;
  readonly projection: Projection;
  readonly personaliser: Personaliser;
  readonly batch: BatchRunner;
  stop(): void;
}

const pieceBytes = 256 * 1024;
const listedBlanks = 1_000;

/** The personalisation desk. Source: PRS-01..PRS-09 */
export function createProductionFeature(desk: Desk, parts: ProductionParts): ProductionFeature {
  const { db } = desk;
  const { host, worker } = parts;
  const personaliser = createPersonaliser(desk, host);
  const batch = createBatchRunner(desk, host, personaliser, parts.algorithm);
  const asure = createAsureHandOver(desk, parts.asure);
  const asActor = <T>(call: Call, act: (actor: Actor) => Result<T, Failure>): Result<Record<string, never>, Failure> => {
    if (call.actor === null) return fail('NOT_SIGNED_IN');
    const done = act(call.actor);
    return done.ok ? succeed({}) : done;
  };
  const handlers: Handlers<'production'> = {
    work() {
      const view = batch.view();
      return db.read((reader) =>
        succeed({
          rows: listWork(desk, personaliser, reader),
          stock: countBlanks(reader),
          envelopes: countEnvelopes(reader),
          batch: view === null ? null : batchViewOf(reader, view),
        }),
      );
    },
    async readers() {
      const answer = await host.ask({ kind: 'status' });
      if (!answer.ok) return answer;
      const { link, readers, token, mailer } = answer.value.status;
      return succeed({
        link,
        readers: readers.map(({ name, atrHex }) => ({ name, hasCard: atrHex !== null })),
        isTokenReady: token.isReady,
        isMailerReady: mailer.isReady,
      });
    },
    startBatch: (input, call) => asActor(call, (actor) => batch.start(actor, input)),
    pauseBatch: ({ commandId }, call) => asActor(call, (actor) => batch.pause(actor, commandId)),
    resumeBatch: ({ commandId }, call) => asActor(call, (actor) => batch.resume(actor, commandId)),
    stopBatch: ({ commandId }, call) => asActor(call, (actor) => batch.stop(actor, commandId)),
    chooseSerial({ serial }) {
      const chosen = batch.chooseSerial(serial);
      return chosen.ok ? succeed({}) : chosen;
    },
    async inspect({ runId }) {
      const seen = await personaliser.inspect(runId);
      if (!seen.ok) return seen;
      const { sight, decision, choices } = seen.value;
      return succeed({
        sight: sight.kind,
        action: decision.action,
        step: decision.action === 'continue' ? decision.step : null,
        ...choices,
      });
    },
    async resumeCard({ runId, how }, { actor }) {
      if (actor === null) return fail('NOT_SIGNED_IN');
      const resumed = await personaliser.resume(actor, runId, how);
      batch.nudge();
      return resumed.ok ? succeed({}) : resumed;
    },
    leaveCard({ applicationId }) {
      batch.leave(applicationId);
      return succeed({});
    },
    scrapCard: (input, call) =>
      asActor(call, (actor) => {
        const applicationId = findRun(db, input.runId)?.applicationId ?? '';
        const done = personaliser.spoil(actor, input);
        if (done.ok) batch.requeue(applicationId);
        return done;
      }),
    match: (input, { actor }) => (actor === null ? fail('NOT_SIGNED_IN') : matchCard(desk, actor, input)),
    stock: () => succeed({ counts: countBlanks(db), rows: listBlanks(db, listedBlanks) }),
    takeIn(input, { actor }) {
      if (actor === null) return fail('NOT_SIGNED_IN');
      const taken = takeIn(desk, actor, input);
      batch.nudge();
      return taken;
    },
    writeOff: (input, { actor }) => (actor === null ? fail('NOT_SIGNED_IN') : writeOff(desk, actor, input)),
    async face({ runId }) {
      const rendered = await renderFace(desk, worker, runId);
      if (!rendered.ok) return rendered;
      const { bytes } = rendered.value;
      if (bytes.byteLength > pieceBytes) return fail('SCAN_TOO_LARGE');
      return succeed({ base64: Buffer.from(bytes).toString('base64'), totalBytes: bytes.byteLength });
    },
    async printFaces(input, { actor }) {
      if (actor === null) return fail('NOT_SIGNED_IN');
      let printed = 0;
      for (const runId of new Set(input.runIds)) {
        const run = findRun(db, runId);
        const rendered = await renderFace(desk, worker, runId);
        if (!rendered.ok) return rendered;
        const job = await parts.spooler.submit(rendered.value.bytes, {
          printer: input.printer,
          jobName: `card-${run?.cardSerial ?? ''}`,
          copies: 1,
        });
        if (!job.ok) return job;
        printed += 1;
        desk.acts.record(actor, (tx) => {
          updateRun(tx, runId, { faceAtMs: desk.clock.nowMs() });
          return {
            value: null,
            audit: { act: 'card.print_face', applicationId: run?.applicationId ?? '', detail: { serial: run?.cardSerial ?? '' } },
            events: [{ type: 'production.changed' as const }],
          };
        });
      }
      return succeed({ printed });
    },
    asure: () => asure.status(),
    asureHandOver: (input, { actor }) => (actor === null ? fail('NOT_SIGNED_IN') : asure.handOver(actor, input)),
    asureDone: ({ serials }, { actor }) => (actor === null ? fail('NOT_SIGNED_IN') : asure.done(actor, serials)),
  };
  return {
    handlers,
    projection: createProductionProjection(desk),
    personaliser,
    batch,
    stop() {
      batch.close();
      asure.stop();
    },
  };
}
