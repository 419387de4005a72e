import { deskCommandsSchema } from '../../shared/registry-api/desk-commands.ts';
import { appendAudit } from '../audit/chain.ts';
import { classifyReply, isSuccess, unreadable, type Verdict } from './classify.ts';
import { jsonLimitBytes, parseJson, requestTimeoutMs, type Exchange } from './exchange.ts';
import {
  findPlaceProof,
  firstOpenPlace,
  listSettledIntents,
  listSettledPlaces,
  reopenForHealing,
  savePlaceProof,
  seqOfPlace,
  type SettledCommand,
} from './heal-store.ts';

export interface Reconciliation {
  /** Commands that the registry had answered and does not know any more; they are queued again. */
  readonly reopened: number;
  /** Every place up to this one, held ones apart, stands at the registry. */
  readonly provenSeq: number;
}

export interface PlaceProver {
  /**
   * Compares the places of this desk with the registry's own list. `all` begins anew, with the acts that have no place (a registry that came back
   * from an older copy); `new` looks only at what was answered since the last proof. Answers the reason when the registry could not be asked.
   */
  run(extent: 'all' | 'new'): Promise<Reconciliation | Verdict>;
}

const pageSize = 500;
const chunk = 100;

/** The proof that nothing of this desk is missing at the registry, and the cure when something is. Source: ADR-0004; F-26, I-19 */
export function createPlaceProof(exchange: Exchange): PlaceProver {
  const { db, clock } = exchange;
  const giveWay = (): Promise<void> => new Promise((resolve) => void clock.schedule(0, resolve));

  const listKnown = async (epoch: number, afterSeq: number): Promise<Set<string> | Verdict> => {
    const known = new Set<string>();
    let from = `after_seq=${afterSeq}`;
    for (;;) {
      const path = `/v1/desks/${encodeURIComponent(exchange.identity.deskId)}/commands?epoch=${epoch}&${from}&limit=${pageSize}`;
      const reply = await exchange.send({ method: 'GET', path, timeoutMs: requestTimeoutMs, maxAnswerBytes: jsonLimitBytes });
      if (!isSuccess(reply)) return classifyReply(reply, exchange.trustedNowMs());
      const page = deskCommandsSchema.safeParse(parseJson(reply.body));
      if (!page.success) return unreadable;
      for (const command of page.data.commands) known.add(command.command_id);
      const last = page.data.commands.at(-1);
      if (!page.data.has_more || last === undefined) return known;
      from = `after_seq=${last.desk_seq}&after_id=${last.command_id}`;
    }
  };

  const listMissing = async (
    known: ReadonlySet<string>,
    epoch: number,
    afterPlace: number,
  ): Promise<{ missing: SettledCommand[]; lastPlace: number }> => {
    const missing: SettledCommand[] = [];
    let lastPlace = afterPlace;
    let afterSeq = seqOfPlace(db, epoch, afterPlace);
    for (;;) {
      const rows = listSettledPlaces(db, epoch, afterSeq, pageSize);
      missing.push(...rows.filter(({ commandId }) => !known.has(commandId)));
      afterSeq = rows.at(-1)?.seq ?? afterSeq;
      lastPlace = rows.at(-1)?.place ?? lastPlace;
      if (rows.length < pageSize) return { missing, lastPlace };
      await giveWay();
    }
  };
  const listMissingIntents = async (known: ReadonlySet<string>): Promise<SettledCommand[]> => {
    const missing: SettledCommand[] = [];
    let after = 0;
    for (;;) {
      const rows = listSettledIntents(db, after, pageSize);
      missing.push(...rows.filter(({ commandId }) => !known.has(commandId)));
      after = rows.at(-1)?.seq ?? after;
      if (rows.length < pageSize) return missing;
      await giveWay();
    }
  };

  const reopen = async (missing: readonly SettledCommand[]): Promise<void> => {
    for (let at = 0; at < missing.length; at += chunk) {
      const some = missing.slice(at, at + chunk);
      db.transact((tx) => {
        for (const command of some) reopenForHealing(tx, command, clock.nowMs());
        appendAudit(
          tx,
          { deskId: exchange.identity.deskId, deskEpoch: exchange.deskEpoch() },
          {
            atMs: clock.nowMs(),
            monoMs: Math.round(clock.monotonicMs()),
            bootId: exchange.bootId,
            act: 'sync.healing',
            operatorId: '',
            operatorLogin: '',
            role: '',
            authMethod: '',
            sessionId: '',
            applicationId: '',
            commandId: '',
            detail: { commands: some.length, first: some[0]?.commandId ?? '' },
          },
        );
      });
      await giveWay();
    }
    if (missing.length > 0) exchange.log.warn('sync.healing', { commands: missing.length });
  };

  return {
    run: async (extent) => {
      const epoch = exchange.deskEpoch();
      const known = await exchange.getInfo();
      if (!('info' in known)) return known;
      const before = findPlaceProof(db, epoch);
      const isNew = extent === 'new' && before?.registryEpoch === known.info.registry_epoch;
      const afterPlace = isNew ? before.provenSeq : 0;
      const listed = await listKnown(epoch, isNew ? afterPlace : -1);
      if (!(listed instanceof Set)) return listed;
      const { missing, lastPlace } = await listMissing(listed, epoch, afterPlace);
      if (!isNew) missing.push(...(await listMissingIntents(listed)));
      await reopen(missing);
      // A place that is still open here is looked for when it was answered; the proof ends before it.
      const beforeOpen = (firstOpenPlace(db, epoch) ?? Infinity) - 1;
      const provenSeq = missing.length === 0 ? Math.max(afterPlace, Math.min(lastPlace, beforeOpen)) : afterPlace;
      db.transact((tx) => {
        savePlaceProof(tx, epoch, {
          registryEpoch: known.info.registry_epoch,
          provenSeq,
          checkedAtMs: clock.nowMs(),
          missing: missing.length,
        });
      });
      return { reopened: missing.length, provenSeq };
    },
  };
}
