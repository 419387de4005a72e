import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingOperators } from '../../../src/registry/index.ts';
import { CardStore } from '../../../src/training/virtual-card/card-store.ts';
import { startCardHost, type RunningCardHost } from '../../support/card-host.ts';
import { makeOperatorCard, type OperatorCard } from '../../support/operator-card.ts';
import { startPrivateService, type PrivateService } from '../../support/pcsc/private-pcscd.ts';
import { startCardsBehind, type VirtualCards } from '../../support/pcsc/virtual-cards.ts';
import { typeAtPinWindow } from '../../support/pin-typist.ts';
import { refusalOf, startTestCore, startTestRegistry, until, type TestCore } from '../core/test-core.ts';

/** Nothing is played but the plastic: registry, core, card host in its own process, pcscd, the virtual reader, cards of the OsEID command set. */
describe('signing in with a card through the real card service', () => {
  const title = 'Qeyd: giriş';
  let running: Awaited<ReturnType<typeof startTestRegistry>>;
  let service: PrivateService;
  let cards: VirtualCards;
  let host: RunningCardHost;
  let core: TestCore;
  let own: OperatorCard;
  let administrators: OperatorCard;
  let slots: readonly string[];
  let readers: readonly string[];
  const windows: string[] = [];

  beforeAll(async () => {
    running = await startTestRegistry();
    own = await makeOperatorCard(running.folder);
    administrators = await makeOperatorCard(running.folder, 'p-384');
    service = await startPrivateService();
    process.env['PCSCLITE_CSOCK_NAME'] = service.environment.PCSCLITE_CSOCK_NAME;
    const cardFolder = path.join(service.folder, 'cards');
    mkdirSync(cardFolder);
    const store = new CardStore(cardFolder);
    for (const card of [own, administrators]) store.save(card.state);
    cards = await startCardsBehind(service, { cardFolder });
    slots = (await cards.control.status()).readers.map(({ name }) => name);
    readers = service.readerNames;
    host = await startCardHost();
    await host.event((event) => event.kind === 'reader_attached');
    core = await startTestCore(running.registry, { cards: host.host });
    void (async () => {
      for await (const event of await core.client.system.events())
        if (event.type === 'pin.window' && event.address !== '') windows.push(event.address);
    })().catch(() => undefined);
  }, 120_000);
  afterAll(async () => {
    await core.close();
    await host.stop();
    await cards.close();
    await service.close();
    await running.stop();
  });

  const idOf = (login: string) => trainingOperators.find((each) => each.login === login)?.operatorId ?? '';
  const insert = async (card: OperatorCard, slot = 0) => {
    const from = host.events.length;
    await cards.control.insert(slots[slot] ?? '', card.chipSerialHex);
    await host.event((event) => event.kind === 'card_inserted' && event.readerName === readers[slot], from);
  };
  const pull = async (slot = 0) => {
    const from = host.events.length;
    await cards.control.eject(slots[slot] ?? '');
    await host.event((event) => event.kind === 'card_removed' && event.readerName === readers[slot], from);
  };
  const typing = async <T>(call: Promise<T>, ...codes: (readonly [string, string?])[]): Promise<T> => {
    const before = windows.length;
    // What fails before a window opens is answered by the call itself.
    await Promise.race([until(() => windows.length > before), call.then(() => undefined)]);
    const address = windows[before];
    if (address !== undefined) await typeAtPinWindow(address, codes);
    return await call;
  };
  const enter = (...codes: (readonly [string, string?])[]) =>
    typing(core.client.session.signInWithCard({ readerName: readers[0] ?? '', title }), ...codes);

  it('binds a card at the desk, signs its holder in after a wrong PIN, locks when it is pulled, and goes on with it', async () => {
    await insert(own);
    await core.signIn('kamran');
    expect(await core.client.operator.cards()).toEqual([
      { readerName: readers[0], chipSerialHex: own.chipSerialHex, cardSerial: own.cardSerial },
    ]);
    const card = { readerName: readers[0] ?? '', chipSerialHex: own.chipSerialHex };
    await core.client.operator.bindCard({ commandId: core.desk.random.uuid(), operatorId: idOf('leyla'), card, sentence: 'Kart bağlanır' });
    await core.client.session.signOut();

    const wrong = own.pin1 === '0000' ? '1111' : '0000';
    expect(await enter([wrong], [own.pin1])).toMatchObject({ login: 'leyla', isOffline: false, cardReader: readers[0] });
    await pull();
    await until(async () => (await core.client.session.current())?.isLocked === true, 2_000);
    await insert(own);
    const unlocked = await typing(core.client.session.unlockWithCard({ readerName: readers[0] ?? '', title }), [own.pin1]);
    expect(unlocked).toMatchObject({ isLocked: false, login: 'leyla' });
  });

  it('shows the card with the state of its certificates, and lets its holder change a PIN in the window', async () => {
    const shown = await core.client.card.readers();
    expect(shown.link).toBe('pcsc');
    expect(shown.readers.find(({ readerName }) => readerName === readers[0])?.card).toMatchObject({
      cardSerial: own.cardSerial,
      life: 'closed',
      tries: { pin1: 3, pin2: 3 },
      certificates: [
        { key: 'auth', status: { state: 'ACTIVE', source: 'registry' } },
        { key: 'sign', status: { state: 'ACTIVE', source: 'registry' } },
      ],
    });
    const card = { readerName: readers[0] ?? '', chipSerialHex: own.chipSerialHex };
    const changed = await typing(core.client.card.changePin({ ...card, pin: 'pin2' }), [own.pin2, '47261']);
    expect(changed.tries.pin2).toBe(3);
    await core.client.session.signOut();
    // The PIN for signing in is as it was.
    expect(await enter([own.pin1])).toMatchObject({ login: 'leyla' });
    await core.client.session.signOut();
  });

  it('lets a rights administrator who came in with his card sign what he orders, with PIN2 and P-384', async () => {
    await insert(administrators, 1);
    await core.signIn('kamran');
    await core.client.operator.create({
      commandId: core.desk.random.uuid(),
      login: 'ikinci',
      fullName: 'İkinci İnzibatçı',
      initialPassword: 'Birinci-2026-sifre',
      roles: ['rights_administrator'],
    });
    const known = (await core.client.operator.list()).find(({ login }) => login === 'ikinci');
    const card = { readerName: readers[1] ?? '', chipSerialHex: administrators.chipSerialHex };
    await core.client.operator.bindCard({ commandId: core.desk.random.uuid(), operatorId: known?.operatorId ?? '', card, sentence: 'x' });
    await core.client.session.signOut();
    await core.client.session.signIn({ login: 'ikinci', password: 'Birinci-2026-sifre' });
    await core.client.session.changePassword({ currentPassword: 'Birinci-2026-sifre', newPassword: 'Qirmizi-Nar-4417' });
    await core.client.session.signOut();
    expect(await typing(core.client.session.signInWithCard({ readerName: readers[1] ?? '', title }), [administrators.pin1])).toMatchObject({
      login: 'ikinci',
    });
    const unbind = { operatorId: idOf('leyla'), card: null, sentence: 'Leyla Əhmədova üçün giriş kartı ayrılır' };
    const commandId = core.desk.random.uuid();
    // Given up: nothing is sent.
    expect(await refusalOf(typing(core.client.operator.bindCard({ commandId: core.desk.random.uuid(), ...unbind })))).toBe('PIN_CANCELLED');
    await typing(core.client.operator.bindCard({ commandId, ...unbind }), [administrators.pin2]);
    await core.client.session.signOut();
    expect(await refusalOf(enter([own.pin1]))).toBe('CARD_NOT_BOUND');
  });
});
