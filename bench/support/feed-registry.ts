import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * A registry with nothing but a change feed, as a process of its own: mutual TLS, so many changes of one entity, each with the body of the given
 * file under an id of its own. Prints its port.
 */
const [keyPath = '', certificatePath = '', deskCaPath = '', bodyPath = '', entity = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
const body = readFileSync(bodyPath, 'utf8');
const receiptKey = createPublicKey(generateKeyPairSync('ed25519').privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
const policy = { batch: 50, poll_s: 25, reconnect_spread_s: 0, min_app: '0.0.0' };
const idOf = (index: number): string => `0197a000-0000-7000-8000-${String(index).padStart(12, '0')}`;
const changeAt = (index: number): string =>
  `{"entity":"${entity}","id":"${idOf(index)}","rev":1,"op":"upsert","pos":${index + 1},"body":${body.replaceAll('{{id}}', idOf(index)).replaceAll('{{n}}', String(index))}}`;

const server = https.createServer(
  {
    key: readFileSync(keyPath),
    cert: readFileSync(certificatePath),
    ca: readFileSync(deskCaPath),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  },
  (request, response) => {
    const url = new URL(request.url ?? '/', 'https://registry');
    const reply = (text: string): void =>
      void response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
    if (url.pathname === '/v1/registry')
      reply(JSON.stringify({ registry_epoch: 'bench', receipt_key: receiptKey, server_time_ms: Date.now(), policy }));
    else if (url.pathname === '/v1/sync/changes') {
      const from = Number(url.searchParams.get('cursor') ?? '') || 0;
      const until = Math.min(count, from + Number(url.searchParams.get('limit')));
      const changes = Array.from({ length: until - from }, (_unused, at) => changeAt(from + at));
      const answer = `{"changes":[${changes.join(',')}],"next_cursor":"${until}","has_more":${until < count},"registry_epoch":"bench","server_time_ms":${Date.now()}}`;
      setTimeout(() => reply(answer), changes.length > 0 || url.searchParams.get('wait_s') === '0' ? 0 : 20_000).unref();
    } else response.writeHead(404).end('{"code":"NOT_FOUND"}');
  },
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.on('disconnect', () => process.exit(0));
