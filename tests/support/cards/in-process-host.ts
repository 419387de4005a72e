import { createHmac, randomBytes } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { createPinKeeper } from '../../../src/card-host/codes/pin-keeper.ts';
import { createEventHub } from '../../../src/card-host/event-hub.ts';
import { serveCards, type HostParts } from '../../../src/card-host/host.ts';
import { createMailer } from '../../../src/card-host/mailer/create-mailer.ts';
import { holdCards } from '../../../src/card-host/personalise/held-cards.ts';
import { personalisationStepFunctions } from '../../../src/card-host/personalise/steps.ts';
import { asanIdProfile } from '../../../src/card-host/profile/asan-id/profile.ts';
import { ReaderQueue } from '../../../src/card-host/reader-queue.ts';
import { createCodeDeriver } from '../../../src/card-host/token/code-deriver.ts';
import { nodePortChannel } from '../../../src/channel/message-port-channel.ts';
import { createCardHostClient } from '../../../src/core/cards/card-host-client.ts';
import type { CardHost } from '../../../src/core/cards/ports.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import type { Channel } from '../../../src/shared/platform/ports.ts';
import type { CardReaders } from '../../../src/shared/card-host/card-port.ts';

export interface PrintedEnvelope {
  readonly envelopeNumber: string;
  readonly text: string;
}

export interface InProcessHost {
  readonly host: CardHost;
  readonly printed: PrintedEnvelope[];
  /** What the mailer does with the next envelopes. */
  failMailer(times: number): void;
  /** As if the process had ended and begun anew: no code is left. */
  forgetCodes(): void;
  /** Serves a core in another process. */
  serve(channel: Channel): void;
  close(): void;
}

/** The card host with everything real but its process: protocol, queue, steps and profile, on readers of this process. */
export function startInProcessHost(readers: CardReaders, masterKey: Uint8Array = randomBytes(32)): InProcessHost {
  const ports = new MessageChannel();
  const pins = createPinKeeper();
  const printed: PrintedEnvelope[] = [];
  let failures = 0;
  const mailer = createMailer((bytes, content) => {
    if (failures > 0) {
      failures -= 1;
      return Promise.reject(new Error('no paper'));
    }
    printed.push({ envelopeNumber: content.envelopeNumber, text: Buffer.from(bytes).toString('latin1') });
    return Promise.resolve();
  });
  const mac = (message: Uint8Array): Promise<Uint8Array> =>
    Promise.resolve(new Uint8Array(createHmac('sha256', masterKey).update(message).digest()));
  const parts: HostParts = {
    readers,
    held: holdCards(readers, 50),
    hub: createEventHub(readers),
    queue: new ReaderQueue(),
    missing: () => [],
    token: () => Promise.resolve({ kind: 'training', label: '', isReady: true }),
    mailerKind: 'file',
    mailerIsReady: () => true,
    profile: asanIdProfile,
    steps: personalisationStepFunctions,
    stepDeps: { deriver: createCodeDeriver(mac), pins, mailer },
    pinWindow: { ask: () => Promise.resolve('cancelled'), close: () => Promise.resolve() },
    log: () => undefined,
  };
  const serve = (channel: Channel): void => {
    serveCards(channel, parts, () => undefined);
  };
  serve(nodePortChannel(ports.port2));
  const host = createCardHostClient(() => Promise.resolve(nodePortChannel(ports.port1)), systemClock);
  return {
    host,
    printed,
    failMailer: (times) => {
      failures = times;
    },
    forgetCodes: () => {
      pins.forgetAll();
    },
    serve,
    close: () => {
      host.close();
      ports.port1.close();
      ports.port2.close();
    },
  };
}
