import type { OperatorView } from '../../../shared/contract/operator.ts';
import { errorCodes } from '../../../shared/contract/base.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CommandKind, CommandPayload } from '../../../shared/registry-api/envelope.ts';
import { decideRoleSet } from '../../../shared/rules/rights.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import type { CommandDraft } from '../../act/act.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Call, Desk, Projection } from '../../desk.ts';
import type { PasswordHash } from '../../platform/password-hash.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import {
  findOperatorById,
  findOperatorByLogin,
  listOperators,
  type KnownOperator,
} from '../../storage/repositories/operator-repository.ts';
import { listBindableCards, orderCard, rememberedOf } from './bind-card.ts';
import { isPasswordWeak } from './password.ts';
import { createOperatorProjection } from './projection.ts';

export interface OperatorFeature {
  readonly handlers: Handlers<'operator'>;
  readonly projection: Projection;
  readonly ownPassword: OwnPassword;
}

/** What the session needs to let an operator change his own password; the current one is proven before. */
export interface OwnPassword {
  isWeak(password: string, login: string): boolean;
  change(call: Call, newPassword: string): Promise<Result<OperatorView, Failure>>;
}

/**
 * The rights administrator's acts. All are online-only: they have an effect when the registry answered, and reach every desk of the office at
 * its next contact. `ownReader`: where the card lies that whoever acts came in with; empty after a password. Source: R-08; sync-and-reliability (b6)
 */
export function createOperatorFeature(desk: Desk, passwords: PasswordHash, cards: CardHost, ownReader: () => string): OperatorFeature {
  const handlers: Handlers<'operator'> = {
    list: () => succeed(listOperators(desk.db).map(viewOf)),
    async create({ commandId, login, fullName, roles, initialPassword }, call) {
      const refusal = decideRoles(roles);
      if (refusal !== null) return refusal;
      if (isPasswordWeak(initialPassword, login)) return fail('PASSWORD_TOO_WEAK');
      const passwordHash = await passwords.make(initialPassword);
      return perform(desk, call, commandId, 'operator.create', { login, fullName, roles }, (tx) => {
        if (findOperatorByLogin(tx, login) !== undefined) return fail('LOGIN_TAKEN', { login });
        const operatorId = desk.random.uuid();
        return succeed({ operatorId, draft: draftOf('operator.create', { operatorId, login, fullName, roles, passwordHash }, null) });
      });
    },
    async appoint({ commandId, operatorId, roles }, call) {
      const refusal = decideRoles(roles) ?? decideOther(call, operatorId);
      if (refusal !== null) return refusal;
      return performOnKnown(desk, call, commandId, 'operator.appoint', { operatorId, roles });
    },
    async disable({ commandId, operatorId, reason }, call) {
      return decideOther(call, operatorId) ?? (await performOnKnown(desk, call, commandId, 'operator.disable', { operatorId, reason }));
    },
    enable: ({ commandId, operatorId }, call) => performOnKnown(desk, call, commandId, 'operator.enable', { operatorId }),
    async resetPassword({ commandId, operatorId, newPassword }, call) {
      const login = findOperatorById(desk.db, operatorId)?.record.login ?? '';
      if (isPasswordWeak(newPassword, login)) return fail('PASSWORD_TOO_WEAK');
      return performOnKnown(desk, call, commandId, 'operator.reset_password', {
        operatorId,
        passwordHash: await passwords.make(newPassword),
      });
    },
    cards: () => listBindableCards(cards),
    async bindCard(input, call) {
      const { commandId, operatorId } = input;
      // Asked again after an answer was lost: what was signed then is what is asked about now.
      if (desk.acts.isKnown(commandId))
        return perform(desk, call, commandId, 'operator.bind_card', rememberedOf(input), () => fail('NOT_FOUND'));
      const order = decideOther(call, operatorId) ?? (await orderCard(desk, { cards, ownReader: ownReader() }, call, input));
      if (!order.ok) return order;
      return perform(desk, call, commandId, 'operator.bind_card', rememberedOf(input), (tx) => {
        // What was signed names the revision that was seen.
        const known = findOperatorById(tx, operatorId);
        if (known === undefined) return fail('NOT_FOUND');
        return known.rev === order.value.baseRev ? succeed({ operatorId, draft: order.value }) : fail('CONFLICT');
      });
    },
    unlock: ({ commandId, operatorId }, call) => performOnKnown(desk, call, commandId, 'operator.unlock', { operatorId }),
  };
  const ownPassword: OwnPassword = {
    isWeak: isPasswordWeak,
    async change(call, newPassword) {
      const operatorId = call.actor?.operatorId ?? '';
      const passwordHash = await passwords.make(newPassword);
      return performOnKnown(desk, call, desk.random.uuid(), 'operator.change_password', { operatorId, passwordHash });
    },
  };
  return { handlers, projection: createOperatorProjection(), ownPassword };
}

/** Nobody gives himself rights or takes himself away. */
function decideOther(call: Call, operatorId: string): Result<never, Failure> | null {
  return call.actor?.operatorId === operatorId ? fail('NOT_YOURSELF') : null;
}

/** Source: procedures.md §16, R-31 */
function decideRoles(held: readonly Role[]): Result<never, Failure> | null {
  const decided = decideRoleSet(held);
  return decided.ok ? null : fail('ROLE_CONFLICT', { reason: decided.problems[0] ?? '' });
}

type OperatorKind = Extract<CommandKind, `operator.${string}`>;

function draftOf<K extends OperatorKind>(kind: K, payload: CommandPayload<K>, known: KnownOperator | null): CommandDraft {
  const draft = {
    kind,
    payload,
    aggregate: { type: 'operator', key: payload.operatorId },
    baseRev: known === null || known.rev === 0 ? null : known.rev,
    leaseToken: 0,
  } as const;
  // Kind and payload belong together by the signature; the union cannot see it through a type parameter.
  return draft as unknown as CommandDraft;
}

function performOnKnown<K extends OperatorKind>(
  desk: Desk,
  call: Call,
  commandId: string,
  kind: K,
  payload: CommandPayload<K>,
): Promise<Result<OperatorView, Failure>> {
  // The salt differs at every try: the hash is no part of what is remembered of the act.
  const { operatorId } = payload;
  const remembered = 'passwordHash' in payload ? { operatorId } : payload;
  return perform(desk, call, commandId, kind, remembered, (tx) => {
    const known = findOperatorById(tx, operatorId);
    if (known === undefined) return fail('NOT_FOUND');
    return succeed({ operatorId, draft: draftOf(kind, payload, known) });
  });
}

async function perform(
  desk: Desk,
  call: Call,
  commandId: string,
  kind: OperatorKind,
  remembered: unknown,
  decide: (tx: Parameters<typeof findOperatorById>[0]) => Result<{ operatorId: string; draft: CommandDraft }, Failure>,
): Promise<Result<OperatorView, Failure>> {
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  if (desk.sync.link().state !== 'online') return fail('REGISTRY_UNREACHABLE', {}, true);
  const written = desk.acts.perform({ commandId, operation: kind, actor, input: remembered }, (tx) => {
    const decided = decide(tx);
    if (!decided.ok) return decided;
    const { operatorId, draft } = decided.value;
    return succeed({ value: { operatorId }, audit: { act: kind, detail: { operatorId } }, intent: draft });
  });
  if (!written.ok) return written;
  const settled = await desk.sync.settleIntent(commandId);
  if (!settled.ok) return settled;
  const { result } = settled.value;
  if (result.outcome === 'rejected') return fail(codeOf(result.code), { code: result.code });
  if (result.outcome === 'conflict') return fail('CONFLICT');
  if (result.outcome !== 'applied') return fail('OUTCOME_UNKNOWN', {}, true);
  const known = findOperatorById(desk.db, written.value.operatorId);
  return known === undefined ? fail('NOT_FOUND') : succeed(viewOf(known));
}

/** A refusal of the registry in a word that the screen can say. */
function codeOf(code: string): string {
  if (code === 'OWN_ACCOUNT') return 'NOT_YOURSELF';
  if (code === 'OPERATOR_EXISTS') return 'LOGIN_TAKEN';
  return Object.hasOwn(errorCodes, code) ? code : 'REGISTRY_REJECTED';
}

function viewOf({ record, lastSeenAtMs }: KnownOperator): OperatorView {
  const { operatorId, login, fullName, roles, isDisabled, isLockedOut, appointments } = record;
  const card =
    record.card === undefined || record.card === null
      ? null
      : { cardSerial: record.card.cardSerial, boundAtMs: record.card.boundAtMs, byLogin: record.card.byLogin };
  return { operatorId, login, fullName, roles, isDisabled, isLockedOut, lastSeenAtMs, card, appointments };
}
