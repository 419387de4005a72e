import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLocalhost, type LoopbackPair } from './loopback-pair.ts';
import { readPageFiles, type PageFile } from './page-files.ts';
import type { PinOutcome, PinQuestion, PinWindow, TypedCodes } from './pin-window-port.ts';

/** How the window is shown; an empty address says that it has ended. */
export type ShowPinWindow = (readerName: string, address: string) => void;

export interface PinWindowTimes {
  /** The address works once and for so long. */
  readonly openWithinMs: number;
  /** Nobody sits at an open window for longer. */
  readonly answerWithinMs: number;
}

const usualTimes: PinWindowTimes = { openWithinMs: 60_000, answerWithinMs: 180_000 };
const maxBodyBytes = 32;
const cookieName = 'qeyd-pin';
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

interface Active {
  readonly question: PinQuestion;
  readonly token: string;
  /** Empty until the window was opened. */
  cookie: string;
  triesLeft: number;
  isBusy: boolean;
  use(codes: TypedCodes): Promise<PinOutcome>;
  end(state: PinOutcome['state'] | 'cancelled'): void;
}

/**
 * The PIN window as a page of its own at `localhost`, another site than the screen's 127.0.0.1: single-use token, HttpOnly cookie, exact Host and
 * Origin. One window at a time. Codes come as raw bytes, are handed to `use` and wiped; nothing of them is kept or written. Source: ADR-0027
 */
export function createPinWindow(pageFolder: string, show: ShowPinWindow, times: PinWindowTimes = usualTimes): PinWindow {
  let server: Promise<LoopbackPair> | undefined;
  let files: ReadonlyMap<string, PageFile> | undefined;
  let active: Active | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const refuse = (status: number): void => void response.writeHead(status, headers).end();
    void server
      ?.then(({ port }) => serve(request, response, { port, files, active }))
      .catch(() => {
        if (!response.headersSent) refuse(500);
      });
  };

  const askNow = async (
    question: PinQuestion,
    use: (codes: TypedCodes) => Promise<PinOutcome>,
    signal: AbortSignal,
  ): Promise<PinOutcome['state'] | 'cancelled'> => {
    if (signal.aborted) return 'cancelled';
    files ??= readPageFiles(pageFolder);
    server ??= listenOnLocalhost(handle);
    const { port } = await server;
    const token = randomBytes(32).toString('base64url');
    try {
      return await new Promise((resolve) => {
        let wanted: 'cancelled' | undefined;
        const mine: Active = { question, token, cookie: '', triesLeft: question.triesLeft, isBusy: false, use, end: resolve };
        const cancel = (): void => {
          // What is being tried on the card comes to its end first.
          if (mine.isBusy) wanted = 'cancelled';
          else resolve('cancelled');
        };
        mine.use = async (codes) => {
          const outcome = await use(codes);
          if (wanted !== undefined) resolve(outcome.state === 'wrong' || outcome.state === 'weak' ? wanted : outcome.state);
          return outcome;
        };
        active = mine;
        const opened = setTimeout(() => {
          if (mine.cookie === '') cancel();
        }, times.openWithinMs);
        const answered = setTimeout(cancel, times.answerWithinMs);
        for (const timer of [opened, answered]) timer.unref();
        signal.addEventListener('abort', cancel, { once: true });
        show(question.readerName, `http://localhost:${port}/pin?token=${token}`);
      });
    } finally {
      active = undefined;
      show(question.readerName, '');
    }
  };

  return {
    ask(question, use, signal) {
      const turn = last.then(() => askNow(question, use, signal));
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      active?.end('cancelled');
      await server?.then((pair) => pair.close()).catch(() => undefined);
      server = undefined;
    },
  };
}

interface Now {
  readonly port: number;
  readonly files: ReadonlyMap<string, PageFile> | undefined;
  readonly active: Active | undefined;
}

async function serve(request: IncomingMessage, response: ServerResponse, { port, files, active }: Now): Promise<void> {
  const reply = (status: number, type?: string, body?: Buffer | string, more: Record<string, string> = {}): void => {
    response.writeHead(status, { ...headers, ...more, ...(type === undefined ? {} : { 'Content-Type': type }) }).end(body);
  };
  if (request.headers.host !== `localhost:${port}`) {
    reply(421);
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://localhost:${port}`);
  if (request.method === 'GET' && pathname === '/pin') {
    const page = files?.get('/index.html');
    if (active === undefined || page === undefined || active.cookie !== '' || !isSame(searchParams.get('token') ?? '', active.token)) {
      reply(403);
      return;
    }
    active.cookie = randomBytes(32).toString('base64url');
    reply(200, page.type, page.bytes, { 'Set-Cookie': `${cookieName}=${active.cookie}; HttpOnly; SameSite=Strict; Path=/` });
    return;
  }
  const file = files?.get(pathname);
  if (request.method === 'GET' && file !== undefined && pathname !== '/index.html') {
    reply(200, file.type, file.bytes);
    return;
  }
  if (active === undefined || active.cookie === '' || !isSame(cookieOf(request), active.cookie)) {
    reply(403);
    return;
  }
  if (request.method === 'GET' && pathname === '/question') {
    const { kind, pin, title } = active.question;
    reply(200, 'application/json', JSON.stringify({ kind, pin, title, triesLeft: active.triesLeft }));
    return;
  }
  if (request.method !== 'POST' || request.headers.origin !== `http://localhost:${port}`) {
    reply(403);
    return;
  }
  if (pathname === '/cancel') {
    reply(204);
    if (!active.isBusy) active.end('cancelled');
    return;
  }
  if (pathname !== '/answer' || active.isBusy) {
    reply(409);
    return;
  }
  await takeAnswer(request, active, reply);
}

async function takeAnswer(
  request: IncomingMessage,
  active: Active,
  reply: (status: number, type?: string, body?: string) => void,
): Promise<void> {
  active.isBusy = true;
  const body = await readBody(request);
  const codes = body === undefined ? undefined : split(body, active.question);
  try {
    if (codes === undefined) {
      reply(400);
      return;
    }
    const outcome = await active.use(codes);
    if (outcome.state === 'wrong') active.triesLeft = outcome.triesLeft;
    reply(200, 'application/json', JSON.stringify(outcome));
    if (outcome.state !== 'wrong' && outcome.state !== 'weak') active.end(outcome.state);
  } finally {
    body?.fill(0);
    active.isBusy = false;
  }
}

/** `current LF next` as digits; the views lie in `body`, so wiping it wipes them. */
function split(body: Uint8Array, question: PinQuestion): TypedCodes | undefined {
  const end = body.indexOf(0x0a);
  if (end < 0) return undefined;
  const [current, next] = [body.subarray(0, end), body.subarray(end + 1)];
  const isCode = (code: Uint8Array) => code.length >= 4 && code.length <= 8 && code.every((byte) => byte >= 0x30 && byte <= 0x39);
  if (!isCode(current)) return undefined;
  if (question.kind === 'sign' ? next.length > 0 : !isCode(next)) return undefined;
  return { current, next };
}

/** At most `maxBodyBytes`; what the network handed over is wiped as it is taken. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const body = new Uint8Array(maxBodyBytes);
  let length = 0;
  let isTooLong = false;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (length + chunk.length > maxBodyBytes) isTooLong = true;
    else body.set(chunk, length);
    length += chunk.length;
    chunk.fill(0);
  }
  if (!isTooLong) return body.subarray(0, length);
  body.fill(0);
  return undefined;
}

function cookieOf(request: IncomingMessage): string {
  const found = (request.headers.cookie ?? '').split('; ').find((each) => each.startsWith(`${cookieName}=`));
  return found?.slice(cookieName.length + 1) ?? '';
}

function isSame(given: string, wanted: string): boolean {
  const [one, two] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === two.length && timingSafeEqual(one, two);
}
