import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import {
  auditSealAnchorText,
  auditSealText,
  auditSealWhole,
  type AuditSeal,
  type AuditSealAnchor,
} from '../../shared/registry-api/audit-seal.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { partitionOf } from '../store/partition.ts';
import type { Session } from '../store/store.ts';
import { lockDeskHead } from './desk-head.ts';

export interface SealAnswer {
  readonly anchor?: AuditSealAnchor;
  /** From which seal on the registry wants to see them: it does not know the one before those that were shown. */
  readonly wantedNo?: number;
}

type Known = Pick<AuditSeal, 'epoch' | 'no'> & { readonly seal: string; readonly nextKey: string };

/**
 * The seals that a batch shows, in their order: each must be the known one of its number or follow the last known one, by its hash and under the key that
 * that one names. What contradicts refuses the whole batch. The newest is countersigned. A registry that has lost its newest asks for what lies between.
 * Source: F-29, I-10; ADR-0024
 */
export async function takeSeals(registry: Registry, desk: Desk, seals: readonly AuditSeal[]): Promise<SealAnswer> {
  const newest = seals.at(-1);
  if (newest === undefined) return {};
  const known = await registry.store.read((session) => findKnown(session, desk, newest.epoch, newest.no));
  // Nothing new, as with most batches: answered without a lock.
  if (known !== undefined) {
    if (known.seal !== hashOf(newest)) throw contradiction(newest);
    return {};
  }
  return await registry.store.transact(async (session) => {
    await lockDeskHead(session, desk.deskId);
    let last = await findLast(session, desk);
    for (const seal of seals) {
      const same = await findKnown(session, desk, seal.epoch, seal.no);
      if (same !== undefined) {
        if (same.seal !== hashOf(seal)) throw contradiction(seal);
        continue;
      }
      if (last !== undefined && seal.epoch === last.epoch && seal.no > last.no + 1) return { wantedNo: last.no + 1 };
      if (!isGenuine(desk, seal) || !follows(seal, last)) throw contradiction(seal);
      last = { epoch: seal.epoch, no: seal.no, seal: hashOf(seal), nextKey: seal.next_key };
      await insertSeal(registry, session, desk, seal);
    }
    return { anchor: countersign(registry, desk, newest) };
  });
}

/** The first one that is ever seen is taken as it is; so is the first of a new life, which a restored desk begins. */
function follows(seal: AuditSeal, last: Known | undefined): boolean {
  if (last === undefined || seal.epoch > last.epoch) return true;
  return seal.epoch === last.epoch && seal.no === last.no + 1 && seal.prev === last.seal && (seal.begins || seal.key === last.nextKey);
}

function isGenuine(desk: Desk, seal: AuditSeal): boolean {
  const { sig, ...signed } = seal;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(seal.key, 'hex').toString('base64url') },
    format: 'jwk',
  });
  return seal.desk_id === desk.deskId && verify(null, Buffer.from(auditSealText(signed), 'utf8'), key, Buffer.from(sig, 'base64url'));
}

function hashOf(seal: AuditSeal): string {
  return createHash('sha256').update(auditSealWhole(seal)).digest('hex');
}

function contradiction(seal: AuditSeal): RegistryError {
  return new RegistryError(409, 'AUDIT_FORK', { detail: `seal ${seal.epoch}/${seal.no}` });
}

function countersign(registry: Registry, desk: Desk, seal: AuditSeal): AuditSealAnchor {
  const anchor = { desk_id: desk.deskId, epoch: seal.epoch, no: seal.no, seal: hashOf(seal), at_ms: registry.nowMs() };
  return { ...anchor, sig: sign(null, Buffer.from(auditSealAnchorText(anchor), 'utf8'), registry.receiptKey).toString('base64url') };
}

const columns = ['epoch', 'no', 'seal', 'next_key'] as const;
const knownOf = (row: { epoch: number; no: number; seal: string; next_key: string } | undefined): Known | undefined =>
  row === undefined ? undefined : { epoch: row.epoch, no: row.no, seal: row.seal, nextKey: row.next_key };

async function findKnown(session: Session, desk: Desk, epoch: number, no: number): Promise<Known | undefined> {
  const row = await session.db
    .selectFrom('audit_seal')
    .select(columns)
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .where('epoch', '=', epoch)
    .where('no', '=', no)
    .executeTakeFirst();
  return knownOf(row);
}

async function findLast(session: Session, desk: Desk): Promise<Known | undefined> {
  const row = await session.db
    .selectFrom('audit_seal')
    .select(columns)
    .where('partition', '=', partitionOf(desk.deskId))
    .where('desk_id', '=', desk.deskId)
    .orderBy('epoch', 'desc')
    .orderBy('no', 'desc')
    .limit(1)
    .executeTakeFirst();
  return knownOf(row);
}

async function insertSeal(registry: Registry, session: Session, desk: Desk, seal: AuditSeal): Promise<void> {
  const { epoch, no, upto_seq, head, next_key } = seal;
  await session.db
    .insertInto('audit_seal')
    .values({
      partition: partitionOf(desk.deskId),
      desk_id: desk.deskId,
      epoch,
      no,
      upto_seq,
      head,
      next_key,
      seal: hashOf(seal),
      taken_at_ms: registry.nowMs(),
    })
    .execute();
}
