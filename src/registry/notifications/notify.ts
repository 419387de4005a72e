import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import type { EffectContext } from '../intake/effect.ts';

/** What an applicant is told; the words are the sender's. No notification ever has room for a code. Source: AID-13, PKG-11, PIN-12 */
export type NotificationKind = 'application_accepted' | 'card_ready' | 'codes_ready';

/**
 * Puts a notification down in the transaction of the act that it tells of; a sender of SMS and e-mail takes them from the table `notification`, once each by
 * their id. In training nobody sends them. Source
 */
export async function notify(context: EffectContext, entity: ApplicationEntity, kind: NotificationKind): Promise<void> {
  const { contact, person } = entity.data;
  const address = { sms: contact.phone, email: contact.email, cabinet: person.fin }[contact.notifyBy];
  if (address === '') return;
  const session = await context.openSession();
  await session.db
    .insertInto('notification')
    .values({
      notification_id: context.envelope.command_id,
      office_id: entity.officeId,
      application_id: entity.applicationId,
      kind,
      channel: contact.notifyBy,
      address,
      at_ms: context.nowMs,
      sent_at_ms: null,
    })
    .onConflict((conflict) => conflict.column('notification_id').doNothing())
    .execute();
}
