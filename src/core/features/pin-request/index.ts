import { fail, succeed } from '../../../shared/platform/result.ts';
import type { DeskEvent } from '../../../shared/contract/system.ts';
import type { Actor, CommandDraft } from '../../act/act.ts';
import type { Projection } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { Tx } from '../../storage/database.ts';
import { findPinRequest, listPinRequests } from '../../storage/repositories/pin-request-repository.ts';
import { dispatchPackage, preparePackage, prepareRegister } from './carriage.ts';
import { findCard } from './card.ts';
import { archive, handOver, refuse } from './closing.ts';
import { centreOfficeId, type PinContext } from './context.ts';
import { confirmScanned, confirmSigned, prepareContract } from './contract.ts';
import { begin, checkHolder, findPerson } from './identity.ts';
import { commandFor, writeAct } from './perform.ts';
import { createPinRequestProjection } from './projection.ts';
import { renew } from './renew.ts';
import { rowOf, viewOf } from './view.ts';

export type { PinPapers, PinScans } from './context.ts';

export interface PinRequestFeature {
  readonly handlers: Handlers<'pinRequest'>;
  readonly projection: Projection;
  /** A package with new envelopes was confirmed: this request's envelope is at the office. Source: PIN-12 */
  readonly arrive: (
    tx: Tx,
    item: { readonly id: string },
    packageNumber: string,
    actor: Actor | null,
  ) => { readonly drafts: readonly CommandDraft[]; readonly events: readonly DeskEvent[] };
}

/** New codes for an Asan ID. Source: PIN-01..PIN-13 */
export function createPinRequestFeature(parts: Omit<PinContext, 'running'>): PinRequestFeature {
  const context: PinContext = { ...parts, running: new Set() };
  const { desk } = context;
  const handlers: Handlers<'pinRequest'> = {
    list: ({ limit }) =>
      succeed({
        rows: listPinRequests(desk.db, limit).map((stored) => rowOf(context, desk.db, stored)),
        isCentre: centreOfficeId(context) === desk.identity.officeId,
      }),
    async readers() {
      const answer = await context.cards.ask({ kind: 'status' });
      return succeed(answer.ok ? answer.value.status.readers.map(({ name }) => name) : []);
    },
    get: ({ requestId }, call) => {
      const stored = findPinRequest(desk.db, requestId);
      return stored === undefined ? fail('NOT_FOUND') : succeed(viewOf(context, desk.db, stored, call.permissions));
    },
    begin: (input, call) => begin(context, call, input),
    findPerson: (input, call) => findPerson(context, call, input),
    findCard: (input, call) => findCard(context, call, input),
    prepareContract: (input, call) => prepareContract(context, call, input),
    confirmSigned: (input, call) => confirmSigned(context, call, input),
    confirmScanned: (input, call) => confirmScanned(context, call, input),
    preparePackage: (input, call) => preparePackage(context, call, input),
    prepareRegister: (input, call) => prepareRegister(context, call, input),
    dispatch: (input, call) => dispatchPackage(context, call, input),
    renew: (input, call) => renew(context, call, input),
    checkHolder: (input, call) => checkHolder(context, call, input),
    handOver: (input, call) => handOver(context, call, input),
    archive: (input, call) => archive(context, call, input),
    refuse: (input, call) => refuse(context, call, input),
  };
  return {
    handlers,
    projection: createPinRequestProjection(desk),
    arrive(tx, { id }, packageNumber, actor) {
      const request = findPinRequest(tx, id);
      if (request === undefined || actor === null) return { drafts: [], events: [] };
      const commandId = desk.random.uuid();
      const command = { ...commandFor(request, 'pin.back', { requestId: id, packageNumber }), commandId };
      const written = writeAct(desk, tx, actor, commandId, {
        request: { ...request, state: 'BACK_AT_OFFICE', backPackageNumber: packageNumber },
        act: 'pin.back',
        outbox: [command],
      });
      return { drafts: [command], events: written.events };
    },
  };
}
