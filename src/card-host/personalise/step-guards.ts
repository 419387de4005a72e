import { CardRefusal } from '../../shared/card-host/card-profile.ts';
import type { CardSession } from '../../shared/card-host/card-port.ts';
import type { CardHostFailure } from '../../shared/card-host/host-protocol.ts';
import type { Result } from '../../shared/platform/result.ts';
import type { StepDeps, StepFailure } from '../step-port.ts';

export type StepResult<T> = Result<T, StepFailure>;

export function failed(
  code: CardHostFailure,
  params: Readonly<Record<string, string | number>> = {},
): { readonly ok: false; readonly failure: StepFailure } {
  return { ok: false, failure: { code, params } };
}

/** What a step must have before it may do anything: a card of ours, and the very chip that the journal names. */
export async function findWrongCard(
  session: CardSession,
  named: { readonly chipSerialHex: string; readonly cardSerial: string },
  { profile }: StepDeps,
): Promise<{ readonly ok: false; readonly failure: StepFailure } | undefined> {
  if (!profile.knowsAtr(session.atr)) return failed('CARD_NOT_OURS');
  if ((await profile.readChipSerial(session)) !== named.chipSerialHex) return failed('CARD_EXCHANGED');
  return undefined;
}

/** ISO 7816-4: the access condition is not met. */
const securityNotSatisfied = '6982';

export function isAccessRefused(error: unknown): boolean {
  return error instanceof CardRefusal && error.statusWord === securityNotSatisfied;
}

/** While a card is being made every access condition is open; one that refuses is closed. */
export async function onOpenCard<T>(work: () => Promise<StepResult<T>>): Promise<StepResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (isAccessRefused(error)) return failed('CARD_NOT_OPEN');
    throw error;
  }
}
