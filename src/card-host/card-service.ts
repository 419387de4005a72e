import type { CardSession } from '../shared/card-host/card-port.ts';
import type { CardProfile, PinAnswer } from '../shared/card-host/card-profile.ts';
import type { CardHostRequest, CardSight, KeyAlgorithm, PinTries } from '../shared/card-host/host-protocol.ts';
import { succeed, type Result } from '../shared/platform/result.ts';
import { findKeyAlgorithm } from './key-algorithm.ts';
import type { PinOutcome, PinQuestion, PinWindow, TypedCodes } from './pin-window/pin-window-port.ts';
import { findHolderFacts } from './pin-window/holder-facts.ts';
import { findCodeWeakness, type CodeOwner } from '../shared/rules/weak-codes.ts';
import type { StepFailure } from './step-port.ts';

/**
 * What a holder does with his finished card at a desk: change a PIN, unblock it with the PUK, sign. He types in the PIN window; the desk's screen
 * and core learn the outcome only. A wrong code is asked for again while tries are left, the last with a warning. Source: issue 4, section 5
 */
export interface ServiceTurn {
  readonly signal: AbortSignal;
  /** From here on the card is changed: ending the operation would only hide it. */
  keep(): void;
}

type Outcome<T> = Promise<Result<T, StepFailure>>;
type PinName = 'pin1' | 'pin2';
type SeenCard = Omit<CardSight, 'readerName' | 'atrHex' | 'profile'> & { readonly tries: PinTries };

/** Source: CR-05 */
const leastDigits = { pin1: 4, pin2: 5 } as const;
const pukOf = { pin1: 'puk1', pin2: 'puk2' } as const;

export function changePin(
  session: CardSession,
  request: Extract<CardHostRequest, { kind: 'change_pin' }>,
  profile: CardProfile,
  window: PinWindow,
  turn: ServiceTurn,
): Outcome<PinTries> {
  return withCard(session, profile, request.chipSerialHex, async (seen) => {
    if (seen.tries[request.pin] === 0) return refuse('PIN_BLOCKED');
    return askAndTell(
      { kind: 'change', pin: request.pin, triesLeft: seen.tries[request.pin] },
      ({ current, next }) => profile.changePin(session, request.pin, current, next),
      { session, profile, window, turn, owner: ownerOf(request, seen), spent: 'PIN_BLOCKED' },
    );
  });
}

export function unblockPin(
  session: CardSession,
  request: Extract<CardHostRequest, { kind: 'unblock_pin' }>,
  profile: CardProfile,
  window: PinWindow,
  turn: ServiceTurn,
): Outcome<PinTries> {
  return withCard(session, profile, request.chipSerialHex, async (seen) => {
    const triesLeft = seen.tries[pukOf[request.pin]];
    if (triesLeft === 0) return refuse('PUK_SPENT');
    return askAndTell(
      { kind: 'unblock', pin: request.pin, triesLeft },
      ({ current, next }) => profile.unblockPin(session, request.pin, current, next),
      { session, profile, window, turn, owner: ownerOf(request, seen), spent: 'PUK_SPENT' },
    );
  });
}

export function signContent(
  session: CardSession,
  request: Extract<CardHostRequest, { kind: 'sign' }>,
  profile: CardProfile,
  window: PinWindow,
  turn: ServiceTurn,
): Outcome<{ chipSerialHex: string; certificateDer: Uint8Array; signature: Uint8Array }> {
  return withCard(session, profile, null, async (seen) => {
    const pin: PinName = request.key === 'auth' ? 'pin1' : 'pin2';
    const certificate = seen.certificates.find(({ key }) => key === request.key);
    const algorithm: KeyAlgorithm | undefined = certificate === undefined ? undefined : findKeyAlgorithm(certificate.der);
    if (certificate === undefined || algorithm === undefined) return refuse('CARD_CHECK_FAILED');
    if (seen.tries[pin] === 0) return refuse('PIN_BLOCKED');
    let signature: Uint8Array | undefined;
    const told = await askAndTell(
      { kind: 'sign', pin, triesLeft: seen.tries[pin], title: request.title },
      async ({ current }) => {
        const answer = await profile.verifyPin(session, pin, current);
        if (answer.isRight) signature = await profile.sign(session, request.key, algorithm, request.content);
        return answer;
      },
      { session, profile, window, turn, owner: {}, spent: 'PIN_BLOCKED' },
    );
    if (!told.ok) return told;
    if (signature === undefined) return refuse('CARD_CHECK_FAILED');
    return succeed({ chipSerialHex: seen.chipSerialHex, certificateDer: certificate.der, signature });
  });
}

async function withCard<T>(
  session: CardSession,
  profile: CardProfile,
  chipSerialHex: string | null,
  work: (seen: SeenCard) => Outcome<T>,
): Outcome<T> {
  if (!profile.knowsAtr(session.atr)) return refuse('CARD_NOT_OURS');
  const seen = await profile.read(session);
  if (chipSerialHex !== null && seen.chipSerialHex !== chipSerialHex) return refuse('CARD_EXCHANGED');
  if (seen.life !== 'closed' || seen.tries === null) return refuse('CARD_NOT_CLOSED');
  return work({ ...seen, tries: seen.tries });
}

interface Asking {
  readonly session: CardSession;
  readonly profile: CardProfile;
  readonly window: PinWindow;
  readonly turn: ServiceTurn;
  readonly owner: CodeOwner;
  readonly spent: 'PIN_BLOCKED' | 'PUK_SPENT';
}

async function askAndTell(
  question: Pick<PinQuestion, 'kind' | 'pin' | 'triesLeft'> & { readonly title?: string },
  tryCodes: (codes: TypedCodes) => Promise<PinAnswer>,
  { session, profile, window, turn, owner, spent }: Asking,
): Outcome<PinTries> {
  let fault: { readonly error: unknown } | undefined;
  const use = async (codes: TypedCodes): Promise<PinOutcome> => {
    if (question.kind !== 'sign') {
      const reason = codes.next.length < leastDigits[question.pin] ? 'CODE_FORM' : findCodeWeakness(codes.next, owner);
      if (reason !== null) return { state: 'weak', reason };
    }
    try {
      const answer = await tryCodes(codes);
      if (answer.isRight) {
        turn.keep();
        return { state: 'done' };
      }
      return answer.triesLeft === 0 ? { state: 'blocked' } : { state: 'wrong', triesLeft: answer.triesLeft };
    } catch (error) {
      fault = { error };
      return { state: 'failed' };
    }
  };
  const end = await window.ask({ readerName: session.readerName, title: '', ...question }, use, turn.signal);
  rethrow(fault);
  if (end === 'done') return succeed(await profile.readTries(session));
  return refuse(end === 'blocked' ? spent : turn.signal.aborted ? 'CANCELLED' : 'PIN_CANCELLED');
}

/** What the card or its driver threw while a code was tried goes to whoever makes answers of it. */
function rethrow(fault: { readonly error: unknown } | undefined): void {
  if (fault !== undefined) throw fault.error;
}

function ownerOf(request: { readonly bornOn?: string | undefined }, seen: SeenCard): CodeOwner {
  return { ...findHolderFacts(seen.certificates), ...(request.bornOn === undefined ? {} : { bornOn: request.bornOn }) };
}

function refuse(code: StepFailure['code']): { readonly ok: false; readonly failure: StepFailure } {
  return { ok: false, failure: { code } };
}
