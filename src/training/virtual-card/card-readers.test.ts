import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectChannel } from '../../channel/socket-channel.ts';
import { createDirectReaders } from '../../card-host/links/direct-readers.ts';
import type { CardEvent, CardReaders } from '../../shared/card-host/card-port.ts';
import type { CardFaultSwitch } from '../../shared/card-host/virtual-card-control.ts';
import { fromHex, toHex } from './apdu.ts';
import { createBlankState } from './card-state.ts';
import { serveChannels } from './channel-server.ts';
import { sendElsewhere, serveDirect } from './direct-server.ts';
import { createInProcessReaders } from './in-process.ts';
import { PlasticCard, VirtualReaders } from './virtual-readers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-direct-'));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Link {
  readonly name: string;
  open(readers: VirtualReaders): Promise<CardReaders>;
}

const links: readonly Link[] = [
  { name: 'in the same process', open: async (readers) => createInProcessReaders(readers) },
  {
    name: 'over the direct socket',
    open: async (readers) => {
      const socketPath = path.join(folder, 'direct.sock');
      const server = await serveChannels(socketPath, (channel) => serveDirect(readers, channel));
      closers.push(() => server.close());
      return (await createDirectReaders(socketPath))!;
    },
  },
];

/** A reader with an odd name, as systems give them, and a blank card in it. */
const odd = 'Oxuyucu №1 [əşya] "00"/1';
const verify = fromHex('00200001083132333400000000');
const wrong = fromHex('0020000108FFFFFFFFFFFFFFFF');

async function lay(link: Link, faults: readonly CardFaultSwitch[] = []) {
  const readers = new VirtualReaders([odd, 'Second']);
  const card = new PlasticCard(createBlankState());
  readers.insert(odd, card);
  const port = await link.open(readers);
  closers.push(() => port.close());
  for (const fault of faults) card.setFault(fault);
  return { readers, card, port, session: await port.openCard(odd) };
}

const pinRecord = fromHex(`00DA010117${Buffer.from('1234').toString('hex')}FFFFFFFF${'31'.repeat(8)}03030000000408`);
const applet = fromHex('00CA01A014');

describe.each(links)('the card port $name', (link) => {
  it('lists readers, and takes a card for one session alone', async () => {
    const { port, session } = await lay(link);
    expect(await port.listReaders()).toEqual([
      { name: odd, hasPinPad: false, card: { atrHex: '3B898131FE45516579644F73454944DF' } },
      { name: 'Second', hasPinPad: false, card: null },
    ]);
    expect(toHex(session.atr)).toBe('3B898131FE45516579644F73454944DF');
    await expect(port.openCard(odd)).rejects.toThrow('CARD_SHARED');
    await expect(port.openCard('Second')).rejects.toThrow('CARD_ABSENT');
    await expect(port.openCard('Third')).rejects.toThrow('READER_UNKNOWN');
    await session.close();
    await session.close();
    await (await port.openCard(odd)).close();
  });

  it('follows up 61xx and 6Cxx, and keeps commands apart', async () => {
    const { session } = await lay(link);
    expect(await session.transmit(fromHex('00CA01A005'))).toHaveLength(22);
    expect(await session.transmit(fromHex('00A404000CA000000063504B43532D313501'))).toHaveLength(41);
    const both = await Promise.all([session.transmit(applet), session.transmit(fromHex('00CA01AA00'))]);
    expect(both.map(({ length }) => length)).toEqual([22, 13]);
    await expect(session.transmit(fromHex('00A404'))).rejects.toThrow(RangeError);
    expect(await session.transmit(applet)).toHaveLength(22);
  });

  it('forgets what was proven when it is reset or given to the next', async () => {
    const { port, session, card } = await lay(link);
    await session.transmit(pinRecord);
    card.state.lifecycle = 7;
    expect(toHex(await session.transmit(verify))).toBe('9000');
    await session.reset();
    expect(toHex(await session.transmit(fromHex('00200001')))).toBe('63C3');
    expect(toHex(await session.transmit(verify))).toBe('9000');
    await session.close();
    const next = await port.openCard(odd);
    expect(toHex(await next.transmit(fromHex('00200001')))).toBe('63C3');
  });

  it('tells of a card that is pulled out before a command, and the session stays over', async () => {
    const { session, readers, card, port } = await lay(link, [{ kind: 'pull', atApdu: 2, moment: 'before' }]);
    await session.transmit(applet);
    await expect(session.transmit(pinRecord)).rejects.toThrow('CARD_REMOVED');
    expect(card.state.pins).toEqual({});
    readers.insert(odd, card);
    await expect(session.transmit(applet)).rejects.toThrow('CARD_REMOVED');
    await session.close();
    await (await port.openCard(odd)).close();
  });

  it('carries a command out whose answer is lost', async () => {
    const { session, card } = await lay(link, [{ kind: 'pull', atApdu: 1, moment: 'after' }]);
    await expect(session.transmit(pinRecord)).rejects.toThrow('CARD_REMOVED');
    expect(card.state.pins['1']?.pinTries).toBe(3);
  });

  it('ends what takes too long', async () => {
    const { session } = await lay(link, [{ kind: 'hang', atApdu: 1 }]);
    await expect(session.transmit(applet, 50)).rejects.toThrow('CARD_TIMEOUT');
    await expect(session.transmit(applet)).rejects.toThrow('CARD_REMOVED');
    await session.close();
  });

  it('says a status word that the card did not mean, carried out or not', async () => {
    const status = { kind: 'status', statusHex: '6F00' } as const;
    const { session, card } = await lay(link, [
      { ...status, atApdu: 1, isCarriedOut: false },
      { ...status, atApdu: 2, isCarriedOut: true },
    ]);
    expect(toHex(await session.transmit(pinRecord))).toBe('6F00');
    expect(card.state.pins).toEqual({});
    expect(toHex(await session.transmit(pinRecord))).toBe('6F00');
    expect(Object.keys(card.state.pins)).toEqual(['1']);
    expect(toHex(await session.transmit(pinRecord))).toBe('9000');
  });

  it('says of a card that does not speak that it is mute', async () => {
    const { readers, port } = await lay(link);
    const mute = new PlasticCard(createBlankState());
    mute.isMute = true;
    readers.insert('Second', mute);
    await expect(port.openCard('Second')).rejects.toThrow('CARD_MUTE');
  });

  it('tells what is there, then what changes', async () => {
    const { readers, port } = await lay(link);
    const events: CardEvent[] = [];
    const until = async (count: number): Promise<void> => {
      while (events.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    // On the socket the first sight may be on its way still; in any case it comes before all changes.
    port.onEvent((event) => events.push(event));
    await until(4);
    readers.eject(odd);
    readers.detach('Second');
    readers.attach('Third', { hasPinPad: true });
    await until(7);
    const atrHex = '3B898131FE45516579644F73454944DF';
    expect(events).toEqual([
      { kind: 'service', isRunning: true },
      { kind: 'reader_attached', readerName: odd },
      { kind: 'card_inserted', readerName: odd, atrHex },
      { kind: 'reader_attached', readerName: 'Second' },
      { kind: 'card_removed', readerName: odd },
      { kind: 'reader_detached', readerName: 'Second' },
      { kind: 'reader_attached', readerName: 'Third' },
    ]);
  });
});

describe('the direct link', () => {
  const socketPath = path.join(folder, 'hello.sock');

  it("sends the card host to the machine's card service where that has the cards", async () => {
    const server = await serveChannels(socketPath, sendElsewhere);
    closers.push(() => server.close());
    expect(await createDirectReaders(socketPath)).toBeNull();
  });

  it('is none where there is no process with cards', async () => {
    expect(await createDirectReaders(path.join(folder, 'nobody.sock'))).toBeNull();
  });

  it('hangs up on whoever asks it for more than a reader can do', async () => {
    const readers = new VirtualReaders([odd]);
    const card = new PlasticCard(createBlankState());
    readers.insert(odd, card);
    const server = await serveChannels(socketPath, (channel) => serveDirect(readers, channel));
    closers.push(() => server.close());
    for (const request of [{ kind: 'eject', readerName: odd }, { kind: 'set_fault', fault: { kind: 'hang', atApdu: 1 } }, 'reader']) {
      const channel = await connectChannel(socketPath);
      const closed = new Promise<void>((resolve) => channel.onClose(resolve));
      channel.send(typeof request === 'string' ? request : { id: 1, request, ...request });
      await closed;
    }
    expect(readers.findCard(odd)).toBe(card);
    expect(card.faults.take(1)).toBeUndefined();
  });

  it('waits for the process with the cards, which may be starting', async () => {
    const readers = new VirtualReaders([odd]);
    const opening = createDirectReaders(socketPath);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const server = await serveChannels(socketPath, (channel) => serveDirect(readers, channel));
    closers.push(() => server.close());
    const port = (await opening)!;
    closers.push(() => port.close());
    expect(await port.listReaders()).toHaveLength(1);
  });
});

describe('what a chip keeps when its power goes', () => {
  it('has taken the try of a wrong PIN before it says that it was wrong', async () => {
    const { session, card } = await lay(links[0]!);
    await session.transmit(pinRecord);
    card.state.lifecycle = 7;
    card.setFault({ kind: 'tear', atApdu: 1, writes: 1 });
    await expect(session.transmit(wrong)).rejects.toThrow('CARD_REMOVED');
    expect(card.state.pins['1']?.pinTries).toBe(2);
  });

  it('leaves a torn update half done, page by page', async () => {
    const { session, card, readers, port } = await lay(links[0]!);
    await session.transmit(fromHex('00E000001262108002012C820101830244018603000000'));
    card.setFault({ kind: 'power_loss', atWrite: 3 });
    await expect(session.transmit(fromHex(`00D60000F0${'00'.repeat(240)}`))).rejects.toThrow('CARD_REMOVED');
    readers.insert(odd, card);
    const again = await port.openCard(odd);
    await again.transmit(fromHex('00A4080C024401'));
    const content = await again.transmit(fromHex('00B0000000'));
    expect(content.indexOf(0xff)).toBe(128);
  });

  it('can be wiped again when wiping was cut anywhere', async () => {
    const blank = fromHex('00DA01E008FFFF444FFF444FFF');
    for (let atWrite = 1; ; atWrite += 1) {
      const { session, card, readers, port } = await lay(links[0]!);
      const commands = [
        toHex(blank),
        `00DA010417${'38'.repeat(16)}0A0A0000000808`,
        ...['4401', '4402'].map((fid) => `00E00000126210800200108201018302${fid}8603000000`),
      ];
      for (const command of commands) expect(toHex(await session.transmit(fromHex(command)))).toBe('9000');
      card.state.lifecycle = 7;
      await session.transmit(fromHex(`0020000408${'38'.repeat(8)}`));
      card.setFault({ kind: 'power_loss', atWrite });
      const isWhole = await session.transmit(blank).then(
        () => true,
        () => false,
      );
      if (isWhole) {
        expect(atWrite).toBeGreaterThan(4);
        return;
      }
      readers.insert(odd, card);
      const again = await port.openCard(odd);
      await again.transmit(fromHex(`0020000408${'38'.repeat(8)}`));
      expect(toHex(await again.transmit(blank)), `cut at write ${atWrite}`).toBe('9000');
      expect([card.state.lifecycle, card.state.files.length, card.state.pins]).toEqual([1, 2, {}]);
    }
  });

  it('makes no key when it is pulled out while it makes one', async () => {
    const { session, card, readers } = await lay(links[0]!);
    card.card.slowKeysMs = 50;
    await session.transmit(fromHex('00E0000012621081020100820122830244018603000000'));
    const making = session.transmit(fromHex('0046000000'));
    await new Promise((resolve) => setTimeout(resolve, 10));
    readers.eject(odd);
    await expect(making).rejects.toThrow('CARD_REMOVED');
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(card.state.files.at(-1)?.privateKeyHex).toBe('');
  });
});
