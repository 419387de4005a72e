import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeskEvent } from '../../../src/shared/contract/system.ts';
import type { Clock } from '../../../src/shared/platform/ports.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import { SoftCardHost } from '../../support/soft-card-host.ts';
import { openCardMaker, type CardMaker, type SoftCard } from '../../support/soft-cards.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

const first = 'Oxuyucu Ø "1"\u0007 🔒';
const second = 'Gemalto PC Twin 00 00';

describe('the card service of a desk', () => {
  let running: Awaited<ReturnType<typeof startTestRegistry>>;
  let maker: CardMaker;
  let core: TestCore;
  let cards: SoftCardHost;
  let card: SoftCard;
  let aheadMs = 0;
  const events: DeskEvent[] = [];
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };

  beforeAll(async () => {
    running = await startTestRegistry();
    maker = await openCardMaker(running.folder);
    cards = new SoftCardHost();
    core = await startTestCore(running.registry, { cards, clock });
    card = await maker.make();
    await core.signIn('leyla');
    void (async () => {
      for await (const event of await core.client.system.events()) events.push(event);
    })().catch(() => undefined);
  }, 60_000);
  beforeEach(() => {
    aheadMs += 60_000;
    cards.typed.length = 0;
    cards.isServiceRunning = true;
    cards.attach(first);
    cards.attach(second);
  });
  afterAll(async () => {
    await core.close();
    await maker.close();
    await running.stop();
  });

  const readers = () => core.client.card.readers();
  const inFirst = async () => (await readers()).readers.find(({ readerName }) => readerName === first);
  const pinAct = (pin: 'pin1' | 'pin2', readerName = first) => ({ readerName, chipSerialHex: card.chipSerialHex, pin });

  it('says what is on the card, with the state of its certificates at the registry', async () => {
    cards.insert(first, card);
    const seen = await inFirst();
    expect(seen?.card).toMatchObject({
      profile: 'asan_id',
      cardSerial: card.cardSerial,
      chipSerialHex: card.chipSerialHex,
      life: 'closed',
    });
    expect(seen?.card?.certificates).toMatchObject([
      { key: 'auth', serial: card.auth.serial, holder: 'SINAQ KARTLI QYD0001', status: { state: 'ACTIVE', source: 'registry' } },
      { key: 'sign', serial: card.signing.serial, status: { state: 'ACTIVE', source: 'registry' } },
    ]);
    await maker.move(card, 'SUSPENDED_USER');
    aheadMs += 60_000;
    expect((await inFirst())?.card?.certificates[0]?.status.state).toBe('SUSPENDED_USER');
    await maker.move(card, 'ACTIVE');
  });

  it('without the link says what the registry told last, and when', async () => {
    cards.insert(first, card);
    await readers();
    const toldAtMs = clock.nowMs();
    await running.registry.setFaults({ isUnreachable: true });
    await until(() => core.desk.sync.link().state === 'offline');
    aheadMs += 3_600_000;
    const status = (await inFirst())?.card?.certificates[0]?.status;
    expect(status).toMatchObject({ state: 'ACTIVE', source: 'remembered' });
    expect(Math.abs((status?.atMs ?? 0) - toldAtMs)).toBeLessThan(5_000);
    cards.insert(second, await maker.make());
    const other = (await readers()).readers.find(({ readerName }) => readerName === second);
    expect(other?.card?.certificates[0]?.status).toEqual({ state: null, source: 'unknown', atMs: null });
    await running.registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
  });

  it('shows several readers with their own cards, one that is not ours, an empty one, and none', async () => {
    cards.insert(first, 'other');
    expect((await readers()).readers).toMatchObject([
      { readerName: first, card: { profile: 'other', certificates: [], tries: null } },
      { readerName: second, card: null, code: 'CARD_ABSENT' },
    ]);
    cards.insert(second, card);
    expect((await readers()).readers.map((reader) => reader.card?.profile)).toEqual(['other', 'asan_id']);
    cards.detach(first);
    cards.detach(second);
    expect(await readers()).toMatchObject({ code: '', readers: [] });
    cards.stopService();
    expect(await readers()).toMatchObject({ code: 'SERVICE_DOWN', readers: [] });
    cards.isHostRunning = false;
    expect(await readers()).toMatchObject({ code: 'CARD_HOST_FAILED', readers: [] });
    expect((await core.client.card.diagnosis()).findings).toMatchObject([{ code: 'HOST_DOWN', severity: 'stop' }]);
    cards.isHostRunning = true;
  });

  it('tells the screen of every card that comes and goes', async () => {
    const before = events.length;
    cards.insert(first, card);
    cards.pull(first);
    await until(() => events.slice(before).filter(({ type }) => type === 'card.changed').length >= 2);
  });

  it('changes a PIN while the holder types, and shows the card as it was until then', async () => {
    cards.insert(first, card);
    await readers();
    cards.typed.push('2580', '7391');
    const changing = core.client.card.changePin(pinAct('pin1'));
    expect((await inFirst())?.card).toMatchObject({ isBusy: true, tries: { pin1: 3 } });
    expect(await changing).toMatchObject({ tries: { pin1: 3 } });
    expect((await inFirst())?.card?.isBusy).toBe(false);
    cards.typed.push('7391', '2580');
    await core.client.card.changePin(pinAct('pin1'));
    cards.typed.push(null);
    expect(await refusalOf(core.client.card.changePin(pinAct('pin2')))).toBe('PIN_CANCELLED');
    expect(await refusalOf(core.client.card.changePin({ ...pinAct('pin1'), chipSerialHex: 'A'.repeat(20) }))).toBe('CARD_EXCHANGED');
    expect(await refusalOf(core.client.card.changePin(pinAct('pin1', second)))).toBe('CARD_ABSENT');
  });

  it('CR-05 T-10: three wrong PINs block, the PUK opens, and three wrong PUKs end it', async () => {
    cards.insert(first, card);
    cards.typed.push('0001');
    expect(await failureOf(core.client.card.changePin(pinAct('pin1')))).toMatchObject({
      code: 'PIN_WRONG',
      data: { params: { triesLeft: 2 } },
    });
    cards.typed.push('0002');
    await refusalOf(core.client.card.changePin(pinAct('pin1')));
    expect((await inFirst())?.card?.tries?.pin1).toBe(1);
    cards.typed.push('0003');
    expect(await refusalOf(core.client.card.changePin(pinAct('pin1')))).toBe('PIN_BLOCKED');
    const blocked = (await inFirst())?.card;
    const reasonOf = (action: string) => blocked?.actions.find((each) => each.action === action)?.reason;
    expect([reasonOf('change_pin1'), reasonOf('unblock_pin1'), reasonOf('unblock_pin2')]).toEqual(['pin_blocked', null, 'pin_not_blocked']);
    cards.typed.push('95175346', '2580');
    expect(await core.client.card.unblockPin(pinAct('pin1'))).toMatchObject({ tries: { pin1: 3 } });
    cards.setTries(first, { pin2: 0, puk2: 1 });
    cards.typed.push('00000000');
    expect(await refusalOf(core.client.card.unblockPin(pinAct('pin2')))).toBe('PUK_SPENT');
  });

  it('registers a block only of a card whose case this office has', async () => {
    cards.insert(first, card);
    cards.setTries(first, { pin1: 0 });
    await readers();
    const commandId = core.desk.random.uuid();
    expect(
      await failureOf(core.client.card.recordBlock({ commandId, readerName: first, chipSerialHex: card.chipSerialHex })),
    ).toMatchObject({ code: 'STEP_NOT_POSSIBLE', data: { params: { reason: 'case_unknown' } } });
  });
});
