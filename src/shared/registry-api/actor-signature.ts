import type { CommandKind, Envelope } from './envelope.ts';

/** Orders that whoever came in with a card signs with it. */
export const signedKinds: readonly CommandKind[] = ['operator.bind_card'];

export function mustBeSigned(kind: CommandKind, authMethod: string): boolean {
  return signedKinds.includes(kind) && authMethod.startsWith('card_');
}

/** What is signed, to be written as canonical JSON: a change of a single letter of order or sentence breaks the signature. */
export function actContent(
  order: Pick<Envelope, 'kind' | 'payload' | 'aggregate' | 'base_rev' | 'command_id'>,
  sentence: string,
): Readonly<Record<string, unknown>> {
  return {
    purpose: 'qeyd.act',
    v: 1,
    kind: order.kind,
    payload: order.payload,
    aggregate: { type: order.aggregate.type, key: order.aggregate.key },
    base_rev: order.base_rev,
    command_id: order.command_id,
    sentence,
  };
}
