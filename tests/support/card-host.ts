import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectChannel } from '../../src/channel/socket-channel.ts';
import { createCardHostClient } from '../../src/core/cards/card-host-client.ts';
import type { CardHost, CardHostEvent } from '../../src/core/cards/ports.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { spawnNodeHost, type NodeHost } from '../../src/main/browser/node-host.ts';
import { cardEnvironment, superviseCardHost } from '../../src/main/hosts/card-host.ts';
import type { HostSupervisor } from '../../src/main/hosts/supervise-host.ts';
import { cardsConfigSchema, type DeskConfig } from '../../src/shared/platform/desk-config.ts';
import type { Channel } from '../../src/shared/platform/ports.ts';

export interface RunningCardHost {
  readonly folder: string;
  readonly host: CardHost;
  readonly events: CardHostEvent[];
  readonly supervisor: HostSupervisor<NodeHost>;
  /** Every message of the channel in both directions, as it went. */
  readonly messages: unknown[];
  /** Resolves when such an event came, also before; rejects after 15 s. */
  event(matches: (event: CardHostEvent) => boolean, fromIndex?: number): Promise<CardHostEvent>;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** The real card host as the browser shell starts and supervises it, and the core's own client of it. */
export async function startCardHost(
  cards: Partial<NonNullable<DeskConfig['cards']>> = {},
  more: { readonly tokenPin?: string; readonly pinPageFolder?: string; readonly folder?: string } = {},
): Promise<RunningCardHost> {
  const folder = more.folder ?? mkdtempSync(path.join(tmpdir(), 'qeyd-cards-'));
  const socketPath = path.join(folder, 'channel', 's');
  const config = { mode: 'training', dataFolder: folder, cards: cardsConfigSchema.parse(cards) } as unknown as DeskConfig;
  const pin = more.tokenPin;
  const store = {
    find: (name: string) => Promise.resolve(name === 'token-pin' && pin !== undefined ? Buffer.from(pin) : undefined),
    put: () => Promise.resolve(),
  };
  const entry = path.join(root, 'src', 'card-host', 'entry-node.ts');
  const supervisor = await superviseCardHost(
    { config, configPath: path.join(folder, 'desk.json') },
    store,
    () => spawnNodeHost(entry, cardEnvironment),
    {
      socketPath,
      pinPageFolder: more.pinPageFolder ?? path.join(root, 'tests', 'fixtures', 'pin-page'),
      pinWindowBy: 'screen',
    },
  )!;
  const messages: unknown[] = [];
  const events: CardHostEvent[] = [];
  const host = createCardHostClient(async () => recorded(await connectChannel(socketPath), messages), systemClock);
  let waiting: (() => void)[] = [];
  host.onEvent((event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  return {
    folder,
    host,
    events,
    supervisor,
    messages,
    event: (matches, fromIndex = 0) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.slice(fromIndex).find(matches);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting = waiting.filter((each) => each !== look);
          resolve(found);
        };
        const timer = setTimeout(() => reject(new Error(`no such event among ${JSON.stringify(events.slice(fromIndex))}`)), 15_000);
        waiting.push(look);
        look();
      }),
    async stop() {
      host.close();
      await supervisor.stop(5_000);
      if (more.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function recorded(channel: Channel, messages: unknown[]): Channel {
  return {
    ...channel,
    send(message) {
      messages.push(message);
      channel.send(message);
    },
    onMessage: (listener) =>
      channel.onMessage((message) => {
        messages.push(message);
        listener(message);
      }),
  };
}
