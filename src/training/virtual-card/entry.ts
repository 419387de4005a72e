import { createConnection } from 'node:net';
import type { Channel } from '../../shared/platform/ports.ts';
import { virtualCardStartSchema, type VirtualCardStart } from '../../shared/card-host/virtual-card-control.ts';
import { CardBox } from './card-box.ts';
import { CardStore } from './card-store.ts';
import { serveChannels } from './channel-server.ts';
import { serveControl } from './control-server.ts';
import { sendElsewhere, serveDirect } from './direct-server.ts';
import { VirtualReaders } from './virtual-readers.ts';
import { VpcdLink } from './vpcd-link.ts';

/**
 * The virtual cards as a process of their own: with a card in the loop of the process that uses it, a synchronous release would wait for itself. Told by
 * its parent how to serve, it says `{type:'ready', link}` and ends with its parent.
 */
process.on('message', (message: unknown) => {
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop') process.exit(0);
  const start = virtualCardStartSchema.safeParse(message);
  if (!start.success) return;
  serve(start.data).catch((error: unknown) => {
    process.stderr.write(`The virtual cards could not start: ${error instanceof Error ? error.message : 'unknown'}\n`);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));

const vpcdHost = '127.0.0.1';
/** As the card service names the slots of Debian's virtual reader. */
const vpcdReaderNames = ['Virtual PCD 00 00', 'Virtual PCD 00 01'];

async function serve(start: VirtualCardStart): Promise<void> {
  const link = start.vpcd === 'always' || (start.vpcd === 'auto' && (await isVpcdThere(start.vpcdPort))) ? 'pcsc' : 'direct';
  const readers = new VirtualReaders(link === 'pcsc' ? vpcdReaderNames : start.readerNames);
  const box = new CardBox(readers, link, start.cardFolder === null ? null : new CardStore(start.cardFolder));
  for (let blank = box.countOpen(); blank < (start.blankCards ?? 0); blank += 1) box.carryOut({ kind: 'create_card' });
  await serveChannels(start.controlSocketPath, (channel) => serveControl(box, channel));
  const join = link === 'direct' ? (channel: Channel) => serveDirect(readers, channel) : sendElsewhere;
  await serveChannels(start.directSocketPath, join);
  if (link === 'pcsc')
    vpcdReaderNames.forEach((readerName, slot) => new VpcdLink(readers, { readerName, host: vpcdHost, port: start.vpcdPort + slot }));
  process.send?.({ type: 'ready', link });
}

/** Whether the virtual reader of the machine listens. It sees a card for a moment that says nothing. */
async function isVpcdThere(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: vpcdHost, port, timeout: 1_000 });
    const end = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
