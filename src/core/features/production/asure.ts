import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import { faceOf } from './face.ts';
import type { AsurePort } from './ports.ts';

const dayMs = 24 * 60 * 60 * 1000;
const sweepEveryMs = 60 * 60 * 1000;

/** Hands faces over to Asure ID and sees that nothing stays behind. Source: PRS-04, PRS-05, PRS-08 */
export function createAsureHandOver(desk: Desk, asure: AsurePort | null) {
  const { clock } = desk;
  let cancelSweep: () => void = () => undefined;
  const sweep = (): void => {
    if (asure === null) return;
    void asure.table.sweep(clock.nowMs() - dayMs).then((swept) => {
      if (!swept.ok) desk.log.warn('asure.not_swept', { code: swept.failure.code });
    });
    cancelSweep = clock.schedule(sweepEveryMs, sweep);
  };
  sweep();
  return {
    async status() {
      if (asure === null) return succeed({ isConfigured: false, hasProgram: false, serials: [], oldestAtMs: null });
      const swept = await asure.table.sweep(clock.nowMs() - dayMs);
      return swept.ok ? succeed({ isConfigured: true, hasProgram: asure.startProgram !== null, ...swept.value }) : swept;
    },
    async handOver(
      actor: Actor,
      input: { readonly commandId: string; readonly runIds: readonly string[] },
    ): Promise<Result<{ rows: number }, Failure>> {
      if (asure === null) return fail('ASURE_NOT_CONFIGURED');
      const rows = [];
      for (const runId of new Set(input.runIds)) {
        const face = await faceOf(desk, runId);
        if (!face.ok) return face;
        const { model, photo } = face.value;
        rows.push({
          cardSerial: model.cardSerial,
          surname: model.surname,
          givenName: model.givenName,
          fatherName: model.fatherName,
          fin: model.fin,
          certificate: model.signingKind,
          issuedOn: model.issuedOn,
          validUntilOn: model.validUntilOn,
          photo:
            photo === null
              ? null
              : { bytes: photo.bytes, extension: photo.mediaType === 'image/png' ? ('png' as const) : ('jpg' as const) },
        });
      }
      // Who laid whose data in clear is written before it is done.
      desk.acts.record(actor, () => ({ value: null, audit: { act: 'production.asure', detail: { cards: rows.length } } }));
      const added = await asure.table.add(rows, clock.nowMs());
      if (!added.ok) return added;
      asure.startProgram?.();
      return succeed({ rows: added.value });
    },
    async done(actor: Actor, serials: readonly string[]): Promise<Result<{ rows: number }, Failure>> {
      if (asure === null) return fail('ASURE_NOT_CONFIGURED');
      const removed = await asure.table.remove(serials);
      if (!removed.ok) return removed;
      desk.acts.record(actor, () => ({ value: null, audit: { act: 'production.asure_done', detail: { cards: removed.value } } }));
      return succeed({ rows: removed.value });
    },
    stop: () => {
      cancelSweep();
    },
  };
}
