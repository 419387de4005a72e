import { z } from 'zod';
import { appendPiece, findUpload } from '../attachments/attachments.ts';
import type { Registry } from '../registry.ts';
import { RegistryError } from './registry-error.ts';
import { answers, deskOf, type TypedApp } from './route-kit.ts';

/** Uploads by hash in pieces that can be resumed. */
export function addAttachmentRoutes(app: TypedApp, registry: Registry): void {
  const params = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

  app.route({
    method: 'HEAD',
    url: '/v1/attachments/:sha256',
    schema: { params },
    handler: async (request, reply) => {
      const upload = await findUpload(registry, deskOf(request), request.params.sha256);
      if (upload === undefined) return await reply.code(404).send();
      reply.header('upload-offset', String(upload.offset));
      if (upload.isComplete) reply.header('upload-length', String(upload.offset));
      return await reply.code(200).send();
    },
  });

  const headers = z.object({
    'upload-offset': z.coerce.number().int().nonnegative(),
    'upload-length': z.coerce.number().int().positive(),
    'content-type': z.string(),
  });
  app.patch(
    '/v1/attachments/:sha256',
    { schema: { params, headers, response: answers(z.object({ offset: z.number().int() })) } },
    async (request, reply) => {
      // Without a body nothing was parsed: the empty last piece of an upload whose pieces are all there.
      const bytes = request.body === undefined && request.headers['content-length'] === '0' ? new Uint8Array(0) : request.body;
      if (!(bytes instanceof Uint8Array)) throw new RegistryError(415, 'MEDIA_TYPE_NOT_ACCEPTED');
      const upload = await appendPiece(registry, deskOf(request), request.params.sha256, {
        offset: request.headers['upload-offset'],
        lengthBytes: request.headers['upload-length'],
        mediaType: request.headers['content-type'],
        bytes,
      });
      reply.header('upload-offset', String(upload.offset));
      return { offset: upload.offset };
    },
  );
}
