import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { standardVpcdPort, virtualCardReadySchema, type VirtualCardStart } from '../../../src/shared/card-host/virtual-card-control.ts';
import { connectCardControl, type CardControl } from '../../../src/core/virtual-card-control.ts';
import type { PrivateService } from './private-pcscd.ts';

const entry = path.join(import.meta.dirname, '../../../src/training/virtual-card/entry.ts');

export interface VirtualCards {
  readonly control: CardControl;
  /** For `createDirectReaders`, where the cards are reached without a card service. */
  readonly directSocketPath: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

export interface VirtualCardsOptions {
  readonly readerNames?: readonly string[];
  /** Cards live on in there, and are there again when another process is started with it. */
  readonly cardFolder?: string;
  /** Of the sockets of the direct link; one of its own is made and removed where it is not said. */
  readonly folder?: string;
}

/** Virtual cards behind a private card service: in the readers that its clients see. */
export async function startCardsBehind(
  service: PrivateService,
  { vpcd = 'always', ...options }: VirtualCardsOptions & Partial<Pick<VirtualCardStart, 'vpcd'>> = {},
): Promise<VirtualCards> {
  return start(service.forkInside(entry), service.folder, { ...options, vpcd, vpcdPort: service.vpcdPort });
}

/** Virtual cards in readers of their own, reached through the direct link. */
export async function startDirectCards(options: VirtualCardsOptions = {}): Promise<VirtualCards> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'qeyd-cards-'));
  const cards = await start(fork(entry, { execArgv: [] }), folder, { ...options, vpcd: 'never', vpcdPort: standardVpcdPort });
  return {
    ...cards,
    async close() {
      await cards.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(
  child: ChildProcess,
  folder: string,
  {
    readerNames = ['Qeyd Virtual Reader 0', 'Qeyd Virtual Reader 1'],
    cardFolder,
    vpcd,
    vpcdPort,
  }: VirtualCardsOptions & Pick<VirtualCardStart, 'vpcd' | 'vpcdPort'>,
): Promise<VirtualCards> {
  const [controlSocketPath, directSocketPath] = [path.join(folder, 'control.sock'), path.join(folder, 'direct.sock')];
  const order: VirtualCardStart = {
    type: 'start',
    cardFolder: cardFolder ?? null,
    controlSocketPath,
    directSocketPath,
    readerNames: [...readerNames],
    vpcd,
    vpcdPort,
  };
  child.send(order);
  const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  virtualCardReadySchema.parse(ready);
  const control = await connectCardControl(controlSocketPath);
  return {
    control,
    directSocketPath,
    process: child,
    async close() {
      control.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Waits until the clients of the service see a card in this reader, or see none. */
export async function waitForCard(service: PrivateService, slot: 0 | 1, isThere: boolean, deadlineMs = 10_000): Promise<void> {
  const endsAt = performance.now() + deadlineMs;
  for (;;) {
    const { stdout } = await service.run('opensc-tool', ['--list-readers']);
    const line = stdout.split('\n').find((text) => text.includes(service.readerNames[slot]));
    if (line !== undefined && /^\d+\s+(Yes|No)/u.exec(line)?.[1] === (isThere ? 'Yes' : 'No')) return;
    if (performance.now() >= endsAt) throw new Error(`No ${isThere ? '' : 'empty '}reader ${service.readerNames[slot]}:\n${stdout}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
