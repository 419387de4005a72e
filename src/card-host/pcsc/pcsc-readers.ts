import type { CardReaders } from '../../shared/card-host/card-port.ts';
import { CardFault } from '../../shared/card-host/card-port.ts';
import { loadNativeLink } from './native-link.ts';
import { openPcscSession, type OnHang } from './pcsc-session.ts';
import { startPcscMonitor } from './pcsc-monitor.ts';

/** The readers of the system's smart-card service. Throws `CardFault` LINK_MISSING where the native package cannot be loaded. */
export async function createPcscReaders(onHang: OnHang): Promise<CardReaders> {
  const link = await loadNativeLink();
  const monitor = startPcscMonitor(link);
  return {
    link: 'pcsc',
    async listReaders() {
      if (!monitor.isServiceRunning) throw new CardFault('SERVICE_DOWN');
      await Promise.all(monitor.list().map(({ name }) => monitor.probed(name)));
      return monitor.list().map(({ name, hasPinPad, card }) => ({ name, hasPinPad, card: card === null ? null : { atrHex: card.atrHex } }));
    },
    async openCard(readerName) {
      // The question about the keys takes the reader for a moment.
      await monitor.probed(readerName);
      return openPcscSession(link, readerName, onHang);
    },
    onEvent: (listener) => monitor.onEvent(listener),
    close: () => monitor.close(),
  };
}
