import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { cardSignInContent, type CardChallenge, type CertificateStatus } from '../../shared/registry-api/card-session.ts';
import type { CardSignInAnswer, OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import { listCertificatesBySerial, type CertificateRecord } from '../certification/certificate-records.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import type { Session } from '../store/store.ts';
import { isCardSignature, lookAtCertificate } from './card-signature.ts';

/** Time to put the card in and type a PIN. */
export const challengeLifeMs = 3 * 60_000;
/** A desk signs in one person at a time; more open challenges than this are none of a person's doing. */
const openPerDesk = 8;

interface OpenChallenge {
  readonly deskId: string;
  readonly challenge: string;
  readonly atMs: number;
}

/** Only in memory: a registry that begins anew knows none, and the desk asks for another. */
const challengesOf = new WeakMap<Registry, Map<string, OpenChallenge>>();

function openChallenges(registry: Registry): Map<string, OpenChallenge> {
  const known = challengesOf.get(registry);
  if (known !== undefined) return known;
  const made = new Map<string, OpenChallenge>();
  challengesOf.set(registry, made);
  return made;
}

export function giveChallenge(registry: Registry, desk: Desk, officeId: string): CardChallenge {
  if (officeId !== desk.officeId) throw new RegistryError(401, 'SIGN_IN_REFUSED');
  const nowMs = registry.nowMs();
  const open = openChallenges(registry);
  for (const [id, each] of open) if (each.atMs + challengeLifeMs < nowMs) open.delete(id);
  const own = [...open].filter(([, each]) => each.deskId === desk.deskId);
  for (const [id] of own.slice(0, Math.max(0, own.length - openPerDesk + 1))) open.delete(id);
  const challengeId = uuidv7();
  const challenge = randomBytes(32).toString('base64');
  open.set(challengeId, { deskId: desk.deskId, challenge, atMs: nowMs });
  return { challengeId, challenge, expires_at_ms: nowMs + challengeLifeMs, server_time_ms: nowMs };
}

/** Each challenge is taken once, right or wrong, by the desk that asked for it. */
function takeChallenge(registry: Registry, desk: Desk, challengeId: string): OpenChallenge {
  const open = openChallenges(registry);
  const found = open.get(challengeId);
  if (found?.deskId !== desk.deskId || found.atMs + challengeLifeMs < registry.nowMs()) throw new RegistryError(401, 'CARD_CHALLENGE_GONE');
  open.delete(challengeId);
  return found;
}

/**
 * Online sign-in with a card: the challenge was signed by the key of a certificate that this authority gave, that is good now, and that the rights
 * administrator bound to exactly one operator of the office. His roles come from his record. Source: issue 4 §6; ADR-0031; procedures.md §16
 */
export async function signInWithCard(
  registry: Registry,
  desk: Desk,
  request: { readonly challengeId: string; readonly certificate: string; readonly signature: string; readonly officeId: string },
): Promise<CardSignInAnswer> {
  const { challenge, atMs } = takeChallenge(registry, desk, request.challengeId);
  if (request.officeId !== desk.officeId) throw new RegistryError(401, 'CARD_NOT_BOUND');
  return await registry.store.read(async (session) => {
    const shown = await lookAtCertificate(registry, session, request.certificate, 'auth');
    if (typeof shown === 'string') throw new RegistryError(401, shown);
    const content = cardSignInContent({ challenge, deskId: desk.deskId, officeId: desk.officeId, atMs, isOffline: false });
    if (!isCardSignature(shown.publicKey, content, request.signature)) throw new RegistryError(401, 'CARD_SIGNATURE_INVALID');
    const holders = (await listCardHolders(session, shown.sha256)).filter((each) => each.officeId === desk.officeId);
    const [holder] = holders;
    // Two that were bound at the same moment: nobody guesses which of them stands there.
    if (holder === undefined || holders.length > 1) throw new RegistryError(401, 'CARD_NOT_BOUND');
    if (holder.isDisabled) throw new RegistryError(401, 'OPERATOR_DISABLED');
    return { operator: holder, certificate: statusOf(shown.record), server_time_ms: registry.nowMs() };
  });
}

/** Whose card this is, by the hash of its authentication or its signing certificate. */
export async function listCardHolders(session: Session, certificateSha256: string): Promise<OperatorRecord[]> {
  const rows = await session.db
    .selectFrom('operator_record')
    .select(['operator_id', 'record'])
    .where('record', 'like', `%${certificateSha256}%`)
    .orderBy('operator_id')
    .execute();
  // The registry's own records, written whole by itself.
  const records = rows.map((row) => JSON.parse(row.record) as OperatorRecord);
  return records.filter(
    ({ card }) =>
      card !== undefined &&
      card !== null &&
      (card.certificateSha256 === certificateSha256 || card.signCertificateSha256 === certificateSha256),
  );
}

/** What the register says of these serials now, in the order asked. */
export async function readCertificateStatus(registry: Registry, serials: readonly string[]): Promise<CertificateStatus[]> {
  return await registry.store.read(async (session) => {
    const records = await listCertificatesBySerial(session, serials);
    return serials.map((serial) => {
      const record = records.find((each) => each.serial === serial);
      return record === undefined ? { serial, state: null, notBeforeMs: 0, notAfterMs: 0, applicationId: '' } : statusOf(record);
    });
  });
}

function statusOf({ serial, state, notBeforeMs, notAfterMs, applicationId }: CertificateRecord): CertificateStatus {
  return { serial, state, notBeforeMs, notAfterMs, applicationId };
}
