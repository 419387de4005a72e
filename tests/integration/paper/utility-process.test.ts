import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { joinPaperByPorts } from '../../../src/core/documents/index.ts';
import type { PaperModel } from '../../../src/core/documents/ports.ts';
import type { PortLike } from '../../../src/channel/message-port-channel.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import { sampleCertificates, sampleData, sampleHead } from './sample-case.ts';

type Message = { readonly data: { readonly type: string }; readonly ports: readonly PortLike[] };

/** Node's port with the shape of Electron's MessagePortMain, whose listeners get an event. */
function mainPort(port: MessagePort): PortLike {
  return {
    on: (event: 'message' | 'close', listener: (event?: unknown) => void) =>
      event === 'message'
        ? port.on('message', (data: unknown) => {
            listener({ data });
          })
        : port.on('close', () => {
            listener();
          }),
    postMessage: (message) => {
      port.postMessage(message);
    },
    start: () => {
      port.start();
    },
    close: () => {
      port.close();
    },
  };
}

it('the entry of the utility process reports itself, serves a core by port, and serves the next core by the next port', async () => {
  const reports: unknown[] = [];
  let tell: (message: Message) => void = () => undefined;
  const parentPort = {
    on: (_event: 'message', listener: (message: Message) => void) => {
      tell = listener;
    },
    postMessage: (report: unknown) => reports.push(report),
  };
  Object.assign(process, { parentPort });
  await import('../../../src/core/documents/paper-host-utility.ts');
  tell({ data: { type: 'start' }, ports: [] });
  expect(reports).toMatchObject([{ type: 'ready' }]);

  const paper = joinPaperByPorts(systemClock);
  const contract: PaperModel = {
    form: 'appendix-5',
    head: sampleHead('BAK1-01-2026-000001', 1, 2),
    data: sampleData(),
    certificates: sampleCertificates,
  };
  // Asked before a port is there: it waits.
  const early = paper.worker.render(contract);
  const first = new MessageChannel();
  tell({ data: { type: 'core' }, ports: [mainPort(first.port2)] });
  paper.join(mainPort(first.port1));
  const before = await early;
  expect(before.ok && before.value.pageCount).toBeGreaterThan(1);

  const second = new MessageChannel();
  tell({ data: { type: 'core' }, ports: [mainPort(second.port2)] });
  paper.join(mainPort(second.port1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const after = await paper.worker.render(contract);
  expect(after.ok && before.ok && after.value.sha256 === before.value.sha256).toBe(true);
  paper.worker.close();
});
