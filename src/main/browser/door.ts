import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const tokenLifeMs = 60_000;
const cookieName = 'qeyd-session';

/**
 * Who may enter the loopback server. A token is random, single-use and lives 60 s; it is exchanged for an HttpOnly SameSite=Strict cookie.
 * A new token ends the old cookie: one window. Host is checked exactly on every request, Origin on everything a browser sends with one and
 * always on the upgrade.
 */
export interface Door {
  issueToken(): string;
  /** The cookie header for a good token, undefined otherwise; a token is good once. */
  exchange(token: string): string | undefined;
  judge(
    request: Pick<IncomingMessage, 'headers'>,
    kind: 'entry' | 'request' | 'upgrade',
  ): 'ok' | 'wrong_host' | 'wrong_origin' | 'no_session';
}

export function createDoor(address: { readonly host: string; readonly port: number }, nowMs: () => number = Date.now): Door {
  const host = `${address.host}:${String(address.port)}`;
  const origin = `http://${host}`;
  let token: { readonly value: Buffer; readonly expiresAtMs: number } | undefined;
  let session: Buffer | undefined;

  return {
    issueToken() {
      token = { value: randomBytes(32), expiresAtMs: nowMs() + tokenLifeMs };
      return token.value.toString('base64url');
    },
    exchange(given) {
      const offered = token;
      if (offered === undefined || nowMs() > offered.expiresAtMs || !equal(Buffer.from(given, 'base64url'), offered.value))
        return undefined;
      token = undefined;
      session = randomBytes(32);
      return `${cookieName}=${session.toString('base64url')}; Path=/; HttpOnly; SameSite=Strict`;
    },
    judge(request, kind) {
      if (request.headers.host !== host) return 'wrong_host';
      const sent = request.headers.origin;
      if (kind === 'upgrade' ? sent !== origin : sent !== undefined && sent !== origin) return 'wrong_origin';
      if (kind === 'entry') return 'ok';
      const cookie = readCookie(request.headers.cookie ?? '');
      return session !== undefined && cookie !== undefined && equal(cookie, session) ? 'ok' : 'no_session';
    },
  };
}

function readCookie(header: string): Buffer | undefined {
  for (const part of header.split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName && value !== undefined) return Buffer.from(value, 'base64url');
  }
  return undefined;
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
