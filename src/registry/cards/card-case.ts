import type { CardOfCase, SpoiltCard } from '../../shared/registry-api/card-entities.ts';
import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import type { CardState } from '../../shared/rules/vocabulary.ts';
import { moveCertificates } from '../certification/certificate-records.ts';
import { rejected, type EffectContext, type EffectResult } from '../intake/effect.ts';
import { findCase, withAct } from '../intake/effects/case-entity.ts';
import { moveSerial } from './card-rows.ts';

export interface CaseWithCard {
  readonly entity: ApplicationEntity;
  readonly card: CardOfCase;
}

/** The case of an Asan ID, or why it is none. */
export function findCardCase(context: EffectContext): ApplicationEntity | EffectResult {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  return entity.data.carrier.kind === 'asan_id' ? entity : rejected('NOT_AN_ASAN_ID', {}, entity.state);
}

/** The case with the card that the command names; another card, or none, is refused. */
export function findCard(context: EffectContext, cardSerial: string): CaseWithCard | EffectResult {
  const entity = findCardCase(context);
  if ('kind' in entity) return entity;
  const { card } = entity;
  if (card === null) return rejected('CARD_MISSING', {}, entity.state);
  return card.serial === cardSerial ? { entity, card } : rejected('OTHER_CARD', { serial: card.serial }, entity.state);
}

/**
 * Writes the case with what happened to its card. Nobody's knowledge of the case becomes stale by it: what may happen to a card is decided by the card's own
 * state. Source: ADR-0027
 */
export function applied(context: EffectContext, entity: ApplicationEntity, note = ''): EffectResult {
  const body = withAct(context, entity, note);
  return { kind: 'applied', change: { state: body.state, body, isRemark: true } };
}

export function cardStop(entity: ApplicationEntity, card: CardOfCase): EffectResult {
  return rejected('CARD_STATE', { state: card.state }, entity.state);
}

export function withCardState(
  entity: ApplicationEntity,
  card: CardOfCase,
  state: CardState,
  more: Partial<CardOfCase> = {},
): ApplicationEntity {
  return { ...entity, card: { ...card, ...more, state } };
}

/**
 * The card is out for good: its certificates that were never active are revoked, and the case may get another one. Source: procedures.md §14.2, §14.3
 */
export async function putCardOut(
  context: EffectContext,
  { entity, card }: CaseWithCard,
  out: Pick<SpoiltCard, 'state' | 'reason' | 'note'>,
): Promise<ApplicationEntity> {
  const session = await context.openSession();
  const certificates = await revokeGenerated(context, entity);
  await moveSerial(session, card.serial, 'out');
  const spoilt: SpoiltCard = {
    ...out,
    serial: card.serial,
    chipSerial: card.chipSerial,
    atMs: context.nowMs,
    byLogin: context.envelope.actor.login,
  };
  return { ...entity, certificates, card: null, spoiltCards: [...entity.spoiltCards, spoilt] };
}

/** The case's certificates after those on hold were revoked. */
export async function revokeGenerated(context: EffectContext, entity: ApplicationEntity): Promise<ApplicationEntity['certificates']> {
  return await revokeSome(context, entity, (certificate) => certificate.state === 'GENERATED');
}

export async function revokeSome(
  context: EffectContext,
  { certificates }: ApplicationEntity,
  isMeant: (certificate: ApplicationEntity['certificates'][number]) => boolean,
): Promise<ApplicationEntity['certificates']> {
  const meant = certificates.filter(isMeant).map((certificate) => certificate.serial);
  await moveCertificates(await context.openSession(), meant, {
    state: 'REVOKED',
    revokedAtMs: context.nowMs,
    reason: 'cessationOfOperation',
  });
  return certificates.map((certificate) =>
    meant.includes(certificate.serial) ? { ...certificate, state: 'REVOKED' as const } : certificate,
  );
}
