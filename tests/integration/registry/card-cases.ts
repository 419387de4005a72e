import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { x509 } from '../../../src/registry/provision/x509.ts';
import type { CardRequestEntity } from '../../../src/shared/registry-api/card-entities.ts';
import type { CardCommandKind } from '../../../src/shared/registry-api/card-commands.ts';
import type { ApplicationEntity, ChangesPage } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandKind, CommandOutcome, CommandPayload, CommandResult } from '../../../src/shared/registry-api/envelope.ts';
import { applicationDataSchema, type ApplicationData } from '../../../src/shared/rules/application-data.ts';
import { dataOf, officeId, submission, type DataOf, type TestDesk } from './test-desk.ts';

/** One centre and three registration offices. */
export const centre = 'merkez';
export const offices = ['baki-1', 'gence-1', 'sumqayit-1'] as const;
export const officeNames = [
  { officeId: centre, name: 'Fərdiləşdirmə mərkəzi' },
  { officeId: 'baki-1', name: 'Bakı 1 saylı ASAN xidmət' },
  { officeId: 'gence-1', name: 'Gəncə ASAN xidmət' },
  { officeId: 'sumqayit-1', name: 'Sumqayıt ASAN xidmət' },
];

export type AnyAlgorithm = keyof typeof subtleOf;
const rsa = { name: 'RSASSA-PKCS1-v1_5', publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
const subtleOf = {
  'rsa-2048': { ...rsa, modulusLength: 2048 },
  'rsa-1024': { ...rsa, modulusLength: 1024 },
  'rsa-3072': { ...rsa, modulusLength: 3072 },
  'p-256': { name: 'ECDSA', namedCurve: 'P-256' },
  'p-384': { name: 'ECDSA', namedCurve: 'P-384' },
  'p-521': { name: 'ECDSA', namedCurve: 'P-521' },
} as const;

/** A PKCS#10 request as a chip would sign it; base64. Its name is nobody's: the registry takes the subject from its registers. */
export async function makeRequest(algorithm: AnyAlgorithm = 'p-256'): Promise<string> {
  const keys = await crypto.subtle.generateKey(subtleOf[algorithm], true, ['sign', 'verify']);
  const hash = algorithm === 'p-384' ? 'SHA-384' : 'SHA-256';
  const signingAlgorithm = algorithm.startsWith('rsa') ? rsa : { name: 'ECDSA', hash };
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: 'CN=Asan ID', keys, signingAlgorithm });
  return Buffer.from(request.rawData).toString('base64');
}

/** The same request with one bit of its signature turned. */
export function withBrokenSignature(request: string): string {
  const der = Buffer.from(request, 'base64');
  der[der.length - 4] = (der[der.length - 4] ?? 0) ^ 1;
  return der.toString('base64');
}

let last = 0;
/** Serials that no other test has. */
export function newCard(): { cardSerial: string; chipSerial: string; envelopeNumber: string } {
  last += 1;
  const hex = createHash('sha256').update(`${process.pid} ${last}`).digest('hex').toUpperCase();
  return { cardSerial: hex.slice(0, 16), chipSerial: hex.slice(16, 36), envelopeNumber: `Z-${hex.slice(40, 52)}` };
}

/** An application of one of the cast for a card. */
export function cardDataOf(wanted: Omit<DataOf, 'phone'>, more: Partial<ApplicationData['carrier']> = {}): ApplicationData {
  const data = dataOf({ ...wanted, phone: '+994500000001' });
  return applicationDataSchema.parse({
    ...data,
    carrier: { kind: 'asan_id', ...more },
    presented: { ...data.presented, 'D-12': { isShown: true } },
  });
}

/** A desk as its people use it: what waits in the outbox is numbered, what is online goes alone. */
export function actAt(desk: TestDesk) {
  // The first office of a training has the cast itself.
  const isFirst = [centre, officeId].includes(desk.credentials.officeId);
  const suffix = isFirst ? '' : `.${desk.credentials.officeId}`;
  const push = async <K extends CommandKind>(
    kind: K,
    payload: CommandPayload<K>,
    login: string,
    override: Parameters<TestDesk['command']>[3] = {},
  ): Promise<CommandOutcome> => {
    const [result] = await desk.push([desk.command(kind, payload, `${login}${suffix}`, { desk_seq: desk.nextSeq(), ...override })]);
    return outcomeOf(result);
  };
  const intent = async <K extends CommandKind>(
    kind: K,
    payload: CommandPayload<K>,
    login: string,
    override: Parameters<TestDesk['command']>[3] = {},
  ): Promise<CommandOutcome> => outcomeOf(await desk.intent(desk.command(kind, payload, `${login}${suffix}`, override)));
  return { desk, login: (name: string) => `${name}${suffix}`, push, intent };
}
export type ActingDesk = ReturnType<typeof actAt>;

function outcomeOf(result: CommandResult | undefined): CommandOutcome {
  if (result === undefined) throw new Error('One command has one result.');
  return result.result;
}

/** The code of a refusal, or the outcome. */
export function told(outcome: CommandOutcome): string {
  return outcome.outcome === 'rejected' ? outcome.code : outcome.outcome;
}

export function mustApply(outcome: CommandOutcome): Extract<CommandOutcome, { outcome: 'applied' }> {
  if (outcome.outcome !== 'applied') throw new Error(JSON.stringify(outcome));
  return outcome;
}

export async function readFeed(desk: TestDesk): Promise<ChangesPage['changes']> {
  const changes: ChangesPage['changes'] = [];
  let cursor = '';
  for (;;) {
    const page = await desk.call<ChangesPage>('GET', `/v1/sync/changes?limit=1000&cursor=${encodeURIComponent(cursor)}`);
    changes.push(...page.body.changes);
    cursor = page.body.next_cursor;
    if (!page.body.has_more) return changes;
  }
}

/** The newest body of one thing in the desk's feed. */
export async function newest<T>(desk: TestDesk, entity: string, id: string): Promise<{ rev: number; body: T } | undefined> {
  const found = (await readFeed(desk)).filter((change) => change.entity === entity && change.id === id);
  const change = found.reduce<ChangesPage['changes'][number] | undefined>((a, b) => (a === undefined || b.rev >= a.rev ? b : a), undefined);
  return change === undefined ? undefined : { rev: change.rev, body: change.body as T };
}

export async function caseOf(desk: TestDesk, applicationId: string): Promise<{ rev: number; body: ApplicationEntity }> {
  const found = await newest<ApplicationEntity>(desk, 'application', applicationId);
  if (found === undefined) throw new Error('The office has not heard of the case.');
  return found;
}

export async function requestOf(desk: TestDesk, applicationId: string): Promise<CardRequestEntity | undefined> {
  return (await newest<CardRequestEntity>(desk, 'card_request', applicationId))?.body;
}

/** A case at the centre; `fin` makes it one of the cast's own. */
export async function sendCase(office: ActingDesk, data: ApplicationData, applicationId: string = uuidv7()): Promise<string> {
  mustApply(await office.intent('application.send', submission(data, applicationId), 'leyla'));
  return applicationId;
}

export interface MadeCard {
  readonly applicationId: string;
  readonly cardSerial: string;
  readonly chipSerial: string;
  readonly envelopeNumber: string;
}

/** Claimed, certified, personalised and matched with its envelope. */
export async function makeCard(maker: ActingDesk, applicationId: string, algorithm: AnyAlgorithm = 'p-256'): Promise<MadeCard> {
  const { cardSerial, chipSerial, envelopeNumber } = newCard();
  mustApply(await maker.intent('card.claim', { applicationId, cardSerial, chipSerial }, 'tural'));
  const requests = { authRequest: await makeRequest(algorithm), signRequest: await makeRequest(algorithm) };
  mustApply(await maker.intent('card.issue', { applicationId, cardSerial, ...requests }, 'tural'));
  mustApply(await maker.push('card.personalised', { applicationId, cardSerial, envelopeNumber, verifiedAtMs: Date.now() }, 'tural'));
  mustApply(await maker.push('card.match', { applicationId, cardSerial, envelopeNumber }, 'tural'));
  return { applicationId, cardSerial, chipSerial, envelopeNumber };
}

export const courier = { courierName: 'Kuryer Sınaqov', courierFin: 'QYD0099' };

/** Packed and given to the courier. */
export async function dispatchCards(
  maker: ActingDesk,
  packageNumber: string,
  toOfficeId: string,
  cards: readonly MadeCard[],
): Promise<void> {
  const items = cards.map(({ applicationId: id, cardSerial, envelopeNumber }) => ({ id, cardSerial, envelopeNumber }));
  const prepared = maker.desk.command('package.prepare', { packageNumber, toOfficeId, purpose: 'cards', items }, maker.login('tural'), {
    desk_seq: maker.desk.nextSeq(),
  });
  const dispatch = { packageNumber, ...courier, registerNumber: `F25-${packageNumber}` };
  const sent = [
    prepared,
    ...cards.map(({ applicationId, cardSerial }) =>
      maker.desk.command('card.dispatch', { applicationId, cardSerial, packageNumber }, maker.login('tural'), {
        desk_seq: maker.desk.nextSeq(),
      }),
    ),
    maker.desk.command('package.dispatch', dispatch, maker.login('tural'), {
      desk_seq: maker.desk.nextSeq(),
      after: prepared.command_id,
    }),
  ];
  for (let from = 0; from < sent.length; from += 50) {
    for (const { result } of await maker.desk.push(sent.slice(from, from + 50))) mustApply(result);
  }
}

/** From the courier at the desk to a confirmed package. */
export async function receivePackage(office: ActingDesk, packageNumber: string, cards: readonly MadeCard[]): Promise<void> {
  const step = async <K extends CardCommandKind>(kind: K, payload: CommandPayload<K>, login: string) => {
    const rev = (await newest(office.desk, 'package', packageNumber))?.rev ?? 0;
    mustApply(await office.push(kind, payload, login, { base_rev: rev }));
  };
  await step(
    'package.arrive',
    { packageNumber, courierFin: courier.courierFin, isCourierRight: true, isDamaged: false, note: '' },
    'leyla',
  );
  await step('package.sign_act', { packageNumber, actNumber: `F24-${packageNumber}` }, 'aygun');
  await step('package.record', { packageNumber, courierName: courier.courierName }, 'leyla');
  for (const { applicationId, cardSerial } of cards)
    mustApply(await office.push('card.receive', { applicationId, cardSerial, packageNumber, outcome: 'registered', note: '' }, 'leyla'));
  const counts = { cards: cards.length, envelopes: cards.length, missingSerials: [], surplusCodes: [], note: '' };
  await step('package.check', { packageNumber, ...counts }, 'leyla');
  await step('package.confirm', { packageNumber }, 'leyla');
}

/** From READY into the holder's hand. */
export async function handOver(office: ActingDesk, { applicationId }: Pick<MadeCard, 'applicationId'>): Promise<void> {
  const { rev } = await caseOf(office.desk, applicationId);
  const lease = mustApply(
    await office.push(
      'application.begin_hand_over',
      { applicationId, attendee: 'applicant', confirmedAtMs: Date.now(), lookUps: [] },
      'leyla',
      {
        base_rev: rev,
      },
    ),
  );
  const held = { base_rev: lease.rev, lease_token: lease.lease_token ?? 0 };
  const signed = mustApply(
    await office.push(
      'application.sign_contract',
      { applicationId, paperNumber: `${applicationId}-6`, centreSignedBy: 'Fərid Ağayev', signedAtMs: Date.now() },
      'leyla',
      held,
    ),
  );
  const active = mustApply(
    await office.intent('application.activate', { applicationId, attempt: 1, bySupport: false }, 'leyla', {
      ...held,
      base_rev: signed.rev,
    }),
  );
  mustApply(
    await office.push(
      'application.hand_over',
      { applicationId, noticeNumber: `${applicationId}-10`, returnedOriginals: [], handedAtMs: Date.now() },
      'leyla',
      { ...held, base_rev: active.rev },
    ),
  );
}
