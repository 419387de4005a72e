import { afterEach, describe, expect, it } from 'vitest';
import { startPrivateService, type PrivateService } from './private-pcscd.ts';
import { startCardsBehind, waitForCard, type VirtualCards } from './virtual-cards.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(): Promise<{ service: PrivateService; cards: VirtualCards }> {
  const service = await startPrivateService();
  closers.push(() => service.close());
  const cards = await startCardsBehind(service);
  closers.push(() => cards.close());
  return { service, cards };
}

const [first, second] = ['01'.repeat(10), '02'.repeat(10)] as const;
const serialOf = async (service: PrivateService, slot: number): Promise<string> => {
  const { stdout } = await service.run('opensc-tool', ['--reader', String(slot), '--serial']);
  return /^(?:[0-9A-F]{2} ){10}/mu.exec(stdout)?.[0].replaceAll(' ', '') ?? stdout;
};

describe('a card service of a test of its own', () => {
  it('runs twice beside itself, each with its own cards in both slots', async () => {
    const stacks = await Promise.all([start(), start()]);
    for (const { cards } of stacks) {
      await cards.control.createCard({ chipSerialHex: first });
      await cards.control.createCard({ chipSerialHex: second });
    }
    await stacks[0].cards.control.insert('Virtual PCD 00 00', first);
    await stacks[1].cards.control.insert('Virtual PCD 00 01', second);
    await Promise.all([waitForCard(stacks[0].service, 0, true), waitForCard(stacks[1].service, 1, true)]);
    expect(await serialOf(stacks[0].service, 0)).toBe(first);
    expect(await serialOf(stacks[1].service, 1)).toBe(second);
    await waitForCard(stacks[0].service, 1, false);
  });

  it('shows the card again after it was ended and started, and after the cards were exchanged', async () => {
    const { service, cards } = await start();
    for (const chipSerialHex of [first, second]) await cards.control.createCard({ chipSerialHex });
    await cards.control.insert('Virtual PCD 00 00', first);
    await waitForCard(service, 0, true);
    await service.stopService();
    expect((await service.run('opensc-tool', ['--list-readers'])).stdout).not.toContain('Yes');
    await service.startService();
    await waitForCard(service, 0, true);
    await cards.control.eject('Virtual PCD 00 00');
    await cards.control.insert('Virtual PCD 00 00', second);
    // The link waits long enough for the service to see the empty reader in between.
    await waitForCard(service, 0, false);
    await waitForCard(service, 0, true);
    expect(await serialOf(service, 0)).toBe(second);
  });

  it('exchanges commands without the 40 ms that the driver of the virtual reader costs otherwise', async () => {
    const { service, cards } = await start();
    await cards.control.createCard({ chipSerialHex: first });
    await cards.control.insert('Virtual PCD 00 00', first);
    await waitForCard(service, 0, true);
    const commands = Array.from({ length: 100 }, () => ['--send-apdu', '00:CA:01:A0:14']).flat();
    const startedAt = performance.now();
    const { stdout } = await service.run('opensc-tool', ['--reader', '0', ...commands]);
    const tookMs = performance.now() - startedAt;
    expect(stdout.match(/SW1=0x90, SW2=0x00/gu)).toHaveLength(100);
    // Without the early byte: 100 × 44 ms.
    expect(tookMs).toBeLessThan(3_000);
  });

  it('sees a card that does not speak, and the same card when it does', async () => {
    const { service, cards } = await start();
    await cards.control.createCard({ chipSerialHex: first });
    await cards.control.insert('Virtual PCD 00 00', first, { isMute: true });
    await waitForCard(service, 0, true);
    const silent = await service.run('opensc-tool', ['--list-readers', '--verbose']);
    expect(silent.stderr).toContain('Unresponsive card');
    await cards.control.eject('Virtual PCD 00 00');
    await cards.control.insert('Virtual PCD 00 00', first);
    await waitForCard(service, 0, false);
    await waitForCard(service, 0, true);
    expect(await serialOf(service, 0)).toBe(first);
  });

  it('finds by itself that the virtual reader listens, and where it does not keeps the cards', async () => {
    const service = await startPrivateService();
    closers.push(() => service.close());
    const found = await startCardsBehind(service, { vpcd: 'auto' });
    closers.push(() => found.close());
    expect((await found.control.status()).link).toBe('pcsc');
    await service.stopService();
    await found.close();
    const alone = await startCardsBehind(service, { vpcd: 'auto' });
    closers.push(() => alone.close());
    expect((await alone.control.status()).link).toBe('direct');
  });

  it('loses a command in the middle when the card is pulled out, and finds it carried out afterwards', async () => {
    const { service, cards } = await start();
    await cards.control.createCard({ chipSerialHex: first });
    await cards.control.insert('Virtual PCD 00 00', first);
    await waitForCard(service, 0, true);
    await cards.control.ask({ kind: 'start_trace', chipSerialHex: first });
    const record = `00:DA:01:01:10:${'31:'.repeat(16).slice(0, -1)}`;
    const sentBefore = (await cards.control.status()).cards[0]?.apdus ?? 0;
    await service.run('opensc-tool', ['--reader', '0', '--send-apdu', '00:CA:01:A0:14']);
    const apdusOfTool = ((await cards.control.status()).cards[0]?.apdus ?? 0) - sentBefore;
    await cards.control.setFault(first, { kind: 'pull', atApdu: apdusOfTool, moment: 'after' });
    const { stdout } = await service.run('opensc-tool', ['--reader', '0', '--send-apdu', record]);
    expect(stdout).not.toContain('Received');
    await waitForCard(service, 0, false);
    await cards.control.insert('Virtual PCD 00 00', first);
    await waitForCard(service, 0, true);
    const { stdout: tries } = await service.run('opensc-tool', ['--reader', '0', '--send-apdu', '00:CA:01:B1:00']);
    expect(tries).toContain('05 0A 05 0A');
    const trace = await cards.control.ask({ kind: 'read_trace', chipSerialHex: first });
    expect(trace.kind === 'trace' && trace.commands.some(({ answerHex }) => answerHex === '')).toBe(true);
  });
});
