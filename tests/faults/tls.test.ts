import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpsTransport } from '../../src/core/sync/https-transport.ts';
import { registryPaths, startRegistry, type DeskCredentials, type RunningRegistry } from '../../src/registry/index.ts';
import { makeCertificate, readAuthority, type CertificateWish } from '../support/bad-certificates.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { createHurriedClock, hasWords, hurryTransport } from '../support/hurried.ts';
import { openRealDesk, realOfficeId, until, type RealDesk } from '../support/real-desk.ts';
import { refusalDraft } from './fault-proxy-kinds.ts';

/**
 * What answers is not the registry, or does not take this desk: the person reads which of it, nothing leaves, nothing is lost, and it goes on by itself
 * when the server is right again. Revocation of a server's certificate is not checked by design: the desk trusts one private authority and nothing
 * else, and what that authority must take back is replaced together with it. Source: b5, desk auth; F-16
 */
const speed = 20;
const clock = createHurriedClock(speed);
let folder: string;
let registry: RunningRegistry;
let gateway: FaultProxy;
let desk: RealDesk;
let credentials: DeskCredentials;
let deskCount = 0;
const endings: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-tls-'));
  registry = await startRegistry({
    folder,
    seedTraining: { officeId: realOfficeId },
    passwordCost: { memoryKib: 1024, passes: 1 },
    nowMs: () => clock.nowMs(),
    allowFaults: true,
  });
  gateway = await startFaultProxy(registry.port);
});
afterEach(async () => {
  await desk.remove();
  for (const end of endings.splice(0)) await end();
  gateway.setUpstream(registry.port);
});
afterAll(async () => {
  await gateway.close();
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function enrol(): Promise<void> {
  deskCount += 1;
  credentials = await registry.provisionDesk({ deskId: `desk-${deskCount}`, officeId: realOfficeId });
}

async function open(
  options: { readonly certificatePem?: string; readonly keyPem?: string; readonly host?: string; readonly folder?: string } = {},
): Promise<void> {
  const transport = createHttpsTransport({
    url: gateway.url.replace('127.0.0.1', options.host ?? '127.0.0.1'),
    caPem: credentials.registryCaPem,
    certificatePem: options.certificatePem ?? credentials.certificatePem,
    keyPem: options.keyPem ?? credentials.privateKeyPem,
  });
  desk = await openRealDesk(registry, credentials, {
    clock,
    keyHex: 'cd'.repeat(32),
    transport: hurryTransport(transport, speed),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
  });
}
const refuse = (): string => desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });
const stateOf = (id: string): unknown => desk.db.get('SELECT state FROM outbox WHERE command_id = @id', { id })?.['state'];

async function listen(server: http.Server | https.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Impostor {
  readonly port: number;
  /** What the desk has told it: nothing, if all is well. */
  readonly heard: string[];
}

const portal = '<!doctype html><title>Wi-Fi</title><form action="/login">';

async function serve(options: https.ServerOptions): Promise<Impostor> {
  const heard: string[] = [];
  const server = https.createServer(options, (request, response) => {
    heard.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'content-type': 'text/html' }).end(portal);
  });
  return { port: await listen(server), heard };
}

const ownAuthority = (wish: CertificateWish) => async (): Promise<Impostor> =>
  serve(await makeCertificate(await readAuthority(folder, 'server'), wish));

async function foreign(chain: 'alone' | 'with its authority'): Promise<Impostor> {
  const other = await makeCertificate('self', { isAuthority: true, name: 'başqa orqan' });
  const leaf = await makeCertificate(other.authority);
  return serve({ key: leaf.key, cert: chain === 'alone' ? leaf.cert : leaf.cert + other.cert });
}

async function withoutIntermediate(): Promise<Impostor> {
  const between = await makeCertificate(await readAuthority(folder, 'server'), { isAuthority: true, name: 'aralıq' });
  return serve(await makeCertificate(between.authority));
}

async function plainHttp(): Promise<Impostor> {
  const heard: string[] = [];
  const server = http.createServer((request, response) => {
    heard.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(302, { location: 'http://wifi.example/' }).end(portal);
  });
  return { port: await listen(server), heard };
}

const servers: readonly (readonly [string, string, () => Promise<Impostor>])[] = [
  ['an expired certificate', 'TLS_TIME', ownAuthority({ fromDays: -60, untilDays: -1 })],
  ['a certificate that is not valid yet (or a desk clock that is behind)', 'TLS_TIME', ownAuthority({ fromDays: 2 })],
  ['another host name', 'TLS_NAME', ownAuthority({ names: [{ type: 'dns', value: 'reyestr.example' }] })],
  ['an unknown authority', 'TLS_AUTHORITY', () => foreign('alone')],
  ['an unknown authority that shows itself', 'TLS_AUTHORITY', () => foreign('with its authority')],
  ['a certificate signed by itself', 'TLS_AUTHORITY', async () => serve(await makeCertificate('self'))],
  ['a missing intermediate', 'TLS_AUTHORITY', withoutIntermediate],
  ['the certificate of a desk in place of a server', 'TLS_AUTHORITY', ownAuthority({ usage: 'client' })],
  [
    'TLS 1.1 and nothing newer',
    'TLS_PROTOCOL',
    async () =>
      serve({
        ...(await makeCertificate(await readAuthority(folder, 'server'))),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'ALL:@SECLEVEL=0',
      }),
  ],
  [
    'TLS 1.2 with a weak cipher',
    'TLS_PROTOCOL',
    async () =>
      serve({
        ...(await makeCertificate(await readAuthority(folder, 'server'))),
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0',
      }),
  ],
  ['plain HTTP on the port', 'TLS_PROTOCOL', plainHttp],
  [
    'the sign-in page of a guest network with a certificate of its own',
    'TLS_AUTHORITY',
    async () => serve(await makeCertificate('self', { name: 'wifi' })),
  ],
];

describe('fault 16: what answers is not the registry', () => {
  it.each(servers)('%s is told as %s, nothing leaves, and it goes on by itself', async (_name, code, start) => {
    await enrol();
    await open();
    await until(() => desk.worker.link().state === 'online', 'the link');
    const impostor = await start();
    gateway.setUpstream(impostor.port);
    const ids = [refuse(), refuse()];
    await until(() => desk.worker.link().state === 'frozen', 'the freeze');
    expect(desk.worker.link().lastAnswer?.code).toBe(code);
    expect(hasWords(code)).toBe(true);
    ids.push(refuse());
    expect(await desk.desk.registry.dayCounts('2026-01-01')).toMatchObject({ ok: false, failure: { code: 'REGISTRY_REFUSED_DESK' } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(desk.worker.queue().queued).toBe(3);
    expect(impostor.heard).toEqual([]);
    gateway.setUpstream(registry.port);
    await until(() => desk.worker.queue().queued === 0, 'the drain', 15_000);
    expect(ids.map(stateOf)).toEqual([1, 1, 1]);
    expect(desk.worker.link()).toMatchObject({ state: 'online', lastAnswer: { code: 'OK' } });
  });

  it.each([
    [
      'knows no such name and hangs up',
      'RESET',
      async () =>
        serve({
          ...(await makeCertificate(await readAuthority(folder, 'server'))),
          SNICallback: (_name, done) => {
            done(new Error('no such name'));
          },
        }),
    ],
    ['shows another name for it', 'TLS_NAME', ownAuthority({ names: [{ type: 'dns', value: 'reyestr.example' }] })],
  ] as const)('a server that is asked by name and %s is told as %s, and nothing leaves', async (_name, code, start) => {
    await enrol();
    const impostor = await start();
    gateway.setUpstream(impostor.port);
    await open({ host: 'localhost' });
    const id = refuse();
    await until(() => desk.worker.link().lastAnswer?.code === code, code);
    expect(hasWords(code)).toBe(true);
    expect(desk.worker.queue().queued).toBe(1);
    expect(impostor.heard).toEqual([]);
    gateway.setUpstream(registry.port);
    await until(() => desk.worker.queue().queued === 0, 'the drain', 15_000);
    expect(stateOf(id)).toBe(1);
  });

  it('a page in place of the answer, from a server in order, is no answer and is not told as one', async () => {
    await enrol();
    const impostor = await ownAuthority({})();
    gateway.setUpstream(impostor.port);
    await open();
    const id = refuse();
    await until(() => desk.worker.link().lastAnswer?.code === 'REGISTRY_ANSWER_INVALID', 'the word for it');
    expect(hasWords('REGISTRY_ANSWER_INVALID')).toBe(true);
    expect(impostor.heard.filter((each) => each.startsWith('POST'))).toEqual([]);
    expect(desk.worker.queue().queued).toBe(1);
    gateway.setUpstream(registry.port);
    await until(() => desk.worker.queue().queued === 0, 'the drain', 15_000);
    expect(stateOf(id)).toBe(1);
  });

  it('a new certificate of the same authority in the middle of the work changes nothing', async () => {
    await enrol();
    await open();
    await until(() => desk.worker.link().state === 'online', 'the link');
    const paths = registryPaths(folder);
    const next = await makeCertificate(await readAuthority(folder, 'server'), {
      name: 'yeni',
      keyPem: readFileSync(paths.serverKey, 'utf8'),
    });
    // The registry takes another certificate while it runs; here it is one in order.
    writeFileSync(paths.expiredServer, next.cert);
    const ids = [refuse()];
    await registry.setFaults({ useExpiredCertificate: true });
    ids.push(refuse());
    await until(() => desk.worker.queue().queued === 0, 'the drain', 15_000);
    expect(ids.map(stateOf)).toEqual([1, 1]);
    expect(desk.events.some((event) => event.type === 'link.changed' && event.link.state === 'frozen')).toBe(false);
  });
});

describe('fault 16: the registry does not take the certificate of this desk', () => {
  const clientOf = async (wish: CertificateWish, by: 'desk' | 'self') =>
    makeCertificate(by === 'self' ? 'self' : await readAuthority(folder, 'desk'), {
      usage: 'client',
      names: [{ type: 'url', value: `urn:qeyd:desk:${credentials.deskId}` }],
      ...wish,
    });

  it.each([
    ['expired', 'DESK_CERTIFICATE_TIME', () => clientOf({ fromDays: -60, untilDays: -1 }, 'desk')],
    ['not valid yet', 'DESK_CERTIFICATE_TIME', () => clientOf({ fromDays: 2 }, 'desk')],
    ['unknown', 'DESK_CERTIFICATE_UNKNOWN', () => clientOf({}, 'self')],
    ['missing', 'DESK_CERTIFICATE_MISSING', () => Promise.resolve({ cert: '', key: '' })],
    ['of a desk that nobody enrolled', 'DESK_UNKNOWN', () => clientOf({ names: [{ type: 'url', value: 'urn:qeyd:desk:nobody' }] }, 'desk')],
  ] as const)('%s is told as %s, and with a good one the queue goes on', async (_name, code, make) => {
    await enrol();
    const { cert, key } = await make();
    await open({ certificatePem: cert, keyPem: key });
    const id = refuse();
    await until(() => desk.worker.link().state === 'frozen', 'the freeze');
    expect(desk.worker.link().lastAnswer?.code).toBe(code);
    expect(hasWords(code)).toBe(true);
    expect(desk.worker.queue().queued).toBe(1);
    expect(stateOf(id)).toBe(0);
    const { folder: kept } = desk;
    await desk.close();
    await open({ folder: kept });
    await until(() => desk.worker.queue().queued === 0, 'the drain', 15_000);
    expect(stateOf(id)).toBe(1);
  });
});
