import type { Session, WebContents } from 'electron';
import { resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { contentSecurityPolicyWith } from '../content-security-policy.ts';

/** The screen's own scheme and host; nothing else is ever loaded. */
export const screenScheme = 'qeyd';
export const screenOrigin = 'qeyd://desk';

/** True when a URL belongs to the screen: parsed, never compared as text. */
export function isScreenUrl(url: string): boolean {
  try {
    const parsed = new URL(url);
    return parsed.protocol === `${screenScheme}:` && parsed.host === 'desk';
  } catch {
    return false;
  }
}

/** Denies every permission, device, download and request that is not the screen's own, for one session. */
export function closeSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({});
  });
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !(isScreenUrl(details.url) || details.url.startsWith('blob:qeyd://desk/') || details.url.startsWith('data:image/')) });
  });
}

/** Denies navigation, redirects, new windows and embedded views, for one page. */
export function closeContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
}

/** Serves the built screen through the scheme; a path outside the folder is 404. `fetchFile` is Electron's `net.fetch`. */
export function createScreenProtocol(
  screenFolder: string,
  fetchFile: (url: string) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' || !isScreenUrl(request.url)) return new Response(undefined, { status: 404 });
    const { pathname } = new URL(request.url);
    const path = resolve(screenFolder, `.${decodeURIComponent(pathname === '/' ? '/index.html' : pathname)}`);
    if (!path.startsWith(resolve(screenFolder) + sep)) return new Response(undefined, { status: 404 });
    const file = await fetchFile(pathToFileURL(path).toString()).catch(() => undefined);
    if (file === undefined) return new Response(undefined, { status: 404 });
    const headers = new Headers(file.headers);
    headers.set('Content-Security-Policy', contentSecurityPolicyWith());
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Cache-Control', 'no-store');
    return new Response(file.body, { status: file.status, headers });
  };
}
