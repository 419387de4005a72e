import type { CardProfile } from '../shared/card-host/card-profile.ts';
import type { CardSession } from '../shared/card-host/card-port.ts';
import type { CardHostFailure, CardHostRequest, PinTries } from '../shared/card-host/host-protocol.ts';
import type { Result } from '../shared/platform/result.ts';
import type { PinKeeper } from './codes/pin-keeper.ts';
import type { Mailer } from './mailer/mailer.ts';
import type { CodeDeriver } from './token/code-deriver.ts';

/**
 * How the host calls a step of a personalisation. The host opens the card, counts commands and time, and closes it; a step reads the chip serial
 * again before it writes, and answers expected failures as values. It may let `CardFault`, `CardRefusal` and `TokenFault` fly: the host makes
 * `failed` answers of them. A cancelled step ends by an exception out of its next `transmit`, so what must be wiped is wiped in `finally`.
 */
export interface StepDeps {
  readonly profile: CardProfile;
  /** Without a token every call throws `TokenFault` TOKEN_MISSING. */
  readonly deriver: CodeDeriver;
  readonly pins: PinKeeper;
  /** null: this desk prints no envelopes (MAILER_FAILED). */
  readonly mailer: Mailer | null;
}

export interface StepFailure {
  readonly code: CardHostFailure;
  readonly params?: Readonly<Record<string, string | number>>;
}

interface BothKeys {
  readonly auth: Uint8Array;
  readonly sign: Uint8Array;
}

export interface StepAnswers {
  readonly wipe: null;
  readonly codes: null;
  /** SubjectPublicKeyInfo, DER. */
  readonly keys: BothKeys;
  /** PKCS#10, DER. */
  readonly requests: BothKeys;
  readonly certificates: null;
  readonly objects: null;
  readonly close: null;
  readonly verify: { readonly tries: PinTries };
  readonly envelope: null;
  readonly new_codes: null;
}
export type StepKind = keyof StepAnswers;
export type StepInput<K extends StepKind> = Extract<CardHostRequest, { kind: K }>;
export type Step<K extends StepKind> = (
  session: CardSession,
  input: StepInput<K>,
  deps: StepDeps,
) => Promise<Result<StepAnswers[K], StepFailure>>;
/** `src/card-host/personalise/steps.ts` exports one object of this shape: `personalisationStepFunctions`. */
export type Steps = { readonly [K in StepKind]: Step<K> };
