import { z } from 'zod';
import type { Channel } from '../shared/platform/ports.ts';
import type { Result } from '../shared/platform/result.ts';
import { CardFault, type CardReaders, type CardSession } from '../shared/card-host/card-port.ts';
import { CardRefusal, type CardProfile } from '../shared/card-host/card-profile.ts';
import {
  cardHostRequestSchema,
  type CardHostAnswer,
  type CardHostFailure,
  type CardHostRequest,
  type CardHostStatus,
} from '../shared/card-host/host-protocol.ts';
import { changePin, signContent, unblockPin, type ServiceTurn } from './card-service.ts';
import type { EventHub } from './event-hub.ts';
import type { HeldCards } from './personalise/held-cards.ts';
import type { PinWindow } from './pin-window/pin-window-port.ts';
import { Cancelled, type ReaderQueue, type Turn } from './reader-queue.ts';
import type { StepDeps, StepFailure, StepKind, Steps } from './step-port.ts';
import { TokenFault } from './token/code-deriver.ts';

/** What the card host is made of; everything of it may be missing but the host itself. */
export interface HostParts {
  /** null: the native package could not be loaded, or this desk has no readers. */
  readonly readers: CardReaders | null;
  /** Keeps a card open between the steps of its personalisation. */
  readonly held: HeldCards | null;
  readonly hub: EventHub | null;
  readonly queue: ReaderQueue;
  readonly missing: () => CardHostStatus['missing'];
  readonly token: () => Promise<CardHostStatus['token']>;
  readonly mailerKind: CardHostStatus['mailer']['kind'];
  readonly mailerIsReady: () => boolean;
  readonly profile: CardProfile;
  readonly steps: Steps;
  readonly stepDeps: Omit<StepDeps, 'profile'>;
  readonly pinWindow: PinWindow;
  /** A line for support; holds no personal data and no code of a card. */
  readonly log: (line: string) => void;
}

const envelopeSchema = z.object({ id: z.number().int().nonnegative() });
type Failed = { readonly kind: 'failed'; readonly code: CardHostFailure; readonly params: Record<string, string | number> };
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
type Answer = WithoutId<Exclude<CardHostAnswer, { kind: 'event' }>>;

/**
 * Serves the card host's protocol to one core: each request is answered once; one that breaks the schema is answered `CARD_HOST_FAILED` where it
 * has a number, and the channel is closed where it has none. What still runs when the core goes is ended. Source: ADR-0027
 */
export function serveCards(channel: Channel, parts: HostParts, onClosed: () => void): void {
  let isOpen = true;
  const send = (message: CardHostAnswer): void => {
    if (isOpen) channel.send(detached(message));
  };
  const unlisten = parts.hub?.listen((event) => {
    send({ kind: 'event', event });
  });
  channel.onMessage((message) => {
    const envelope = envelopeSchema.safeParse(message);
    if (!envelope.success) {
      channel.close();
      return;
    }
    const { id } = envelope.data;
    const request = cardHostRequestSchema.safeParse(message);
    const answering = request.success
      ? answer(request.data, parts)
      : Promise.resolve<Answer>({ kind: 'failed', code: 'CARD_HOST_FAILED', params: {} });
    void answering.then((body) => {
      send({ ...body, id });
    });
  });
  channel.onClose(() => {
    isOpen = false;
    unlisten?.();
    parts.queue.cancelAll();
    onClosed();
  });
}

/** Never rejects. */
async function answer(request: CardHostRequest, parts: HostParts): Promise<Answer> {
  try {
    if (request.kind === 'status') return { kind: 'status', status: await readStatus(parts) };
    if (request.kind === 'cancel') {
      parts.queue.cancel(request.readerName);
      return { kind: 'step', apdus: 0, tookMs: 0 };
    }
    const turn = parts.queue.run(request.readerName, (it) => atReader(request, parts, it));
    return turn === undefined ? failed('CARD_IN_USE') : await turn;
  } catch (error) {
    return describe(error, parts.log);
  }
}

async function atReader(request: Exclude<CardHostRequest, { kind: 'status' | 'cancel' }>, parts: HostParts, turn: Turn): Promise<Answer> {
  turn.check();
  if (parts.readers === null) return failed('LINK_MISSING');
  const session = await (parts.held?.open(request.readerName, request.kind) ?? parts.readers.openCard(request.readerName));
  try {
    const counted = countApdus(session, turn);
    const fromMs = performance.now();
    const figures = () => ({ apdus: counted.count(), tookMs: Math.round((performance.now() - fromMs) * 100) / 100 });
    const card = counted.session;
    switch (request.kind) {
      case 'read_card':
        return { kind: 'sight', sight: await readSight(card, parts.profile) };
      case 'change_pin': {
        const changed = await changePin(card, request, parts.profile, parts.pinWindow, serviceTurn(turn));
        return changed.ok ? { kind: 'pin_done', tries: changed.value } : failedBy(changed.failure);
      }
      case 'unblock_pin': {
        const unblocked = await unblockPin(card, request, parts.profile, parts.pinWindow, serviceTurn(turn));
        return unblocked.ok ? { kind: 'pin_done', tries: unblocked.value } : failedBy(unblocked.failure);
      }
      case 'sign': {
        const signed = await signContent(card, request, parts.profile, parts.pinWindow, serviceTurn(turn));
        return signed.ok ? { kind: 'signature', ...signed.value } : failedBy(signed.failure);
      }
      default:
        return await runStep(request, card, parts, figures);
    }
  } finally {
    await session.close();
  }
}

async function runStep(
  request: Extract<CardHostRequest, { kind: StepKind }>,
  session: CardSession,
  parts: HostParts,
  figures: () => { apdus: number; tookMs: number },
): Promise<Answer> {
  const deps: StepDeps = { ...parts.stepDeps, profile: parts.profile };
  const { steps } = parts;
  switch (request.kind) {
    case 'keys': {
      const made = await steps.keys(session, request, deps);
      return made.ok ? { kind: 'keys', ...made.value, ...figures() } : failedBy(made.failure);
    }
    case 'requests': {
      const made = await steps.requests(session, request, deps);
      return made.ok ? { kind: 'requests', ...made.value, ...figures() } : failedBy(made.failure);
    }
    case 'verify': {
      const verified = await steps.verify(session, request, deps);
      return verified.ok ? { kind: 'verified', ...verified.value, ...figures() } : failedBy(verified.failure);
    }
    default: {
      const done = await runPlainStep(request, session, steps, deps);
      return done.ok ? { kind: 'step', ...figures() } : failedBy(done.failure);
    }
  }
}

/** Steps that have nothing to tell but that they were done. */
function runPlainStep(
  request: Extract<CardHostRequest, { kind: Exclude<StepKind, 'keys' | 'requests' | 'verify'> }>,
  session: CardSession,
  steps: Steps,
  deps: StepDeps,
): Promise<Result<null, StepFailure>> {
  switch (request.kind) {
    case 'wipe':
      return steps.wipe(session, request, deps);
    case 'codes':
      return steps.codes(session, request, deps);
    case 'certificates':
      return steps.certificates(session, request, deps);
    case 'objects':
      return steps.objects(session, request, deps);
    case 'close':
      return steps.close(session, request, deps);
    case 'envelope':
      return steps.envelope(session, request, deps);
    case 'new_codes':
      return steps.new_codes(session, request, deps);
  }
}

async function readSight(session: CardSession, profile: CardProfile): Promise<Extract<Answer, { kind: 'sight' }>['sight']> {
  const seen = { readerName: session.readerName, atrHex: hex(session.atr) };
  if (!profile.knowsAtr(session.atr)) {
    return { ...seen, profile: 'other', chipSerialHex: '', life: 'unknown', cardSerial: '', tries: null, certificates: [] };
  }
  return { ...seen, profile: profile.name, ...(await profile.read(session)) };
}

async function readStatus(parts: HostParts): Promise<CardHostStatus> {
  const readers = await parts.readers?.listReaders().catch(() => null);
  return {
    link: parts.readers?.link ?? 'none',
    isServiceRunning: readers !== null && readers !== undefined,
    missing: parts.missing(),
    readers: (readers ?? []).slice(0, 32).map(({ name, hasPinPad, card }) => ({
      name,
      hasPinPad,
      atrHex: card?.atrHex ?? null,
      profile: card === null ? null : parts.profile.knowsAtr(Buffer.from(card.atrHex, 'hex')) ? parts.profile.name : 'other',
    })),
    token: await parts.token(),
    mailer: { kind: parts.mailerKind, isReady: parts.mailerIsReady() },
  };
}

/** Counts what the card is told, and stops before the next command when the operation was ended. */
function countApdus(session: CardSession, turn: Turn): { readonly session: CardSession; count(): number } {
  let count = 0;
  return {
    count: () => count,
    session: {
      readerName: session.readerName,
      atr: session.atr,
      async transmit(apdu, timeoutMs) {
        turn.check();
        count += 1;
        return session.transmit(apdu, timeoutMs);
      },
      async reset() {
        turn.check();
        await session.reset();
      },
      close: () => session.close(),
    },
  };
}

function serviceTurn(turn: Turn): ServiceTurn {
  const controller = new AbortController();
  turn.onCancel(() => {
    controller.abort();
  });
  return { signal: controller.signal, keep: () => turn.keep() };
}

function describe(error: unknown, log: (line: string) => void): Failed {
  if (error instanceof CardFault) return failed(error.kind);
  if (error instanceof CardRefusal) return failed('CARD_REFUSED', { sw: error.statusWord });
  if (error instanceof TokenFault) {
    log(error.message);
    return failed(error.code);
  }
  if (error instanceof Cancelled) return failed('CANCELLED');
  // The place only: a message of somebody else's code may hold what it was given.
  const place = error instanceof Error ? (error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '') : '';
  log(`the card host failed: ${error instanceof Error ? error.name : 'not an error'}${place}`);
  return failed('CARD_HOST_FAILED');
}

function failed(code: CardHostFailure, params: Record<string, string | number> = {}): Failed {
  return { kind: 'failed', code, params };
}

function failedBy(failure: StepFailure): Failed {
  return failed(failure.code, { ...failure.params });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** Bytes on their own ground: a view of a shared pool would take its neighbours along over a message port. */
function detached<T>(value: T): T {
  if (value instanceof Uint8Array) return Uint8Array.from(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => detached(each)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, detached(each as unknown)])) as T;
  }
  return value;
}
