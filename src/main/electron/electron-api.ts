/** What the shell uses of Electron; passed in, so that only `main.ts` imports the module. */
export type ElectronApi = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'ipcMain' | 'Menu' | 'MessageChannelMain' | 'net' | 'protocol' | 'safeStorage' | 'session' | 'utilityProcess'
>;
