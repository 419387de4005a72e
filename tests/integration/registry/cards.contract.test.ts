import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedCertificate } from '../../../src/shared/registry-api/envelope.ts';
import { wellKnown } from '../../../src/registry/index.ts';
import {
  cardDataOf,
  caseOf,
  dispatchCards,
  handOver,
  makeCard,
  makeRequest,
  mustApply,
  newCard,
  receivePackage,
  requestOf,
  sendCase,
  told,
  withBrokenSignature,
  type ActingDesk,
  type AnyAlgorithm,
} from './card-cases.ts';
import { openOffices, type OfficesUnderTest } from './offices.ts';
import { submission } from './test-desk.ts';

const run = promisify(execFile);
const openssl = async (...args: string[]) => (await run('openssl', args)).stdout;

describe.each(['sqlite', 'postgres'] as const)('cards on %s', (name) => {
  let all: OfficesUnderTest;
  let maker: ActingDesk;
  let office: ActingDesk;
  beforeAll(async () => {
    all = await openOffices(name);
    maker = all.maker;
    [office] = all.registrars;
  }, 60_000);
  afterAll(() => all.stop());

  const newCase = (fin: string) => sendCase(office, cardDataOf({ fin }));
  const save = (certificate: IssuedCertificate) => {
    const file = path.join(all.folder, `${certificate.serial}.pem`);
    writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${certificate.der.replaceAll(/.{64}/gu, '$&\n')}\n-----END CERTIFICATE-----\n`);
    return file;
  };
  const revokedSerials = async () => {
    const answer = await fetch(`${all.registries[0]?.publicUrl ?? ''}/v1/crl`);
    const file = path.join(all.folder, 'list.crl');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    return await openssl('crl', '-inform', 'DER', '-in', file, '-noout', '-text');
  };

  it.each(['p-256', 'rsa-2048', 'p-384'] as const)(
    'AID-11 PRS-03 HND-12: an Asan ID with %s keys from the application into the holder’s hand',
    async (algorithm: AnyAlgorithm) => {
      const fin = { 'p-256': 'QYD0001', 'rsa-2048': 'QYD0002', 'p-384': 'QYD0003' }[algorithm as string] ?? '';
      const applicationId = await newCase(fin);
      expect((await caseOf(office.desk, applicationId)).body).toMatchObject({ state: 'PERSONALISING', certificates: [], card: null });
      const card = await makeCard(maker, applicationId, algorithm);
      const made = (await caseOf(office.desk, applicationId)).body;
      expect(made).toMatchObject({ state: 'PERSONALISING', card: { state: 'MATCHED', serial: card.cardSerial } });
      expect(made.certificates.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['AUT GENERATED', 'PER GENERATED']);
      const ca = all.registries[0]?.ca.certificationCa ?? '';
      for (const certificate of made.certificates) {
        expect(await openssl('verify', '-CAfile', ca, save(certificate))).toContain('OK');
        expect(certificate.validityRule).toBe('three_years');
        expect(await revokedSerials()).toContain(certificate.serial);
      }
      const [, signing] = made.certificates;
      if (signing === undefined) throw new Error('Two certificates were expected.');
      const shown = await openssl('x509', '-in', save(signing), '-noout', '-text', '-nameopt', 'utf8');
      expect(shown).toContain(`PNOAZ-${fin}`);
      expect(shown).not.toContain('CN=Asan ID');
      expect(shown).toMatch(/Key Usage: critical\s+Non Repudiation\s/u);

      const packageNumber = `P-${algorithm.toUpperCase()}`;
      await dispatchCards(maker, packageNumber, 'baki-1', [card]);
      expect((await caseOf(office.desk, applicationId)).body).toMatchObject({ state: 'DISPATCHED', card: { packageNumber } });
      await receivePackage(office, packageNumber, [card]);
      expect((await caseOf(office.desk, applicationId)).body).toMatchObject({ state: 'READY', card: { state: 'REGISTERED' } });
      await handOver(office, card);
      const handed = (await caseOf(office.desk, applicationId)).body;
      expect(handed).toMatchObject({ state: 'HANDED', userId: '', card: { state: 'HANDED' } });
      expect(handed.certificates.map((each) => each.state)).toEqual(['ACTIVE', 'ACTIVE']);
      for (const { serial } of handed.certificates) expect(await revokedSerials()).not.toContain(serial);
    },
    30_000,
  );

  it('CR-28 CR-29 M-39: one signing kind, and only for whom the contracting body has it', async () => {
    const ask = async (data: ReturnType<typeof cardDataOf>) => told(await office.intent('application.send', submission(data), 'leyla'));
    expect(await ask(cardDataOf({ fin: 'QYD0009' }))).toBe('M-39');
    expect(await ask(cardDataOf({ fin: 'QYD0009' }, { entitlement: 'document' }))).toBe('applied');
    const business = { fin: 'QYD0002', category: 'K3', voen: wellKnown.voen.privateLegal } as const;
    const two = submission(cardDataOf({ ...business, kinds: ['PER', 'BUS'] }));
    expect(await office.intent('application.send', two, 'leyla')).toMatchObject({ code: 'M-10', params: { code: 'ONE_KIND_ON_CARD' } });
    expect(await ask(cardDataOf({ ...business, kinds: ['BUS'] }))).toBe('applied');
    expect(await ask(cardDataOf({ ...business, kinds: ['BUS'] }))).toBe('ALREADY_OPEN');
  });

  it('CR-28: keys that are weak, unknown, broken or one and the same get no certificate, and the same keys again get the same', async () => {
    const applicationId = await newCase('QYD0004');
    const { cardSerial, chipSerial } = newCard();
    const issue = async (authRequest: string, signRequest: string) =>
      await maker.intent('card.issue', { applicationId, cardSerial, authRequest, signRequest }, 'tural');
    const good = await makeRequest();
    expect(told(await issue(good, await makeRequest()))).toBe('CARD_MISSING');
    mustApply(await maker.intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural'));
    for (const weak of ['rsa-1024', 'rsa-3072', 'p-521'] as const)
      expect(told(await issue(await makeRequest(weak), good))).toBe('KEY_NOT_ALLOWED');
    expect(told(await issue(withBrokenSignature(good), await makeRequest()))).toBe('CSR_SIGNATURE');
    expect(told(await issue(await makeRequest(), withBrokenSignature(await makeRequest('rsa-2048'))))).toBe('CSR_SIGNATURE');
    expect(told(await issue(`${good.slice(0, 40)}AAAA`, good))).toBe('CSR_INVALID');
    expect(told(await issue(Buffer.concat([Buffer.from(good, 'base64'), Buffer.from([0])]).toString('base64'), good))).toBe('CSR_INVALID');
    expect(told(await issue(good, good))).toBe('KEY_TWICE');
    expect((await caseOf(office.desk, applicationId)).body.certificates).toEqual([]);

    const sign = await makeRequest();
    const first = mustApply(await issue(good, sign));
    expect(first.certificates?.map((each) => each.kind)).toEqual(['AUT', 'PER']);
    expect(mustApply(await issue(good, sign)).certificates).toEqual(first.certificates);
    // One of the two keys beside a new one, or the two exchanged, is a key that was certified already.
    expect(told(await issue(good, await makeRequest()))).toBe('KEY_KNOWN');
    expect(told(await issue(sign, good))).toBe('KEY_KNOWN');
    // The card was wiped and has other keys: what was made for the first ones is worth nothing any more.
    const second = mustApply(await issue(await makeRequest(), await makeRequest()));
    const { body } = await caseOf(office.desk, applicationId);
    const stateOf = new Map(body.certificates.map(({ serial, state }) => [serial, state]));
    expect(first.certificates?.map(({ serial }) => stateOf.get(serial))).toEqual(['REVOKED', 'REVOKED']);
    expect(second.certificates?.map(({ serial }) => stateOf.get(serial))).toEqual(['GENERATED', 'GENERATED']);
    expect(body.card?.certificateSerials).toEqual(second.certificates?.map(({ serial }) => serial));
    expect(told(await issue(good, sign))).toBe('KEY_KNOWN');
  });

  it('AID-10: an authority that does not answer puts the certificates off and takes nothing', async () => {
    const applicationId = await newCase('QYD0005');
    const { cardSerial, chipSerial } = newCard();
    mustApply(await maker.intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural'));
    const requests = { authRequest: await makeRequest(), signRequest: await makeRequest() };
    for (const registry of all.registries) await registry.setFaults({ outages: ['CA'] });
    const order = maker.desk.command('card.issue', { applicationId, cardSerial, ...requests }, 'tural');
    expect((await maker.desk.intent(order)).result.outcome).toBe('deferred');
    for (const registry of all.registries) await registry.setFaults({});
    const issued = await maker.desk.intent(order);
    expect(told(issued.result)).toBe('applied');
    expect(await maker.desk.intent(order)).toEqual(issued);
  });

  it('PRS-03: of two desks that claim one request at once one gets it, and the other hears which card it has', async () => {
    const applicationId = await newCase('QYD0007');
    const claims = await Promise.all(
      [maker, all.otherMaker].map(async (desk) => {
        const { cardSerial, chipSerial } = newCard();
        return await desk.intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural');
      }),
    );
    expect(claims.map(told).sort()).toEqual(['REQUEST_HAS_CARD', 'applied']);
    const { card } = (await caseOf(office.desk, applicationId)).body;
    expect(claims.find((each) => each.outcome === 'rejected')).toMatchObject({ params: { serial: card?.serial } });
    // The answer was lost and is asked for with another id: the same card, nothing new.
    const again = { applicationId, cardSerial: card?.serial ?? '', chipSerial: card?.chipSerial ?? '' };
    expect(told(await maker.intent('card.claim', again, 'tural'))).toBe('applied');
  });

  it('PRS-03: of many requests that claim one card at once one gets it, and neither serial nor chip is ever used again', async () => {
    const people = ['QYD0008', 'QYD003', 'QYD04', 'QYD0006'];
    const cases = await Promise.all(people.slice(0, 3).map((fin) => newCase(fin)));
    const { cardSerial, chipSerial } = newCard();
    const desks = [maker, all.otherMaker, maker];
    const claims = await Promise.all(
      cases.map((applicationId, index) => (desks[index] ?? maker).intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural')),
    );
    expect(claims.map(told).sort()).toEqual(['CARD_SERIAL_USED', 'CARD_SERIAL_USED', 'applied']);
    const loser = cases.find((_, index) => claims[index]?.outcome === 'rejected') ?? '';
    const winner = cases.find((_, index) => claims[index]?.outcome === 'applied') ?? '';
    const other = newCard();
    expect(told(await maker.intent('card.claim', { applicationId: loser, cardSerial: other.cardSerial, chipSerial }, 'tural'))).toBe(
      'CHIP_USED',
    );
    // A refusal takes nothing: the serial beside the used chip is still free.
    const { cardSerial: free } = other;
    expect(told(await maker.intent('card.claim', { applicationId: loser, cardSerial: free, chipSerial: other.chipSerial }, 'tural'))).toBe(
      'applied',
    );

    const spoilt = { applicationId: winner, cardSerial, reason: 'chip_failed', note: '' } as const;
    expect(told(await maker.push('card.spoil', spoilt, 'tural'))).toBe('applied');
    expect(told(await maker.push('card.spoil', spoilt, 'tural'))).toBe('CARD_MISSING');
    expect(told(await maker.intent('card.claim', { applicationId: winner, cardSerial, chipSerial }, 'tural'))).toBe('CARD_SERIAL_USED');
  });

  it('PRS-07 M-18: an envelope of another card is refused, a spoilt card’s certificates are revoked and its request gets another', async () => {
    const applicationId = await sendCase(all.registrars[1], cardDataOf({ fin: 'QYD0001' }));
    const { cardSerial, chipSerial, envelopeNumber } = newCard();
    mustApply(await maker.intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural'));
    const personalised = { applicationId, cardSerial, envelopeNumber, verifiedAtMs: Date.now() };
    expect(told(await maker.push('card.personalised', personalised, 'tural'))).toBe('NOT_ISSUED');
    const requests = { authRequest: await makeRequest(), signRequest: await makeRequest() };
    mustApply(await maker.intent('card.issue', { applicationId, cardSerial, ...requests }, 'tural'));
    mustApply(await maker.push('card.personalised', personalised, 'tural'));
    expect(told(await maker.push('card.match', { applicationId, cardSerial, envelopeNumber: 'Z-OTHER' }, 'tural'))).toBe('M-18');
    const early = { applicationId, cardSerial, packageNumber: 'P-EARLY' };
    expect(told(await maker.push('card.dispatch', early, 'tural'))).toBe('CARD_STATE');
    mustApply(await maker.push('card.spoil', { applicationId, cardSerial, reason: 'envelope_mismatch', note: 'zərf' }, 'tural'));
    const spoilt = (await caseOf(all.registrars[1].desk, applicationId)).body;
    expect(spoilt).toMatchObject({
      state: 'PERSONALISING',
      card: null,
      spoiltCards: [{ serial: cardSerial, reason: 'envelope_mismatch' }],
    });
    expect(spoilt.certificates.map((each) => each.state)).toEqual(['REVOKED', 'REVOKED']);

    const next = newCard();
    mustApply(await maker.intent('card.claim', { applicationId, ...pick(next) }, 'tural'));
    // What the spoilt chip had is never certified again, and its envelope never used again.
    expect(told(await maker.intent('card.issue', { applicationId, cardSerial: next.cardSerial, ...requests }, 'tural'))).toBe('KEY_KNOWN');
    const anew = { authRequest: await makeRequest(), signRequest: await makeRequest() };
    mustApply(await maker.intent('card.issue', { applicationId, cardSerial: next.cardSerial, ...anew }, 'tural'));
    const reused = { applicationId, cardSerial: next.cardSerial, envelopeNumber, verifiedAtMs: Date.now() };
    expect(told(await maker.push('card.personalised', reused, 'tural'))).toBe('ENVELOPE_USED');
    expect(told(await maker.push('card.personalised', { ...reused, envelopeNumber: next.envelopeNumber }, 'tural'))).toBe('applied');
  });

  it('PKG-09 PKG-10: a wrong serial or a missing envelope goes back, and the request is the centre’s again', async () => {
    const gence = all.registrars[1];
    const cases = [await sendCase(gence, cardDataOf({ fin: 'QYD0002' })), await sendCase(gence, cardDataOf({ fin: 'QYD0003' }))];
    const cards = await Promise.all(cases.map((applicationId) => makeCard(maker, applicationId)));
    const [wrong, bare] = cards;
    if (wrong === undefined || bare === undefined) throw new Error('Two cards were expected.');
    const packageNumber = 'P-RETURNED';
    await dispatchCards(maker, packageNumber, 'gence-1', cards);
    const receive = async (
      card: typeof wrong,
      outcome: 'registered' | 'mismatch' | 'no_envelope',
      more: { note?: string; packageNumber?: string } = {},
    ) =>
      told(
        await gence.push(
          'card.receive',
          { applicationId: card.applicationId, cardSerial: card.cardSerial, packageNumber, outcome, note: '', ...more },
          'leyla',
        ),
      );
    expect(await receive(wrong, 'registered', { packageNumber: 'P-UNKNOWN' })).toBe('OTHER_PACKAGE');
    expect(await receive({ ...wrong, cardSerial: newCard().cardSerial }, 'registered')).toBe('OTHER_CARD');
    expect(await receive(wrong, 'mismatch')).toBe('applied');
    expect(await receive(bare, 'no_envelope')).toBe('applied');
    expect(await receive(bare, 'registered')).toBe('CARD_STATE');
    expect(await receive(wrong, 'registered')).toBe('REASON_NEEDED');
    const back = { applicationId: bare.applicationId, cardSerial: bare.cardSerial, packageNumber, note: '' };
    expect(told(await gence.push('card.return', { ...back, reason: 'envelope_missing', registerNumber: '' }, 'leyla'))).toBe(
      'REGISTER_NEEDED',
    );
    expect(told(await gence.push('card.return', { ...back, reason: 'envelope_missing', registerNumber: 'F27-1' }, 'leyla'))).toBe(
      'applied',
    );
    expect(await receive(wrong, 'registered', { note: 'nömrə düzəldildi' })).toBe('applied');

    const returned = (await caseOf(gence.desk, bare.applicationId)).body;
    expect(returned).toMatchObject({
      state: 'PERSONALISING',
      card: null,
      spoiltCards: [{ state: 'RETURNED', reason: 'envelope_missing' }],
    });
    expect(returned.certificates.every((each) => each.state === 'REVOKED')).toBe(true);
    expect(await requestOf(maker.desk, bare.applicationId)).toMatchObject({
      isOver: false,
      state: 'PERSONALISING',
      card: null,
      fin: 'QYD0003',
    });
    expect((await caseOf(gence.desk, wrong.applicationId)).body.state).toBe('READY');
    // It fails on the desk's reader before the contract: it goes back as well.
    const failed = { applicationId: wrong.applicationId, cardSerial: wrong.cardSerial, packageNumber, note: '' };
    expect(told(await gence.push('card.return', { ...failed, reason: 'serial_mismatch', registerNumber: 'F26-1' }, 'leyla'))).toBe(
      'applied',
    );
    expect((await caseOf(gence.desk, wrong.applicationId)).body.state).toBe('PERSONALISING');
  });

  it('COM-14: a case that is refused while its card waits takes the card out and revokes what was on it', async () => {
    const sumqayit = all.registrars[2];
    const ofState = cardDataOf({ fin: 'QYD0005', category: 'K5', voen: wellKnown.voen.stateBody, kinds: ['STA'] });
    const applicationId = await sendCase(sumqayit, ofState);
    const refusal = {
      ...{ applicationId, reasonCode: 'M-04', note: '', invalidityNote: false, returnedDocuments: [], lookUps: [] },
      summary: { category: 'K5', fin: 'QYD0005', surname: 'ŞIXLI', givenName: 'XƏYALƏ' },
    };
    const refuse = async () =>
      told(
        await sumqayit.push('application.refuse', refusal, 'leyla', {
          base_rev: (await caseOf(sumqayit.desk, applicationId)).rev,
          lease_token: 1,
        }),
      );
    // Nobody ends a case whose card is being made.
    expect(await refuse()).toBe('STATE');
    const card = await makeCard(maker, applicationId);
    await dispatchCards(maker, 'P-REFUSED', 'sumqayit-1', [card]);
    await receivePackage(sumqayit, 'P-REFUSED', [card]);
    expect(await refuse()).toBe('applied');
    const { body } = await caseOf(sumqayit.desk, applicationId);
    expect(body).toMatchObject({ state: 'REFUSED', card: null, spoiltCards: [{ state: 'RETURNED', reason: 'case_ended' }] });
    expect(body.certificates.map((each) => each.state)).toEqual(['REVOKED', 'REVOKED']);
    // The holder may ask again.
    expect(told(await sumqayit.intent('application.send', submission(ofState), 'leyla'))).toBe('applied');
  });
});

const pick = ({ cardSerial, chipSerial }: ReturnType<typeof newCard>) => ({ cardSerial, chipSerial });
