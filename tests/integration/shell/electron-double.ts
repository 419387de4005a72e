import { EventEmitter } from 'node:events';
import type { Session, UtilityProcess } from 'electron';
import type { ElectronApi } from '../../../src/main/electron/electron-api.ts';
import { hostReportSchema, type HostReport } from '../../../src/shared/platform/host-messages.ts';

/**
 * A double of the parts of Electron that the shell uses, typed by `electron.d.ts` (`ElectronApi`), so that a wrong name or signature does not
 * compile. It records what the shell asked for. It proves the shell's own logic, not Electron.
 */
export interface ElectronDouble {
  readonly api: ElectronApi;
  readonly forks: { modulePath: string; args: string[]; env: Record<string, string>; serviceName: string; process: FakeUtilityProcess }[];
  readonly windows: FakeWindow[];
  readonly session: FakeSession;
  readonly calls: string[];
  /** Delivers an ipc message as the page, a sub-frame or a foreign page would send it. */
  sendFromScreen(channel: string, sender: 'main-frame' | 'sub-frame' | 'foreign-page'): void;
  makeSecondInstance(): ElectronDouble;
}

export class FakeUtilityProcess extends EventEmitter {
  readonly received: { message: unknown; ports: unknown[] }[] = [];
  readonly answer: HostReport;
  constructor(answer: HostReport) {
    super();
    this.answer = answer;
  }
  readonly stdout = new EventEmitter();
  readonly stderr = new EventEmitter();
  isKilled = false;
  hasExited = false;
  postMessage(message: unknown, ports: unknown[] = []): void {
    this.received.push({ message, ports });
    const type = (message as { type?: unknown }).type;
    if (type === 'start') queueMicrotask(() => this.emit('message', hostReportSchema.parse(this.answer)));
    if (type === 'stop') queueMicrotask(() => this.exit(0));
  }
  kill(): boolean {
    this.isKilled = true;
    this.exit(9);
    return true;
  }
  exit(code: number): void {
    this.hasExited = true;
    this.emit('exit', code);
  }
}

class FakeContents extends EventEmitter {
  readonly posted: { channel: string; ports: unknown[] }[] = [];
  readonly mainFrame = { url: 'qeyd://desk/' };
  windowOpenHandler: ((details: { url: string }) => { action: string }) | undefined;
  postMessage(channel: string, _message: unknown, ports: unknown[] = []): void {
    this.posted.push({ channel, ports });
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
}

export class FakeWindow extends EventEmitter {
  isProtected = false;
  readonly webContents = new FakeContents();
  readonly options: { webPreferences?: Record<string, unknown> };
  url = '';
  isDestroyed = false;
  focusCount = 0;
  constructor(options: { webPreferences?: Record<string, unknown> }, created: (window: FakeWindow) => void) {
    super();
    this.options = options;
    created(this);
  }
  loadURL(url: string): Promise<void> {
    this.url = url;
    return Promise.resolve();
  }
  isMinimized(): boolean {
    return false;
  }
  restore(): void {
    this.focusCount += 0;
  }
  focus(): void {
    this.focusCount += 1;
  }
  destroy(): void {
    this.isDestroyed = true;
    this.emit('closed');
  }
  setContentProtection(isProtected: boolean): void {
    this.isProtected = isProtected;
  }
}

export class FakeSession extends EventEmitter {
  permissionRequest: ((contents: unknown, permission: string, answer: (allowed: boolean) => void) => void) | undefined;
  permissionCheck: (() => boolean) | undefined;
  devicePermission: (() => boolean) | undefined;
  beforeRequest: ((details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void) | undefined;
  schemes = new Map<string, (request: Request) => Promise<Response>>();
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void this.schemes.set(scheme, handler),
  };
  readonly webRequest = {
    onBeforeRequest: (handler: FakeSession['beforeRequest']) => {
      this.beforeRequest = handler;
    },
  };
  setPermissionRequestHandler(handler: FakeSession['permissionRequest']): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermission = handler;
  }
  setDisplayMediaRequestHandler(): void {
    this.emit('display-media-closed');
  }
}

class FakePort extends EventEmitter {
  start(): void {
    this.emit('started');
  }
}

/** `answer`: what the hosts of this double report after their start message. */
export function createElectronDouble(
  locks = new Set<string>(),
  answer: HostReport = { type: 'ready', tookMs: 1, parts: { open: 1 } },
): ElectronDouble {
  const forks: ElectronDouble['forks'] = [];
  const windows: FakeWindow[] = [];
  const session = new FakeSession();
  const calls: string[] = [];
  const ipcMain = new EventEmitter();
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => {
      if (locks.has('held')) return false;
      locks.add('held');
      return true;
    },
    whenReady: () => Promise.resolve(),
    enableSandbox: () => void calls.push('enableSandbox'),
  });
  const parts = {
    app,
    ipcMain,
    Menu: { setApplicationMenu: (menu: unknown) => void calls.push(`setApplicationMenu ${String(menu)}`) },
    MessageChannelMain: class {
      readonly port1 = new FakePort();
      readonly port2 = new FakePort();
    },
    net: { fetch: (url: string) => Promise.resolve(new Response(`file of ${url}`)) },
    protocol: {
      registerSchemesAsPrivileged: (schemes: { scheme: string }[]) =>
        void calls.push(`scheme ${schemes.map(({ scheme }) => scheme).join()}`),
    },
    safeStorage: {
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      getSelectedStorageBackend: () => 'gnome_libsecret' as const,
      encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(`wrapped:${text}`)),
      decryptStringAsync: (bytes: Buffer) => Promise.resolve({ result: bytes.toString().slice('wrapped:'.length), shouldReEncrypt: false }),
    },
    session: { fromPartition: (name: string) => (calls.push(`partition ${name}`), session as unknown as Session) },
    utilityProcess: {
      fork: (modulePath: string, args: string[], options: { env: Record<string, string>; serviceName: string }) => {
        const process = new FakeUtilityProcess(answer);
        forks.push({ modulePath, args, env: options.env, serviceName: options.serviceName, process });
        return process as unknown as UtilityProcess;
      },
    },
    BrowserWindow: class extends FakeWindow {
      constructor(options: { webPreferences?: Record<string, unknown> }) {
        super(options, (window) => {
          windows.push(window);
          app.emit('web-contents-created', {}, window.webContents);
        });
      }
    },
  };
  return {
    api: parts as unknown as ElectronApi,
    forks,
    windows,
    session,
    calls,
    sendFromScreen(channel, sender) {
      const contents = windows.at(-1)?.webContents;
      const frame =
        sender === 'main-frame' ? contents?.mainFrame : { url: sender === 'sub-frame' ? 'qeyd://desk/' : 'https://evil.example/' };
      ipcMain.emit(channel, { senderFrame: frame, sender: contents });
    },
    makeSecondInstance: () => createElectronDouble(locks),
  };
}
