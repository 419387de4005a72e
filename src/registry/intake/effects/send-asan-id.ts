import { decideCardKinds } from '../../../shared/rules/certificate-kinds.ts';
import { notify } from '../../notifications/notify.ts';
import { decideEntitlement } from '../../registers/entitlement.ts';
import type { Register } from '../../server/faults.ts';
import { bakuDayOf } from '../baku-day.ts';
import { rejected, type EffectContext, type EffectResult } from '../effect.ts';
import { leaseAnswer, makeSentCase, withAct, withLease } from './case-entity.ts';
import { checkForm, checkPeople, isPassportLetPass, listNeededRegisters, toldRefusal } from './check-application.ts';
import { cardCarrier, openAct } from './open-acts.ts';

const retryAfterOutageMs = 5_000;

/**
 * Checks person, organisation, kind and the right to the card, and hands the case to the personalisation centre. No certificate is made before the chip has
 * its keys. Source: AID-08..AID-11, CR-28, CR-29, M-39, procedures.md §14.1
 */
export async function sendAsanId(context: EffectContext<'application.send'>): Promise<EffectResult> {
  const { payload, registry, nowMs } = context;
  const { data } = payload;
  // A paper proof is looked at by the registrar; the service is asked where there is none. Source: AID-02
  const isAsked = data.carrier.entitlement === 'electronic';
  const needed: Register[] = [...(isAsked ? (['X-06'] as const) : []), ...listNeededRegisters(payload)];
  if (needed.some((register) => registry.faults.isOut(register))) return { kind: 'deferred', retryAfterMs: retryAfterOutageMs };
  const todayOn = bakuDayOf(nowMs);
  const formRefusal = checkForm(payload, todayOn, await isPassportLetPass(context));
  if (formRefusal !== null) return rejected(formRefusal.code, formRefusal.params, 'INVALID');
  const evidence = checkPeople(payload, todayOn);
  if (!evidence.ok) return rejected(evidence.code, evidence.params, 'INVALID');

  const voen = evidence.organisation?.voen ?? '';
  const bodyKind = evidence.organisation?.bodyKind ?? data.organisation.bodyKind;
  const entitlement =
    isAsked && data.kinds.length > 0 ? decideEntitlement({ fin: evidence.person.fin, voen, kinds: data.kinds }, todayOn) : null;
  const kinds = decideCardKinds({ ...data, organisation: { ...data.organisation, bodyKind } }, entitlement);
  const signingKind = data.kinds[0];
  if (!kinds.ok || signingKind === undefined) {
    const told = toldRefusal(kinds.ok ? [] : kinds.refusals);
    return rejected(told.code, told.params, 'INVALID');
  }
  const act = { fin: evidence.person.fin, carrier: cardCarrier, kind: signingKind, voen, applicationId: payload.applicationId };
  if (!(await openAct(await context.openSession(), act))) return rejected('ALREADY_OPEN', {}, 'INVALID');
  const entity = makeSentCase(context, { state: 'PERSONALISING', personalisingSinceMs: nowMs });
  await notify(context, entity, 'application_accepted');
  const body = withLease(context, withAct(context, entity));
  return { kind: 'applied', change: { state: body.state, body }, answer: leaseAnswer(body) };
}
