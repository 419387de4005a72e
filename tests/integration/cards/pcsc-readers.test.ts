import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPcscReaders } from '../../../src/card-host/pcsc/pcsc-readers.ts';
import { CardFault, type CardEvent, type CardReaders, type CardSession } from '../../../src/shared/card-host/card-port.ts';
import { startPrivateService, type PrivateService } from '../../support/pcsc/private-pcscd.ts';
import { startCardsBehind, type VirtualCards } from '../../support/pcsc/virtual-cards.ts';

/** Every row of the table of defects of the native link, through a real pcscd and its virtual reader. Source: cards.md §6 */
const oddName = "Ünlü 'Oxuyucu' №1 (Çip & Co) [ə]";
const serials = ['0A'.repeat(10), '0B'.repeat(10)] as const;
const apdu = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const getName = apdu('00CA01A0 14');

let service: PrivateService;
let cards: VirtualCards;
let readers: CardReaders;
let reader: string;
/** As the virtual cards name the two slots. */
let slots: readonly [string, string];
const events: CardEvent[] = [];
const hung: string[] = [];
const sessions: CardSession[] = [];

const open = async (): Promise<CardSession> => {
  const session = await readers.openCard(reader);
  sessions.push(session);
  return session;
};
const kindOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof CardFault ? error.kind : String(error)),
  );
const until = async (condition: () => boolean): Promise<void> => {
  const endsAt = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > endsAt) throw new Error(`it did not happen: ${JSON.stringify(events.slice(-6))}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const cardEvents = () =>
  events.flatMap((event) =>
    event.kind === 'card_inserted' || event.kind === 'card_removed' ? [{ kind: event.kind, readerName: event.readerName }] : [],
  );
const seesCard = () => {
  const last = cardEvents().findLast((event) => event.readerName === reader);
  return last?.kind === 'card_inserted';
};
const insert = async (serial: string = serials[0]): Promise<void> => {
  await cards.control.insert(slots[0], serial);
  await until(seesCard);
};

beforeAll(async () => {
  service = await startPrivateService({ readerName: oddName });
  reader = service.readerNames[0];
  process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
  cards = await startCardsBehind(service);
  const [first, second] = (await cards.control.status()).readers.map(({ name }) => name);
  slots = [first!, second!];
  for (const chipSerialHex of serials) await cards.control.createCard({ chipSerialHex });
  readers = await createPcscReaders((name) => hung.push(name));
  readers.onEvent((event) => events.push(event));
  await until(() => events.some((event) => event.kind === 'reader_attached' && event.readerName === reader));
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  if (seesCard()) {
    await cards.control.eject(slots[0]);
    await until(() => !seesCard());
  }
  for (const chipSerialHex of serials) await cards.control.ask({ kind: 'clear_faults', chipSerialHex });
});
afterAll(async () => {
  await readers.close();
  await cards.close();
  await service.close();
});

describe('the link to the card service', () => {
  it('row "reader names": any characters come through, for the list, the events and the card', async () => {
    expect(reader).toContain('ə');
    await insert();
    const listed = await readers.listReaders();
    expect(listed.map(({ name }) => name)).toEqual(service.readerNames);
    expect(listed[0]).toMatchObject({ hasPinPad: false, card: { atrHex: '3B898131FE45516579644F73454944DF' } });
    const session = await open();
    expect([session.readerName, hexOf(session.atr)]).toEqual([reader, '3B898131FE45516579644F73454944DF']);
    expect(hexOf(await session.transmit(getName))).toMatch(/9000$/);
  });

  it('row "card pulled during an APDU": an empty answer is CARD_REMOVED, and the session is over', async () => {
    await insert();
    const session = await open();
    await cards.control.setFault(serials[0], { kind: 'pull', atApdu: 1, moment: 'after' });
    expect(await kindOf(session.transmit(getName))).toBe('CARD_REMOVED');
    await until(() => !seesCard());
  });

  it('row "next calls": after a fault every call of the session fails at once, also when the card is back', async () => {
    await insert();
    const session = await open();
    await cards.control.setFault(serials[0], { kind: 'pull', atApdu: 1, moment: 'before' });
    expect(await kindOf(session.transmit(getName))).toBe('CARD_REMOVED');
    expect(await kindOf(session.transmit(getName))).toBe('CARD_REMOVED');
    expect(await kindOf(session.reset())).toBe('CARD_REMOVED');
    await until(() => !seesCard());
    await insert();
    expect(await kindOf(session.transmit(getName))).toBe('CARD_REMOVED');
    await session.close();
    expect(await kindOf((await open()).transmit(getName))).toBe('done');
  });

  it('row "errors carry only English text": what the service says comes as a kind', async () => {
    expect(await kindOf(readers.openCard(reader))).toBe('CARD_ABSENT');
    expect(await kindOf(readers.openCard('no such reader'))).toBe('READER_UNKNOWN');
    await cards.control.insert(slots[0], serials[0], { isMute: true });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(['CARD_MUTE', 'CARD_ABSENT']).toContain(await kindOf(readers.openCard(reader)));
    await cards.control.eject(slots[0]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
  });

  it('row "no timeout": a card that never answers is CARD_TIMEOUT after its time, the hang is told, and nothing waits for it', async () => {
    await insert();
    const session = await open();
    await cards.control.setFault(serials[0], { kind: 'hang', atApdu: 1 });
    const fromMs = performance.now();
    expect(await kindOf(session.transmit(getName, 400))).toBe('CARD_TIMEOUT');
    expect(performance.now() - fromMs).toBeLessThan(2_000);
    expect(hung).toEqual([reader]);
    expect(await kindOf(session.transmit(getName))).toBe('CARD_TIMEOUT');
    const closing = performance.now();
    await session.close();
    expect(performance.now() - closing).toBeLessThan(200);
    // The hung call comes back when the card goes; in the product the process is gone by then.
    await cards.control.eject(slots[0]);
    await until(() => !seesCard());
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  it('row "calls that wait for a running transmit": while one card is busy the list, the events and another card go on', async () => {
    await insert();
    const other = service.readerNames[1];
    await cards.control.insert(slots[1], serials[1]);
    await until(() => events.some((event) => event.kind === 'card_inserted' && event.readerName === other));
    const busy = await open();
    const free = await readers.openCard(other);
    await cards.control.setFault(serials[0], { kind: 'hang', atApdu: 1 });
    const pending = kindOf(busy.transmit(getName, 3_000));
    const fromMs = performance.now();
    expect(await readers.listReaders()).toHaveLength(2);
    expect(hexOf(await free.transmit(getName))).toMatch(/9000$/);
    await free.close();
    expect(performance.now() - fromMs).toBeLessThan(1_000);
    await cards.control.eject(slots[1]);
    await cards.control.eject(slots[0]);
    expect(['CARD_REMOVED', 'CARD_TIMEOUT']).toContain(await pending);
    await until(() => !seesCard());
  });

  it('row "a dropped card keeps its share": a closed session, and one that failed to begin, leave the card to others', async () => {
    await insert();
    const first = await open();
    expect(await kindOf(readers.openCard(reader))).toBe('CARD_SHARED');
    await first.close();
    const tool = spawnSync('opensc-tool', ['--reader', '0', '--atr'], {
      env: { ...process.env, ...service.environment },
      encoding: 'utf8',
    });
    expect(tool.stdout.trim().toUpperCase()).toBe('3B:89:81:31:FE:45:51:65:79:64:4F:73:45:49:44:DF');
    expect(await kindOf(open())).toBe('done');
  });

  it('row "APDU of 1 byte": fewer than 4 bytes are refused before they reach the reader, and the session goes on', async () => {
    await insert();
    const session = await open();
    for (const short of ['', '00', '0102', '00CA01']) await expect(session.transmit(apdu(short))).rejects.toThrow(RangeError);
    expect(hexOf(await session.transmit(getName))).toMatch(/9000$/);
  });

  it('row "quickly re-inserted": two events tell of it, and the old session does not reach the new card', async () => {
    await insert();
    const session = await open();
    const from = cardEvents().length;
    await cards.control.eject(slots[0]);
    await cards.control.insert(slots[0], serials[1]);
    await until(() => cardEvents().length >= from + 2);
    expect(
      cardEvents()
        .slice(from, from + 2)
        .map(({ kind }) => kind),
    ).toEqual(['card_removed', 'card_inserted']);
    expect(await kindOf(session.transmit(getName))).not.toBe('done');
  });

  it('commands of one session run one after the other, and a reset forgets what was proven', async () => {
    await insert();
    const session = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => session.transmit(getName)));
    expect(new Set(answers.map(hexOf)).size).toBe(1);
    await session.reset();
    expect(hexOf(await session.transmit(getName))).toMatch(/9000$/);
    await session.close();
    await session.close();
  });

  it('row "pcscd stopped and restarted": all is told as gone, nothing is offered meanwhile, and everything comes back by itself', async () => {
    await insert();
    const session = await open();
    const from = events.length;
    await service.stopService();
    await until(() => events.slice(from).some((event) => event.kind === 'service' && !event.isRunning));
    expect(events.slice(from).map(({ kind }) => kind)).toEqual(['card_removed', 'reader_detached', 'reader_detached', 'service']);
    expect(await kindOf(session.transmit(getName))).not.toBe('done');
    expect(await kindOf(readers.listReaders())).toBe('SERVICE_DOWN');
    expect(await kindOf(readers.openCard(reader))).toBe('SERVICE_DOWN');
    await session.close();
    await service.startService();
    await until(() => events.slice(from).some((event) => event.kind === 'service' && event.isRunning));
    await until(seesCard);
    expect(await kindOf((await open()).transmit(getName))).toBe('done');
  });

  it('a listener that throws keeps nothing from the others', async () => {
    let isTold = false;
    readers.onEvent((event) => {
      if (event.kind === 'card_inserted') throw new Error('a fault of its own');
    });
    readers.onEvent((event) => {
      isTold ||= event.kind === 'card_inserted';
    });
    await insert();
    expect(isTold).toBe(true);
  });
});
