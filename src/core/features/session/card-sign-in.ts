import type { SessionView } from '../../../shared/contract/session.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { cardSignInContent, type CardChallenge } from '../../../shared/registry-api/card-session.ts';
import { decideCardCertificate } from '../../../shared/rules/card-certificate.ts';
import type { Role } from '../../../shared/rules/vocabulary.ts';
import { certificateSha256, isSignedByCard, readCertificate } from '../../platform/card-signature.ts';
import type { CardHost, CardHostAnswerTo } from '../../cards/ports.ts';
import type { Desk } from '../../desk.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { findPinnedCard, findStanding, pinCard, saveStanding, unpinCard } from '../../storage/repositories/operator-card-repository.ts';
import { findOperatorById, noteSeen, saveOperatorRecord, type KnownOperator } from '../../storage/repositories/operator-repository.ts';
import { watchCard } from './card-presence.ts';
import { offlineSignInMs } from './lock-out.ts';
import type { SessionState } from './session-state.ts';
import { openSession } from './sign-in.ts';
import type { TakeTurn } from './turns.ts';

export interface CardDoor {
  readonly desk: Desk;
  readonly sessions: SessionState;
  readonly cards: CardHost;
  readonly takeTurn: TakeTurn;
}

interface CardWay {
  readonly readerName: string;
  /** What the PIN window says. */
  readonly title: string;
  readonly role?: Role | undefined;
}

type Signature = CardHostAnswerTo<'sign'>;

/** Refusals that are about the card and its certificate: an attempt worth a line in the journal. */
const refusals: readonly string[] = [
  'CARD_FOREIGN',
  'CARD_NOT_BOUND',
  'CARD_OF_OTHER',
  'CARD_SIGNATURE_INVALID',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_NOT_ACTIVE',
  'OPERATOR_DISABLED',
  'PIN_BLOCKED',
];
/** After these the certificate that was pinned here lets nobody in any more. */
const endOfPin: readonly string[] = ['CARD_FOREIGN', 'CARD_NOT_BOUND', 'CERTIFICATE_EXPIRED', 'CERTIFICATE_REVOKED', 'OPERATOR_DISABLED'];

/**
 * Signs an operator in with the card in this reader: its authentication key signs a challenge after PIN1. The registry is asked first whenever there is a
 * link; what it accepted is pinned here, and without the link lets in the same card within seven days, by a challenge of the desk's own, as long as the
 * registry said nothing bad of its certificate. Source: issue 4 §6; ADR-0031; sync-and-reliability (b6)
 */
export function signInWithCard(door: CardDoor, way: CardWay): Promise<Result<SessionView, Failure>> {
  return door.takeTurn('card', async () => {
    const watch = watchCard(door.cards, way.readerName);
    try {
      const entered = await enter(door, way, () => watch.hasLeft());
      if (!entered.ok) noteRefusal(door.desk, entered.failure.code);
      return entered;
    } finally {
      watch.end();
    }
  });
}

async function enter(door: CardDoor, way: CardWay, hasLeft: () => boolean): Promise<Result<SessionView, Failure>> {
  const given = await door.desk.registry.cardChallenge();
  if (given.ok) return enterOnline(door, way, given.value, hasLeft);
  // A registry that knows no cards is no reason to come in by the offline door.
  if (given.failure.code !== 'REGISTRY_UNREACHABLE') return given;
  return enterOffline(door, way, hasLeft);
}

async function enterOnline(
  { desk, sessions, cards }: CardDoor,
  way: CardWay,
  given: CardChallenge,
  hasLeft: () => boolean,
): Promise<Result<SessionView, Failure>> {
  const content = contentOf(desk, { challenge: given.challenge, atMs: given.server_time_ms, isOffline: false });
  const signed = await askSignature(cards, way, content);
  if (!signed.ok) return signed;
  const { certificateDer, signature } = signed.value;
  const sha256 = certificateSha256(certificateDer);
  const answer = await desk.registry.signInWithCard({
    challengeId: given.challengeId,
    certificate: Buffer.from(certificateDer).toString('base64'),
    signature: Buffer.from(signature).toString('base64'),
  });
  if (!answer.ok && answer.failure.code === 'REGISTRY_UNREACHABLE') {
    // The link went while the PIN was typed: the signature over the registry's own challenge proves no less here.
    const known = findTrusted(desk, sha256);
    if (!known.ok) return known;
    if (hasLeft()) return fail('CARD_LEFT');
    return isOwnSignature(certificateDer, content, signature)
      ? openOffline(desk, sessions, known.value, way, sha256)
      : fail('CARD_SIGNATURE_INVALID');
  }
  if (!answer.ok) {
    if (endOfPin.includes(answer.failure.code)) forgetPinned(desk, sha256);
    return answer;
  }
  const { operator, certificate } = answer.value;
  if (operator.isDisabled) return fail('OPERATOR_DISABLED');
  const nowMs = desk.clock.nowMs();
  desk.db.transact((tx) => {
    saveOperatorRecord(tx, operator, 0);
    noteSeen(tx, operator.operatorId, nowMs);
    saveStanding(tx, certificate, nowMs);
    pinCard(tx, { operatorId: operator.operatorId, certificateSha256: sha256, certificate: certificateDer, seenOnlineAtMs: nowMs });
  });
  if (hasLeft()) return fail('CARD_LEFT');
  return openSession(desk, sessions, operator, way.role, 'card_online', { readerName: way.readerName, certificateSha256: sha256 });
}

async function enterOffline(door: CardDoor, way: CardWay, hasLeft: () => boolean): Promise<Result<SessionView, Failure>> {
  const { desk, sessions, cards } = door;
  // Nobody types a PIN for a card that may not come in anyway.
  const sight = await cards.ask({ kind: 'read_card', readerName: way.readerName });
  if (!sight.ok) return sight;
  const own = sight.value.sight.certificates.find(({ key }) => key === 'auth');
  if (sight.value.sight.profile !== 'asan_id') return fail('CARD_NOT_OURS');
  if (own === undefined) return fail('CARD_NOT_CLOSED');
  const sha256 = certificateSha256(own.der);
  const known = findTrusted(desk, sha256);
  if (!known.ok) return known;
  const proven = await proveByOwnChallenge(door, way, sha256);
  if (!proven.ok) return proven;
  if (hasLeft()) return fail('CARD_LEFT');
  return openOffline(desk, sessions, known.value, way, sha256);
}

/** The desk makes the challenge: chance, its own name and the time. The card that answers must be the one that is expected. */
async function proveByOwnChallenge({ desk, cards }: CardDoor, way: CardWay, sha256: string): Promise<Result<Signature, Failure>> {
  const challenge = Buffer.from(desk.random.bytes(32)).toString('base64');
  const content = contentOf(desk, { challenge, atMs: Math.round(desk.clock.nowMs()), isOffline: true });
  const signed = await askSignature(cards, way, content);
  if (!signed.ok) return signed;
  const { certificateDer, signature } = signed.value;
  if (certificateSha256(certificateDer) !== sha256) return fail('CARD_OF_OTHER');
  return isOwnSignature(certificateDer, content, signature) ? signed : fail('CARD_SIGNATURE_INVALID');
}

/**
 * Brings the work back after a lock: only the very card it was begun with, and PIN1. The registry is asked about the certificate when there is a link.
 */
export function unlockWithCard(door: CardDoor, way: CardWay): Promise<Result<SessionView, Failure>> {
  return door.takeTurn('card', async () => {
    const { desk, sessions, cards } = door;
    const view = sessions.find();
    const expected = sessions.card();
    if (view === null) return fail('NOT_SIGNED_IN');
    if (!view.isLocked) return succeed(view);
    if (expected === null) return fail('STEP_NOT_POSSIBLE');
    const watch = watchCard(cards, way.readerName);
    try {
      const sight = await cards.ask({ kind: 'read_card', readerName: way.readerName });
      if (!sight.ok) return sight;
      const own = sight.value.sight.certificates.find(({ key }) => key === 'auth');
      const refused = own === undefined || certificateSha256(own.der) !== expected.certificateSha256 ? 'CARD_OF_OTHER' : null;
      const standing = refused ?? (await askStanding(desk, own?.der));
      if (standing !== null) {
        noteRefusal(desk, standing);
        return fail(standing);
      }
      const proven = await proveByOwnChallenge(door, way, expected.certificateSha256);
      if (!proven.ok) {
        noteRefusal(desk, proven.failure.code);
        return proven;
      }
      // While the PIN was typed the session may have ended, become another's, or the card may have gone again.
      if (sessions.card()?.certificateSha256 !== expected.certificateSha256) return fail('NOT_SIGNED_IN');
      if (watch.hasLeft()) return fail('CARD_LEFT');
      sessions.unlock({ readerName: way.readerName, certificateSha256: expected.certificateSha256 });
      const opened = sessions.find();
      return opened === null ? fail('NOT_SIGNED_IN') : succeed(opened);
    } finally {
      watch.end();
    }
  });
}

/** Why the certificate is not good now: by the registry when it answers, else by what it said last. */
async function askStanding(desk: Desk, der: Uint8Array | undefined): Promise<string | null> {
  const serial = der === undefined ? undefined : readCertificate(der)?.serialNumber;
  if (serial === undefined) return 'CARD_FOREIGN';
  const nowMs = desk.clock.nowMs();
  const answer = await desk.registry.certificateStatus([serial]);
  if (answer.ok) desk.db.transact((tx) => answer.value.certificates.forEach((each) => saveStanding(tx, each, nowMs)));
  const known = findStanding(desk.db, serial);
  return known === undefined ? 'CARD_OFFLINE_NOT_ALLOWED' : decideCardCertificate(known, nowMs);
}

/** Whom this card lets in without the link. */
function findTrusted(desk: Desk, sha256: string): Result<KnownOperator, Failure> {
  const pinned = findPinnedCard(desk.db, sha256);
  const known = pinned === undefined ? undefined : findOperatorById(desk.db, pinned.operatorId);
  const nowMs = desk.clock.nowMs();
  if (pinned === undefined || known === undefined || Math.abs(nowMs - pinned.seenOnlineAtMs) > offlineSignInMs)
    return fail('CARD_OFFLINE_NOT_ALLOWED');
  if (known.record.isDisabled) return fail('OPERATOR_DISABLED');
  // The registry has said since that it is another's, or nobody's.
  if (known.record.card?.certificateSha256 !== sha256) return fail('CARD_NOT_BOUND');
  const standing = findStanding(desk.db, readCertificate(pinned.certificate)?.serialNumber ?? '');
  const refusal = standing === undefined ? 'CARD_OFFLINE_NOT_ALLOWED' : decideCardCertificate(standing, nowMs);
  return refusal === null ? succeed(known) : fail(refusal);
}

function openOffline(desk: Desk, sessions: SessionState, known: KnownOperator, way: CardWay, sha256: string): Result<SessionView, Failure> {
  desk.db.transact((tx) => noteSeen(tx, known.record.operatorId, desk.clock.nowMs()));
  return openSession(desk, sessions, known.record, way.role, 'card_offline', { readerName: way.readerName, certificateSha256: sha256 });
}

function contentOf(desk: Desk, of: { readonly challenge: string; readonly atMs: number; readonly isOffline: boolean }): Uint8Array {
  const { deskId, officeId } = desk.identity;
  return Buffer.from(canonicalJson(cardSignInContent({ ...of, deskId, officeId })), 'utf8');
}

function askSignature(cards: CardHost, { readerName, title }: CardWay, content: Uint8Array): Promise<Result<Signature, Failure>> {
  return cards.ask({ kind: 'sign', readerName, key: 'auth', content, title });
}

function isOwnSignature(der: Uint8Array, content: Uint8Array, signature: Uint8Array): boolean {
  const certificate = readCertificate(der);
  return certificate !== undefined && isSignedByCard(certificate, content, signature);
}

function forgetPinned(desk: Desk, sha256: string): void {
  const pinned = findPinnedCard(desk.db, sha256);
  if (pinned !== undefined) desk.db.transact((tx) => unpinCard(tx, pinned.operatorId));
}

function noteRefusal(desk: Desk, code: string): void {
  if (!refusals.includes(code)) return;
  desk.acts.record(null, () => ({ value: undefined, audit: { act: 'session.refused', detail: { method: 'card', code } } }));
}
