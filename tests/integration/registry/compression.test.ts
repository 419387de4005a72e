import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpsTransport } from '../../../src/core/sync/https-transport.ts';
import type { RegistryReply, RegistryTransport } from '../../../src/core/sync/transport.ts';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { realOfficeId, startRealRegistry } from '../../support/real-desk.ts';

let registry: RunningRegistry;
let stop: () => Promise<void>;
let road: RegistryTransport;

beforeAll(async () => {
  ({ registry, stop } = await startRealRegistry());
  const credentials = await registry.provisionDesk({ deskId: 'desk-1', officeId: realOfficeId });
  road = createHttpsTransport({
    url: registry.url,
    caPem: credentials.registryCaPem,
    certificatePem: credentials.certificatePem,
    keyPem: credentials.privateKeyPem,
  });
});
afterAll(async () => {
  await road.close();
  await stop();
});

const push = (body: Buffer, encoding: string): Promise<RegistryReply> =>
  road.send({
    method: 'POST',
    path: '/v1/sync/commands',
    headers: { 'content-encoding': encoding },
    body,
    timeoutMs: 15_000,
    maxAnswerBytes: 1024 * 1024,
  });
const statusOf = (reply: RegistryReply): number | string => (reply.kind === 'answer' ? reply.status : reply.reason);

it('says what it unpacks', async () => {
  const reply = await road.send({ method: 'GET', path: '/v1/registry', timeoutMs: 5000, maxAnswerBytes: 65_536 });
  expect(reply.kind === 'answer' && JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ encodings: ['gzip'] });
});

it('reads a packed body as what it holds, and refuses what breaks, what it does not know and what swells beyond its bound', async () => {
  // An empty batch is refused by its schema, so it was read.
  const empty = await push(gzipSync(Buffer.from('{"commands":[]}')), 'gzip');
  expect(statusOf(empty)).toBe(400);
  expect(empty.kind === 'answer' && Buffer.from(empty.body).toString()).toContain('commands');
  expect(statusOf(await push(Buffer.from('no gzip at all'), 'gzip'))).toBe(400);
  expect(statusOf(await push(gzipSync(Buffer.from('{}')).subarray(0, 12), 'gzip'))).toBe(400);
  expect(statusOf(await push(Buffer.from('{}'), 'br'))).toBe(415);
  const bomb = gzipSync(Buffer.from(`{"commands":["${' '.repeat(64 * 1024 * 1024)}"]}`));
  expect(bomb.length).toBeLessThan(100_000);
  expect([413, 'reset']).toContain(statusOf(await push(bomb, 'gzip')));
  expect(statusOf(await push(gzipSync(Buffer.from('{"commands":[]}')), 'gzip'))).toBe(400);
}, 30_000);

it('packs a large answer for who asks, and the desk unpacks it within its own bound', async () => {
  const ask = (maxAnswerBytes: number) =>
    road.send({ method: 'GET', path: '/v1/openapi.json', headers: { 'accept-encoding': 'gzip' }, timeoutMs: 15_000, maxAnswerBytes });
  const whole = await ask(8 * 1024 * 1024);
  expect(whole.kind === 'answer' && whole.headers['content-encoding']).toBe('gzip');
  const text = whole.kind === 'answer' ? Buffer.from(whole.body).toString() : '';
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.0' });
  const packedBytes = gzipSync(Buffer.from(text), { level: 4 }).length;
  expect(statusOf(await ask(packedBytes + 1000))).toBe('too_large');
  expect(gunzipSync(gzipSync(text)).toString()).toBe(text);
});
