import { createPublicKey } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { deskUri, findEnrolment, listEnrolments, type DeskEnrolment } from '../provision/provision-desk.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from './registry-error.ts';

/** Tells which desk is at the other end of a connection. */
export interface DeskIdentity {
  identify(request: FastifyRequest): Promise<Desk>;
}

export function makeDeskIdentity(registry: Registry): DeskIdentity {
  const desks = new Map<string, Desk>();
  const bySocket = new WeakMap<object, Desk>();

  async function findDesk(deskId: string): Promise<Desk | undefined> {
    const enrolment = findEnrolment(registry.paths.folder, deskId);
    if (enrolment?.revokedAtMs !== undefined) throw new RegistryError(403, 'DESK_REVOKED');
    // A desk that was enrolled anew has another key.
    const place = `${deskId} ${enrolment?.publicKey ?? ''}`;
    const known = desks.get(place);
    if (known !== undefined) return known;
    if (enrolment !== undefined) await saveEnrolments(registry, [enrolment]);
    const row = await registry.store.read(({ db }) => db.selectFrom('desk').selectAll().where('desk_id', '=', deskId).executeTakeFirst());
    if (row === undefined) return undefined;
    const desk: Desk = {
      deskId,
      officeId: row.office_id,
      publicKey: createPublicKey({ key: Buffer.from(row.public_key, 'base64'), format: 'der', type: 'spki' }),
    };
    desks.set(place, desk);
    return desk;
  }

  return {
    async identify(request) {
      const { socket } = request.raw;
      const known = bySocket.get(socket);
      if (known !== undefined) return known;
      if (socket instanceof TLSSocket) refuseCertificate(socket);
      const deskId = socket instanceof TLSSocket ? findDeskId(socket) : undefined;
      const desk = deskId === undefined ? undefined : await findDesk(deskId);
      if (desk === undefined) throw new RegistryError(403, 'DESK_UNKNOWN');
      bySocket.set(socket, desk);
      return desk;
    },
  };
}

/**
 * A desk whose certificate is not accepted hears why. The handshake is let through for this alone: refused there, the desk would see no more than a
 * connection that breaks. Source: b5, desk auth; F-16
 */
function refuseCertificate(socket: TLSSocket): void {
  if (socket.authorized) return;
  if (Object.keys(socket.getPeerCertificate()).length === 0) throw new RegistryError(403, 'DESK_CERTIFICATE_MISSING');
  const reason = String(socket.authorizationError);
  const isOfTime = reason.includes('EXPIRED') || reason.includes('NOT_YET_VALID');
  throw new RegistryError(403, isOfTime ? 'DESK_CERTIFICATE_TIME' : 'DESK_CERTIFICATE_UNKNOWN');
}

/** The SAN of the client certificate; the chain was checked by TLS. */
function findDeskId(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const names = (socket.getPeerCertificate().subjectaltname ?? '').split(', ');
  const prefix = `URI:${deskUri('')}`;
  const uris = names.filter((name) => name.startsWith(prefix));
  return uris.length === 1 ? uris[0]?.slice(prefix.length) : undefined;
}

/** Takes desks that were enrolled since into the store. */
export async function takeEnrolments(registry: Registry): Promise<void> {
  await saveEnrolments(registry, listEnrolments(registry.paths.folder));
}

async function saveEnrolments(registry: Registry, enrolments: readonly DeskEnrolment[]): Promise<void> {
  if (enrolments.length === 0) return;
  await registry.store.transact(async ({ db }) => {
    for (const { deskId, officeId, publicKey } of enrolments) {
      const values = { office_id: officeId, public_key: publicKey };
      await db
        .insertInto('desk')
        .values({ desk_id: deskId, ...values, registered_at_ms: registry.nowMs() })
        .onConflict((conflict) => conflict.column('desk_id').doUpdateSet(values))
        .execute();
    }
  });
}
