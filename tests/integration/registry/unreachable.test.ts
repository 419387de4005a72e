import { connect } from 'node:net';
import { it } from 'vitest';
import { runRegistry } from './running.ts';

it('an unreachable registry is gone at once, also for a connection that never finished its handshake', async () => {
  const running = await runRegistry();
  const { hostname, port } = new URL(running.registry.url);
  const silent = connect(Number(port), hostname);
  await new Promise((done) => silent.once('connect', done));
  const cut = new Promise((done) => silent.once('close', done));
  silent.on('error', () => undefined);
  await running.registry.setFaults({ isUnreachable: true });
  await cut;
  await running.registry.setFaults({});
  await running.stop();
});
