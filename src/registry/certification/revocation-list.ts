import { Integer } from 'asn1js';
import { signingAlgorithm, x509 } from '../provision/x509.ts';
import type { Registry } from '../registry.ts';
import { listRevoked } from './revocation-status.ts';

/** Relying parties are promised a list not older than three hours. Source: azerbaijan.md §9, §10 */
export const listLifeMs = 3 * 3_600_000;
const crlNumberOid = '2.5.29.20';

/** The full list: made anew after every change and before the last one runs out. */
export async function getRevocationList(registry: Registry): Promise<Uint8Array> {
  return await registry.store.transact(async (session) => {
    await session.db
      .insertInto('revocation_list')
      .values({ id: 1, number: 0, der: '', this_update_ms: 0, is_stale: 1 })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    const last = await session.db
      .selectFrom('revocation_list')
      .selectAll()
      .where('id', '=', 1)
      .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
      .executeTakeFirstOrThrow();
    const nowMs = registry.nowMs();
    if (last.is_stale === 0 && nowMs >= last.this_update_ms && nowMs < last.this_update_ms + listLifeMs / 2)
      return Buffer.from(last.der, 'base64');

    const { authority } = registry;
    const number = last.number + 1;
    const list = await x509.X509CrlGenerator.create({
      issuer: authority.certificate.subject,
      thisUpdate: new Date(nowMs),
      nextUpdate: new Date(nowMs + listLifeMs),
      entries: (await listRevoked(session, nowMs)).map((entry) => ({
        serialNumber: entry.serial,
        revocationDate: new Date(entry.atMs),
        reason: entry.reasonCode,
      })),
      signingKey: authority.signingKey,
      signingAlgorithm,
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
        new x509.Extension(crlNumberOid, false, new Integer({ value: number }).toBER()),
      ],
    });
    const der = Buffer.from(list.rawData);
    await session.db
      .updateTable('revocation_list')
      .set({ number, der: der.toString('base64'), this_update_ms: nowMs, is_stale: 0 })
      .where('id', '=', 1)
      .execute();
    return der;
  });
}
