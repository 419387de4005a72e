import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PackageEntity, PinRequestEntity } from '../../../src/shared/registry-api/card-entities.ts';
import type { CardCommandKind } from '../../../src/shared/registry-api/card-commands.ts';
import type { CommandPayload } from '../../../src/shared/registry-api/envelope.ts';
import {
  cardDataOf,
  caseOf,
  courier,
  dispatchCards,
  handOver,
  makeCard,
  makeRequest,
  mustApply,
  newCard,
  newest,
  receivePackage,
  sendCase,
  told,
  type ActingDesk,
  type MadeCard,
} from './card-cases.ts';
import { openOffices, type OfficesUnderTest } from './offices.ts';

describe.each(['sqlite', 'postgres'] as const)('packages and PIN requests on %s', (name) => {
  let all: OfficesUnderTest;
  let maker: ActingDesk;
  let baki: ActingDesk;
  let gence: ActingDesk;
  beforeAll(async () => {
    all = await openOffices(name);
    maker = all.maker;
    [baki, gence] = all.registrars;
  }, 60_000);
  afterAll(() => all.stop());

  let counter = 0;
  const newNumber = () => `P-2026-${String((counter += 1)).padStart(6, '0')}`;
  const itemsOf = (count: number) =>
    Array.from({ length: count }, () => {
      const { cardSerial, envelopeNumber } = newCard();
      return { id: uuidv7(), cardSerial, envelopeNumber };
    });
  const prepare = (packageNumber: string, items: ReturnType<typeof itemsOf>, more: Partial<CommandPayload<'package.prepare'>> = {}) =>
    maker.push('package.prepare', { packageNumber, toOfficeId: 'baki-1', purpose: 'cards', items, ...more }, 'tural');
  /** The next act of an office on the package as its feed shows it. */
  const act = async <K extends CardCommandKind>(desk: ActingDesk, kind: K, payload: CommandPayload<K>, login: string) => {
    const key =
      'packageNumber' in payload && kind.startsWith('package.') ? payload.packageNumber : 'requestId' in payload ? payload.requestId : '';
    const rev = (await newest(desk.desk, kind.startsWith('package.') ? 'package' : 'pin_request', key))?.rev ?? 0;
    return await desk.push(kind, payload, login, { base_rev: rev });
  };
  const packageOf = async (desk: ActingDesk, packageNumber: string) =>
    (await newest<PackageEntity>(desk.desk, 'package', packageNumber))?.body;
  const arrival = (packageNumber: string, more: Partial<CommandPayload<'package.arrive'>> = {}) => ({
    ...{ packageNumber, courierFin: courier.courierFin, isCourierRight: true, isDamaged: false, note: '' },
    ...more,
  });
  const onTheWay = async () => {
    const packageNumber = newNumber();
    mustApply(await prepare(packageNumber, itemsOf(2)));
    mustApply(await act(maker, 'package.dispatch', { packageNumber, ...courier, registerNumber: 'F25-1' }, 'tural'));
    return packageNumber;
  };

  it('PRS-11: a package with nothing in it, or with one serial twice, is none; one with 500 is, and both ends see all of it', async () => {
    const packageNumber = newNumber();
    expect(told(await prepare(packageNumber, []))).toBe('PACKAGE_EMPTY');
    const [twin] = itemsOf(1);
    if (twin === undefined) throw new Error('One was made.');
    expect(told(await prepare(packageNumber, [twin, { ...twin, id: uuidv7() }]))).toBe('SERIAL_TWICE');
    const items = itemsOf(500);
    expect(told(await prepare(packageNumber, items))).toBe('applied');
    expect(told(await prepare(packageNumber, items))).toBe('conflict');
    for (const desk of [maker, baki]) expect((await packageOf(desk, packageNumber))?.items).toEqual(items);
    expect(await packageOf(gence, packageNumber)).toBeUndefined();
  });

  it('PRS-10: what goes the wrong way, to nowhere or from another office is refused', async () => {
    const items = itemsOf(1);
    expect(told(await prepare(newNumber(), items, { toOfficeId: 'nowhere-1' }))).toBe('OFFICE_UNKNOWN');
    expect(told(await prepare(newNumber(), items, { purpose: 'pin_documents' }))).toBe('NOT_THE_CENTRE');
    const cards = { packageNumber: newNumber(), toOfficeId: 'gence-1', purpose: 'cards', items } as const;
    expect(told(await baki.push('package.prepare', cards, 'leyla'))).toBe('NOT_THE_CENTRE');
    expect(told(await baki.push('package.prepare', { ...cards, toOfficeId: 'merkez', purpose: 'returns' }, 'leyla'))).toBe('applied');
  });

  it('PKG-04 PKG-06 M-16: another FİN than the dispatched courier’s stops the package until the centre answered', async () => {
    const packageNumber = await onTheWay();
    expect(told(await act(baki, 'package.sign_act', { packageNumber, actNumber: 'F24-1' }, 'aygun'))).toBe('STATE');
    // The desk says that all is right, and the FİN is not.
    mustApply(await act(baki, 'package.arrive', arrival(packageNumber, { courierFin: 'QYD0098' }), 'leyla'));
    expect(await packageOf(maker, packageNumber)).toMatchObject({ state: 'ID_FAILED', arrivedAtMs: null });
    expect(told(await act(baki, 'package.arrive', arrival(packageNumber, { courierFin: 'QYD0098' }), 'leyla'))).toBe('CENTRE_NOT_ASKED');
    const answered = arrival(packageNumber, { courierFin: 'QYD0098', note: 'mərkəz: kuryer dəyişdirilib' });
    expect(told(await act(baki, 'package.arrive', answered, 'leyla'))).toBe('applied');
    // Only the authorised officer signs, and only for something with a number.
    expect(told(await act(baki, 'package.sign_act', { packageNumber, actNumber: 'F24-1' }, 'leyla'))).toBe('ROLE_NOT_ALLOWED');
    expect(told(await act(baki, 'package.sign_act', { packageNumber, actNumber: '' }, 'aygun'))).toBe('ACT_NOT_SIGNED');
    expect(told(await act(baki, 'package.sign_act', { packageNumber, actNumber: 'F24-1' }, 'aygun'))).toBe('applied');
    expect(await packageOf(maker, packageNumber)).toMatchObject({ state: 'ACT_SIGNED', actNumber: 'F24-1' });
  });

  it('PKG-05 M-17: a damaged package is not signed for and goes back with a register', async () => {
    const packageNumber = await onTheWay();
    mustApply(await act(baki, 'package.arrive', arrival(packageNumber, { isDamaged: true, note: 'cırılıb' }), 'leyla'));
    expect(await packageOf(baki, packageNumber)).toMatchObject({ state: 'DAMAGED', isDamaged: true });
    expect(told(await act(baki, 'package.sign_act', { packageNumber, actNumber: 'F24-2' }, 'aygun'))).toBe('STATE');
    const back = { packageNumber, reason: 'package_damaged', note: '' } as const;
    expect(told(await act(baki, 'package.return', { ...back, registerNumber: '' }, 'leyla'))).toBe('REGISTER_NEEDED');
    expect(told(await act(baki, 'package.return', { ...back, registerNumber: 'F26-1' }, 'leyla'))).toBe('applied');
    expect(await packageOf(maker, packageNumber)).toMatchObject({ state: 'RETURNED' });
  });

  it('PKG-10 PKG-11: a package that is unknown, or another office’s, is nobody’s to receive, and counts that differ need a word', async () => {
    const packageNumber = await onTheWay();
    const [item] = (await packageOf(baki, packageNumber))?.items ?? [];
    expect(told(await baki.push('package.arrive', arrival('P-UNKNOWN'), 'leyla'))).toBe('UNKNOWN_PACKAGE');
    expect(told(await gence.push('package.arrive', arrival(packageNumber), 'leyla', { base_rev: 2 }))).toBe('NOT_YOUR_PACKAGE');
    expect(told(await act(maker, 'package.arrive', arrival(packageNumber), 'tural'))).toBe('NOT_YOUR_PACKAGE');
    mustApply(await act(baki, 'package.arrive', arrival(packageNumber), 'leyla'));
    mustApply(await act(baki, 'package.sign_act', { packageNumber, actNumber: 'F24-3' }, 'aygun'));
    mustApply(await act(baki, 'package.record', { packageNumber, courierName: courier.courierName }, 'leyla'));
    expect(told(await act(baki, 'package.confirm', { packageNumber }, 'leyla'))).toBe('STATE');
    const counts = { packageNumber, cards: 2, envelopes: 1, missingSerials: [item?.cardSerial ?? ''], surplusCodes: ['Z-OTHER'] };
    expect(told(await act(baki, 'package.check', { ...counts, note: '' }, 'leyla'))).toBe('M-20');
    const strange = { ...counts, missingSerials: [newCard().cardSerial], note: '1 zərf yoxdur' };
    expect(told(await act(baki, 'package.check', strange, 'leyla'))).toBe('SERIAL_UNKNOWN');
    mustApply(await act(baki, 'package.check', { ...counts, note: '1 zərf yoxdur' }, 'leyla'));
    mustApply(await act(baki, 'package.confirm', { packageNumber }, 'leyla'));
    const confirmed = await packageOf(maker, packageNumber);
    expect(confirmed).toMatchObject({ state: 'CONFIRMED', counts: { cards: 2, envelopes: 1, surplusCodes: ['Z-OTHER'] } });
    expect(confirmed?.acts.map(({ kind, officeId }) => `${officeId} ${kind}`)).toEqual([
      'merkez package.prepare',
      'merkez package.dispatch',
      ...['arrive', 'sign_act', 'record', 'check', 'confirm'].map((each) => `baki-1 package.${each}`),
    ]);
  });

  it('a package’s command that comes again, on whatever connection, changes nothing and has the same answer', async () => {
    const packageNumber = newNumber();
    const items = itemsOf(3);
    const order = maker.desk.command('package.prepare', { packageNumber, toOfficeId: 'gence-1', purpose: 'cards', items }, 'tural', {
      desk_seq: maker.desk.nextSeq(),
    });
    const answers = await Promise.all([1, 2, 3].map(() => maker.desk.push([order])));
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect((await newest(gence.desk, 'package', packageNumber))?.rev).toBe(1);
  });

  describe('new codes', () => {
    let card: MadeCard;
    beforeAll(async () => {
      card = await makeCard(maker, await sendCase(baki, cardDataOf({ fin: 'QYD0001' })));
      await dispatchCards(maker, 'P-FOR-PIN', 'baki-1', [card]);
      await receivePackage(baki, 'P-FOR-PIN', [card]);
      await handOver(baki, card);
    }, 30_000);

    const ask = async (desk: ActingDesk, requestId: string, cardSerial = card.cardSerial) =>
      told(await desk.push('pin.request', { requestId, applicationId: card.applicationId, cardSerial, filedAtMs: Date.now() }, 'leyla'));
    const reissue = async (requestId: string, isOver: boolean) => {
      const { applicationId, cardSerial } = card;
      return told(await baki.push('card.pin_reissue', { applicationId, cardSerial, requestId, isOver }, 'leyla'));
    };
    const requestOf = async (desk: ActingDesk, requestId: string) =>
      (await newest<PinRequestEntity>(desk.desk, 'pin_request', requestId))?.body;
    /** Signed, scanned and sent to the centre. */
    const sendRequest = async (requestId: string) => {
      expect(await ask(baki, requestId)).toBe('applied');
      expect(await reissue(requestId, false)).toBe('applied');
      const signed = { requestId, paperNumber: 'F21-1', centreSignedBy: 'Fərid Ağayev', signedAtMs: Date.now() };
      mustApply(await act(baki, 'pin.sign_contract', signed, 'leyla'));
      mustApply(await act(baki, 'pin.scan', { requestId }, 'leyla'));
      expect(await requestOf(maker, requestId)).toBeUndefined();
      mustApply(await act(baki, 'pin.send', { requestId, registerNumber: 'F28-1', packageNumber: 'P-DOCS' }, 'leyla'));
    };
    const comeBack = async (requestId: string) => {
      mustApply(await act(baki, 'pin.back', { requestId, packageNumber: 'P-CODES' }, 'leyla'));
      mustApply(await act(baki, 'pin.hand_over', { requestId, handedAtMs: Date.now() }, 'leyla'));
      expect(await reissue(requestId, true)).toBe('applied');
    };

    it('PIN-06 M-22: a card that is not there, another office’s, or asked for twice is refused', async () => {
      expect(await ask(baki, uuidv7(), newCard().cardSerial)).toBe('M-22');
      expect(await ask(gence, uuidv7())).toBe('OTHER_OFFICE');
      const [first, second] = [uuidv7(), uuidv7()];
      const asked = await Promise.all([ask(baki, first), ask(baki, second)]);
      expect(asked.sort()).toEqual(['PIN_REQUEST_OPEN', 'applied']);
      const open = (await requestOf(baki, first)) === undefined ? second : first;
      expect(told(await act(baki, 'pin.refuse', { requestId: open, reasonCode: 'M-22', note: '' }, 'leyla'))).toBe('applied');
      // Refused before any card was found: heard of for the first time, and kept.
      const unheard = uuidv7();
      expect(told(await baki.push('pin.refuse', { requestId: unheard, reasonCode: 'M-09', note: '' }, 'leyla'))).toBe('applied');
      expect(await requestOf(baki, unheard)).toMatchObject({ state: 'REFUSED', cardSerial: '', refusalReason: 'M-09' });
    });

    it('PIN-01 PIN-11 PIN-12: new codes go to the centre and come back, and the certificates stay', async () => {
      const requestId = uuidv7();
      const { applicationId, cardSerial } = card;
      mustApply(await baki.push('card.block', { applicationId, cardSerial, isBlocked: true }, 'leyla'));
      await sendRequest(requestId);
      expect(await requestOf(maker, requestId)).toMatchObject({
        state: 'SENT_TO_CENTRE',
        cardSerial,
        chipSerial: card.chipSerial,
        fin: 'QYD0001',
      });
      expect(await requestOf(gence, requestId)).toBeUndefined();
      expect((await caseOf(baki.desk, applicationId)).body.card).toMatchObject({ state: 'PIN_REISSUE', pinRequestId: requestId });
      const renew = (envelopeNumber: string) => ({ requestId, envelopeNumber, isPukSpent: false });
      expect(told(await baki.push('pin.renewed', renew('Z-NEW'), 'leyla'))).toBe('NOT_THE_CENTRE');
      const { envelopeNumber: used } = await makeCard(maker, await sendCase(gence, cardDataOf({ fin: 'QYD0002' })));
      expect(told(await act(maker, 'pin.renewed', renew(used), 'tural'))).toBe('ENVELOPE_USED');
      mustApply(await act(maker, 'pin.renewed', renew(newCard().envelopeNumber), 'tural'));
      expect(told(await act(baki, 'pin.hand_over', { requestId, handedAtMs: Date.now() }, 'leyla'))).toBe('STATE');
      await comeBack(requestId);
      const { body } = await caseOf(baki.desk, applicationId);
      expect(body.card).toMatchObject({ state: 'HANDED', pinRequestId: '' });
      expect(body.certificates.map((each) => each.state)).toEqual(['ACTIVE', 'ACTIVE']);
      mustApply(await act(baki, 'pin.archive', { requestId, receiver: 'Arxiv', listNumber: 'J10-1' }, 'leyla'));
      expect(await requestOf(baki, requestId)).toMatchObject({ state: 'ARCHIVED' });
      // The centre heard no more after its own part.
      expect(await requestOf(maker, requestId)).toMatchObject({ state: 'BACK_AT_OFFICE' });
    });

    it('PIN-11: a spent PUK costs the keys: the old certificates are revoked at once, the new ones come off the hold at the hand-over', async () => {
      const requestId = uuidv7();
      const { applicationId, cardSerial } = card;
      const requests = { authRequest: await makeRequest(), signRequest: await makeRequest() };
      expect(told(await maker.intent('card.issue', { applicationId, cardSerial, ...requests }, 'tural'))).toBe('CARD_STATE');
      await sendRequest(requestId);
      const issued = mustApply(await maker.intent('card.issue', { applicationId, cardSerial, ...requests }, 'tural'));
      expect(issued.certificates?.map((each) => each.state)).toEqual(['GENERATED', 'GENERATED']);
      const during = (await caseOf(baki.desk, applicationId)).body;
      expect(during.certificates.map((each) => each.state)).toEqual(['REVOKED', 'REVOKED', 'GENERATED', 'GENERATED']);
      const renewed = { requestId, envelopeNumber: newCard().envelopeNumber, isPukSpent: true };
      mustApply(await act(maker, 'pin.renewed', renewed, 'tural'));
      await comeBack(requestId);
      const after = (await caseOf(baki.desk, applicationId)).body;
      expect(after.certificates.map((each) => each.state)).toEqual(['REVOKED', 'REVOKED', 'ACTIVE', 'ACTIVE']);
      expect(after).toMatchObject({ state: 'HANDED', card: { state: 'HANDED' } });
    });
  });

  it('PRS-01: blank cards are taken in once, written off with a reason, and a written-off one makes no card', async () => {
    const serials = Array.from({ length: 3 }, () => newCard().cardSerial);
    const [first = '', second = ''] = serials;
    const deliveryId = `D-${first}`;
    const takeIn = { deliveryId, serials, note: '' };
    expect(told(await maker.push('stock.take_in', { ...takeIn, serials: [first, first] }, 'tural'))).toBe('SERIAL_TWICE');
    expect(told(await baki.push('stock.take_in', takeIn, 'tural'))).toBe('NOT_THE_CENTRE');
    mustApply(await maker.push('stock.take_in', takeIn, 'tural'));
    expect(told(await maker.push('stock.take_in', { ...takeIn, deliveryId: `${deliveryId}-2` }, 'tural'))).toBe('SERIAL_KNOWN');
    const off = { deliveryId, serial: first, reason: 'damaged', note: '' } as const;
    mustApply(await maker.push('stock.write_off', off, 'tural', { base_rev: 1 }));
    expect(told(await maker.push('stock.write_off', off, 'tural', { base_rev: 2 }))).toBe('CARD_SERIAL_USED');
    const unknown = { ...off, serial: newCard().cardSerial };
    expect(told(await maker.push('stock.write_off', unknown, 'tural', { base_rev: 2 }))).toBe('SERIAL_UNKNOWN');
    const applicationId = await sendCase(gence, cardDataOf({ fin: 'QYD0007' }));
    const claim = async (cardSerial: string) =>
      told(await maker.intent('card.claim', { applicationId, cardSerial, chipSerial: newCard().chipSerial }, 'tural'));
    expect(await claim(first)).toBe('CARD_WRITTEN_OFF');
    expect(await claim(second)).toBe('applied');
  });
});
