import path from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { joinMaintenance } from '../../../src/core/maintenance/index.ts';
import type { PortLike } from '../../../src/channel/message-port-channel.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import { createTestDesk } from '../../support/test-desk.ts';

type Message = { readonly data: { readonly type: string }; readonly ports: readonly PortLike[] };

/** Node's port with the shape of Electron's MessagePortMain, whose listeners get an event. */
function mainPort(port: MessagePort): PortLike {
  return {
    on: (event: 'message' | 'close', listener: (event?: unknown) => void) =>
      event === 'message' ? port.on('message', (data: unknown) => listener({ data })) : port.on('close', () => listener()),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}

it('the entry of the utility process reports itself and serves the next core by the next port', async () => {
  const reports: unknown[] = [];
  let tell: (message: Message) => void = () => undefined;
  Object.assign(process, {
    parentPort: {
      on: (_event: 'message', listener: (message: Message) => void) => {
        tell = listener;
      },
      postMessage: (report: unknown) => reports.push(report),
    },
  });
  await import('../../../src/core/maintenance/maintenance-host-utility.ts');
  tell({ data: { type: 'start' }, ports: [] });
  expect(reports).toMatchObject([{ type: 'ready' }]);

  const desk = await createTestDesk();
  const own = { file: path.join(desk.folder, 'desk.db'), keyHex: desk.databaseKeyHex, deskId: desk.identity.deskId };
  const { maintenance, join } = joinMaintenance('', own, systemClock);
  for (let core = 0; core < 2; core += 1) {
    const ports = new MessageChannel();
    tell({ data: { type: 'core' }, ports: [mainPort(ports.port2)] });
    join(mainPort(ports.port1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await maintenance.check(false)).toMatchObject({ ok: true, value: { isWhole: true } });
  }
  maintenance.close();
  desk.close();
});
