import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingOperators } from '../../../src/registry/index.ts';
import type { DeskEvent } from '../../../src/shared/contract/system.ts';
import type { Clock } from '../../../src/shared/platform/ports.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import { SoftCardHost } from '../../support/soft-card-host.ts';
import { openCardMaker, type CardMaker, type SoftCard } from '../../support/soft-cards.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

const reader = 'Oxuyucu Ø 00 №1';
const other = 'Other Reader 01';
const title = 'Qeyd: giriş';
const day = 86_400_000;

describe('signing in with a card at a desk', () => {
  let running: Awaited<ReturnType<typeof startTestRegistry>>;
  let maker: CardMaker;
  let core: TestCore;
  let cards: SoftCardHost;
  let leyla: SoftCard;
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };

  beforeAll(async () => {
    running = await startTestRegistry();
    maker = await openCardMaker(running.folder);
    cards = new SoftCardHost();
    core = await startTestCore(running.registry, { cards, clock });
    leyla = await maker.make();
    cards.attach(reader);
    cards.attach(other);
    await bindAs('leyla', leyla);
  }, 60_000);
  beforeEach(async () => {
    aheadMs = 0;
    cards.typed.length = 0;
    cards.onTyped = () => undefined;
    await running.registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
  });
  afterEach(async () => {
    await core.client.session.signOut().catch(() => undefined);
    for (const name of [reader, other]) cards.pull(name);
  });
  afterAll(async () => {
    await core.close();
    await maker.close();
    await running.stop();
  });

  const idOf = (login: string) => trainingOperators.find((each) => each.login === login)?.operatorId ?? '';
  async function bindAs(login: string, card: SoftCard | null): Promise<void> {
    await core.signIn('kamran');
    if (card !== null) cards.insert(other, card);
    await core.client.operator.bindCard({
      commandId: core.desk.random.uuid(),
      operatorId: idOf(login),
      card: card === null ? null : { readerName: other, chipSerialHex: card.chipSerialHex },
      sentence: 'Kart bağlanır',
    });
    await core.client.session.signOut();
    if (card !== null) cards.pull(other);
    const sha = card?.auth.sha256;
    await until(
      () =>
        (core.desk.db.get('SELECT card FROM operator WHERE login = @login', { login })?.['card'] as string).includes(sha ?? '') &&
        (sha !== undefined || core.desk.db.get('SELECT card FROM operator WHERE login = @login', { login })?.['card'] === ''),
    );
  }
  const enter = (pin: string | null = '2580', readerName = reader) => {
    cards.typed.push(pin);
    return core.client.session.signInWithCard({ readerName, title });
  };
  const unlock = (pin = '2580', readerName = reader) => {
    cards.typed.push(pin);
    return core.client.session.unlockWithCard({ readerName, title });
  };
  const goOffline = async () => {
    await running.registry.setFaults({ isUnreachable: true });
    await until(() => core.desk.sync.link().state === 'offline');
  };
  const auditOf = (act: string): string[] =>
    core.desk.db.all('SELECT rec FROM audit WHERE act = @act ORDER BY seq', { act }).map((row) => (row['rec'] as Buffer).toString('utf8'));
  const isLocked = async () => (await core.client.session.current())?.isLocked;

  it('lets in the operator of the card with the role of the registry, and says on the PIN window what is signed', async () => {
    cards.insert(reader, leyla);
    expect(await core.client.session.cards()).toEqual({ code: '', readers: [{ readerName: reader, isOurs: true, hasPinPad: false }] });
    const session = await enter();
    expect(session).toMatchObject({ login: 'leyla', role: 'registrar', isOffline: false, cardReader: reader, isLocked: false });
    expect(cards.titles.at(-1)).toBe(title);
    expect(auditOf('session.sign_in').at(-1)).toMatch(/card_online/);
  });

  it('locks the screen at once when the card leaves, and only the same card with its PIN brings it back', async () => {
    cards.insert(reader, leyla);
    await enter();
    const events: DeskEvent[] = [];
    const following = (async () => {
      for await (const event of await core.client.system.events()) {
        events.push(event);
        if (event.type === 'session.changed') return;
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    cards.pull(reader);
    expect(await isLocked()).toBe(true);
    await following;
    expect(await refusalOf(core.client.application.home())).toBe('LOCKED');
    expect(await refusalOf(core.client.session.unlock({ password: 'Telim-2026-leyla' }))).toBe('CARD_NEEDED');
    expect(await refusalOf(unlock())).toBe('CARD_ABSENT');
    cards.insert(reader, await maker.make());
    expect(await refusalOf(unlock())).toBe('CARD_OF_OTHER');
    cards.typed.length = 0;
    cards.insert(reader, leyla);
    expect(await failureOf(unlock('0000'))).toMatchObject({ code: 'PIN_WRONG', data: { params: { triesLeft: 2 } } });
    expect(await isLocked()).toBe(true);
    // Another reader is as good.
    cards.pull(reader);
    cards.insert(other, leyla);
    expect(await unlock('2580', other)).toMatchObject({ isLocked: false, cardReader: other, login: 'leyla' });
    cards.pull(reader);
    expect(await isLocked()).toBe(false);
    cards.pull(other);
    expect(await isLocked()).toBe(true);
  });

  it.each([
    ['the reader is unplugged', () => cards.detach(reader)],
    ['the card service stops', () => cards.stopService()],
    ['the card host crashes', () => cards.crash()],
    ['another card is reported in its place', () => cards.insert(reader, 'other')],
  ])('locks too when %s', async (_what, happens) => {
    cards.insert(reader, leyla);
    await enter();
    happens();
    expect(await isLocked()).toBe(true);
    cards.isServiceRunning = true;
    cards.attach(reader);
  });

  it('leaves alone a session of a password, and whoever unlocks it', async () => {
    await core.signIn('leyla');
    cards.insert(reader, leyla);
    cards.pull(reader);
    expect(await isLocked()).toBe(false);
    await core.client.session.lock();
    cards.insert(reader, leyla);
    expect(await refusalOf(unlock())).toBe('STEP_NOT_POSSIBLE');
    expect(await core.client.session.unlock({ password: 'Telim-2026-leyla' })).toMatchObject({ isLocked: false, cardReader: '' });
  });

  it('has a word of its own for each way in which a card is not let in', async () => {
    cards.insert(reader, leyla);
    expect(await refusalOf(enter(null))).toBe('PIN_CANCELLED');
    expect(await refusalOf(enter('1111'))).toBe('PIN_WRONG');
    cards.setTries(reader, { pin1: 0 });
    expect(await refusalOf(enter())).toBe('PIN_BLOCKED');
    cards.typed.length = 0;
    expect(await refusalOf(enter('2580', 'no such reader'))).toBe('READER_UNKNOWN');
    expect(await refusalOf(enter('2580', other))).toBe('CARD_ABSENT');
    cards.insert(other, 'other');
    expect(await refusalOf(enter('2580', other))).toBe('CARD_NOT_OURS');
    cards.typed.length = 0;
    cards.insert(other, await maker.make());
    expect(await refusalOf(enter('2580', other))).toBe('CARD_NOT_BOUND');
    const foreignRegistry = await startTestRegistry();
    const foreign = await openCardMaker(foreignRegistry.folder);
    cards.insert(other, await foreign.make());
    expect(await refusalOf(enter('2580', other))).toBe('CARD_FOREIGN');
    await foreign.close();
    await foreignRegistry.stop();
    for (const [state, code] of [
      ['SUSPENDED_USER', 'CERTIFICATE_NOT_ACTIVE'],
      ['REVOKED', 'CERTIFICATE_REVOKED'],
      ['EXPIRED', 'CERTIFICATE_EXPIRED'],
    ] as const) {
      await maker.move(leyla, state);
      cards.insert(reader, leyla);
      expect(await refusalOf(enter())).toBe(code);
    }
    await maker.move(leyla, 'ACTIVE');
    expect(await core.client.session.current()).toBeNull();
    expect(auditOf('session.refused').some((record) => record.includes('CERTIFICATE_REVOKED'))).toBe(true);
  });

  it('signs nobody in whose card was pulled before the answer came', async () => {
    cards.insert(reader, leyla);
    cards.onTyped = () => cards.pull(reader);
    expect(await refusalOf(enter())).toBe('CARD_LEFT');
    expect(await core.client.session.current()).toBeNull();
  });

  it('lets in without the link who was seen within seven days, by a challenge of its own', async () => {
    cards.insert(reader, leyla);
    await enter();
    await core.client.session.signOut();
    await goOffline();
    expect(await enter()).toMatchObject({ login: 'leyla', isOffline: true, cardReader: reader });
    await core.client.session.signOut();
    expect(await refusalOf(enter('9999'))).toBe('PIN_WRONG');
    cards.insert(other, await maker.make());
    expect(await refusalOf(enter('2580', other))).toBe('CARD_OFFLINE_NOT_ALLOWED');
    cards.typed.length = 0;
    aheadMs = 7 * day + 60_000;
    expect(await refusalOf(enter())).toBe('CARD_OFFLINE_NOT_ALLOWED');
    cards.typed.length = 0;
    // The certificate of a soft card lasts a day.
    aheadMs = 2 * day;
    expect(await refusalOf(enter())).toBe('CERTIFICATE_EXPIRED');
  });

  it('lets in nobody offline whose certificate the registry called bad when it was asked last', async () => {
    cards.insert(reader, leyla);
    await enter();
    cards.pull(reader);
    await maker.move(leyla, 'SUSPENDED_USER');
    cards.insert(reader, leyla);
    // Asked at the unlocking, and remembered.
    expect(await refusalOf(unlock())).toBe('CERTIFICATE_NOT_ACTIVE');
    cards.typed.length = 0;
    await core.client.session.signOut();
    await goOffline();
    expect(await refusalOf(enter())).toBe('CERTIFICATE_NOT_ACTIVE');
    await maker.move(leyla, 'ACTIVE');
  });

  it('takes the signature over the registry’s challenge when the link goes while the PIN is typed', async () => {
    cards.insert(reader, leyla);
    await enter();
    await core.client.session.signOut();
    cards.onTyped = () => running.registry.setFaults({ isUnreachable: true });
    expect(await enter()).toMatchObject({ login: 'leyla', isOffline: true });
  });

  it('has no place for a card that was given to somebody else or taken away', async () => {
    cards.insert(reader, leyla);
    await enter();
    await core.client.session.signOut();
    await bindAs('leyla', null);
    await goOffline();
    cards.insert(reader, leyla);
    expect(await refusalOf(enter())).toBe('CARD_NOT_BOUND');
    cards.typed.length = 0;
    await running.registry.setFaults({});
    await until(() => core.desk.sync.link().state === 'online');
    await bindAs('leyla', leyla);
  });

  describe('an order that is signed', () => {
    let kamran: SoftCard;
    let fresh: SoftCard;
    const bind = (commandId: string, sentence = 'Kart Rəşad İsmayılova bağlanır', card: SoftCard | null = fresh) =>
      core.client.operator.bindCard({
        commandId,
        operatorId: idOf('rashad'),
        card: card === null ? null : { readerName: other, chipSerialHex: card.chipSerialHex },
        sentence,
      });

    beforeAll(async () => {
      kamran = await maker.make({ algorithm: 'rsa-2048' });
      fresh = await maker.make();
      await core.signIn('kamran');
      await core.client.operator.create({
        commandId: core.desk.random.uuid(),
        login: 'ikinci',
        fullName: 'İkinci İnzibatçı',
        initialPassword: 'Birinci-2026-sifre',
        roles: ['rights_administrator'],
      });
      await core.client.session.signOut();
      await core.client.session.signIn({ login: 'ikinci', password: 'Birinci-2026-sifre' });
      await core.client.session.changePassword({ currentPassword: 'Birinci-2026-sifre', newPassword: 'Qirmizi-Nar-4417' });
      cards.insert(other, kamran);
      await core.client.operator.bindCard({
        commandId: core.desk.random.uuid(),
        operatorId: idOf('kamran'),
        card: { readerName: other, chipSerialHex: kamran.chipSerialHex },
        sentence: 'Kart bağlanır',
      });
      await core.client.session.signOut();
      cards.pull(other);
    });

    it('asks for PIN2, shows the sentence, and is kept with the act and taken by the registry', async () => {
      cards.insert(reader, kamran);
      await enter();
      cards.insert(other, fresh);
      cards.typed.push('14703');
      const commandId = core.desk.random.uuid();
      expect(await bind(commandId)).toMatchObject({ login: 'rashad' });
      expect(cards.titles.at(-1)).toBe('Kart Rəşad İsmayılova bağlanır');
      const intent = core.desk.db.get('SELECT envelope FROM intents WHERE command_id = @commandId', { commandId });
      expect(JSON.parse((intent?.['envelope'] as Buffer).toString('utf8'))).toMatchObject({
        actor: { auth_method: 'card_online' },
        actor_signature: { sentence: 'Kart Rəşad İsmayılova bağlanır', certificate: kamran.signing.der },
      });
      // Asked again under the same id: nobody types anything.
      await bind(commandId);
      expect(await refusalOf(bind(commandId, 'x', null))).toBe('COMMAND_REUSED');
    });

    it('is not even written when the PIN is wrong or given up, or the card in the reader is another', async () => {
      cards.insert(reader, kamran);
      await enter();
      cards.insert(other, fresh);
      const before = core.desk.db.all('SELECT 1 FROM intents').length;
      cards.typed.push('00000');
      expect(await refusalOf(bind(core.desk.random.uuid()))).toBe('PIN_WRONG');
      cards.typed.push(null);
      expect(await refusalOf(bind(core.desk.random.uuid()))).toBe('PIN_CANCELLED');
      cards.insert(other, await maker.make());
      expect(await refusalOf(bind(core.desk.random.uuid()))).toBe('CARD_EXCHANGED');
      expect(core.desk.db.all('SELECT 1 FROM intents').length).toBe(before);
    });
  });
});
