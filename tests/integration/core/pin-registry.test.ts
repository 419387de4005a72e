import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CardHost } from '../../../src/core/cards/ports.ts';
import { findApplication } from '../../../src/core/storage/repositories/application-repository.ts';
import { listCertificates } from '../../../src/core/storage/repositories/certificate-repository.ts';
import { findPackage } from '../../../src/core/storage/repositories/package-repository.ts';
import { findPinRequest } from '../../../src/core/storage/repositories/pin-request-repository.ts';
import { trainingPassword, type RunningRegistry } from '../../../src/registry/index.ts';
import type { CardHostRequest } from '../../../src/shared/card-host/host-protocol.ts';
import type { ShownIdentity } from '../../../src/shared/contract/pin-request.ts';
import { fail, succeed } from '../../../src/shared/platform/result.ts';
import { centreOf } from '../../support/centre-desk.ts';
import {
  cardDataOf,
  courier,
  dispatchCards,
  handOver,
  makeCard,
  makeRequest,
  receivePackage,
  sendCase,
  type MadeCard,
} from '../registry/card-cases.ts';
import { TestDesk } from '../registry/test-desk.ts';
import { captureScan, newId } from './test-cases.ts';
import { refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

/** The reader of the centre with one card in it; its chip's requests are signed by real keys. */
class ReaderWithCard implements CardHost {
  readonly asked: CardHostRequest['kind'][] = [];
  card: MadeCard | null = null;
  isPukSpent = false;
  readonly onEvent = () => () => undefined;
  readonly close = () => undefined;
  readonly ask = (async (request: CardHostRequest) => {
    this.asked.push(request.kind);
    if (request.kind === 'new_codes' && this.isPukSpent) return fail('PUK_SPENT');
    if (request.kind === 'requests') {
      const [auth, sign] = [Buffer.from(await makeRequest(), 'base64'), Buffer.from(await makeRequest(), 'base64')];
      return succeed({ kind: 'requests', id: 1, auth, sign, apdus: 2, tookMs: 1 });
    }
    if (request.kind !== 'read_card') return succeed({ kind: 'step', id: 1, apdus: 2, tookMs: 1 });
    const chipSerialHex = this.card?.chipSerial ?? '';
    const cardSerial = this.card?.cardSerial ?? '';
    const tries = { pin1: 0, pin2: 3, puk1: this.isPukSpent ? 0 : 3, puk2: 3 };
    return succeed({
      kind: 'sight',
      id: 1,
      sight: { readerName: 'r', atrHex: '3B', profile: 'asan_id', chipSerialHex, cardSerial, life: 'closed', tries, certificates: [] },
    });
  }) as CardHost['ask'];
}

describe('new codes with the real registry', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  const reader = new ReaderWithCard();
  let cards: MadeCard[];

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry, { cards: reader });
    await core.signIn('leyla');
    const office = centreOf(new TestDesk(registry, await registry.provisionDesk({ deskId: 'desk-02', officeId: 'BAK1' })));
    cards = [];
    for (const fin of ['QYD0001', 'QYD0002']) cards.push(await makeCard(office, await sendCase(office, cardDataOf({ fin }))));
    await dispatchCards(office, 'BAK1-P-1', 'BAK1', cards);
    await receivePackage(office, 'BAK1-P-1', cards);
    for (const card of cards) await handOver(office, card);
    await office.desk.close();
    await until(() => cards.every(({ applicationId }) => findApplication(core.desk.db, applicationId)?.card?.state === 'HANDED'));
  }, 90_000);
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  const print = async (papers: readonly { paperId: string }[]): Promise<void> => {
    const paperIds = papers.map(({ paperId }) => paperId);
    const [printer] = await core.client.paper.listPrinters();
    await core.client.paper.print({ commandId: newId(), paperIds, printer: printer?.name ?? '' });
    await core.client.paper.confirm({ commandId: newId(), paperIds, verdict: 'good' });
  };
  const registered = (requestId: string): Promise<void> => until(() => findPinRequest(core.desk.db, requestId)?.sync === 'registered');
  const carry = async (purpose: 'pin_documents' | 'pin_envelopes', requestId: string): Promise<string> => {
    const { packageNumber } = await core.client.pinRequest.preparePackage({ commandId: newId(), purpose, requestIds: [requestId] });
    await print(await core.client.pinRequest.prepareRegister({ commandId: newId(), packageNumber }));
    await core.client.pinRequest.dispatch({ commandId: newId(), packageNumber, isAddressChecked: true, ...courier });
    await until(() => findPackage(core.desk.db, packageNumber)?.sync === 'registered');
    return packageNumber;
  };
  const receive = async (packageNumber: string, codes: readonly string[]): Promise<void> => {
    const acted = () => ({ commandId: newId(), packageNumber });
    await core.client.package.arrive({ ...acted(), courierFin: courier.courierFin, isDamaged: false });
    await print(await core.client.package.prepareAct(acted()));
    await core.client.package.signAct({ ...acted(), login: 'aygun', password: trainingPassword('aygun') });
    await core.client.package.record({ ...acted(), courierName: courier.courierName });
    for (const code of codes) await core.client.package.scan({ ...acted(), code });
    await core.client.package.check(acted());
    await core.client.package.confirm(acted());
    await until(() => findPackage(core.desk.db, packageNumber)?.sync === 'registered');
  };
  const identityOf = ({ applicationId }: MadeCard): ShownIdentity => {
    const data = findApplication(core.desk.db, applicationId)?.data;
    if (data === undefined) throw new Error('no case');
    const { kind, number, validUntilOn, isUnlimited } = data.document;
    return { isBearer: true, kind, number, validUntilOn, isUnlimited, fin: data.person.fin, birthOn: data.person.birthOn };
  };
  /** From the document on the desk to the courier. */
  const take = async (card: MadeCard): Promise<string> => {
    const identity = identityOf(card);
    const { requestId } = (await core.client.pinRequest.begin({ commandId: newId(), identity })).request;
    await core.client.pinRequest.findPerson({ commandId: newId(), requestId, identity });
    await core.client.pinRequest.findCard({ commandId: newId(), requestId, cardSerial: card.cardSerial, isBlocked: true });
    await print(await core.client.pinRequest.prepareContract({ commandId: newId(), requestId }));
    for (const by of ['centre', 'holder'] as const) await core.client.pinRequest.confirmSigned({ commandId: newId(), requestId, by });
    await captureScan(core, requestId, 'contract');
    await core.client.pinRequest.confirmScanned({ commandId: newId(), requestId });
    await registered(requestId);
    expect(findApplication(core.desk.db, card.applicationId)?.card?.state).toBe('PIN_REISSUE');
    return requestId;
  };
  const giveBack = async (card: MadeCard, requestId: string): Promise<void> => {
    const envelopeNumber = findPinRequest(core.desk.db, requestId)?.envelopeNumber ?? '';
    await core.signIn('tural');
    const back = await carry('pin_envelopes', requestId);
    await core.signIn('leyla');
    await receive(back, [card.cardSerial, envelopeNumber]);
    await core.client.pinRequest.checkHolder({ commandId: newId(), requestId, identity: identityOf(card) });
    await core.client.pinRequest.handOver({ commandId: newId(), requestId });
    await registered(requestId);
    await until(() => findApplication(core.desk.db, card.applicationId)?.card?.state === 'HANDED');
  };

  it('PIN-12 COU-04 T-05: papers there and codes back, every word of it registered', async () => {
    const [card] = cards as [MadeCard, MadeCard];
    reader.card = card;
    const requestId = await take(card);
    const papers = await carry('pin_documents', requestId);
    await core.signIn('tural');
    await receiveAtCentre(papers, card);
    const row = (await core.client.pinRequest.list({})).rows.find((each) => each.requestId === requestId);
    expect(row).toMatchObject({ isAtCentre: true, isBreached: false });
    expect(row?.dueAtMs ?? 0).toBeGreaterThan(Date.now());
    await core.client.pinRequest.renew({ commandId: newId(), requestId, readerName: 'r' });
    await registered(requestId);
    await giveBack(card, requestId);
    expect(findPinRequest(core.desk.db, requestId)).toMatchObject({ state: 'HANDED', isPukSpent: false });
    expect((await core.client.pinRequest.get({ requestId })).timeline.map(({ sync }) => sync)).not.toContain('refused');
  }, 90_000);

  it('PIN-11: a spent PUK means new keys; the registry revokes the old certificates and opens the new ones at the hand-over', async () => {
    const [, card] = cards as [MadeCard, MadeCard];
    reader.card = card;
    reader.isPukSpent = true;
    const old = listCertificates(core.desk.db, card.applicationId).map(({ serial }) => serial);
    const requestId = await take(card);
    await receiveAtCentre(await carry('pin_documents', requestId), card);
    await core.signIn('tural');
    const renew = () => core.client.pinRequest.renew({ commandId: newId(), requestId, readerName: 'r' });
    expect(await refusalOf(renew())).toBe('PUK_SPENT');
    reader.asked.length = 0;
    expect((await renew()).request).toMatchObject({ state: 'READY_AT_CENTRE', isPukSpent: true });
    expect(reader.asked).toEqual([
      'read_card',
      'wipe',
      'codes',
      'keys',
      'requests',
      'certificates',
      'objects',
      'close',
      'verify',
      'envelope',
    ]);
    await registered(requestId);
    await giveBack(card, requestId);
    const stateOf = () => listCertificates(core.desk.db, card.applicationId).map(({ serial, state }) => [old.includes(serial), state]);
    await until(() => stateOf().filter(([isOld, state]) => isOld !== true && state === 'ACTIVE').length === 2);
    expect(stateOf().filter(([isOld]) => isOld === true)).toEqual([
      [true, 'REVOKED'],
      [true, 'REVOKED'],
    ]);
  }, 90_000);

  /** The office is the centre here: its officer signs the act as at every receipt. */
  const receiveAtCentre = async (packageNumber: string, card: MadeCard): Promise<void> => {
    await core.signIn('leyla');
    await receive(packageNumber, [card.cardSerial]);
    await core.signIn('tural');
  };
});
