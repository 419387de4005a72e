import type { PaperView } from '../../../shared/contract/paper.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CommandPayload } from '../../../shared/registry-api/envelope.ts';
import { decidePackageTransition, emptyPackageFacts } from '../../../shared/rules/package-states.ts';
import type { CommandDraft } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import type { Reader } from '../../storage/database.ts';
import {
  countPackagesNamed,
  emptyPackageBody,
  findPackage,
  insertCarriageAct,
  savePackage,
  type StoredPackage,
} from '../../storage/repositories/package-repository.ts';
import { findPinRequest, type StoredPinRequest } from '../../storage/repositories/pin-request-repository.ts';
import { centreOfficeId, isPrinted, type PinContext } from './context.ts';
import { commandFor, failStop, moveTo, writeAct } from './perform.ts';

export type PinPurpose = 'pin_documents' | 'pin_envelopes';
const formOf = { pin_documents: 'F-28', pin_envelopes: 'F-29' } as const;

/**
 * Papers and cards of scanned requests to the centre, or cards with their new envelopes back to one office: one package with its own number.
 * Source: PIN-10, PIN-11, COU-04
 */
export function preparePackage(
  context: PinContext,
  call: Call,
  input: { readonly commandId: string; readonly purpose: PinPurpose; readonly requestIds: readonly string[] },
): Result<{ packageNumber: string }, Failure> {
  const { desk } = context;
  const { actor, permissions } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  if (!permissions.has(input.purpose === 'pin_documents' ? 'pin.reissue' : 'card.dispatch')) return fail('FORBIDDEN');
  const ask = { commandId: input.commandId, operation: 'pinRequest.preparePackage', actor, input };
  return desk.acts.perform<{ packageNumber: string }>(ask, (tx) => {
    const requests: StoredPinRequest[] = [];
    for (const requestId of new Set(input.requestIds)) {
      const stored = findPinRequest(tx, requestId);
      if (stored === undefined) return fail('NOT_FOUND');
      if (stored.state !== (input.purpose === 'pin_documents' ? 'SCANNED' : 'READY_AT_CENTRE')) return failStop('STATE', stored.state);
      if ((input.purpose === 'pin_documents' ? stored.packageNumber : stored.backPackageNumber) !== '')
        return failStop('STATE', stored.state);
      requests.push(stored);
    }
    const [first] = requests;
    const toOfficeId = input.purpose === 'pin_documents' ? centreOfficeId(context) : (first?.officeId ?? '');
    // One package has one address.
    if (toOfficeId === '' || (input.purpose === 'pin_envelopes' && requests.some(({ officeId }) => officeId !== toOfficeId)))
      return failStop('NOT_YOUR_PACKAGE', '');
    const packageNumber = nextNumber(context, tx);
    const items = requests.map(({ requestId, cardSerial, envelopeNumber }) => ({
      id: requestId,
      cardSerial,
      envelopeNumber: input.purpose === 'pin_envelopes' ? envelopeNumber : '',
    }));
    const nowMs = desk.clock.nowMs();
    const stored: StoredPackage = {
      ...emptyPackageBody,
      packageNumber,
      state: 'PREPARED',
      purpose: input.purpose,
      rev: null,
      sync: 'queued',
      updatedAtMs: nowMs,
      fromOfficeId: desk.identity.officeId,
      fromOfficeName: desk.identity.officeName,
      toOfficeId,
      toOfficeName: nameOfOffice(context, toOfficeId, first),
      preparedAtMs: nowMs,
      items,
    };
    savePackage(tx, stored);
    noteAct(context, call, tx, packageNumber, input.commandId, 'package.prepare');
    for (const request of requests)
      writeAct(desk, tx, actor, desk.random.uuid(), {
        request: input.purpose === 'pin_documents' ? { ...request, packageNumber } : { ...request, backPackageNumber: packageNumber },
        act: 'package.prepare',
      });
    return succeed({
      value: { packageNumber },
      audit: { act: 'package.prepare', detail: { package: packageNumber, purpose: input.purpose, items: items.length } },
      outbox: [packageCommand(stored, 'package.prepare', { packageNumber, toOfficeId, purpose: input.purpose, items })],
      events: [
        { type: 'package.changed' as const, packageNumber },
        ...requests.map(({ requestId }) => ({ type: 'pin_request.changed' as const, requestId })),
      ],
    });
  });
}

/** `P-BAK1-01-2026-0001`: the desk's own, so that two desks never give the same. */
function nextNumber({ desk }: PinContext, db: Reader): string {
  const { officeCode, deskCode } = desk.identity;
  const prefix = `P-${officeCode}-${deskCode}-${civilDateAt(desk.clock.nowMs()).slice(0, 4)}-`;
  return `${prefix}${String(countPackagesNamed(db, prefix) + 1).padStart(4, '0')}`;
}

function nameOfOffice({ desk }: PinContext, officeId: string, request: StoredPinRequest | undefined): string {
  if (request?.officeId === officeId && request.officeName !== '') return request.officeName;
  if (officeId === desk.identity.officeId) return desk.identity.officeName;
  return desk.registry.info()?.offices?.find((office) => office.officeId === officeId)?.name ?? officeId;
}

function noteAct(
  { desk }: PinContext,
  call: Call,
  tx: Parameters<typeof insertCarriageAct>[0],
  packageNumber: string,
  commandId: string,
  act: string,
): void {
  insertCarriageAct(tx, {
    aggregate: `package:${packageNumber}`,
    commandId,
    act,
    atMs: desk.clock.nowMs(),
    registryAtMs: null,
    operatorLogin: call.actor?.login ?? '',
    operatorName: call.actor?.fullName ?? '',
    deskId: desk.identity.deskId,
    sync: 'queued',
    note: null,
  });
}

function packageCommand<K extends 'package.prepare' | 'package.dispatch'>(
  stored: StoredPackage,
  kind: K,
  payload: CommandPayload<K>,
): CommandDraft {
  const aggregate = { type: 'package', key: stored.packageNumber } as const;
  // Kind and payload belong together by the signature; the union cannot see it through a type parameter.
  return { kind, payload, aggregate, baseRev: stored.rev, leaseToken: 0 } as unknown as CommandDraft;
}

/** F-28 to the centre, F-29 back. Source: PIN-10, PIN-11, COU-04 */
export async function prepareRegister(
  context: PinContext,
  call: Call,
  input: { readonly commandId: string; readonly packageNumber: string },
): Promise<Result<PaperView[], Failure>> {
  const { actor, permissions } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const known = findPackage(context.desk.db, input.packageNumber);
  if (known === undefined) return fail('PACKAGE_NOT_FOUND');
  if (known.purpose !== 'pin_documents' && known.purpose !== 'pin_envelopes')
    return fail('PAPER_NOT_POSSIBLE', { reason: 'PACKAGE_STATE' });
  if (!permissions.has(known.purpose === 'pin_documents' ? 'pin.reissue' : 'card.dispatch')) return fail('FORBIDDEN');
  const form = formOf[known.purpose];
  return context.papers.prepareOwn({
    commandId: input.commandId,
    operation: 'pinRequest.prepareRegister',
    actor,
    form,
    subject: input.packageNumber,
    plan(db) {
      const stored = findPackage(db, input.packageNumber);
      if (stored === undefined) return fail('PACKAGE_NOT_FOUND');
      if (stored.state !== 'PREPARED') return fail('PAPER_NOT_POSSIBLE', { reason: 'PACKAGE_STATE' });
      const rows = stored.items.map(({ id, cardSerial, envelopeNumber }) => {
        const request = findPinRequest(db, id);
        return form === 'F-28'
          ? { cardSerial, envelopeNumber: request?.paperNumber ?? '', note: '' }
          : { cardSerial, envelopeNumber, note: request?.isPukSpent === true ? 'puk_spent' : '' };
      });
      const { packageNumber, fromOfficeName, toOfficeName, courierName, courierFin, dispatchedAtMs } = stored;
      const content = {
        form,
        packageNumber,
        fromName: fromOfficeName,
        toName: toOfficeName,
        courierName,
        courierFin,
        dispatchedAtMs,
        giver: actor.fullName,
        receiver: '',
        rows,
      };
      return succeed({ content, copies: 2 });
    },
  });
}

export interface DispatchInput {
  readonly commandId: string;
  readonly packageNumber: string;
  readonly isAddressChecked: boolean;
  readonly courierName: string;
  readonly courierFin: string;
}

/** The address read, the register signed, the courier named: package and requests leave in one act. Source: PIN-10, PIN-11, PKG-02, COU-01 */
export function dispatchPackage(context: PinContext, call: Call, input: DispatchInput): Result<{ packageNumber: string }, Failure> {
  const { desk } = context;
  const { actor, permissions } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const courierFin = input.courierFin.replaceAll(/\s/gu, '').toUpperCase();
  const courierName = input.courierName.trim().normalize('NFC');
  const ask = { commandId: input.commandId, operation: 'pinRequest.dispatch', actor, input };
  return desk.acts.perform<{ packageNumber: string }>(ask, (tx) => {
    const stored = findPackage(tx, input.packageNumber);
    if (stored === undefined) return fail('PACKAGE_NOT_FOUND');
    if (stored.purpose !== 'pin_documents' && stored.purpose !== 'pin_envelopes') return failStop('STATE', stored.state);
    const register = context.papers.listOwn(tx, formOf[stored.purpose], stored.packageNumber);
    const decided = decidePackageTransition(stored.state, 'WITH_COURIER', {
      ...emptyPackageFacts,
      permissions: [...permissions],
      side: stored.fromOfficeId === desk.identity.officeId ? 'from' : 'none',
      isAddressChecked: input.isAddressChecked,
      hasRegister: isPrinted(register),
      hasCourier: courierName !== '' && /^[0-9A-Z]{5,7}$/u.test(courierFin),
    });
    if (!decided.ok) return failStop(decided.error === 'STATE' ? 'PACKAGE_STATE' : decided.error, stored.state);
    const registerNumber = register[0]?.number ?? '';
    const { packageNumber } = stored;
    const sent: CommandDraft[] = [];
    if (stored.purpose === 'pin_documents')
      for (const { id } of stored.items) {
        const request = findPinRequest(tx, id);
        if (request === undefined) return fail('NOT_FOUND');
        const reached = moveTo(request.state, 'SENT_TO_CENTRE', { ...factsOfSending, permissions: [...permissions] });
        if (!reached.ok) return reached;
        const commandId = desk.random.uuid();
        const command = { ...commandFor(request, 'pin.send', { requestId: id, registerNumber, packageNumber }), commandId };
        sent.push(command);
        writeAct(desk, tx, actor, commandId, {
          request: { ...request, state: reached.value, registerNumber, packageNumber, sentAtMs: desk.clock.nowMs() },
          act: 'pin.send',
          outbox: [command],
        });
      }
    noteAct(context, call, tx, packageNumber, input.commandId, 'package.dispatch');
    savePackage(tx, {
      ...stored,
      state: 'WITH_COURIER',
      courierName,
      courierFin,
      registerNumber,
      dispatchedAtMs: desk.clock.nowMs(),
      sync: 'queued',
      updatedAtMs: desk.clock.nowMs(),
    });
    return succeed({
      value: { packageNumber },
      audit: { act: 'package.dispatch', detail: { package: packageNumber, register: registerNumber, items: stored.items.length } },
      outbox: [packageCommand(stored, 'package.dispatch', { packageNumber, courierName, courierFin, registerNumber }), ...sent],
      events: [
        { type: 'package.changed' as const, packageNumber },
        ...stored.items.map(({ id }) => ({ type: 'pin_request.changed' as const, requestId: id })),
      ],
    });
  });
}

const factsOfSending = {
  isHolderIdentified: true,
  isCardFound: true,
  isCardOfHolder: true,
  hasReason: false,
  isContractSigned: true,
  isContractScanned: true,
  hasRegister: true,
  areCodesReady: false,
  isEnvelopeHere: false,
  hasArchiveList: false,
};
