import { request as httpRequest } from 'node:http';

/** Types into the PIN window at this address as its page does, without a browser; answers what the card said to each code. */
export async function typeAtPinWindow(address: string, codes: readonly (readonly [current: string, next?: string])[]): Promise<string[]> {
  const { port, pathname, search } = new URL(address);
  const opened = await send(port, 'GET', pathname + search);
  const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
  const headers = { Cookie: cookie, Origin: `http://localhost:${port}` };
  const states: string[] = [];
  for (const [current, next = ''] of codes) {
    const answer = await send(port, 'POST', '/answer', headers, `${current}\n${next}`);
    states.push((JSON.parse(answer.body) as { state: string }).state);
  }
  if (codes.length === 0) await send(port, 'POST', '/cancel', headers);
  return states;
}

interface Reply {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function send(port: string, method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { Host: `localhost:${port}`, ...headers } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ headers: response.headers, body: text });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
