import type { Channel } from '../../shared/platform/ports.ts';
import { piecesOf } from '../../channel/frames.ts';
import type { PaperModel, RenderModel } from './models.ts';
import { inspectScan, ScanRefusal } from './inspect-scan.ts';
import { scanLimits } from './ports.ts';
import type { PaperAnswer, PaperRequest } from './protocol.ts';

const preloadAfterMs = 3_000;
/** A paper of nobody, made once so that fonts are parsed and the wording is shaped before the first real one. */
const warmUpPaper: PaperModel = {
  form: 'day-register',
  head: { number: '0', copy: 1, copies: 1, preparedAtMs: 0, officeName: '', deskId: '', operatorName: '', isTraining: true },
  preparedBy: 'registrar',
  on: '2026-01-01',
  rows: [],
  counts: {},
};

/**
 * The paper process: answers requests of one core over one channel, one at a time, and ends when the channel does. It holds no secret,
 * reads no file but its fonts and templates, and opens no connection.
 */
export function servePaper(channel: Channel, assetsFolder: string, onEnd: () => void): void {
  // PDF and font libraries take a good part of a second to load: after the start of the desk, or at the first paper if that comes sooner.
  let renderer: Promise<(model: RenderModel) => Promise<{ bytes: Uint8Array; pageCount: number }>> | null = null;
  const loadRenderer = () => (renderer ??= import('./renderer.ts').then(({ createPaperRenderer }) => createPaperRenderer(assetsFolder)));
  const warmUp = async (): Promise<void> => {
    const render = await loadRenderer();
    await render(warmUpPaper);
  };
  setTimeout(() => {
    inTurn(warmUp);
  }, preloadAfterMs).unref();
  const uploads = new Map<number, { pieces: Uint8Array[]; size: number }>();
  let queue: Promise<void> = Promise.resolve();
  const answer = (message: PaperAnswer): void => channel.send(message);
  const inTurn = (work: () => Promise<void>): void => {
    queue = queue.then(work).catch(() => undefined);
  };

  channel.onClose(onEnd);
  channel.onMessage((message) => {
    // The only peer is the core that started this process.
    const request = message as PaperRequest;
    switch (request.kind) {
      case 'render':
        inTurn(() => answerRender(request.id, request.model));
        return;
      case 'inspect':
        uploads.set(request.id, { pieces: [], size: 0 });
        return;
      case 'piece': {
        const upload = uploads.get(request.id);
        if (upload === undefined) return;
        upload.size += request.bytes.byteLength;
        if (upload.size <= scanLimits.maxBytes) upload.pieces.push(request.bytes);
        return;
      }
      case 'end':
        inTurn(() => answerInspect(request.id));
        return;
    }
  });

  async function answerRender(id: number, model: RenderModel): Promise<void> {
    try {
      const paper = await (await loadRenderer())(model);
      for (const bytes of piecesOf(paper.bytes)) answer({ kind: 'piece', id, bytes });
      answer({ kind: 'rendered', id, pageCount: paper.pageCount });
    } catch (error) {
      // The cause is a mistake in a template or in a form, never personal data of the model: only its kind is said.
      process.stderr.write(`paper ${model.form} could not be made: ${error instanceof Error ? error.name : 'unknown'}\n`);
      answer({ kind: 'failed', id, code: 'PAPER_WORKER_FAILED' });
    }
  }

  async function answerInspect(id: number): Promise<void> {
    const upload = uploads.get(id);
    uploads.delete(id);
    if (upload === undefined) return;
    if (upload.size > scanLimits.maxBytes) {
      answer({ kind: 'failed', id, code: 'SCAN_TOO_LARGE' });
      return;
    }
    try {
      answer({ kind: 'inspected', id, inspection: await inspectScan(Buffer.concat(upload.pieces)) });
    } catch (error) {
      answer({ kind: 'failed', id, code: error instanceof ScanRefusal ? error.code : 'PAPER_WORKER_FAILED' });
    }
  }
}
