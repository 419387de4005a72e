import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { actContent, mustBeSigned } from '../../../shared/registry-api/actor-signature.ts';
import type { ActorSignature } from '../../../shared/registry-api/card-session.ts';
import type { CommandPayload } from '../../../shared/registry-api/envelope.ts';
import type { CommandDraft } from '../../act/act.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Call, Desk } from '../../desk.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { findOperatorById } from '../../storage/repositories/operator-repository.ts';

interface BindInput {
  readonly commandId: string;
  readonly operatorId: string;
  readonly card: { readonly readerName: string; readonly chipSerialHex: string } | null;
  readonly sentence: string;
}
type BindPayload = CommandPayload<'operator.bind_card'>;
type BindDraft = Extract<CommandDraft, { kind: 'operator.bind_card' }>;

/** What makes a repeated order the same: neither the reader nor the language of the sentence. */
export function rememberedOf({ operatorId, card }: BindInput): unknown {
  return { operatorId, chipSerialHex: card?.chipSerialHex ?? null };
}

/**
 * The order to bind the card in the reader, signed by whoever gives it when he came in with a card of his own. Nothing is written yet.
 * Source: issue 4 §6; ADR-0031
 */
export async function orderCard(
  desk: Desk,
  { cards, ownReader }: { readonly cards: CardHost; readonly ownReader: string },
  call: Call,
  input: BindInput,
): Promise<Result<BindDraft, Failure>> {
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const known = findOperatorById(desk.db, input.operatorId);
  if (known === undefined) return fail('NOT_FOUND');
  if (desk.sync.link().state !== 'online') return fail('REGISTRY_UNREACHABLE', {}, true);
  const payload = await readPayload(cards, input);
  if (!payload.ok) return payload;
  const draft: BindDraft = {
    kind: 'operator.bind_card',
    payload: payload.value,
    aggregate: { type: 'operator', key: input.operatorId },
    baseRev: known.rev === 0 ? null : known.rev,
    leaseToken: 0,
  };
  if (!mustBeSigned(draft.kind, actor.authMethod)) return succeed(draft);
  const signature = await signOrder(cards, ownReader, draft, input);
  return signature.ok ? succeed({ ...draft, actorSignature: signature.value }) : signature;
}

async function readPayload(cards: CardHost, { operatorId, card }: BindInput): Promise<Result<BindPayload, Failure>> {
  if (card === null) return succeed({ operatorId, card: null });
  const read = await cards.ask({ kind: 'read_card', readerName: card.readerName });
  if (!read.ok) return read;
  const { sight } = read.value;
  if (sight.profile !== 'asan_id') return fail('CARD_NOT_OURS');
  if (sight.chipSerialHex !== card.chipSerialHex) return fail('CARD_EXCHANGED');
  const derOf = (key: 'auth' | 'sign') => sight.certificates.find((each) => each.key === key)?.der;
  const auth = derOf('auth');
  const sign = derOf('sign');
  if (sight.life !== 'closed' || auth === undefined) return fail('CARD_NOT_CLOSED');
  return succeed({
    operatorId,
    card: {
      cardSerial: sight.cardSerial,
      chipSerial: sight.chipSerialHex,
      authCertificate: Buffer.from(auth).toString('base64'),
      signCertificate: sign === undefined ? null : Buffer.from(sign).toString('base64'),
    },
  });
}

/** PIN2 is typed in the PIN window, which shows the sentence; the card signs sentence and order together. */
async function signOrder(
  cards: CardHost,
  readerName: string,
  draft: BindDraft,
  input: BindInput,
): Promise<Result<ActorSignature, Failure>> {
  if (readerName === '') return fail('SIGNATURE_MISSING');
  const { kind, payload, aggregate, baseRev } = draft;
  const content = actContent({ kind, payload, aggregate, base_rev: baseRev, command_id: input.commandId }, input.sentence);
  const signed = await cards.ask({
    kind: 'sign',
    readerName,
    key: 'sign',
    content: Buffer.from(canonicalJson(content), 'utf8'),
    title: input.sentence,
  });
  if (!signed.ok) return signed;
  return succeed({
    sentence: input.sentence,
    certificate: Buffer.from(signed.value.certificateDer).toString('base64'),
    signature: Buffer.from(signed.value.signature).toString('base64'),
  });
}

/** Finished cards in the readers; one that cannot be read is not among them. */
export async function listBindableCards(cards: CardHost) {
  const answer = await cards.ask({ kind: 'status' });
  if (!answer.ok) return succeed([]);
  const ours = answer.value.status.readers.filter(({ profile }) => profile === 'asan_id');
  const sights = await Promise.all(ours.map(({ name }) => cards.ask({ kind: 'read_card', readerName: name })));
  return succeed(
    sights.flatMap((read) => {
      if (!read.ok || read.value.sight.life !== 'closed') return [];
      const { readerName, chipSerialHex, cardSerial } = read.value.sight;
      return [{ readerName, chipSerialHex, cardSerial }];
    }),
  );
}
