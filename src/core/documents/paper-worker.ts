import { createHash } from 'node:crypto';
import type { Channel, Clock } from '../../shared/platform/ports.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { piecesOf } from '../../channel/frames.ts';
import type { PaperWorker, RenderedPaper, ScanInspection } from './ports.ts';
import { paperAnswerSchema, type PaperAnswer, type PaperRequest } from './protocol.ts';

const workerFailed = fail('PAPER_WORKER_FAILED', {}, true);
/** A contract takes a tenth of a second; a process that is silent for this long hangs. */
const silenceMs = 30_000;
/** No paper of ours is near this size; a process that sends more is broken. */
const maxPaperBytes = 32 * 1024 * 1024;

interface Pending {
  readonly pieces: Uint8Array[];
  size: number;
  finish(answer: PaperAnswer | null): void;
}

/**
 * The core's side of the paper process. `connect` gives a channel to a running process; when one is lost, everything under way fails with
 * PAPER_WORKER_FAILED and the next call connects again.
 */
export function createPaperWorker(connect: () => Promise<Channel>, clock: Clock): PaperWorker {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let connection: Promise<Channel> | null = null;
  let isClosed = false;

  function drop(channel: Channel | null): void {
    connection = null;
    for (const call of [...pending.values()]) call.finish(null);
    channel?.close();
  }

  function connected(): Promise<Channel> {
    connection ??= connect().then((channel) => {
      channel.onMessage((message) => receive(channel, message));
      channel.onClose(() => drop(null));
      return channel;
    });
    return connection;
  }

  function receive(channel: Channel, message: unknown): void {
    const parsed = paperAnswerSchema.safeParse(message);
    if (!parsed.success) {
      drop(channel);
      return;
    }
    const call = pending.get(parsed.data.id);
    if (call === undefined) return;
    if (parsed.data.kind !== 'piece') {
      call.finish(parsed.data);
      return;
    }
    call.pieces.push(parsed.data.bytes);
    call.size += parsed.data.bytes.byteLength;
    if (call.size > maxPaperBytes) drop(channel);
  }

  async function ask(send: (channel: Channel, id: number) => Promise<void> | void): Promise<{ answer: PaperAnswer; body: Buffer } | null> {
    if (isClosed) return null;
    let channel: Channel;
    try {
      channel = await connected();
    } catch {
      connection = null;
      return null;
    }
    const id = nextId++;
    return new Promise((resolve) => {
      const cancel = clock.schedule(silenceMs, () => drop(channel));
      const call: Pending = {
        pieces: [],
        size: 0,
        finish(answer) {
          cancel();
          pending.delete(id);
          resolve(answer === null ? null : { answer, body: Buffer.concat(call.pieces) });
        },
      };
      pending.set(id, call);
      Promise.resolve(send(channel, id)).catch(() => call.finish(null));
    });
  }

  return {
    async render(model): Promise<Result<RenderedPaper, Failure>> {
      const reply = await ask((channel, id) => channel.send({ kind: 'render', id, model } satisfies PaperRequest));
      if (reply?.answer.kind !== 'rendered') return workerFailed;
      const sha256 = createHash('sha256').update(reply.body).digest('hex');
      return succeed({ bytes: reply.body, pageCount: reply.answer.pageCount, sha256 });
    },
    async inspectScan(pieces): Promise<Result<ScanInspection, Failure>> {
      const reply = await ask(async (channel, id) => {
        channel.send({ kind: 'inspect', id } satisfies PaperRequest);
        for await (const piece of pieces) {
          for (const bytes of piecesOf(piece)) channel.send({ kind: 'piece', id, bytes } satisfies PaperRequest);
        }
        channel.send({ kind: 'end', id } satisfies PaperRequest);
      });
      if (reply === null) return workerFailed;
      if (reply.answer.kind === 'inspected') return succeed(reply.answer.inspection);
      if (reply.answer.kind === 'failed' && reply.answer.code !== 'PAPER_WORKER_FAILED') return fail(reply.answer.code);
      return workerFailed;
    },
    close() {
      isClosed = true;
      const open = connection;
      drop(null);
      void open?.then((channel) => channel.close()).catch(() => undefined);
    },
  };
}
