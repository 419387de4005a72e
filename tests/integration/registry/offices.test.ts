import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../../src/registry/index.ts';
import type { CardPhotoAnswer, CardRequestEntity } from '../../../src/shared/registry-api/card-entities.ts';
import { cardRequestEntitySchema, packageEntitySchema } from '../../../src/shared/registry-api/card-entities.ts';
import { cardCommandKinds } from '../../../src/shared/registry-api/card-commands.ts';
import {
  applicationEntitySchema,
  entitlementAnswerSchema,
  personAnswerSchema,
  registryInfoSchema,
  type RegistryInfo,
} from '../../../src/shared/registry-api/endpoints.ts';
import { cardsDueAtMs } from '../../../src/shared/rules/deadlines.ts';
import {
  cardDataOf,
  caseOf,
  centre,
  dispatchCards,
  handOver,
  makeCard,
  mustApply,
  newCard,
  officeNames,
  readFeed,
  receivePackage,
  requestOf,
  sendCase,
  told,
  type ActingDesk,
} from './card-cases.ts';
import { openOffices, type OfficesUnderTest } from './offices.ts';
import { dataOf, submission } from './test-desk.ts';

let all: OfficesUnderTest;
let maker: ActingDesk;
let baki: ActingDesk;
let gence: ActingDesk;
let sumqayit: ActingDesk;
beforeAll(async () => {
  all = await openOffices('sqlite');
  maker = all.maker;
  [baki, gence, sumqayit] = all.registrars;
}, 60_000);
afterAll(() => all.stop());

const entitiesOf = async (desk: ActingDesk) => (await readFeed(desk.desk)).filter(({ entity }) => entity !== 'operator');

describe('a centre and three offices', () => {
  it('ADR-0027: each office hears of its own cases, the centre of all cards and of no case, and of the person only while it makes the card', async () => {
    const cases = [
      await sendCase(baki, cardDataOf({ fin: 'QYD0001' })),
      await sendCase(gence, cardDataOf({ fin: 'QYD0002' })),
      await sendCase(sumqayit, cardDataOf({ fin: 'QYD0003' })),
    ];
    const [ofBaki = ''] = cases;
    // A SIM's case is no business of the centre.
    const sim = dataOf({ fin: 'QYD0003', phone: '+994550000003', kinds: ['PER'], category: 'K1' });
    mustApply(await baki.intent('application.send', submission(sim), 'leyla'));

    const atCentre = await entitiesOf(maker);
    expect(atCentre.map(({ entity, id }) => `${entity} ${id}`)).toEqual(expect.arrayContaining(cases.map((id) => `card_request ${id}`)));
    expect(new Set(atCentre.map(({ entity }) => entity))).toEqual(new Set(['card_request']));
    for (const [index, desk] of [baki, gence, sumqayit].entries()) {
      const heard = (await entitiesOf(desk)).filter(({ id }) => cases.includes(id));
      expect(heard.map(({ entity, id }) => `${entity} ${id}`)).toEqual([`application ${cases[index] ?? ''}`]);
    }

    const request = cardRequestEntitySchema.parse(await requestOf(maker.desk, ofBaki));
    expect(request).toMatchObject({
      officeId: 'baki-1',
      officeName: officeNames[1]?.name,
      fin: 'QYD0001',
      isOver: false,
      signingKind: 'PER',
    });
    expect(request.dueAtMs).toBe(cardsDueAtMs(request.sinceMs));
    // No more than the card needs.
    const known = Object.keys(request).sort();
    expect(known).toEqual(Object.keys(cardRequestEntitySchema.shape).sort());
    const text = JSON.stringify(request);
    const { data } = (await caseOf(baki.desk, ofBaki)).body;
    for (const secret of [data.person.birthOn, data.document.number, data.contact.registeredAddress, data.contact.phone])
      expect(text).not.toContain(secret);

    const card = await makeCard(maker, ofBaki);
    await dispatchCards(maker, 'P-1000', 'baki-1', [card]);
    const travelling = await requestOf(maker.desk, ofBaki);
    expect(travelling).toMatchObject({ isOver: false, fin: 'QYD0001', card: { state: 'DISPATCHED', packageNumber: 'P-1000' } });
    await receivePackage(baki, 'P-1000', [card]);
    const over = await requestOf(maker.desk, ofBaki);
    expect(over).toMatchObject({ isOver: true, state: 'READY', fin: '', surname: '', givenName: '', fatherName: '', photo: 'none' });
    await handOver(baki, card);
    // Nothing more: the hand-over is the office's.
    expect(await requestOf(maker.desk, ofBaki)).toEqual(over);
    for (const { entity, body } of await entitiesOf(baki)) {
      if (entity === 'application') applicationEntitySchema.parse(body);
      if (entity === 'package') packageEntitySchema.parse(body);
    }
    expect((await entitiesOf(baki)).some(({ entity }) => entity === 'card_request')).toBe(false);
    expect((await entitiesOf(gence)).some(({ id }) => id === 'P-1000' || id === ofBaki)).toBe(false);
  }, 30_000);

  it('a waiting feed of the centre hears at once of what an office sends, and the office of what the centre makes', async () => {
    const cursorOf = async (desk: ActingDesk) =>
      (await desk.desk.call<{ next_cursor: string }>('GET', '/v1/sync/changes?limit=1000')).body.next_cursor;
    const waitAt = async (desk: ActingDesk, cursor: string) => {
      const startedMs = performance.now();
      const page = await desk.desk.call<{ changes: { entity: string }[] }>(
        'GET',
        `/v1/sync/changes?wait_s=20&cursor=${encodeURIComponent(cursor)}`,
      );
      return { entities: page.body.changes.map(({ entity }) => entity), tookMs: performance.now() - startedMs };
    };
    const atCentre = waitAt(maker, await cursorOf(maker));
    const applicationId = await sendCase(gence, cardDataOf({ fin: 'QYD0004' }));
    expect(await atCentre).toMatchObject({ entities: ['card_request'] });
    const atOffice = waitAt(gence, await cursorOf(gence));
    const { cardSerial, chipSerial } = newCard();
    mustApply(await maker.intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural'));
    const heard = await atOffice;
    expect(heard.entities).toEqual(['application']);
    expect(heard.tookMs).toBeLessThan(10_000);
  }, 40_000);

  it('what the centre does makes no registrar’s knowledge stale, and takes no lease of his case', async () => {
    const applicationId = await sendCase(baki, cardDataOf({ fin: 'QYD0005' }));
    const seen = await caseOf(baki.desk, applicationId);
    await makeCard(maker, applicationId);
    const now = await caseOf(baki.desk, applicationId);
    expect(now.rev).toBeGreaterThan(seen.rev);
    expect(now.body.lease).toEqual(seen.body.lease);
    // Scans of the application, sent on what was seen before the card was made. Source: AID-12
    const held = { base_rev: seen.rev, lease_token: seen.body.lease?.token ?? 0 };
    const sent = await baki.push('application.send_scans', { applicationId, attachments: [] }, 'aygun', held);
    expect(told(sent)).toBe('applied');
    const entered = await baki.push('application.enter_scans', { applicationId, attachments: [] }, 'orkhan', {
      ...held,
      base_rev: mustApply(sent).rev,
    });
    expect(told(entered)).toBe('applied');
    expect((await caseOf(baki.desk, applicationId)).body.state).toBe('PERSONALISING');
  });

  it('the centre’s acts are the centre’s alone, an office’s are its own, and each needs its role', async () => {
    const applicationId = await sendCase(sumqayit, cardDataOf({ fin: 'QYD0007' }));
    const { cardSerial, chipSerial } = newCard();
    const claim = { applicationId, cardSerial, chipSerial };
    expect(told(await sumqayit.intent('card.claim', claim, 'tural'))).toBe('NOT_THE_CENTRE');
    expect(told(await maker.intent('card.claim', claim, 'leyla'))).toBe('ROLE_NOT_ALLOWED');
    expect(told(await maker.intent('card.claim', { ...claim, applicationId: uuidv7() }, 'tural'))).toBe('UNKNOWN_CASE');
    mustApply(await maker.intent('card.claim', claim, 'tural'));
    const receive = { applicationId, cardSerial, packageNumber: 'P-1001', outcome: 'registered', note: '' } as const;
    expect(told(await gence.push('card.receive', receive, 'leyla'))).toBe('OTHER_OFFICE');
    expect(told(await maker.push('card.receive', receive, 'leyla'))).toBe('OTHER_OFFICE');
    expect(told(await maker.push('application.withdraw', { applicationId, reason: 'x' }, 'leyla'))).toBe('OTHER_OFFICE');
    // A command about one thing under the name of another.
    const [crossed] = await baki.desk.push([
      baki.desk.command('pin.request', { requestId: uuidv7(), applicationId, cardSerial, filedAtMs: 1 }, baki.login('leyla'), {
        desk_seq: baki.desk.nextSeq(),
        aggregate: { type: 'application', key: applicationId },
      }),
    ]);
    expect(crossed?.result).toMatchObject({ outcome: 'invalid', code: 'AGGREGATE_MISMATCH' });
    const sim = submission(dataOf({ fin: 'QYD0008', phone: '+994770000008' }));
    mustApply(await baki.intent('application.send', sim, 'leyla'));
    const noCard = { ...claim, applicationId: sim.applicationId, ...newCard() };
    const asked = { applicationId: noCard.applicationId, cardSerial: noCard.cardSerial, chipSerial: noCard.chipSerial };
    expect(told(await maker.intent('card.claim', asked, 'tural'))).toBe('NOT_AN_ASAN_ID');
  });

  it('J-06: the day’s counts have every kind of act, each at the office that did it', async () => {
    const on = new Date(Date.now() + 4 * 3_600_000).toISOString().slice(0, 10);
    const countOf = async (desk: ActingDesk) =>
      (await desk.desk.call<{ counts: Record<string, number> }>('GET', `/v1/register/day?on=${on}`)).body.counts;
    const atCentre = await countOf(maker);
    const atBaki = await countOf(baki);
    const kinds = cardCommandKinds.filter((kind) => kind in atCentre || kind in atBaki);
    expect(atCentre).toMatchObject({ 'card.personalised': 2, 'card.match': 2, 'package.dispatch': 1 });
    expect(atBaki).toMatchObject({ 'card.receive': 1, 'package.confirm': 1, 'application.hand_over': 1 });
    expect(kinds.filter((kind) => kind in atCentre && kind in atBaki)).toEqual([]);
  });

  it('says which offices there are, and a second start keeps which of them makes the cards', async () => {
    const info = registryInfoSchema.parse((await baki.desk.call<RegistryInfo>('GET', '/v1/registry')).body);
    expect(info.personalisation_office).toBe(centre);
    expect(info.offices?.map(({ name }) => name).sort()).toEqual(officeNames.map(({ name }) => name).sort());
    const { registry } = await openRegistry({ folder: all.folder, defaultPersonalisationOffice: 'baki-1' }, () => '');
    expect(registry.offices.centre).toBe(centre);
    await registry.store.close();
  });
});

describe('the right to a card and its picture', () => {
  const ask = async (fin: string, kinds: readonly string[], voen = '') => {
    const answer = await baki.desk.call('POST', '/v1/lookups/entitlement', { queryId: uuidv7(), fin, voen, kinds });
    return { status: answer.status, body: answer.status === 200 ? entitlementAnswerSchema.parse(answer.body) : null };
  };

  it('AID-02 CR-29: the contracting body says who is entitled and to what', async () => {
    expect((await ask('QYD0001', ['PER'])).body).toMatchObject({
      isEntitled: true,
      kinds: ['PER'],
      contractingBody: { contractNumber: 'SRX-0001' },
    });
    expect((await ask('QYD0001', ['BUS'], '0000012341')).body).toMatchObject({ isEntitled: false, kinds: [] });
    expect((await ask('QYD0002', ['BUS'], '0000012341')).body?.isEntitled).toBe(true);
    expect((await ask('QYD0002', ['BUS'])).body?.isEntitled).toBe(false);
    for (const fin of ['QYD0009', 'QYD0010', 'QYD9999'])
      expect((await ask(fin, ['PER'])).body).toMatchObject({ isEntitled: false, contractingBody: null });
  });

  it('M-43: a service that does not answer is no refusal, and puts the sending off', async () => {
    await all.registries[0]?.setFaults({ outages: ['X-06'] });
    expect((await ask('QYD0001', ['PER'])).status).toBe(503);
    const data = cardDataOf({ fin: 'QYD003' });
    expect(told(await baki.intent('application.send', submission(data), 'leyla'))).toBe('deferred');
    // A proof on paper needs no service.
    const onPaper = cardDataOf({ fin: 'QYD003' }, { entitlement: 'document' });
    expect(told(await baki.intent('application.send', submission(onPaper), 'leyla'))).toBe('applied');
    await all.registries[0]?.setFaults({});
  });

  it('the state register shows a drawn picture to who asks for it, the same for the same person', async () => {
    const person = async (more: object) => {
      const query = { queryId: uuidv7(), fin: 'QYD0001', documentKind: 'citizen_card', documentNumber: 'AA0000012', birthOn: '1990-01-15' };
      return personAnswerSchema.parse((await baki.desk.call('POST', '/v1/lookups/person', { ...query, ...more })).body).person?.photo;
    };
    expect(await person({})).toBeUndefined();
    const photo = await person({ wantsPhoto: true });
    const bytes = Buffer.from(photo?.content ?? '', 'base64');
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(bytes.length).toBeLessThan(20_000);
    expect(photo?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await person({ wantsPhoto: true })).toEqual(photo);
  });

  it('PRS-05: the centre gets the picture while it makes the card, the office at any time, nobody else ever', async () => {
    const photoFor = async (desk: ActingDesk, applicationId: string) =>
      await desk.desk.call<CardPhotoAnswer>('POST', '/v1/cards/photo', { applicationId });
    const applicationId = await sendCase(gence, cardDataOf({ fin: 'QYD04' }));
    const shown = await photoFor(maker, applicationId);
    expect(shown).toMatchObject({ status: 200, body: { mediaType: 'image/jpeg' } });
    expect((await photoFor(gence, applicationId)).body).toEqual(shown.body);
    expect((await photoFor(baki, applicationId)).status).toBe(404);
    const over = (await entitiesOf(maker)).find(({ body }) => (body as CardRequestEntity).isOver);
    expect((await photoFor(maker, over?.id ?? '')).status).toBe(404);
    expect((await photoFor(baki, over?.id ?? '')).status).toBe(200);

    // One that was taken at the desk comes before the register's.
    const jpeg = Buffer.from(shown.body.content, 'base64');
    const taken = Buffer.concat([jpeg, Buffer.from('another')]);
    const sha256 = createHash('sha256').update(taken).digest('hex');
    const attachments = [{ sha256, sizeBytes: taken.length, mediaType: 'image/jpeg' as const, document: 'photo' as const }];
    const withPhoto = baki.desk.command('application.send', submission(cardDataOf({ fin: 'QYD0006' })), baki.login('leyla'), {
      attachments,
    });
    const sent = await baki.desk.intent(withPhoto);
    // His document has run out: a case needs more than a picture.
    expect(told(sent.result)).toBe('M-02');
    const data = cardDataOf({ fin: 'QYD0008' });
    const good = baki.desk.command('application.send', submission(data), baki.login('leyla'), { attachments });
    mustApply((await baki.desk.intent(good)).result);
    expect((await requestOf(maker.desk, good.aggregate.key))?.photo).toBe('attachment');
    expect(await photoFor(maker, good.aggregate.key)).toMatchObject({ status: 404, body: { code: 'PHOTO_MISSING' } });
    const headers = { 'upload-offset': '0', 'upload-length': String(taken.length), 'content-type': 'image/jpeg' };
    await baki.desk.call('PATCH', `/v1/attachments/${sha256}`, new Uint8Array(taken), headers);
    expect((await photoFor(maker, good.aggregate.key)).body.content).toBe(taken.toString('base64'));
  });

  it('AID-13 PKG-11: applicants are told where they want to be, once, and never a code', async () => {
    const { registry } = await openRegistry({ folder: all.folder }, () => '');
    const rows = await registry.store.read(({ db }) => db.selectFrom('notification').selectAll().orderBy('at_ms').execute());
    await registry.store.close();
    const kindsOf = new Map<string, string[]>();
    for (const row of rows) kindsOf.set(row.application_id, [...(kindsOf.get(row.application_id) ?? []), row.kind]);
    const ready = [...kindsOf.values()].filter((kinds) => kinds.includes('card_ready'));
    expect(ready).toEqual([['application_accepted', 'card_ready']]);
    expect(rows.every((row) => row.channel === 'sms' && row.address.startsWith('+994') && row.sent_at_ms === null)).toBe(true);
    expect(Object.keys(rows[0] ?? {}).some((name) => /pin|puk|code|text/u.test(name))).toBe(false);
  });
});
