import { createGunzip, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { RegistryError } from './registry-error.ts';

/** What the registry says of itself (`encodings` of `GET /v1/registry`): desks on a slow road make use of it. */
export const encodings = ['gzip'];
/** Less is not worth the work. */
const smallestAnswerBytes = 4096;

/**
 * Bodies that come compressed are read as what they hold, and the limit of a body counts what comes out of it, so that a small one cannot become a
 * large one; answers are compressed for who asks for it. Source: issue "Speed": a day's acts at 256 kbit/s
 */
export function addCompression(app: FastifyInstance): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return payload;
    if (encoding !== 'gzip') throw new RegistryError(415, 'ENCODING_NOT_ACCEPTED');
    const content = createGunzip();
    // What was promised by content-length is the compressed size.
    Object.defineProperty(content, 'receivedEncodedLength', { get: () => content.bytesWritten });
    payload.on('error', (error: Error) => content.destroy(error));
    content.on('error', (error: Error & { statusCode?: number }) => {
      error.statusCode = 400;
    });
    return payload.pipe(content);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < smallestAnswerBytes) return payload;
    if (!(request.headers['accept-encoding'] ?? '').includes('gzip')) return payload;
    const packed = gzipSync(payload, { level: 4 });
    reply.header('content-encoding', 'gzip').header('content-length', packed.length);
    return packed;
  });
}
