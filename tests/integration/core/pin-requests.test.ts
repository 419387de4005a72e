import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CardHost } from '../../../src/core/cards/ports.ts';
import { emptyApplication } from '../../../src/core/features/application/draft.ts';
import { findApplication, insertApplication, updateApplication } from '../../../src/core/storage/repositories/application-repository.ts';
import { findPackage } from '../../../src/core/storage/repositories/package-repository.ts';
import { findPinRequest } from '../../../src/core/storage/repositories/pin-request-repository.ts';
import { wellKnown, type RunningRegistry } from '../../../src/registry/index.ts';
import type { CardHostRequest } from '../../../src/shared/card-host/host-protocol.ts';
import type { PinRequestView, ShownIdentity } from '../../../src/shared/contract/pin-request.ts';
import { fail, succeed } from '../../../src/shared/platform/result.ts';
import type { CardState } from '../../../src/shared/rules/vocabulary.ts';
import { courierFin, serialAt } from '../../support/packages.ts';
import { captureScan, newId, nuray, typedDataOf } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

const chip = 'A1B2C3D4E5F60718293A';

/** What lies in the reader of the centre, answered as the card host answers. */
class ReaderOfTheCentre implements CardHost {
  readonly asked: CardHostRequest['kind'][] = [];
  serial = serialAt(1);
  failOn: { readonly kind: CardHostRequest['kind']; readonly code: string } | null = null;
  readonly envelopes: string[] = [];
  readonly onEvent = () => () => undefined;
  readonly close = () => undefined;
  readonly ask = ((request: CardHostRequest) => {
    this.asked.push(request.kind);
    if (request.kind === this.failOn?.kind) return Promise.resolve(fail(this.failOn.code));
    if (request.kind === 'envelope') this.envelopes.push(request.envelopeNumber);
    if (request.kind !== 'read_card') return Promise.resolve(succeed({ kind: 'step', id: 1, apdus: 2, tookMs: 1 }));
    const tries = { pin1: 0, pin2: 3, puk1: 3, puk2: 3 };
    const sight = { readerName: 'r', atrHex: '3B', profile: 'asan_id', chipSerialHex: chip, life: 'closed', tries, certificates: [] };
    return Promise.resolve(succeed({ kind: 'sight', id: 1, sight: { ...sight, cardSerial: this.serial } }));
  }) as CardHost['ask'];
}

describe('new codes for an Asan ID', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  const reader = new ReaderOfTheCentre();

  /** The registry answers look-ups and takes no command: what is queued here is looked at here. */
  const keepQueue = (more: object = {}) =>
    registry.setFaults({ failWith: { status: 503, times: 100_000 }, onlyPath: '/v1/sync/commands', ...more });
  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry, { cards: reader });
    await core.signIn('leyla');
    await keepQueue();
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });
  beforeEach(() => {
    reader.failOn = null;
    reader.serial = serialAt(1);
  });

  const data = typedDataOf(nuray);
  const identity: ShownIdentity = {
    isBearer: true,
    kind: data.document.kind,
    number: data.document.number,
    validUntilOn: data.document.validUntilOn,
    isUnlimited: data.document.isUnlimited,
    fin: data.person.fin,
    birthOn: data.person.birthOn,
  };
  const nobody: ShownIdentity = { ...identity, fin: 'QYD9Z99', number: 'AA9999999' };
  /** A card in its holder's hands, as the feed would tell of it. */
  const giveCard = (serial: string, state: CardState = 'HANDED', fin = data.person.fin): string => {
    const applicationId = newId();
    core.desk.db.transact((tx) => {
      insertApplication(tx, {
        ...emptyApplication(core.desk.identity.deskId, core.desk.clock.nowMs()),
        applicationId,
        state: 'ARCHIVED',
        rev: 9,
        data: { ...data, person: { ...data.person, fin } },
        operatorId: '',
        operatorLogin: '',
        operatorName: '',
        card: {
          serial,
          chipSerial: chip,
          state,
          envelopeNumber: `${serial}-01`,
          packageNumber: 'TLM1-P-000001',
          claimedAtMs: 0,
          personalisedAtMs: 0,
          certificateSerials: [],
          pinRequestId: '',
        },
      });
    });
    return applicationId;
  };
  const begin = async (shown: ShownIdentity = identity): Promise<PinRequestView> =>
    (await core.client.pinRequest.begin({ commandId: newId(), identity: shown })).request;
  const id = ({ requestId }: { readonly requestId: string }) => ({ commandId: newId(), requestId });
  const print = async (papers: readonly { paperId: string }[]): Promise<void> => {
    const paperIds = papers.map(({ paperId }) => paperId);
    const [printer] = await core.client.paper.listPrinters();
    await core.client.paper.print({ commandId: newId(), paperIds, printer: printer?.name ?? '' });
    await core.client.paper.confirm({ commandId: newId(), paperIds, verdict: 'good' });
  };
  const queuedOf = (requestId: string, applicationId = ''): string[] =>
    core.desk.db
      .all('SELECT kind FROM outbox WHERE aggregate IN (@request, @application) ORDER BY seq', {
        request: `pin_request:${requestId}`,
        application: `application:${applicationId}`,
      })
      .map((row) => String(row['kind']));
  const scan = (requestId: string): Promise<void> => captureScan(core, requestId, 'contract');
  /** To the day's register. */
  const takeRequest = async (serial: string): Promise<{ requestId: string; applicationId: string }> => {
    const applicationId = giveCard(serial);
    const { requestId } = await begin();
    await core.client.pinRequest.findPerson({ ...id({ requestId }), identity });
    await core.client.pinRequest.findCard({ ...id({ requestId }), cardSerial: serial });
    await print(await core.client.pinRequest.prepareContract(id({ requestId })));
    await core.client.pinRequest.confirmSigned({ ...id({ requestId }), by: 'centre' });
    await core.client.pinRequest.confirmSigned({ ...id({ requestId }), by: 'holder' });
    await scan(requestId);
    await core.client.pinRequest.confirmScanned(id({ requestId }));
    return { requestId, applicationId };
  };
  const send = async (purpose: 'pin_documents' | 'pin_envelopes', requestId: string): Promise<string> => {
    const { packageNumber } = await core.client.pinRequest.preparePackage({ commandId: newId(), purpose, requestIds: [requestId] });
    await print(await core.client.pinRequest.prepareRegister({ commandId: newId(), packageNumber }));
    await core.client.pinRequest.dispatch({
      commandId: newId(),
      packageNumber,
      isAddressChecked: true,
      courierName: 'Əşrəf Göyçaylı',
      courierFin,
    });
    return packageNumber;
  };
  const asOperator = async (work: () => Promise<unknown>): Promise<void> => {
    await core.signIn('tural');
    try {
      await work();
    } finally {
      await core.signIn('leyla');
    }
  };

  it('PIN-03 M-01: somebody else’s document ends the request before anything is searched', async () => {
    const answer = await core.client.pinRequest.begin({ commandId: newId(), identity: { ...identity, isBearer: false } });
    expect(answer.notices.map(({ code }) => code)).toEqual(['M-01']);
    expect(answer.request).toMatchObject({ state: 'REFUSED', refusalReason: 'M-01' });
    expect(queuedOf(answer.request.requestId)).toEqual(['pin.refuse']);
  });

  it('PIN-04 M-02: an expired document ends it too', async () => {
    const expired = await begin({ ...identity, validUntilOn: '2020-01-01', isUnlimited: false });
    expect(expired).toMatchObject({ state: 'REFUSED', refusalReason: 'M-02' });
  });

  it('PIN-05 COM-06: three searches by FİN that find nobody end it, and a register that is away is none of them', async () => {
    const request = await begin(nobody);
    await registry.setFaults({ outages: ['İAMAS'] });
    const away = await core.client.pinRequest.findPerson({ ...id(request), identity: nobody });
    expect(away.notices.map(({ code }) => code)).toEqual(['M-43']);
    await keepQueue();
    const codes: string[] = [];
    for (let n = 1; n <= 3; n += 1) {
      const answer = await core.client.pinRequest.findPerson({ ...id(request), identity: nobody });
      codes.push(...answer.notices.map(({ code }) => code));
      expect(answer.request.attempts.person).toBe(n);
    }
    expect(codes).toEqual(['M-05', 'M-05', 'M-09']);
    expect((await core.client.pinRequest.get(request)).state).toBe('REFUSED');
    expect(await refusalOf(core.client.pinRequest.findPerson({ ...id(request), identity }))).toBe('STEP_NOT_POSSIBLE');
  });

  it('PIN-06 M-22: the card is searched only for a person found, must be his, and the third miss ends it', async () => {
    giveCard(serialAt(61), 'HANDED', 'QYD0002');
    const request = await begin();
    const search = (cardSerial: string) => core.client.pinRequest.findCard({ ...id(request), cardSerial });
    expect(await failureOf(search(serialAt(61)))).toMatchObject({ data: { params: { reason: 'HOLDER_NOT_IDENTIFIED' } } });
    await core.client.pinRequest.findPerson({ ...id(request), identity });
    expect((await search(serialAt(60))).notices.map(({ code }) => code)).toEqual(['CARD_NOT_FOUND']);
    expect((await search(serialAt(61))).notices.map(({ code }) => code)).toEqual(['CARD_NOT_OF_HOLDER']);
    const last = await search('garbage');
    expect(last.notices.map(({ code }) => code)).toEqual(['M-22']);
    expect(last.request).toMatchObject({ state: 'REFUSED', refusalReason: 'M-22' });
    expect(queuedOf(request.requestId)).toEqual(['pin.refuse']);
  });

  it('PIN-01 CR-05: a blocked card is noted on its case and goes for new codes', async () => {
    const applicationId = giveCard(serialAt(50));
    const request = await begin();
    await core.client.pinRequest.findPerson({ ...id(request), identity });
    const found = await core.client.pinRequest.findCard({ ...id(request), cardSerial: ` ${serialAt(50)} `, isBlocked: true });
    expect(found.request).toMatchObject({ state: 'VERIFIED', isBlocked: true, applicationId });
    expect(queuedOf(request.requestId, applicationId)).toEqual(['pin.request', 'card.block', 'card.pin_reissue']);
    expect(await refusalOf(core.client.pinRequest.refuse({ ...id(request), reason: '' }))).toBe('FIELDS_INVALID');
    const given = await core.client.pinRequest.refuse({ ...id(request), reason: 'Sahibi fikrini dəyişdi' });
    expect(given.request.state).toBe('REFUSED');
    expect(queuedOf(request.requestId, applicationId).slice(-2)).toEqual(['pin.refuse', 'card.pin_reissue']);
  });

  it('PIN-07 PIN-08 PIN-09: two copies, the centre signs before the holder, nothing is signed before it is printed or sent before it is scanned', async () => {
    giveCard(serialAt(51));
    const request = await begin();
    await core.client.pinRequest.findPerson({ ...id(request), identity });
    await core.client.pinRequest.findCard({ ...id(request), cardSerial: serialAt(51) });
    const sign = (by: 'centre' | 'holder') => core.client.pinRequest.confirmSigned({ ...id(request), by });
    const reasonOf = async (call: Promise<unknown>) => (await failureOf(call))?.data.params['reason'];
    expect(await reasonOf(sign('centre'))).toBe('CONTRACT_NOT_PRINTED');
    const papers = await core.client.pinRequest.prepareContract(id(request));
    expect(papers.map(({ form, copy, copies }) => `${form} ${copy}/${copies}`)).toEqual(['F-21 1/2', 'F-21 2/2']);
    await print(papers);
    expect(await reasonOf(sign('holder'))).toBe('CENTRE_NOT_SIGNED');
    expect((await sign('centre')).request.state).toBe('VERIFIED');
    expect((await sign('holder')).request.state).toBe('CONTRACT_SIGNED');
    expect(await reasonOf(core.client.pinRequest.confirmScanned(id(request)))).toBe('CONTRACT_NOT_SCANNED');
    await scan(request.requestId);
    expect((await core.client.pinRequest.confirmScanned(id(request))).request.state).toBe('SCANNED');
  });

  it('PIN-10 F-28 T-04: papers leave with a printed register, a checked address and a named courier, all in one act', async () => {
    const { requestId } = await takeRequest(serialAt(52));
    const row = (await core.client.pinRequest.list({})).rows.find((each) => each.requestId === requestId);
    expect(row).toMatchObject({ state: 'SCANNED', isBreached: false });
    expect(new Date(row?.dueAtMs ?? 0).getUTCHours()).toBe(19);
    const { packageNumber } = await core.client.pinRequest.preparePackage({
      commandId: newId(),
      purpose: 'pin_documents',
      requestIds: [requestId],
    });
    const dispatch = (change: object) =>
      core.client.pinRequest.dispatch({
        commandId: newId(),
        packageNumber,
        isAddressChecked: true,
        courierName: 'Əşrəf Göyçaylı',
        courierFin,
        ...change,
      });
    const reasonOf = async (call: Promise<unknown>) => (await failureOf(call))?.data.params['reason'];
    expect(await reasonOf(dispatch({}))).toBe('REGISTER_NEEDED');
    const register = await core.client.pinRequest.prepareRegister({ commandId: newId(), packageNumber });
    expect(register.map(({ form, copy }) => `${form} ${copy}`)).toEqual(['F-28 1', 'F-28 2']);
    await print(register);
    expect(await reasonOf(dispatch({ isAddressChecked: false }))).toBe('ADDRESS_NOT_CHECKED');
    expect(await reasonOf(dispatch({ courierFin: '?' }))).toBe('COURIER_MISSING');
    await dispatch({});
    expect(findPinRequest(core.desk.db, requestId)).toMatchObject({ state: 'SENT_TO_CENTRE', registerNumber: register[0]?.number });
    expect(findPackage(core.desk.db, packageNumber)).toMatchObject({ state: 'WITH_COURIER', courierFin });
    expect(queuedOf(requestId).at(-1)).toBe('pin.send');
  });

  it('PIN-11 F-29 T-05: the centre renews the right card, a spoilt envelope is never printed again, and it all comes back', async () => {
    const serial = serialAt(1);
    const { requestId, applicationId } = await takeRequest(serial);
    const papers = await send('pin_documents', requestId);
    expect(findPackage(core.desk.db, papers)?.state).toBe('WITH_COURIER');
    const renew = () => core.client.pinRequest.renew({ ...id({ requestId }), readerName: 'r' });
    expect(await refusalOf(renew())).toBe('FORBIDDEN');
    await asOperator(async () => {
      reader.serial = serialAt(2);
      expect(await refusalOf(renew())).toBe('M-18');
      expect(reader.asked).not.toContain('new_codes');
      reader.serial = serial;
      reader.failOn = { kind: 'envelope', code: 'MAILER_FAILED' };
      expect(await refusalOf(renew())).toBe('MAILER_FAILED');
      reader.failOn = null;
      const renewed = await renew();
      expect(renewed.request).toMatchObject({ state: 'READY_AT_CENTRE', envelopeNumber: `${serial}-R02`, isPukSpent: false });
      expect(reader.envelopes).toEqual([`${serial}-R02`]);
      await send('pin_envelopes', requestId);
    });
    const back = findPinRequest(core.desk.db, requestId)?.backPackageNumber ?? '';
    await receive(back, [serial, `${serial}-R02`]);
    expect(findPinRequest(core.desk.db, requestId)?.state).toBe('BACK_AT_OFFICE');
    expect(await failureOf(core.client.pinRequest.handOver(id({ requestId })))).toMatchObject({
      data: { params: { reason: 'HOLDER_NOT_IDENTIFIED' } },
    });
    const wrong = await core.client.pinRequest.checkHolder({ ...id({ requestId }), identity: { ...identity, isBearer: false } });
    expect(wrong.notices.map(({ code }) => code)).toEqual(['M-01']);
    await core.client.pinRequest.checkHolder({ ...id({ requestId }), identity });
    const handed = await core.client.pinRequest.handOver(id({ requestId }));
    expect(handed.request.state).toBe('HANDED');
    expect(queuedOf(requestId, applicationId)).toEqual([
      'pin.request',
      'card.pin_reissue',
      'pin.sign_contract',
      'pin.scan',
      'pin.send',
      'pin.renewed',
      'pin.back',
      'pin.hand_over',
      'card.pin_reissue',
    ]);
    expect(await failureOf(core.client.pinRequest.archive({ ...id({ requestId }), receiver: 'Arxiv', listNumber: '' }))).toMatchObject({
      data: { params: { reason: 'ARCHIVE_LIST_MISSING' } },
    });
    expect((await core.client.pinRequest.archive({ ...id({ requestId }), receiver: 'Arxiv', listNumber: '7' })).request.state).toBe(
      'ARCHIVED',
    );
  });

  it('PIN-11: a spent PUK is written on the request, which waits for new keys', async () => {
    const serial = serialAt(1);
    core.desk.db.transact((tx) => {
      for (const row of tx.all('SELECT application_id AS id FROM application')) {
        const application = findApplication(tx, String(row['id']));
        if (application?.card?.serial === serial) updateApplication(tx, { ...application, card: null });
      }
    });
    const { requestId } = await takeRequest(serial);
    await send('pin_documents', requestId);
    await asOperator(async () => {
      reader.failOn = { kind: 'new_codes', code: 'PUK_SPENT' };
      expect(await refusalOf(core.client.pinRequest.renew({ ...id({ requestId }), readerName: 'r' }))).toBe('PUK_SPENT');
    });
    expect(await core.client.pinRequest.get({ requestId })).toMatchObject({
      state: 'SENT_TO_CENTRE',
      isPukSpent: true,
      envelopeNumber: '',
    });
  });

  /** Receipt by the steps of every package. Source: PIN-12, COU-04 */
  const receive = async (packageNumber: string, codes: readonly string[]): Promise<void> => {
    const acted = () => ({ commandId: newId(), packageNumber });
    await core.client.package.arrive({ ...acted(), courierFin, isDamaged: false });
    await print(await core.client.package.prepareAct(acted()));
    await core.client.package.signAct({ ...acted(), login: 'aygun', password: 'Telim-2026-aygun' });
    await core.client.package.record({ ...acted(), courierName: 'Əşrəf Göyçaylı' });
    for (const code of codes) expect((await core.client.package.scan({ ...acted(), code })).scan.verdict).toBe('right');
    await core.client.package.check(acted());
    await core.client.package.confirm(acted());
  };

  it('the cast has the person that these tests search for', () => {
    expect(wellKnown.people.some(({ fin }) => fin === identity.fin)).toBe(true);
  });
});
