import type { PackageView } from '../../../shared/contract/dispatch.ts';
import type { DeskEvent } from '../../../shared/contract/system.ts';
import { packageEntitySchema, type PackageEntity } from '../../../shared/registry-api/card-entities.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { decidePackageTransition, emptyPackageFacts, maxPackageItems } from '../../../shared/rules/package-states.ts';
import { commandOf } from '../../cards/index.ts';
import type { Call, Desk, Projection } from '../../desk.ts';
import { hasUnknownKeys } from '../../platform/unknown-keys.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { Reader, Tx } from '../../storage/database.ts';
import {
  findCardRequest,
  findPackage,
  listPackages,
  notePackageRev,
  savePackage,
  type StoredPackage,
} from '../../storage/repositories/card-request-repository.ts';
import { findRun, listRuns, listRunsOfPackage, updateRun, type StoredRun } from '../../storage/repositories/production-repository.ts';
import { listReady, newPackage, nextPackageNumber, officeNameOf, packageViewOf, spoiltOf } from './packages.ts';
import type { PackagePapers } from './ports.ts';

export type { PackagePapers } from './ports.ts';

export interface DispatchFeature {
  readonly handlers: Handlers<'dispatch'>;
  readonly projection: Projection;
}

const listedPackages = 200;
const changed: DeskEvent[] = [{ type: 'dispatch.changed' }, { type: 'production.changed' }];

/** Cards leave the centre: grouped by office, packed, given to the courier, with register and act. Source: PRS-10..PRS-16, COU-01 */
export function createDispatchFeature(desk: Desk, papers: PackagePapers): DispatchFeature {
  const { db, identity } = desk;
  const viewOf = (packageNumber: string): Result<PackageView, Failure> => {
    const stored = findPackage(db, packageNumber);
    return stored === undefined ? fail('NOT_FOUND') : succeed(packageViewOf(db, stored, papers, identity.officeId));
  };
  return {
    handlers: {
      ready: () => succeed(listReady(db)),
      packages: () =>
        succeed(
          listPackages(db, listedPackages)
            .filter(({ entity }) => entity.purpose === 'cards' && entity.fromOfficeId === identity.officeId)
            .map((stored) => packageViewOf(db, stored, papers, identity.officeId)),
        ),
      prepare(input, call) {
        const done = prepare(desk, call, input);
        return done.ok ? viewOf(done.value) : done;
      },
      nameCourier(input, call) {
        const done = nameCourier(desk, call, input);
        return done.ok ? viewOf(input.packageNumber) : done;
      },
      async preparePapers({ commandId, packageNumber }, { actor }) {
        if (actor === null) return fail('NOT_SIGNED_IN');
        for (const form of ['F-25', 'F-24'] as const) {
          const made = await papers.prepareOwn({
            commandId: form === 'F-25' ? commandId : desk.random.uuid(),
            operation: 'dispatch.preparePapers',
            actor,
            form,
            subject: packageNumber,
            plan: (reader) => planPaper(reader, packageNumber, form, identity.officeId, actor.fullName),
          });
          if (!made.ok) return made;
        }
        return viewOf(packageNumber);
      },
      send(input, call) {
        const done = send(desk, papers, call, input);
        return done.ok ? viewOf(input.packageNumber) : done;
      },
    },
    projection: {
      entities: ['package'],
      onCommandResult(tx, command, { result }) {
        if (!command.kind.startsWith('package.')) return [];
        if ('rev' in result && typeof result.rev === 'number') notePackageRev(tx, command.aggregateKey, result.rev);
        return changed;
      },
      onChange(tx, change) {
        if (change.entity !== 'package' || change.op === 'tombstone') return [];
        const parsed = packageEntitySchema.safeParse(change.body);
        if (!parsed.success) throw new Error('a package breaks its schema');
        if (hasUnknownKeys(change.body, parsed.data)) change.keepForUpgrade();
        const known = findPackage(tx, change.id);
        if (!change.isAnew && known !== undefined && known.rev !== null && known.rev > change.rev) return [];
        savePackage(tx, change.rev, followed(known, parsed.data));
        return changed;
      },
    },
  };
}

/** What was written down here and has not reached the registry yet is not undone by what it said before. */
function followed(known: StoredPackage | undefined, entity: PackageEntity): PackageEntity {
  if (known === undefined || entity.state !== 'PREPARED') return entity;
  const { courierName, courierFin, registerNumber, dispatchedAtMs, state } = known.entity;
  return { ...entity, courierName, courierFin, registerNumber, dispatchedAtMs, state };
}

function prepare(
  desk: Desk,
  { actor }: Call,
  input: { readonly commandId: string; readonly officeId: string; readonly runIds: readonly string[] },
): Result<string, Failure> {
  if (actor === null) return fail('NOT_SIGNED_IN');
  const runIds = [...new Set(input.runIds)];
  return desk.acts.perform<string>({ commandId: input.commandId, operation: 'dispatch.prepare', actor, input: { ...input } }, (tx) => {
    if (runIds.length === 0) return fail('PACKAGE_EMPTY');
    if (runIds.length > maxPackageItems) return fail('PACKAGE_TOO_LARGE', { max: maxPackageItems });
    const runs: StoredRun[] = [];
    for (const runId of runIds) {
      const run = findRun(tx, runId);
      const isOffice = run !== undefined && findCardRequest(tx, run.applicationId)?.request.officeId === input.officeId;
      if (run === undefined || !isOffice || run.state !== 'made' || run.matchedAtMs === null || run.packageNumber !== '')
        return fail('CARD_NOT_READY', { serial: run?.cardSerial ?? '' });
      runs.push(run);
    }
    const packageNumber = nextPackageNumber(desk, tx);
    const items = runs.map(({ applicationId, cardSerial, envelopeNumber }) => ({ id: applicationId, cardSerial, envelopeNumber }));
    const toOfficeName = officeNameOf(tx, input.officeId) ?? input.officeId;
    savePackage(tx, null, newPackage(desk, { packageNumber, toOfficeId: input.officeId, toOfficeName, items }));
    for (const run of [...runs, ...listUncountedSpoilt(tx, input.officeId)]) updateRun(tx, run.runId, { packageNumber });
    return succeed({
      value: packageNumber,
      audit: { act: 'package.prepare', detail: { package: packageNumber, cards: items.length } },
      outbox: [
        {
          kind: 'package.prepare' as const,
          payload: { packageNumber, toOfficeId: input.officeId, purpose: 'cards' as const, items },
          aggregate: { type: 'package' as const, key: packageNumber },
          baseRev: null,
          leaseToken: 0,
        },
      ],
      events: changed,
    });
  });
}

/** Cards of the office that were spoilt and of which no register has told: this one does. */
function listUncountedSpoilt(db: Reader, officeId: string): StoredRun[] {
  return listRuns(db, 'spoilt').filter(
    (run) => run.packageNumber === '' && findCardRequest(db, run.applicationId)?.request.officeId === officeId,
  );
}

function nameCourier(
  desk: Desk,
  { actor }: Call,
  input: { readonly commandId: string; readonly packageNumber: string; readonly courierName: string; readonly courierFin: string },
): Result<null, Failure> {
  if (actor === null) return fail('NOT_SIGNED_IN');
  const courierName = input.courierName.trim();
  const courierFin = input.courierFin.trim().toUpperCase();
  if (courierName.length < 3) return fail('FIELDS_INVALID', { field: 'courierName', code: 'REQUIRED' });
  if (!/^[0-9A-Z]{5,7}$/u.test(courierFin)) return fail('FIELDS_INVALID', { field: 'courierFin', code: 'FIN_FORM' });
  const { packageNumber } = input;
  return desk.acts.perform<null>({ commandId: input.commandId, operation: 'dispatch.nameCourier', actor, input: { ...input } }, (tx) => {
    const stored = findPackage(tx, packageNumber);
    if (stored === undefined) return fail('NOT_FOUND');
    if (stored.entity.state !== 'PREPARED') return fail('STEP_NOT_POSSIBLE', { state: stored.entity.state });
    savePackage(tx, null, { ...stored.entity, courierName, courierFin });
    return succeed({ value: null, audit: { act: 'package.name_courier', detail: { package: packageNumber } }, events: changed });
  });
}

function planPaper(db: Reader, packageNumber: string, form: 'F-24' | 'F-25', officeId: string, giver: string) {
  const stored = findPackage(db, packageNumber);
  if (stored === undefined || stored.entity.fromOfficeId !== officeId) return fail('NOT_FOUND');
  const { entity } = stored;
  if (entity.courierName === '') return fail('PAPER_NOT_POSSIBLE', { reason: 'COURIER_MISSING' });
  return succeed({
    copies: form === 'F-25' ? 3 : 2,
    content: {
      form,
      packageNumber,
      fromName: entity.fromOfficeName,
      toName: entity.toOfficeName,
      courierName: entity.courierName,
      courierFin: entity.courierFin,
      // Printed before the courier leaves: the moment is what he signs beside his name.
      dispatchedAtMs: 0,
      giver,
      receiver: '',
      rows: entity.items.map(({ cardSerial, envelopeNumber }) => ({ cardSerial, envelopeNumber, note: '' })),
      ...(form === 'F-25'
        ? { spoilt: spoiltOf(listRunsOfPackage(db, packageNumber)).map(({ serial, reason }) => ({ cardSerial: serial, reason })) }
        : {}),
    },
  });
}

function send(
  desk: Desk,
  papers: PackagePapers,
  { actor, permissions }: Call,
  input: {
    readonly commandId: string;
    readonly packageNumber: string;
    readonly isAddressChecked: boolean;
    readonly areCopiesSigned: boolean;
  },
): Result<null, Failure> {
  if (actor === null) return fail('NOT_SIGNED_IN');
  const { packageNumber } = input;
  return desk.acts.perform<null>({ commandId: input.commandId, operation: 'dispatch.send', actor, input: { ...input } }, (tx: Tx) => {
    const stored = findPackage(tx, packageNumber);
    if (stored === undefined) return fail('NOT_FOUND');
    const { entity } = stored;
    const register = papers.listOwn(tx, 'F-25', packageNumber);
    const decided = decidePackageTransition(entity.state, 'WITH_COURIER', {
      ...emptyPackageFacts,
      permissions: [...permissions],
      side: entity.fromOfficeId === desk.identity.officeId ? 'from' : 'none',
      isAddressChecked: input.isAddressChecked,
      hasRegister: register.length > 0 && register.every(({ state }) => state === 'printed'),
      hasCourier: entity.courierName !== '' && entity.courierFin !== '',
    });
    if (!decided.ok) return fail('STEP_NOT_POSSIBLE', { reason: decided.error });
    if (!input.areCopiesSigned) return fail('COPIES_NOT_SIGNED');
    const registerNumber = register[0]?.number ?? '';
    const { courierName, courierFin } = entity;
    savePackage(tx, null, { ...entity, state: 'WITH_COURIER', registerNumber, dispatchedAtMs: desk.clock.nowMs() });
    return succeed({
      value: null,
      audit: { act: 'package.dispatch', detail: { package: packageNumber, register: registerNumber, cards: entity.items.length } },
      outbox: [
        {
          kind: 'package.dispatch' as const,
          payload: { packageNumber, courierName, courierFin, registerNumber },
          aggregate: { type: 'package' as const, key: packageNumber },
          baseRev: stored.rev,
          leaseToken: 0,
        },
        ...entity.items.map(({ id, cardSerial }) =>
          commandOf(id, findCardRequest(tx, id)?.rev ?? null, 'card.dispatch', { applicationId: id, cardSerial, packageNumber }),
        ),
      ],
      events: changed,
    });
  });
}
