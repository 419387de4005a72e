import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPinWindow, type PinWindowTimes } from '../../../src/card-host/pin-window/pin-window-server.ts';
import type { PinOutcome, PinQuestion, PinWindow, TypedCodes } from '../../../src/card-host/pin-window/pin-window-port.ts';

const pageFolder = path.join(import.meta.dirname, '../../fixtures/pin-page');
const windows: PinWindow[] = [];
afterEach(async () => {
  for (const window of windows.splice(0)) await window.close();
});
const question: PinQuestion = { readerName: 'Reader', kind: 'change', pin: 'pin1', triesLeft: 2, title: '' };

interface Asked {
  readonly port: number;
  readonly address: string;
  readonly end: Promise<PinOutcome['state'] | 'cancelled'>;
  readonly shown: string[];
  readonly typed: string[];
  readonly buffers: Uint8Array[];
  readonly abort: AbortController;
  readonly window: PinWindow;
}

/** A window that is asked for; what is typed is judged by `judge`. */
async function ask(
  judge: (codes: TypedCodes) => Promise<PinOutcome> | PinOutcome,
  times?: PinWindowTimes,
  what = question,
): Promise<Asked> {
  const shown: string[] = [];
  const typed: string[] = [];
  const buffers: Uint8Array[] = [];
  const abort = new AbortController();
  const window = createPinWindow(pageFolder, (_reader, address) => shown.push(address), times);
  windows.push(window);
  const end = window.ask(
    what,
    async (codes) => {
      typed.push(`${Buffer.from(codes.current).toString()}/${Buffer.from(codes.next).toString()}`);
      buffers.push(codes.current, codes.next);
      return judge(codes);
    },
    abort.signal,
  );
  await expect.poll(() => shown.length).toBeGreaterThan(0);
  const address = shown[0]!;
  return { port: Number(new URL(address).port), address, end, shown, typed, buffers, abort, window };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function send(asked: Asked, method: string, target: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: asked.port, method, path: target, headers: { Host: `localhost:${asked.port}`, ...headers } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function open(asked: Asked): Promise<Record<string, string>> {
  const page = await send(asked, 'GET', new URL(asked.address).pathname + new URL(asked.address).search);
  expect(page.status).toBe(200);
  const cookie = String(page.headers['set-cookie']);
  expect(cookie).toMatch(/^qeyd-pin=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/u);
  return { Cookie: cookie.split(';')[0]!, Origin: `http://localhost:${asked.port}` };
}

describe('the PIN window', () => {
  it('is another site than the screen, takes its token once, and serves what it has under a closed policy', async () => {
    const asked = await ask(() => ({ state: 'done' }));
    expect(asked.address).toMatch(/^http:\/\/localhost:\d+\/pin\?token=[\w-]{43}$/u);
    expect((await send(asked, 'GET', '/pin?token=wrong')).status).toBe(403);
    const headers = await open(asked);
    expect((await send(asked, 'GET', new URL(asked.address).pathname + new URL(asked.address).search)).status).toBe(403);
    const script = await send(asked, 'GET', '/assets/page.js');
    expect([script.status, script.headers['content-security-policy'], script.headers['cache-control']]).toEqual([
      200,
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
      'no-store',
    ]);
    for (const target of ['/index.html', '/../package.json', '/assets/../../x', '/nothing'])
      expect((await send(asked, 'GET', target)).status).not.toBe(200);
    expect(JSON.parse((await send(asked, 'GET', '/question', headers)).body)).toEqual({
      kind: 'change',
      pin: 'pin1',
      title: '',
      triesLeft: 2,
    });
    await send(asked, 'POST', '/cancel', headers);
    expect(await asked.end).toBe('cancelled');
    expect(asked.shown.at(-1)).toBe('');
  });

  it.each([
    ['another Host', { Host: '127.0.0.1' }, 421],
    ['a Host with another port', { Host: 'localhost:1' }, 421],
    ['the screen as Origin', { Origin: 'http://127.0.0.1:8080' }, 403],
    ['no Origin', { Origin: '' }, 403],
    ['a foreign cookie', { Cookie: `qeyd-pin=${'A'.repeat(43)}` }, 403],
    ['no cookie', { Cookie: '' }, 403],
  ])('an answer with %s is refused and never reaches the card', async (_what, wrong, status) => {
    const asked = await ask(() => ({ state: 'done' }));
    const headers = await open(asked);
    expect((await send(asked, 'POST', '/answer', { ...headers, ...wrong }, '1234\n5837')).status).toBe(status);
    expect((await send(asked, 'POST', '/cancel', { ...headers, ...wrong })).status).toBe(status);
    expect(asked.typed).toEqual([]);
    asked.abort.abort();
    expect(await asked.end).toBe('cancelled');
  });

  it.each(['', '1234', '12a4\n5837', '1234\n', '123\n5837', '123456789\n5837', `${'1'.repeat(40)}\n5837`, '1234\n58\n37'])(
    'a body that is no pair of codes (%j) is refused, and the window stays open',
    async (body) => {
      const asked = await ask(() => ({ state: 'done' }));
      const headers = await open(asked);
      expect((await send(asked, 'POST', '/answer', headers, body)).status).toBe(400);
      expect(asked.typed).toEqual([]);
      expect((await send(asked, 'POST', '/answer', headers, '1234\n5837')).status).toBe(200);
      expect(await asked.end).toBe('done');
    },
  );

  it('asks again after a wrong and a weak code, and wipes whatever was typed', async () => {
    const outcomes: PinOutcome[] = [{ state: 'weak', reason: 'CODE_RUNS' }, { state: 'wrong', triesLeft: 1 }, { state: 'done' }];
    const asked = await ask(() => outcomes.shift()!);
    const headers = await open(asked);
    expect(JSON.parse((await send(asked, 'POST', '/answer', headers, '1234\n1234')).body)).toEqual({ state: 'weak', reason: 'CODE_RUNS' });
    expect(JSON.parse((await send(asked, 'POST', '/answer', headers, '9999\n5837')).body)).toEqual({ state: 'wrong', triesLeft: 1 });
    expect(JSON.parse((await send(asked, 'GET', '/question', headers)).body)).toMatchObject({ triesLeft: 1 });
    expect(JSON.parse((await send(asked, 'POST', '/answer', headers, '4821\n5837')).body)).toEqual({ state: 'done' });
    expect(await asked.end).toBe('done');
    expect(asked.typed).toEqual(['1234/1234', '9999/5837', '4821/5837']);
    expect(asked.buffers.every((buffer) => buffer.every((byte) => byte === 0))).toBe(true);
    expect((await send(asked, 'POST', '/answer', headers, '4821\n5837')).status).toBe(403);
  });

  it.each(['blocked', 'failed'] as const)('ends with %s', async (state) => {
    const asked = await ask(() => ({ state }));
    const headers = await open(asked);
    await send(asked, 'POST', '/answer', headers, '1234\n5837');
    expect(await asked.end).toBe(state);
  });

  it('ends by itself when nobody opens it, and when nobody types', async () => {
    const unopened = await ask(() => ({ state: 'done' }), { openWithinMs: 80, answerWithinMs: 10_000 });
    expect(await unopened.end).toBe('cancelled');
    const idle = await ask(() => ({ state: 'done' }), { openWithinMs: 500, answerWithinMs: 200 });
    await open(idle);
    expect(await idle.end).toBe('cancelled');
  });

  it('what is being tried on the card comes to its end before a cancel counts', async () => {
    let finish: (outcome: PinOutcome) => void = () => undefined;
    const asked = await ask(() => new Promise<PinOutcome>((resolve) => (finish = resolve)));
    const headers = await open(asked);
    const answering = send(asked, 'POST', '/answer', headers, '1234\n5837');
    await expect.poll(() => asked.typed.length).toBe(1);
    asked.abort.abort();
    expect((await send(asked, 'POST', '/cancel', headers)).status).toBe(204);
    expect((await send(asked, 'POST', '/answer', headers, '1234\n5837')).status).toBe(409);
    finish({ state: 'done' });
    expect([await asked.end, (await answering).status]).toEqual(['done', 200]);
  });

  it('one window at a time: the next is asked when the one before is over', async () => {
    const asked = await ask(() => ({ state: 'done' }));
    const second = asked.window.ask(
      { ...question, kind: 'sign', title: 'x' },
      () => Promise.resolve({ state: 'done' }),
      new AbortController().signal,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked.shown).toHaveLength(1);
    asked.abort.abort();
    await asked.end;
    await expect.poll(() => asked.shown.length).toBe(3);
    await asked.window.close();
    expect(await second).toBe('cancelled');
  });

  it('holds both loopback addresses, so that nobody else answers at localhost', async () => {
    const asked = await ask(() => ({ state: 'done' }));
    const reach = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host, port: asked.port });
        socket.once('connect', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRNOTAVAIL'));
      });
    expect(await Promise.all([reach('127.0.0.1'), reach('::1')])).toEqual([true, true]);
    asked.abort.abort();
    await asked.end;
  });
});
