import { cardControlMessageSchema, type CardControlAnswer } from '../../shared/card-host/virtual-card-control.ts';
import type { Channel } from '../../shared/platform/ports.ts';
import type { CardBox } from './card-box.ts';

/** Whoever may enter the folder of the control socket may do everything with the cards. */
export function serveControl(box: CardBox, channel: Channel): void {
  channel.onMessage((message) => {
    const parsed = cardControlMessageSchema.safeParse(message);
    if (!parsed.success) {
      channel.close();
      return;
    }
    const { id, request } = parsed.data;
    channel.send(answer(box, id, request));
  });
}

function answer(box: CardBox, id: number, request: Parameters<CardBox['carryOut']>[0]): CardControlAnswer {
  try {
    return { ...box.carryOut(request), id };
  } catch (error) {
    return { kind: 'refused', id, reason: error instanceof Error ? error.message : 'unknown' };
  }
}
