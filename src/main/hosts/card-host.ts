import type { CardHostStart } from '../../shared/platform/host-messages.ts';
import type { LoadedDesk, SecretStore } from '../shell.ts';
import type { Host, SpawnHost } from './host.ts';
import { killWhenSilent } from './kill-when-silent.ts';
import { superviseHost, type HostSupervisor } from './supervise-host.ts';

/** By these the smart-card service and a software token are found where they are not in their usual place. */
export const cardEnvironment = ['PCSCLITE_CSOCK_NAME', 'SOFTHSM2_CONF'] as const;

/** A driver or a service that hangs is mended by somebody: the card host is tried again. */
const retryAfterMs = 30_000;

/** How this shell joins the card host and shows its PIN window. */
export type CardHostPlaces = Pick<CardHostStart, 'socketPath' | 'pinPageFolder' | 'pinWindowBy'>;

/**
 * Starts and supervises the card host of a desk that has cards; undefined where it has none. The desk starts without waiting for it, and works
 * without it. The token's PIN is read anew for every process and goes by message. Source: ADR-0027
 */
export function superviseCardHost<H extends Host>(
  desk: LoadedDesk,
  store: SecretStore,
  spawn: SpawnHost<H>,
  places: CardHostPlaces,
  onHost: (host: H) => void = () => undefined,
): Promise<HostSupervisor<H>> | undefined {
  const { cards, mode, dataFolder } = desk.config;
  if (cards === undefined) return undefined;
  const begin = (host: H): void => {
    killWhenSilent(host);
    onHost(host);
    void readTokenPin(store, cards.token?.pinReference).then((tokenPin) => {
      host.send({ type: 'start', ...places, mode, cards, dataFolder, tokenPin } satisfies CardHostStart);
    });
  };
  const supervisor = superviseHost(spawn, begin, retryAfterMs);
  supervisor.catch(() => undefined);
  return supervisor;
}

async function readTokenPin(store: SecretStore, reference: string | undefined): Promise<string> {
  if (reference === undefined) return '';
  // A PIN that cannot be read is one that is not there: the diagnosis says that the token is not ready.
  const pin = await store.find(reference).catch(() => undefined);
  return pin === undefined ? '' : new TextDecoder().decode(pin);
}
