import { describe, expect, it } from 'vitest';
import { createDoor } from './door.ts';

const address = { host: '127.0.0.1', port: 4711 };
const host = '127.0.0.1:4711';
const origin = 'http://127.0.0.1:4711';

function enter(nowMs = () => 0) {
  const door = createDoor(address, nowMs);
  const cookie = door.exchange(door.issueToken())?.split(';')[0] ?? '';
  return { door, cookie };
}

describe('the browser shell’s door', () => {
  it('exchanges a token once for an HttpOnly SameSite=Strict cookie', () => {
    const door = createDoor(address);
    const token = door.issueToken();
    expect(door.exchange(token)).toMatch(/^qeyd-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(door.exchange(token)).toBeUndefined();
  });

  it('refuses a token after 60 seconds, a guessed one and an empty one', () => {
    let now = 0;
    const door = createDoor(address, () => now);
    const token = door.issueToken();
    expect(door.exchange('')).toBeUndefined();
    expect(door.exchange('A'.repeat(43))).toBeUndefined();
    now = 60_001;
    expect(door.exchange(token)).toBeUndefined();
  });

  it('lets a request with the cookie in and one without it not', () => {
    const { door, cookie } = enter();
    expect(door.judge({ headers: { host, cookie } }, 'request')).toBe('ok');
    expect(door.judge({ headers: { host } }, 'request')).toBe('no_session');
    expect(door.judge({ headers: { host, cookie: 'qeyd-session=AAAA' } }, 'request')).toBe('no_session');
  });

  it('checks Host exactly, also before the token is exchanged', () => {
    const { door, cookie } = enter();
    for (const wrong of ['localhost:4711', '127.0.0.1', '127.0.0.1:4712', 'evil.example', undefined]) {
      expect(door.judge({ headers: { host: wrong, cookie } }, 'request')).toBe('wrong_host');
      expect(door.judge({ headers: { host: wrong } }, 'entry')).toBe('wrong_host');
    }
  });

  it('demands the exact Origin on the upgrade and refuses a foreign one anywhere', () => {
    const { door, cookie } = enter();
    expect(door.judge({ headers: { host, cookie, origin } }, 'upgrade')).toBe('ok');
    expect(door.judge({ headers: { host, cookie } }, 'upgrade')).toBe('wrong_origin');
    expect(door.judge({ headers: { host, cookie, origin: 'http://evil.example' } }, 'upgrade')).toBe('wrong_origin');
    expect(door.judge({ headers: { host, cookie, origin: 'http://localhost:4711' } }, 'request')).toBe('wrong_origin');
    expect(door.judge({ headers: { host, cookie, origin: 'null' } }, 'upgrade')).toBe('wrong_origin');
  });

  it('ends the older window’s cookie when a new token is exchanged', () => {
    const { door, cookie } = enter();
    door.exchange(door.issueToken());
    expect(door.judge({ headers: { host, cookie } }, 'request')).toBe('no_session');
  });
});
