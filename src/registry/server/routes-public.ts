import { z } from 'zod';
import { answerOcsp } from '../certification/ocsp.ts';
import { getRevocationList } from '../certification/revocation-list.ts';
import type { Registry } from '../registry.ts';
import { RegistryError } from './registry-error.ts';
import type { TypedApp } from './route-kit.ts';

/** What anybody who relies on a certificate may ask, without a desk's certificate. */
export const publicPaths = ['/v1/crl', '/v1/ocsp'];

export function addPublicRoutes(app: TypedApp, registry: Registry): void {
  app.get('/v1/crl', { schema: { description: 'The full revocation list, DER.' } }, async (_request, reply) => {
    const list = await getRevocationList(registry);
    return await reply.type('application/pkix-crl').send(Buffer.from(list));
  });

  app.post('/v1/ocsp', { schema: { description: 'OCSP, RFC 6960.' } }, async (request, reply) => {
    if (!(request.body instanceof Uint8Array)) throw new RegistryError(415, 'OCSP_REQUEST_EXPECTED');
    const answer = await answerOcsp(registry, request.body);
    return await reply.type('application/ocsp-response').send(Buffer.from(answer));
  });

  const params = z.object({ '*': z.string().max(2_000) });
  app.get('/v1/ocsp/*', { schema: { params, description: 'OCSP by GET, RFC 6960 appendix A.' } }, async (request, reply) => {
    const answer = await answerOcsp(registry, Buffer.from(decodeURIComponent(request.params['*']), 'base64'));
    return await reply.type('application/ocsp-response').send(Buffer.from(answer));
  });
}
