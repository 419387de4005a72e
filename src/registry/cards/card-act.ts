import type { CardAct } from '../../shared/registry-api/card-entities.ts';
import type { EffectContext } from '../intake/effect.ts';

/** An act as packages, PIN requests and deliveries list it: both offices act on them, so it names the office too. */
export function actOf({ envelope, desk, nowMs }: EffectContext, note: string): CardAct {
  return {
    commandId: envelope.command_id,
    kind: envelope.kind,
    atMs: nowMs,
    occurredAtMs: envelope.occurred_at_ms,
    operatorLogin: envelope.actor.login,
    role: envelope.actor.role,
    officeId: desk.officeId,
    deskId: desk.deskId,
    note,
  };
}
