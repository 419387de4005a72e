import { rejected, type Effect } from '../effect.ts';
import { findCase, withAct } from './case-entity.ts';

/** The supervisor never edits an act: the verdict stands beside it. Source: R-31 */
export const reviewAct: Effect<'register.review'> = (context) => {
  const { actCommandId, verdict, reason } = context.payload;
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (!entity.acts.some((act) => act.commandId === actCommandId)) return rejected('UNKNOWN_ACT', {}, entity.state);
  const body = withAct(context, entity, `${verdict} ${actCommandId} ${reason}`.trim());
  return { kind: 'applied', change: { state: entity.state, body, isRemark: true } };
};

export const correctAct: Effect<'register.correct'> = (context) => {
  const { actCommandId, note } = context.payload;
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (!entity.acts.some((act) => act.commandId === actCommandId)) return rejected('UNKNOWN_ACT', {}, entity.state);
  const body = withAct(context, entity, `${actCommandId} ${note}`.trim());
  return { kind: 'applied', change: { state: entity.state, body, isRemark: true } };
};
