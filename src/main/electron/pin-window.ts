import type { BrowserWindow } from 'electron';
import type { ElectronApi } from './electron-api.ts';

/** Shows the PIN window at an address of the card host; an empty address ends it. */
export interface PinWindowOpener {
  show(address: string): void;
}

/**
 * The PIN window in Electron: a window of its own over the screen's, in a session of its own that lives in memory and reaches the card host's
 * address and nothing else; no preload, so nothing in it speaks to the program but the card host's page. Source: ADR-0027
 */
export function createPinWindowOpener(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'session'>,
  parent: () => BrowserWindow | undefined,
): PinWindowOpener {
  let shown: BrowserWindow | undefined;
  return {
    show(address) {
      shown?.destroy();
      shown = undefined;
      if (address === '') return;
      const { origin } = new URL(address);
      const session = electron.session.fromPartition('qeyd-pin');
      session.setPermissionRequestHandler((_contents, _permission, answer) => {
        answer(false);
      });
      session.setPermissionCheckHandler(() => false);
      session.webRequest.onBeforeRequest((details, answer) => {
        answer({ cancel: new URL(details.url).origin !== origin });
      });
      const above = parent();
      const window = new electron.BrowserWindow({
        width: 480,
        height: 560,
        ...(above === undefined ? {} : { parent: above, modal: true }),
        minimizable: false,
        maximizable: false,
        fullscreenable: false,
        title: 'PIN',
        webPreferences: { session, sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, spellcheck: false },
      });
      // Nobody films the keys of this window.
      window.setContentProtection(true);
      window.on('closed', () => {
        if (shown === window) shown = undefined;
      });
      shown = window;
      void window.loadURL(address).catch(() => {
        window.destroy();
      });
    },
  };
}
