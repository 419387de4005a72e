import { createHmac, randomBytes } from 'node:crypto';
import { createPinKeeper, type PinKeeper } from '../../../src/card-host/codes/pin-keeper.ts';
import { personalisationStepFunctions } from '../../../src/card-host/personalise/steps.ts';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import type { StepAnswers, StepDeps, StepFailure, StepInput, StepKind } from '../../../src/card-host/step-port.ts';
import { createCodeDeriver } from '../../../src/card-host/token/code-deriver.ts';
import type { CardReaders, CardSession } from '../../../src/shared/card-host/card-port.ts';
import type { KeyAlgorithm } from '../../../src/shared/card-host/host-protocol.ts';
import type { Result } from '../../../src/shared/platform/result.ts';
import { createTestCa, type TestCa } from './test-ca.ts';

/** Plays the desk above the card host: asks for one step after the other, each in a session of its own, as the host opens them. */
export interface CardMaker {
  readonly deps: StepDeps;
  readonly pins: PinKeeper;
  readonly ca: TestCa;
}

export interface CardNames {
  readonly readerName: string;
  readonly chipSerialHex: string;
  readonly cardSerial: string;
}

export async function createCardMaker(): Promise<CardMaker> {
  const key = randomBytes(32);
  const deriver = createCodeDeriver((message) => Promise.resolve(new Uint8Array(createHmac('sha256', key).update(message).digest())));
  const pins = createPinKeeper();
  return { deps: { profile: asanIdProfile, deriver, pins, mailer: null }, pins, ca: await createTestCa() };
}

/** What the steps before gave to the steps after: the desk keeps it in its journal. */
export interface Making {
  readonly names: CardNames;
  readonly algorithm: KeyAlgorithm;
  requests?: StepAnswers['requests'];
  certificates?: { readonly auth: Uint8Array; readonly sign: Uint8Array };
}

export const makingSteps = ['wipe', 'codes', 'keys', 'requests', 'certificates', 'objects', 'close', 'verify'] as const;
export type MakingStep = (typeof makingSteps)[number];

export async function withCard<T>(readers: CardReaders, readerName: string, work: (session: CardSession) => Promise<T>): Promise<T> {
  const session = await readers.openCard(readerName);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

export async function runStep<K extends StepKind>(
  maker: CardMaker,
  session: CardSession,
  kind: K,
  input: Omit<StepInput<K>, 'kind'>,
): Promise<Result<StepAnswers[K], StepFailure>> {
  const step = personalisationStepFunctions[kind] as unknown as (
    session: CardSession,
    input: unknown,
    deps: StepDeps,
  ) => Promise<Result<StepAnswers[K], StepFailure>>;
  return step(session, { kind, ...input }, maker.deps);
}

/** One step of a whole personalisation in its own session; certificates come from the CA in between. */
export async function makeStep(
  maker: CardMaker,
  readers: CardReaders,
  making: Making,
  kind: MakingStep,
): Promise<Result<unknown, StepFailure>> {
  if (kind === 'certificates' && making.requests !== undefined) {
    making.certificates = {
      auth: await maker.ca.issue(making.requests.auth, 'auth'),
      sign: await maker.ca.issue(making.requests.sign, 'sign'),
    };
  }
  const input = { ...making.names, algorithm: making.algorithm, ...(making.certificates ?? {}) };
  const result = await withCard(readers, making.names.readerName, (session) => runStep(maker, session, kind, input as never));
  if (kind === 'requests' && result.ok) making.requests = result.value as StepAnswers['requests'];
  return result;
}

/** From a blank card to a finished one. Throws when a step fails. */
export async function makeCard(maker: CardMaker, readers: CardReaders, making: Making): Promise<void> {
  for (const kind of makingSteps) {
    const result = await makeStep(maker, readers, making, kind);
    if (!result.ok) throw new Error(`${kind}: ${result.failure.code} ${JSON.stringify(result.failure.params)}`);
  }
}
