import type { CardHostAnswer, CardHostRequest, CardHostRequestKind } from '../../shared/card-host/host-protocol.ts';
import { fail, type Failure, type Result } from '../../shared/platform/result.ts';

/** Which answer belongs to which request. */
export const answerKinds = {
  status: 'status',
  read_card: 'sight',
  wipe: 'step',
  codes: 'step',
  keys: 'keys',
  requests: 'requests',
  certificates: 'step',
  objects: 'step',
  close: 'step',
  verify: 'verified',
  envelope: 'step',
  new_codes: 'step',
  change_pin: 'pin_done',
  unblock_pin: 'pin_done',
  sign: 'signature',
  cancel: 'step',
} as const satisfies Record<CardHostRequestKind, CardHostAnswer['kind']>;
type AnswerKinds = typeof answerKinds;
export type CardHostAnswerTo<Kind extends CardHostRequestKind> = Extract<CardHostAnswer, { kind: AnswerKinds[Kind] }>;
export type CardHostRequestOf<Kind extends CardHostRequestKind> = Extract<CardHostRequest, { kind: Kind }>;

/** What happens at the readers, and that the card host itself came or went: whoever rests on a card must look anew. */
export type CardHostEvent = Extract<CardHostAnswer, { kind: 'event' }>['event'] | { readonly kind: 'host'; readonly isRunning: boolean };

/**
 * The card host as the core sees it. Every question is asked once; a failure is the host's own word (`cardHostFailures`, a code of the contract), or
 * CARD_HOST_FAILED (retryable) when the process is not there, ended meanwhile, or answered what breaks its schema. Requests to one reader run one
 * after the other in the host. Source: ADR-0027
 */
export interface CardHost {
  ask<Kind extends CardHostRequestKind>(request: CardHostRequestOf<Kind>): Promise<Result<CardHostAnswerTo<Kind>, Failure>>;
  /** Answers how to stop listening. */
  onEvent(listener: (event: CardHostEvent) => void): () => void;
  close(): void;
}

/** Where a desk was started without a card host: everything else works. */
export function noCardHost(): CardHost {
  return {
    ask: () => Promise.resolve(fail('CARD_HOST_FAILED', {}, true)),
    onEvent: () => () => undefined,
    close: () => undefined,
  };
}
