import { createProductionProjection } from '../../../src/core/features/production/projection.ts';
import { saveCardRequest } from '../../../src/core/storage/repositories/card-request-repository.ts';
import { insertBlank } from '../../../src/core/storage/repositories/card-stock-repository.ts';
import type { Actor } from '../../../src/core/act/act.ts';
import type { CardRequestEntity } from '../../../src/shared/registry-api/card-entities.ts';
import type { CommandOutcome, Envelope, IssuedCertificate } from '../../../src/shared/registry-api/envelope.ts';
import type { CommandPayload } from '../../../src/shared/registry-api/envelope.ts';
import { createTestDesk, testActor, type TestDesk } from '../test-desk.ts';
import { createTestCa, type TestCa } from './test-ca.ts';

export const personaliser: Actor = { ...testActor, login: 'tural', fullName: 'Tural Əliyev', role: 'personalisation_operator' };

export function requestOf(index: number, change: Partial<CardRequestEntity> = {}): CardRequestEntity {
  return {
    applicationId: `0197b000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    officeId: `BAK${(index % 3) + 2}`,
    officeName: `Bakı ${(index % 3) + 2} saylı mərkəz`,
    state: 'PERSONALISING',
    isOver: false,
    fin: `QYD${String(index).padStart(4, '0')}`,
    surname: 'Quliyeva',
    givenName: `Nuray ${index}`,
    fatherName: '',
    signingKind: 'PER',
    organisation: null,
    photo: 'none',
    card: null,
    spoiltCards: [],
    sinceMs: Date.parse('2026-03-02T10:00:00+04:00'),
    dueAtMs: Date.parse('2026-03-03T23:59:59+04:00'),
    ...change,
  };
}

export const serialOf = (index: number): string => `01000000${String(index).padStart(8, '0')}`;

/** A registry's part of the making of cards: gives a card once, certifies what the chip signed. */
export interface PlayedRegistry {
  readonly ca: TestCa;
  readonly claims: Map<string, string>;
  /** Answers of the next commands of a kind: `lost` keeps what was done and says nothing. */
  readonly next: Map<string, 'lost' | 'refuse' | 'other_key'>;
  answer(envelope: Envelope): Promise<CommandOutcome | 'lost'>;
}

export async function playRegistry(): Promise<PlayedRegistry> {
  const ca = await createTestCa();
  const claims = new Map<string, string>();
  const next = new Map<string, 'lost' | 'refuse' | 'other_key'>();
  const stored = new Map<string, CommandOutcome>();
  let rev = 10;
  const certificate = async (der: string, key: 'auth' | 'sign'): Promise<IssuedCertificate> => ({
    serial: `AA${key === 'auth' ? '01' : '02'}${String(rev).padStart(8, '0')}`,
    kind: key === 'auth' ? 'AUT' : 'PER',
    state: 'GENERATED',
    notBeforeMs: Date.parse('2026-03-02T00:00:00Z'),
    notAfterMs: Date.parse('2029-03-02T00:00:00Z'),
    validityRule: 'three_years',
    voen: '',
    organisationName: '',
    der: Buffer.from(await ca.issue(Buffer.from(der, 'base64'), key)).toString('base64'),
  });
  const carryOut = async (envelope: Envelope): Promise<CommandOutcome> => {
    rev += 1;
    const rejected: CommandOutcome = { outcome: 'rejected', code: 'STATE', params: {}, rev };
    const twist = next.get(envelope.kind);
    if (twist === 'refuse') return rejected;
    if (envelope.kind === 'card.claim') {
      const { applicationId, cardSerial } = envelope.payload as CommandPayload<'card.claim'>;
      if ([...claims.values()].includes(cardSerial)) return rejected;
      claims.set(applicationId, cardSerial);
      return { outcome: 'applied', rev, state: 'PERSONALISING' };
    }
    if (envelope.kind === 'card.issue') {
      const { authRequest, signRequest } = envelope.payload as CommandPayload<'card.issue'>;
      const first = twist === 'other_key' ? signRequest : authRequest;
      const certificates = [await certificate(first, 'auth'), await certificate(signRequest, 'sign')];
      return { outcome: 'applied', rev, state: 'PERSONALISING', certificates };
    }
    return { outcome: 'applied', rev, state: 'PERSONALISING' };
  };
  return {
    ca,
    claims,
    next,
    async answer(envelope) {
      const known = stored.get(envelope.command_id);
      const outcome = known ?? (await carryOut(envelope));
      stored.set(envelope.command_id, outcome);
      const twist = next.get(envelope.kind);
      next.delete(envelope.kind);
      return twist === 'lost' ? 'lost' : outcome;
    },
  };
}

/** A real desk with requests and blank cards, its registry played. */
export async function createPersonalisationDesk(
  registry: PlayedRegistry,
  counts: { readonly requests: number; readonly blanks: number },
  restartOf?: TestDesk,
): Promise<TestDesk> {
  const clock = restartOf?.clock;
  const projections = [createProductionProjection({ clock: clock ?? ({ nowMs: () => Date.parse('2026-03-02T12:00:00+04:00') } as never) })];
  const desk = await createTestDesk({
    answerCommand: (envelope) => registry.answer(envelope),
    projections,
    ...(restartOf === undefined ? {} : { restartOf }),
  });
  if (restartOf !== undefined) return desk;
  desk.db.transact((tx) => {
    for (let index = 1; index <= counts.requests; index += 1) saveCardRequest(tx, 3, requestOf(index));
    for (let index = 1; index <= counts.blanks; index += 1)
      insertBlank(tx, { serial: serialOf(index), deliveryId: 'D-1', place: index, note: '', atMs: desk.clock.nowMs() });
  });
  return desk;
}
