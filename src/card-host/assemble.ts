import type { CardReaders } from '../shared/card-host/card-port.ts';
import { CardFault } from '../shared/card-host/card-port.ts';
import type { CardHostStatus } from '../shared/card-host/host-protocol.ts';
import type { CardHostStart } from '../shared/platform/host-messages.ts';
import { createPinKeeper } from './codes/pin-keeper.ts';
import { createEventHub } from './event-hub.ts';
import type { HostParts } from './host.ts';
import { createMailer, type EnvelopePort } from './mailer/create-mailer.ts';
import { devicePort, isDeviceReady, networkPort } from './mailer/ports.ts';
import { createPcscReaders } from './pcsc/pcsc-readers.ts';
import { holdCards } from './personalise/held-cards.ts';
import { personalisationStepFunctions } from './personalise/steps.ts';
import { createPinWindow, type ShowPinWindow } from './pin-window/pin-window-server.ts';
import { asanIdProfile } from './profile/asan-id/profile.ts';
import { ReaderQueue } from './reader-queue.ts';
import { createCodeDeriver, TokenFault, type MasterMac } from './token/code-deriver.ts';
import { openPkcs11Token } from './token/pkcs11-token.ts';
import { trainingParts } from './training-parts.ts';

export interface AssembledHost {
  readonly parts: HostParts;
  /** Wipes the codes and lets go of readers and windows; never throws. */
  end(): Promise<void>;
}

/** Puts the card host together from its start message. What cannot be had is missing from it, with a diagnosis, and the rest works. */
export async function assembleHost(
  start: CardHostStart,
  onHang: () => void,
  show: ShowPinWindow,
  log: (line: string) => void,
): Promise<AssembledHost> {
  const missing = new Set<CardHostStatus['missing'][number]>();
  const training = start.mode === 'training' ? trainingParts : null;
  const readers = await openReaders(start, training, onHang, () => missing.add('smartcard'));
  const { mac, status } = openToken(start, training);
  if (start.cards.token !== undefined) await import('pkcs11js').catch(() => missing.add('pkcs11js'));
  const mailer = openMailer(start, training);
  const pins = createPinKeeper();
  const pinWindow = createPinWindow(start.pinPageFolder, show);
  const queue = new ReaderQueue();
  const held = readers === null ? null : holdCards(readers);
  return {
    parts: {
      readers,
      held,
      hub: readers === null ? null : createEventHub(readers),
      queue,
      missing: () => [...missing],
      token: status,
      mailerKind: mailer.kind,
      mailerIsReady: mailer.isReady,
      profile: asanIdProfile,
      steps: personalisationStepFunctions,
      stepDeps: { deriver: createCodeDeriver(mac), pins, mailer: mailer.port === null ? null : createMailer(mailer.port) },
      pinWindow,
      log,
    },
    async end() {
      queue.cancelAll();
      pins.forgetAll();
      await held?.close();
      await Promise.allSettled([pinWindow.close(), readers?.close()]);
    },
  };
}

async function openReaders(
  { cards }: CardHostStart,
  training: typeof trainingParts,
  onHang: () => void,
  onMissing: () => void,
): Promise<CardReaders | null> {
  const direct = (await training?.directReaders(cards.directLink)) ?? null;
  if (direct !== null) return direct;
  if (!cards.pcsc) return null;
  try {
    return await createPcscReaders(onHang);
  } catch (error) {
    if (!(error instanceof CardFault)) throw error;
    onMissing();
    return null;
  }
}

function openToken(
  start: CardHostStart,
  training: typeof trainingParts,
): { readonly mac: MasterMac; readonly status: () => Promise<CardHostStatus['token']> } {
  const { token } = start.cards;
  if (token !== undefined) {
    const centre = openPkcs11Token({ modulePath: token.module, label: token.label, pin: new TextEncoder().encode(start.tokenPin) });
    const isReady = () =>
      centre.check().then(
        () => true,
        () => false,
      );
    return { mac: centre.mac, status: async () => ({ kind: 'pkcs11', label: token.label, isReady: await isReady() }) };
  }
  if (training !== null) {
    return { mac: training.masterMac(start.dataFolder), status: () => Promise.resolve({ kind: 'training', label: '', isReady: true }) };
  }
  const mac: MasterMac = () => Promise.reject(new TokenFault('TOKEN_MISSING', 'this desk has no token'));
  return { mac, status: () => Promise.resolve({ kind: 'none', label: '', isReady: false }) };
}

function openMailer(
  { cards: { mailer } }: CardHostStart,
  training: typeof trainingParts,
): { readonly kind: CardHostStatus['mailer']['kind']; readonly port: EnvelopePort | null; readonly isReady: () => boolean } {
  switch (mailer?.kind) {
    case 'device':
      return { kind: 'device', port: devicePort(mailer.path), isReady: () => isDeviceReady(mailer.path) };
    case 'network':
      // Whether it answers is seen when an envelope is printed: asking it would feed one.
      return { kind: 'device', port: networkPort(mailer.host, mailer.port), isReady: () => true };
    case 'file':
      if (training !== null) return { kind: 'file', port: training.filePort(mailer.folder), isReady: () => true };
      break;
    case undefined:
      break;
  }
  return { kind: 'none', port: null, isReady: () => false };
}
