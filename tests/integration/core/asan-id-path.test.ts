import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CardHost } from '../../../src/core/cards/ports.ts';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import type { CardSight } from '../../../src/shared/card-host/host-protocol.ts';
import { fail, succeed } from '../../../src/shared/platform/result.ts';
import type { ApplicationView } from '../../../src/shared/contract/application.ts';
import { madeCard, makeAndDeliverCard } from '../../support/asan-id-centre.ts';
import { TestDesk } from '../registry/test-desk.ts';
import { captureScan, drained, fillDraft, lookUpAll, newId, nuray, printCertificates, printForm } from './test-cases.ts';
import { failureOf, refusalOf, startTestCore, startTestRegistry, until, type TestCore } from './test-core.ts';

const { cardSerial, chipSerial, envelopeNumber, packageNumber } = madeCard;
const reader = 'Stol oxuyucusu 0';

/** A reader on the desk with a card in it that says what the test lays there. */
function readerOnDesk(): { readonly host: CardHost; lay(sight: CardSight): void; lain(): CardSight } {
  let sight: CardSight | null = null;
  const ask = ({ kind }: { readonly kind: string }) =>
    Promise.resolve(kind === 'read_card' && sight !== null ? succeed({ kind: 'sight', id: 1, sight }) : fail('CARD_ABSENT'));
  return {
    // The answer belongs to the kind that was asked; the type parameter cannot say so here.
    host: { ask: ask as unknown as CardHost['ask'], onEvent: () => () => undefined, close: () => undefined },
    lay: (next) => {
      sight = next;
    },
    lain() {
      if (sight === null) throw new Error('There is no card.');
      return sight;
    },
  };
}

describe('an Asan ID from the application to the hand-over', () => {
  const onDesk = readerOnDesk();
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  let centre: TestDesk;
  let applicationId = '';
  const get = (): Promise<ApplicationView> => core.client.application.get({ applicationId });
  const untilState = (state: ApplicationView['state']) => until(async () => (await get()).state === state);

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry, { cards: onDesk.host });
    centre = new TestDesk(registry, await registry.provisionDesk({ deskId: 'desk-90', officeId: 'BAK1' }));
    await core.signIn('ziya', 'registrar');
  });
  afterAll(async () => {
    await centre.close();
    await core.close();
    await stopRegistry();
  });

  it('AID-07 CR-28: the form asks for nothing of a SIM, and the request for one certificate', async () => {
    const draft = await fillDraft(core.client, {
      ...nuray,
      change: (data) => ({
        ...data,
        carrier: { ...data.carrier, kind: 'asan_id', phone: '', iccid: '', operator: '' },
        presented: { 'D-01': { isShown: true, validUntilOn: '', note: '' }, 'D-02': { isShown: true, validUntilOn: '', note: '' } },
      }),
    });
    ({ applicationId } = draft);
    expect(draft).toMatchObject({ problems: [], missingDocuments: [], nextAction: 'check', card: { state: null, hasPhoto: false } });
    expect(draft.steps.map(({ code }) => code)).not.toContain('sim');
    expect(await refusalOf(core.client.application.send({ commandId: newId(), applicationId }))).toBe('STEP_NOT_POSSIBLE');
  });

  it('AID-08 AID-10: the person is found with the photo, and the right is confirmed by the contracting body’s service', async () => {
    const application = await lookUpAll(core.client, applicationId, ['person', 'entitlement']);
    expect(application.lookUps.map(({ kind, outcome, system, attempt }) => [kind, outcome, system, attempt])).toEqual([
      ['person', 'found', 'İAMAS', 0],
      ['entitlement', 'found', 'X-06', 0],
    ]);
    expect(application).toMatchObject({
      kindsDecision: { issue: ['AUT', 'PER'], notices: [], refusals: [] },
      card: { hasPhoto: true },
      nextAction: 'send',
    });
  });

  it('AID-11 T-03: the request goes to the personalisation centre, with its due time and without certificates', async () => {
    const { application, notices } = await core.client.application.send({ commandId: newId(), applicationId });
    expect(notices).toEqual([]);
    expect(application).toMatchObject({ state: 'PERSONALISING', sync: 'registered', certificates: [], nextAction: 'print_acceptance' });
    expect(application.dueAtMs).toBeGreaterThan(Date.now());
    for (const end of ['refuse', 'withdraw'] as const) {
      const call =
        end === 'refuse'
          ? core.client.application.refuse({ commandId: newId(), applicationId, reasonCode: 'other', note: 'x y z', returnedDocuments: [] })
          : core.client.application.withdraw({ commandId: newId(), applicationId, reason: 'fikrindən daşınıb' });
      expect(await failureOf(call)).toMatchObject({ code: 'STEP_NOT_POSSIBLE', data: { params: { reason: 'STATE' } } });
    }
  });

  it('AID-13: the notice of acceptance is printed once', async () => {
    await printForm(core, applicationId, 'F-23');
    expect(await get()).toMatchObject({ nextAction: 'scan' });
    expect(
      await refusalOf(core.client.paper.prepare({ commandId: newId(), applicationId, form: 'appendix-6', certificateSerial: '' })),
    ).toBe('PAPER_NOT_POSSIBLE');
  });

  it('AID-12 COM-10: the application’s documents are sent and entered while the card is made', async () => {
    await captureScan(core, applicationId, 'D-01');
    await captureScan(core, applicationId, 'D-02');
    await core.signIn('ziya', 'authorised_officer');
    await core.client.application.sendScans({ commandId: newId(), applicationId });
    await core.signIn('ziya', 'document_entry');
    await core.client.application.enterScans({ commandId: newId(), applicationId });
    const entered = await drained(core, applicationId);
    expect(entered).toMatchObject({ state: 'PERSONALISING', archiveDueAtMs: null });
    await core.signIn('ziya', 'registrar');
    expect(await refusalOf(core.client.application.lookUp({ commandId: newId(), applicationId, kind: 'holder' }))).toBe('M-21');
  });

  it('HND-06 M-21: the card is made, carried and registered, and only then may the hand-over begin', async () => {
    const begin = () => core.client.application.confirmHolder({ commandId: newId(), applicationId, isBearer: true, attendee: 'applicant' });
    expect(await refusalOf(begin())).toBe('STEP_NOT_POSSIBLE');
    await makeAndDeliverCard(centre, applicationId);
    await untilState('READY');
    expect(await get()).toMatchObject({
      nextAction: 'confirm_holder',
      dueAtMs: null,
      card: { serial: cardSerial, state: 'REGISTERED', packageNumber },
    });
  });

  it('HND-02 HND-05: another’s document changes nothing, and the holder is found again before the contract', async () => {
    const confirm = (isBearer: boolean) =>
      core.client.application.confirmHolder({ commandId: newId(), applicationId, isBearer, attendee: 'applicant' });
    const stopped = await confirm(false);
    expect(stopped).toMatchObject({ notices: [{ code: 'M-01' }], application: { state: 'READY', refusal: null } });
    expect(await failureOf(confirm(true))).toMatchObject({ data: { params: { reason: 'NEEDS_PERSON_FOUND' } } });
    await lookUpAll(core.client, applicationId, ['holder']);
    const { application } = await confirm(true);
    expect(application).toMatchObject({ state: 'CONTRACT', attendee: 'applicant', nextAction: 'print_contract' });
    expect(await drained(core, applicationId)).toMatchObject({ state: 'CONTRACT' });
  });

  it('HND-07 HND-08 HND-10: the contract signed by both, the paper certificate, the activation without a User ID, the notice', async () => {
    await printForm(core, applicationId, 'appendix-6');
    const signed = await core.client.application.confirmContractSigned({
      commandId: newId(),
      applicationId,
      centreSigned: true,
      applicantSigned: true,
    });
    expect(signed.application.state).toBe('CERT_PRINTED');
    await printCertificates(core, signed.application);
    const { application } = await core.client.application.activate({ commandId: newId(), applicationId });
    expect(application).toMatchObject({ state: 'ACTIVATING', userId: '', nextAction: 'print_notice' });
    expect(application.certificates.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
    await printForm(core, applicationId, 'appendix-10');
    expect(await get()).toMatchObject({ nextAction: 'check_card' });
  });

  const handOver = () =>
    core.client.application.handOver({
      commandId: newId(),
      applicationId,
      returnedOriginals: ['D-01', 'D-02'].map((document) => ({ document, note: '' })),
    });

  it('HND-11: a wrong card and a wrong envelope are named and change nothing', async () => {
    const match = (card: string, envelope: string) =>
      core.client.application.matchCard({ commandId: newId(), applicationId, cardSerial: card, envelopeNumber: envelope });
    expect(await failureOf(handOver())).toMatchObject({ data: { params: { reason: 'CARD_NOT_MATCHED' } } });
    expect(await failureOf(match('0100000000000043', envelopeNumber))).toMatchObject({
      data: { params: { reason: 'CARD_OTHER', kart: '0100000000000043', sistem: cardSerial } },
    });
    expect(await failureOf(match(cardSerial, '0100000000000043-01'))).toMatchObject({ data: { params: { reason: 'ENVELOPE_OTHER' } } });
    expect((await get()).card?.isMatched).toBe(false);
    const { application } = await match(cardSerial, envelopeNumber);
    expect(application.card?.isMatched).toBe(true);
    expect(await failureOf(handOver())).toMatchObject({ data: { params: { reason: 'CARD_NOT_TESTED' } } });
  });

  it('HND-12: the card proves itself on the reader, byte for byte, before it leaves', async () => {
    const test = () => core.client.application.testCard({ commandId: newId(), applicationId, readerName: reader });
    expect(await refusalOf(test())).toBe('CARD_ABSENT');
    const issued = core.desk.db.all('SELECT kind, der FROM certificate WHERE application_id = @applicationId ORDER BY ordinal', {
      applicationId,
    });
    const der = (kind: string) =>
      new Uint8Array(Buffer.from(String(issued.find((row) => (row['kind'] === 'AUT') === (kind === 'auth'))?.['der']), 'base64'));
    const good: CardSight = {
      readerName: reader,
      atrHex: '3B00',
      profile: 'asan_id',
      chipSerialHex: chipSerial,
      life: 'closed',
      cardSerial,
      tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 },
      certificates: [
        { key: 'auth', der: der('auth') },
        { key: 'sign', der: der('sign') },
      ],
    };
    onDesk.lay({ ...good, chipSerialHex: '00112233445566778800', tries: { pin1: 2, pin2: 3, puk1: 3, puk2: 3 } });
    const failed = await test();
    expect(failed.notices.map(({ code }) => code)).toEqual(['CARD_OTHER_CHIP', 'CARD_TRIES_NOT_FULL']);
    expect(failed.application.card).toMatchObject({ test: 'failed', faults: ['CARD_OTHER_CHIP', 'CARD_TRIES_NOT_FULL'] });
    // A card that failed is never given on anybody's word.
    expect(await refusalOf(core.client.application.waiveCardTest({ commandId: newId(), applicationId, reason: 'tələsirik' }))).toBe(
      'STEP_NOT_POSSIBLE',
    );
    expect(await failureOf(handOver())).toMatchObject({ data: { params: { reason: 'CARD_NOT_TESTED' } } });
    onDesk.lay(good);
    const { application } = await test();
    expect(application).toMatchObject({ card: { test: 'passed' }, nextAction: 'hand_over' });
  });

  it('HND-12 HND-13: the card is handed over, and its second set of documents is sent and entered', async () => {
    // The record of the hand-over waits in the queue while the registry takes nothing.
    await registry.setFaults({ failWith: { status: 503, times: 1_000_000, retryAfterS: 1 }, onlyPath: '/v1/sync/commands' });
    const { application } = await handOver();
    expect(application).toMatchObject({ state: 'HANDED', sync: 'queued', card: { state: 'HANDED' }, nextAction: 'scan' });
    await registry.setFaults({});
    expect(await drained(core, applicationId)).toMatchObject({ state: 'HANDED', card: { state: 'HANDED' }, handedTo: 'applicant' });
    await captureScan(core, applicationId, 'contract');
    await core.signIn('ziya', 'document_entry');
    expect(await refusalOf(core.client.application.enterScans({ commandId: newId(), applicationId }))).toBe('STEP_NOT_POSSIBLE');
    await core.signIn('ziya', 'authorised_officer');
    await core.client.application.sendScans({ commandId: newId(), applicationId });
    await core.signIn('ziya', 'document_entry');
    await core.client.application.enterScans({ commandId: newId(), applicationId });
    expect((await drained(core, applicationId)).state).toBe('SCANNED');
    await core.signIn('ziya', 'registrar');
    expect((await core.client.application.search({ text: cardSerial })).map((row) => row.applicationId)).toEqual([applicationId]);
  });

  it('CR-05: a card that was blocked by wrong PINs is registered so, and again when its PUK has opened it', async () => {
    const good = onDesk.lain();
    const record = () => core.client.card.recordBlock({ commandId: newId(), readerName: reader, chipSerialHex: chipSerial });
    expect(await failureOf(record())).toMatchObject({ code: 'STEP_NOT_POSSIBLE', data: { params: { reason: 'already_recorded' } } });
    onDesk.lay({ ...good, tries: { pin1: 0, pin2: 3, puk1: 3, puk2: 3 } });
    expect(await record()).toEqual({ isBlocked: true });
    await until(async () => (await get()).card?.state === 'BLOCKED');
    expect(await failureOf(record())).toMatchObject({ data: { params: { reason: 'already_recorded' } } });
    onDesk.lay(good);
    expect(await record()).toEqual({ isBlocked: false });
    await until(async () => (await get()).card?.state === 'HANDED');
  });
});
