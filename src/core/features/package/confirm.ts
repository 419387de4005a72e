import { succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Actor, CommandDraft } from '../../act/act.ts';
import type { Call } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import type { StoredPackageItem } from '../../storage/repositories/package-repository.ts';
import { registerCase, type CaseMove } from './cases.ts';
import type { PackageContext } from './context.ts';
import { isToRegister } from './loaded.ts';
import { commandFor, moveTo, performOnPackage, type PackageAnswer, type PackageRequest } from './perform.ts';

/** What a package of another purpose brings about when it is confirmed; the requests for new codes give it. */
export type Arrival = (tx: Tx, item: StoredPackageItem, packageNumber: string, actor: Actor | null) => CaseMove;

/**
 * Registers every card that is right and makes its application ready, all or nothing: one transaction here, one command for each card and one for the
 * package on their way. Source: PKG-11, PKG-12; ADR-0027
 */
export function confirm(context: PackageContext, call: Call, input: PackageRequest, newCodes: Arrival): Result<PackageAnswer, Failure> {
  return performOnPackage(context, call, 'package.confirm', input, ({ stored, lines }, tx, facts) => {
    const reached = moveTo(stored.state, 'CONFIRMED', facts);
    if (!reached.ok) return reached;
    const right = lines.filter(isToRegister);
    const moved = right.flatMap((line): CaseMove[] => {
      if (stored.purpose === 'cards')
        return [registerCase(context, tx, call.actor, stored, line.item, line.isGreen ? '' : (line.decision?.note ?? ''))];
      return stored.purpose === 'pin_envelopes' ? [newCodes(tx, line.item, stored.packageNumber, call.actor)] : [];
    });
    const outbox: CommandDraft[] = [
      commandFor(stored, 'package.confirm', { packageNumber: stored.packageNumber }),
      ...moved.flatMap(({ drafts }) => drafts),
    ];
    return succeed({
      package: { ...stored, state: reached.value },
      act: 'package.confirm',
      auditAct: 'package.confirm',
      detail: { registered: right.length },
      outbox,
      events: moved.flatMap(({ events }) => events),
    });
  });
}
