import { attachmentPieceMaxBytes } from '../../shared/registry-api/endpoints.ts';
import { classifyReply, isSuccess, type Verdict } from './classify.ts';
import { parseJson, requestTimeoutMs, type Exchange } from './exchange.ts';

export type UploadStep = { readonly kind: 'idle' } | { readonly kind: 'progress' } | { readonly kind: 'failed'; readonly verdict: Verdict };

/**
 * Sends one piece of one attachment for each step, so that small commands never wait behind a scan. Where to go on is asked of the registry
 * once for each start; after that its own answers say.
 */
export function createUploader(exchange: Exchange): { step(): Promise<UploadStep> } {
  /** Offsets that the registry confirmed since this start. */
  const confirmed = new Map<string, number>();
  const refused = new Set<string>();
  /** Whose pieces the registry dropped once: they may have been of another life than this, so they go again from the beginning. */
  const dropped = new Set<string>();

  const askOffset = async (sha256: string): Promise<{ readonly offset: number; readonly isComplete: boolean } | Verdict> => {
    const reply = await exchange.send({ method: 'HEAD', path: pathOf(sha256), timeoutMs: requestTimeoutMs, maxAnswerBytes: 1024 });
    if (isSuccess(reply))
      return { offset: readOffset(reply.headers['upload-offset']), isComplete: reply.headers['upload-length'] !== undefined };
    if (reply.kind === 'answer' && reply.status === 404) return { offset: 0, isComplete: false };
    return classifyReply(reply, exchange.trustedNowMs());
  };

  return {
    async step() {
      const source = exchange.attachments();
      const next = source?.listPending().find(({ sha256 }) => !refused.has(sha256));
      if (source === null || next === undefined) return { kind: 'idle' };
      const known = confirmed.get(next.sha256);
      const found = known === undefined ? await askOffset(next.sha256) : { offset: known, isComplete: false };
      if (!('offset' in found)) return { kind: 'failed', verdict: found };
      const at = found.offset;
      confirmed.set(next.sha256, at);
      if (found.isComplete) {
        source.markProgress(next.sha256, next.sizeBytes);
        confirmed.delete(next.sha256);
        return { kind: 'progress' };
      }
      // All pieces there and the registry does not say "whole": an empty last piece makes it look at the hash.
      const piece =
        at < next.sizeBytes ? source.readPiece(next.sha256, at, Math.min(attachmentPieceMaxBytes, next.sizeBytes - at)) : new Uint8Array(0);
      const reply = await exchange.send({
        method: 'PATCH',
        path: pathOf(next.sha256),
        headers: { 'content-type': next.mediaType, 'upload-offset': String(at), 'upload-length': String(next.sizeBytes) },
        body: piece,
        timeoutMs: 60_000,
        maxAnswerBytes: 64 * 1024,
      });
      if (isSuccess(reply)) {
        const reached = at + piece.length;
        confirmed.set(next.sha256, reached);
        source.markProgress(next.sha256, reached);
        if (reached >= next.sizeBytes) confirmed.delete(next.sha256);
        return { kind: 'progress' };
      }
      if (reply.kind === 'answer' && reply.status === 409) {
        const body = parseJson(reply.body);
        const trueOffset = typeof body === 'object' && body !== null && 'offset' in body ? Number(body.offset) : NaN;
        if (Number.isSafeInteger(trueOffset) && trueOffset >= 0 && trueOffset !== at) {
          confirmed.set(next.sha256, trueOffset);
          return { kind: 'progress' };
        }
      }
      confirmed.delete(next.sha256);
      const verdict = classifyReply(reply, exchange.trustedNowMs());
      if (verdict.class === 'contract' || verdict.class === 'integrity' || verdict.class === 'size') {
        // The registry dropped the pieces or will not have them; one damaged scan must not hold the others until the next start.
        const mayGoAgain = verdict.class === 'integrity' && !dropped.has(next.sha256);
        if (verdict.class === 'integrity') source.markProgress(next.sha256, 0);
        (mayGoAgain ? dropped : refused).add(next.sha256);
        exchange.log.warn('sync.attachment_refused', { code: verdict.code });
        return { kind: 'progress' };
      }
      return { kind: 'failed', verdict };
    },
  };
}

function pathOf(sha256: string): string {
  return `/v1/attachments/${sha256}`;
}

function readOffset(header: string | undefined): number {
  const offset = Number(header ?? '0');
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
}
