import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, resolve, sep } from 'node:path';
import { contentSecurityPolicyWith } from '../content-security-policy.ts';

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Everything off but what the screen is built from; the WebSocket goes to this very server. */
export function screenSecurityHeaders(host: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicyWith(`ws://${host}`),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), clipboard-read=()',
    'Cache-Control': 'no-store',
  };
}

/** Serves a built file of the screen; a path outside `folder`, or a file that is not there, is 404. */
export async function serveScreenFile(folder: string, urlPath: string, response: ServerResponse): Promise<void> {
  const wanted = urlPath === '/' ? '/index.html' : urlPath;
  const path = decodePath(folder, wanted);
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !info?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': mediaTypes[extname(path)] ?? 'application/octet-stream', 'Content-Length': info.size });
  createReadStream(path).pipe(response);
}

function decodePath(folder: string, urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const path = resolve(folder, `.${decoded}`);
  return path.startsWith(resolve(folder) + sep) ? path : undefined;
}
