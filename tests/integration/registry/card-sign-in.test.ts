import { generateKeyPairSync, sign } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingOperators } from '../../../src/registry/index.ts';
import { canonicalJson } from '../../../src/registry/intake/canonical.ts';
import { challengeLifeMs } from '../../../src/registry/operators/card-sign-in.ts';
import { actContent } from '../../../src/shared/registry-api/actor-signature.ts';
import type { ActorSignature } from '../../../src/shared/registry-api/card-session.ts';
import { cardSignInContent, type CardChallenge, type CertificateStatus } from '../../../src/shared/registry-api/card-session.ts';
import type { CardSignInAnswer, ChangesPage, OperatorRecord } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandOutcome, CommandPayload, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { openCardMaker, type CardMaker, type SoftCard, type SoftKey } from '../../support/soft-cards.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { officeId, type TestDesk } from './test-desk.ts';

type Bind = CommandPayload<'operator.bind_card'>;

describe('a card at the registry', () => {
  let running: TestRegistry;
  let desk: TestDesk;
  let maker: CardMaker;
  let card: SoftCard;
  let aheadMs = 0;

  beforeAll(async () => {
    running = await runRegistry({ nowMs: () => Date.now() + aheadMs });
    desk = await running.enrol('desk-1');
    maker = await openCardMaker(running.folder);
    card = await maker.make();
    expect(await bind('leyla', card)).toMatchObject({ outcome: 'applied' });
  });
  afterAll(async () => {
    await maker.close();
    await running.stop();
  });

  const idOf = (login: string) => trainingOperators.find((each) => each.login === login)?.operatorId ?? '';
  const bindPayload = (login: string, of: SoftCard | null): Bind => ({
    operatorId: idOf(login),
    card:
      of === null
        ? null
        : {
            cardSerial: of.cardSerial,
            chipSerial: of.chipSerialHex,
            authCertificate: of.auth.der,
            signCertificate: of.signing.der,
          },
  });
  const recordOf = async (login: string) => {
    const page = await desk.call<ChangesPage>('GET', '/v1/sync/changes?limit=500');
    const last = page.body.changes.filter((change) => change.entity === 'operator' && change.id === idOf(login)).at(-1);
    return { rev: last?.rev ?? 0, record: last?.body as OperatorRecord };
  };
  const order = async (payload: Bind, login: string, override: Partial<Envelope> = {}, seal?: (envelope: Envelope) => ActorSignature) => {
    const whose = trainingOperators.find((each) => each.operatorId === payload.operatorId)?.login ?? '';
    const made = desk.command('operator.bind_card', payload, login, { base_rev: (await recordOf(whose)).rev, ...override });
    if (seal === undefined) return made;
    const { sig: _sig, ...unsigned } = made;
    return desk.sign({ ...unsigned, actor_signature: seal(made) });
  };
  const bind = async (login: string, of: SoftCard | null, by = 'kamran'): Promise<CommandOutcome> =>
    (await desk.intent(await order(bindPayload(login, of), by))).result;
  const challenge = async (from = desk) =>
    (await from.call<CardChallenge>('POST', '/v1/session/card/challenge', { officeId: from.credentials.officeId })).body;
  const contentOf = (given: CardChallenge, deskId = 'desk-1') =>
    canonicalJson(cardSignInContent({ challenge: given.challenge, deskId, officeId, atMs: given.server_time_ms, isOffline: false }));
  const enter = async (key: SoftKey, given?: CardChallenge, content?: string, from = desk) => {
    const taken = given ?? (await challenge(from));
    return await from.call<CardSignInAnswer & { code: string }>('POST', '/v1/session/card', {
      challengeId: taken.challengeId,
      certificate: key.der,
      signature: key.sign(content ?? contentOf(taken)).toString('base64'),
      officeId: from.credentials.officeId,
    });
  };

  it('lets in the operator whom the card is bound to, with the roles of his record', async () => {
    const answer = await enter(card.auth);
    expect(answer).toMatchObject({ status: 200, body: { operator: { login: 'leyla', roles: ['registrar'] } } });
    expect(answer.body.certificate).toMatchObject({ serial: card.auth.serial, state: 'ACTIVE', applicationId: card.applicationId });
    expect(answer.body.operator.card).toMatchObject({
      cardSerial: card.cardSerial,
      byLogin: 'kamran',
      certificateSha256: card.auth.sha256,
    });
  });

  it.each(['rsa-2048', 'p-384'] as const)('takes a key of %s', async (algorithm) => {
    const other = await maker.make({ algorithm });
    expect(await bind('orkhan', other)).toMatchObject({ outcome: 'applied' });
    expect(await enter(other.auth)).toMatchObject({ status: 200, body: { operator: { login: 'orkhan' } } });
    expect(await bind('orkhan', null)).toMatchObject({ outcome: 'applied' });
    expect(await enter(other.auth)).toMatchObject({ status: 401, body: { code: 'CARD_NOT_BOUND' } });
  });

  it('takes a challenge once, soon, and from the desk that asked for it', async () => {
    const given = await challenge();
    expect((await enter(card.auth, given)).status).toBe(200);
    expect(await enter(card.auth, given)).toMatchObject({ status: 401, body: { code: 'CARD_CHALLENGE_GONE' } });
    const late = await challenge();
    aheadMs = challengeLifeMs + 1_000;
    expect(await enter(card.auth, late)).toMatchObject({ body: { code: 'CARD_CHALLENGE_GONE' } });
    aheadMs = 0;
    const second = await running.enrol('desk-2');
    expect(await enter(card.auth, await challenge(second))).toMatchObject({ body: { code: 'CARD_CHALLENGE_GONE' } });
    // A wrong answer spends it too.
    const wrong = await challenge();
    expect(await enter(card.auth, wrong, 'other')).toMatchObject({ body: { code: 'CARD_SIGNATURE_INVALID' } });
    expect(await enter(card.auth, wrong)).toMatchObject({ body: { code: 'CARD_CHALLENGE_GONE' } });
  });

  it('refuses what was signed for another desk, by another key, or with the signing key', async () => {
    const given = await challenge();
    expect(await enter(card.auth, given, contentOf(given, 'desk-9'))).toMatchObject({ body: { code: 'CARD_SIGNATURE_INVALID' } });
    const other = await maker.make();
    expect(await enter({ ...other.auth, der: card.auth.der })).toMatchObject({ body: { code: 'CARD_SIGNATURE_INVALID' } });
    expect(await enter(card.signing)).toMatchObject({ status: 401, body: { code: 'CARD_FOREIGN' } });
  });

  it('calls a card of another authority foreign, whatever it says of itself', async () => {
    const other = await runRegistry();
    const foreign = await openCardMaker(other.folder);
    const strange = await foreign.make();
    expect(await enter(strange.auth)).toMatchObject({ status: 401, body: { code: 'CARD_FOREIGN' } });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const garbage: SoftKey = {
      ...card.auth,
      der: Buffer.alloc(200, 0x30).toString('base64'),
      sign: (content) => sign('sha256', Buffer.from(content), privateKey),
    };
    expect(await enter(garbage)).toMatchObject({ status: 401, body: { code: 'CARD_FOREIGN' } });
    await foreign.close();
    await other.stop();
  });

  it('tells apart what is wrong with a certificate', async () => {
    const said = async (state: 'GENERATED' | 'SUSPENDED_USER' | 'REVOKED' | 'EXPIRED' | 'ACTIVE') => {
      await maker.move(card, state);
      return (await enter(card.auth)).body.code;
    };
    expect(await said('GENERATED')).toBe('CERTIFICATE_NOT_ACTIVE');
    expect(await said('SUSPENDED_USER')).toBe('CERTIFICATE_NOT_ACTIVE');
    expect(await said('REVOKED')).toBe('CERTIFICATE_REVOKED');
    expect(await said('EXPIRED')).toBe('CERTIFICATE_EXPIRED');
    expect(await said('ACTIVE')).toBeUndefined();
    const old = await maker.make({ notBeforeMs: Date.now() - 10_000, notAfterMs: Date.now() - 1_000 });
    expect((await enter(old.auth)).body.code).toBe('CERTIFICATE_EXPIRED');
  });

  it('lets in nobody who is disabled, nor a card that nobody has', async () => {
    expect((await enter((await maker.make()).auth)).body.code).toBe('CARD_NOT_BOUND');
    const disable = async (kind: 'operator.disable' | 'operator.enable') => {
      const operatorId = idOf('leyla');
      const base = { base_rev: (await recordOf('leyla')).rev };
      return kind === 'operator.disable'
        ? await desk.intent(desk.command(kind, { operatorId, reason: 'sınaq' }, 'kamran', base))
        : await desk.intent(desk.command(kind, { operatorId }, 'kamran', base));
    };
    await disable('operator.disable');
    expect((await enter(card.auth)).body.code).toBe('OPERATOR_DISABLED');
    await disable('operator.enable');
    expect((await enter(card.auth)).status).toBe(200);
  });

  it('binds a card to one person only, never to himself, never a bad one', async () => {
    expect(await bind('rashad', card)).toMatchObject({ outcome: 'rejected', code: 'CARD_BOUND_TO_OTHER' });
    expect(await bind('kamran', await maker.make())).toMatchObject({ outcome: 'rejected', code: 'OWN_ACCOUNT' });
    expect(await bind('rashad', await maker.make(), 'leyla')).toMatchObject({ outcome: 'rejected', code: 'ROLE_NOT_ALLOWED' });
    expect(await bind('rashad', await maker.make({ state: 'GENERATED' }))).toMatchObject({ code: 'CERTIFICATE_NOT_ACTIVE' });
    const mine = await maker.make();
    const mixed = { ...mine, signing: (await maker.make()).signing };
    expect(await bind('rashad', mixed)).toMatchObject({ code: 'CARD_FOREIGN' });
  });

  it('says the status of each certificate that is asked for', async () => {
    const asked = [card.auth.serial, 'ABCDEF0123456789'];
    const answer = await desk.call<{ certificates: CertificateStatus[] }>('POST', '/v1/certificates/status', { serials: asked });
    expect(answer.body.certificates).toMatchObject([
      { serial: card.auth.serial, state: 'ACTIVE', applicationId: card.applicationId },
      { serial: 'ABCDEF0123456789', state: null },
    ]);
    expect((await desk.call('POST', '/v1/certificates/status', { serials: [] })).status).toBe(400);
  });

  describe('an order that its giver signs', () => {
    const sentence = 'Kart Rəşad İsmayılova bağlanır';
    let admin: SoftCard;
    let target: SoftCard;
    const byCard = (of: Envelope['actor']): Partial<Envelope> => ({ actor: { ...of, auth_method: 'card_online' } });
    const actor = () => desk.command('operator.unlock', { operatorId: idOf('leyla') }, 'kamran').actor;
    const sealBy =
      (key: SoftKey, change: (envelope: Envelope) => Envelope = (envelope) => envelope, said = sentence) =>
      (envelope: Envelope): ActorSignature => ({
        sentence: said,
        certificate: key.der,
        signature: key.sign(canonicalJson(actContent(change(envelope), sentence))).toString('base64'),
      });
    const give = async (seal?: (envelope: Envelope) => ActorSignature) =>
      (await desk.intent(await order(bindPayload('rashad', target), 'kamran', byCard(actor()), seal))).result;

    beforeAll(async () => {
      admin = await maker.make({ algorithm: 'p-384' });
      target = await maker.make();
      // The first administrator's card is bound by another of his kind.
      const second = await desk.intent(
        desk.command(
          'operator.create',
          {
            operatorId: uuidv7(),
            login: 'ikinci',
            fullName: 'İkinci İnzibatçı',
            passwordHash: '$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA',
            roles: ['rights_administrator'],
          },
          'kamran',
        ),
      );
      expect(second.result).toMatchObject({ outcome: 'applied' });
      const page = await desk.call<ChangesPage>('GET', '/v1/sync/changes?limit=500');
      const made = page.body.changes.map((change) => change.body as OperatorRecord).find((each) => each.login === 'ikinci');
      const bound = await order(bindPayload('kamran', admin), 'kamran', {
        actor: { ...actor(), operator_id: made?.operatorId ?? '', login: 'ikinci' },
      });
      expect((await desk.intent(bound)).result).toMatchObject({ outcome: 'applied' });
    });

    it('is refused without a signature when its giver came in with a card', async () => {
      expect(await give()).toMatchObject({ outcome: 'rejected', code: 'SIGNATURE_MISSING' });
    });

    it('is refused when a letter of the order or of the sentence is another', async () => {
      expect(await give(sealBy(admin.signing, (envelope) => ({ ...envelope, base_rev: 77 })))).toMatchObject({
        code: 'SIGNATURE_NOT_GENUINE',
      });
      expect(await give(sealBy(admin.signing, (envelope) => ({ ...envelope, command_id: uuidv7() })))).toMatchObject({
        code: 'SIGNATURE_NOT_GENUINE',
      });
      expect(await give(sealBy(admin.signing, (envelope) => ({ ...envelope, payload: bindPayload('leyla', target) })))).toMatchObject({
        code: 'SIGNATURE_NOT_GENUINE',
      });
      expect(await give(sealBy(admin.signing, (envelope) => envelope, `${sentence}.`))).toMatchObject({ code: 'SIGNATURE_NOT_GENUINE' });
    });

    it('is refused when another key or another card signed it', async () => {
      expect(await give(sealBy(admin.auth))).toMatchObject({ code: 'CARD_FOREIGN' });
      expect(await give(sealBy(card.signing))).toMatchObject({ code: 'SIGNATURE_NOT_GENUINE' });
      const swapped = { ...card.signing, der: admin.signing.der };
      expect(await give(sealBy(swapped))).toMatchObject({ code: 'SIGNATURE_NOT_GENUINE' });
      await maker.move(admin, 'REVOKED');
      expect(await give(sealBy(admin.signing))).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
      await maker.move(admin, 'ACTIVE');
    });

    it('is carried out when the exact order was signed', async () => {
      expect(await give(sealBy(admin.signing))).toMatchObject({ outcome: 'applied' });
      expect((await recordOf('rashad')).record.card).toMatchObject({ certificateSha256: target.auth.sha256 });
    });
  });
});
