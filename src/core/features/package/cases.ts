import type { DeskEvent } from '../../../shared/contract/system.ts';
import type { CommandPayload } from '../../../shared/registry-api/envelope.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import type { Actor, CommandDraft } from '../../act/act.ts';
import type { Tx } from '../../storage/database.ts';
import { insertAct } from '../../storage/repositories/act-repository.ts';
import { findApplication, updateApplication } from '../../storage/repositories/application-repository.ts';
import type { StoredPackage, StoredPackageItem } from '../../storage/repositories/package-repository.ts';
import type { PackageContext } from './context.ts';

export interface CaseMove {
  readonly drafts: readonly CommandDraft[];
  readonly events: readonly DeskEvent[];
}

/** The card is right: its application becomes ready, and only then is the applicant told, by the registry. Source: PKG-11 */
export function registerCase(
  context: PackageContext,
  tx: Tx,
  actor: Actor | null,
  stored: StoredPackage,
  item: StoredPackageItem,
  note: string,
): CaseMove {
  const { packageNumber } = stored;
  return moveCase(context, tx, actor, item, 'READY', [
    {
      kind: 'card.receive',
      payload: { applicationId: item.id, cardSerial: item.cardSerial, packageNumber, outcome: 'registered', note },
    },
  ]);
}

/** The card goes back with a register, and its application waits for another one. Source: PKG-05, PKG-09, PKG-10 */
export function returnCase(
  context: PackageContext,
  tx: Tx,
  actor: Actor | null,
  stored: StoredPackage,
  item: StoredPackageItem,
  back: {
    readonly outcome?: 'mismatch' | 'no_envelope';
    readonly reason: CommandPayload<'card.return'>['reason'];
    readonly registerNumber: string;
    readonly note: string;
  },
): CaseMove {
  const { outcome, ...why } = back;
  const common = { applicationId: item.id, cardSerial: item.cardSerial, packageNumber: stored.packageNumber };
  return moveCase(context, tx, actor, item, 'PERSONALISING', [
    ...(outcome === undefined ? [] : [{ kind: 'card.receive' as const, payload: { ...common, outcome, note: why.note } }]),
    { kind: 'card.return', payload: { ...common, ...why } },
  ]);
}

type CardCommand =
  | { readonly kind: 'card.receive'; readonly payload: CommandPayload<'card.receive'> }
  | { readonly kind: 'card.return'; readonly payload: CommandPayload<'card.return'> };

/** A case that this desk does not have yet is moved by the registry alone; the feed brings it. */
function moveCase(
  { desk }: PackageContext,
  tx: Tx,
  actor: Actor | null,
  item: StoredPackageItem,
  to: ApplicationState,
  commands: readonly CardCommand[],
): CaseMove {
  const application = findApplication(tx, item.id);
  const atMs = desk.clock.nowMs();
  const drafts = commands.map((command) => ({
    ...command,
    commandId: desk.random.uuid(),
    aggregate: { type: 'application' as const, key: item.id },
    baseRev: application?.rev ?? null,
    leaseToken: application?.leaseToken ?? 0,
  }));
  if (application === undefined) return { drafts, events: [] };
  for (const { commandId, kind } of drafts)
    insertAct(tx, {
      commandId,
      applicationId: item.id,
      act: kind,
      atMs,
      registryAtMs: null,
      operatorLogin: actor?.login ?? '',
      operatorName: actor?.fullName ?? '',
      deskId: desk.identity.deskId,
      sync: 'queued',
      note: null,
    });
  if (application.state !== 'DISPATCHED') return { drafts, events: [] };
  // A card that goes back is this case's no longer.
  const card = application.card === null || to !== 'READY' ? null : { ...application.card, state: 'REGISTERED' as const };
  updateApplication(tx, { ...application, state: to, card, sync: 'queued', updatedAtMs: atMs });
  return { drafts, events: [{ type: 'application.changed', applicationId: item.id, state: to }] };
}
