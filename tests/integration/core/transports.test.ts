import { createORPCClient } from '@orpc/client';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { serveWebSocket, type DeskRouter } from '../../../src/core/rpc/index.ts';
import { contractVersion, type DeskClient } from '../../../src/shared/contract/index.ts';
import { failureOf, until } from './test-core.ts';
import { connect, openTestScreen, password, signInAs, type TestScreen } from './test-screen.ts';

interface Connection {
  readonly client: DeskClient;
  close(): void;
}

async function connectBySocket(router: DeskRouter): Promise<Connection> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => serveWebSocket(router, socket));
  await new Promise((resolve) => server.once('listening', resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => socket.once('open', resolve));
  const client: DeskClient = createORPCClient(new SocketLink({ websocket: socket }));
  return {
    client,
    close() {
      socket.close();
      server.close();
    },
  };
}

const transports: readonly (readonly [string, (router: DeskRouter) => Connection | Promise<Connection>])[] = [
  ['message port', connect],
  ['web socket', connectBySocket],
];

describe.each(transports)('the contract over a %s', (_name, open) => {
  let screen: TestScreen;
  let connection: Connection;
  let isBroken = false;
  const incidents: { event: string; error: unknown; fields: unknown }[] = [];

  beforeEach(async () => {
    incidents.length = 0;
    isBroken = false;
    screen = await openTestScreen(
      {},
      {
        verifyAudit: () =>
          isBroken
            ? Promise.reject(new Error('a mistake'))
            : Promise.resolve({ rows: 1, firstBadSeq: null, seals: 0, sealedUptoSeq: 0, countersignedUptoSeq: 0 }),
        log: {
          info: () => undefined,
          warn: () => undefined,
          error: (event, error, fields) => void incidents.push({ event, error, fields }),
        },
      },
    );
    connection = await open(screen.router);
  });
  afterEach(() => {
    connection.close();
    screen.close();
  });

  it('says its version before anybody signed in', async () => {
    expect(await connection.client.system.status({})).toMatchObject({
      contractVersion,
      mode: 'training',
      officeId: 'BAK1',
      languageProblems: [],
    });
  });

  it('a refusal is a typed error with its parameters', async () => {
    await signInAs(connection.client, 'registrar');
    const refusal = await failureOf(connection.client.application.get({ applicationId: '0197a000-0000-7000-8000-000000000009' }));
    expect(refusal).toEqual({ code: 'NOT_FOUND', data: { params: {}, retryable: false } });
  });

  it('bad input is refused with the name of the field and without its value', async () => {
    await signInAs(connection.client, 'registrar');
    const refusal = await failureOf(connection.client.application.get({ applicationId: 'QYD0001 is no id' }));
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST', data: { params: { field: 'applicationId' } } });
    expect(JSON.stringify(refusal)).not.toContain('QYD0001');
  });

  it('an operation that is not in the contract is not found', async () => {
    const client = connection.client as unknown as { application: { drop(input: unknown): Promise<unknown> } };
    await expect(client.application.drop({})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('an operation beyond the rights is forbidden before its input is looked at', async () => {
    await signInAs(connection.client, 'registrar');
    const refusal = await failureOf(connection.client.operator.disable({} as never));
    expect(refusal).toMatchObject({ code: 'FORBIDDEN', data: { params: { permission: 'operator.manage' } } });
  });

  it('a bug is answered with an incident id, and the log has it without the input', async () => {
    await signInAs(connection.client, 'auditor');
    isBroken = true;
    const refusal = await failureOf(connection.client.audit.verify({}));
    expect(refusal).toMatchObject({ code: 'INTERNAL', data: { retryable: false } });
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.fields).toEqual({ operation: 'audit.verify', incidentId: refusal?.data.incidentId });
  });

  it('events stream to the screen and end with its abort', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const stream = await connection.client.system.events({}, { signal: stop.signal });
    const reading = (async () => {
      for await (const event of stream) {
        seen.push(event.type);
        if (seen.length === 2) break;
      }
    })();
    await until(() => screen.listenerCount() === 1);
    screen.bus.publish({ type: 'session.changed' });
    screen.bus.publish({ type: 'register.changed', on: '2026-06-22' });
    await reading;
    expect(seen).toEqual(['session.changed', 'register.changed']);
    await until(() => screen.listenerCount() === 0);

    const second = await connection.client.system.events({}, { signal: stop.signal });
    const reader = second[Symbol.asyncIterator]();
    const waiting = reader.next().catch(() => undefined);
    await until(() => screen.listenerCount() === 1);
    stop.abort();
    await until(() => screen.listenerCount() === 0);
    await waiting;
  });

  it('a screen that goes away leaves no stream behind', async () => {
    const stream = await connection.client.system.events({});
    void stream[Symbol.asyncIterator]()
      .next()
      .catch(() => undefined);
    await until(() => screen.listenerCount() === 1);
    connection.close();
    await until(() => screen.listenerCount() === 0);
  });

  it('a flood is limited and the screen that flooded can go on afterwards', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1500 }, async () => (await failureOf(connection.client.session.current({})))?.code ?? 'answered'),
    );
    const refused = answers.filter((answer) => answer === 'TOO_MANY_REQUESTS').length;
    expect(refused).toBeGreaterThan(500);
    expect(new Set(answers)).toEqual(new Set(['answered', 'TOO_MANY_REQUESTS']));
    const other = await open(screen.router);
    expect(await other.client.session.current({})).toBeNull();
    other.close();
    await until(async () => (await failureOf(connection.client.session.current({}))) === null);
  });

  it('the largest piece passes, a piece of 1 MiB is refused and the line stays open', async () => {
    await signInAs(connection.client, 'registrar');
    const scanId = '0197a000-0000-7000-8000-00000000000a';
    const append = (sizeBytes: number) =>
      failureOf(connection.client.scan.append({ scanId, offset: 0, base64: Buffer.alloc(sizeBytes, 7).toString('base64') }));
    expect((await append(256 * 1024))?.code).toBe('NOT_FOUND');
    expect(await append(1024 * 1024)).toMatchObject({ code: 'BAD_REQUEST', data: { params: { field: 'base64' } } });
    expect((await connection.client.session.current({}))?.login).toBe('leyla');
  });

  it('a reload finds the session of the core again', async () => {
    await connection.client.session.signIn({ login: 'leyla', password, role: 'registrar' });
    const reloaded = await open(screen.router);
    expect((await reloaded.client.session.current({}))?.role).toBe('registrar');
    reloaded.close();
  });
});
