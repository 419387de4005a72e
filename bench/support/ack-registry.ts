import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { canonicalJson, sha256Hex } from '../../src/core/platform/canonical.ts';
import { batchReceiptsText } from '../../src/shared/registry-api/batch-receipts.ts';
import type { Receipt } from '../../src/shared/registry-api/envelope.ts';

/**
 * A registry that only acknowledges, as a process of its own: mutual TLS, a signed receipt for every command, no store. `POST /raw` reads a
 * body of the same size and answers nothing, which is the rate of the road itself. Prints its port.
 */
const [keyPath = '', certificatePath = '', deskCaPath = ''] = process.argv.slice(2);
const keys = generateKeyPairSync('ed25519');
const receiptKey = createPrivateKey(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const info = JSON.stringify({
  registry_epoch: 'bench',
  receipt_key: createPublicKey(receiptKey).export({ type: 'spki', format: 'der' }).toString('base64'),
  server_time_ms: Date.now(),
  policy: { batch: 50, poll_s: 25, reconnect_spread_s: 0, min_app: '0.0.0' },
});
const result = { outcome: 'applied', rev: 1, state: 'REFUSED' };
const resultText = canonicalJson(result);
const result_sha256 = sha256Hex(resultText);
let pos = 0;

function acknowledge(body: string): string {
  const { commands } = JSON.parse(body) as { commands: { command_id: string; desk_id: string }[] };
  const at_ms = Date.now();
  const receipts: Receipt[] = [];
  const results = commands.map(({ command_id, desk_id }) => {
    pos += 1;
    const proven = canonicalJson({ command_id, desk_id, result_sha256, pos, at_ms, registry_epoch: 'bench' });
    const sig = sign(null, Buffer.from(proven), receiptKey).toString('base64url');
    receipts.push({ command_id, desk_id, result_sha256, pos, at_ms, registry_epoch: 'bench', sig });
    return `{"command_id":"${command_id}","result":${resultText},"receipt":${proven.slice(0, -1)},"sig":"${sig}"}}`;
  });
  const batchSignature = sign(null, Buffer.from(batchReceiptsText(receipts)), receiptKey).toString('base64url');
  return `{"results":[${results.join(',')}],"batch_sig":"${batchSignature}","server_time_ms":${at_ms}}`;
}

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
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const reply = (text: string): void =>
        void response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
      const url = request.url ?? '';
      if (url === '/v1/registry') reply(info);
      else if (url === '/v1/sync/commands') reply(acknowledge(Buffer.concat(pieces).toString('utf8')));
      else if (url === '/raw') reply('{}');
      else if (url.startsWith('/v1/sync/changes')) {
        const answer = JSON.stringify({
          changes: [],
          next_cursor: 'c',
          has_more: false,
          registry_epoch: 'bench',
          server_time_ms: Date.now(),
        });
        setTimeout(() => reply(answer), url.includes('wait_s=0') ? 0 : 20_000).unref();
      } else response.writeHead(404).end('{"code":"NOT_FOUND"}');
    });
  },
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.on('disconnect', () => process.exit(0));
