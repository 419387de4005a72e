import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { attachmentPieceMaxBytes } from '../../shared/registry-api/endpoints.ts';
import { recordKinds, type QueueFileHeader } from '../../shared/registry-api/queue-file.ts';
import type { CommandSigner } from '../act/envelope.ts';
import type { Reader } from '../storage/database.ts';
import type { Exchange } from './exchange.ts';
import type { PendingAttachment } from './ports.ts';
import { createQueueFileSealer, isKeyOfRegistry } from './queue-file.ts';

/** How much waits here that the registry has not answered. */
export interface Unsent {
  readonly acts: number;
  readonly attachments: number;
  readonly attachmentBytes: number;
}

export interface WrittenQueue extends Unsent {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Hands the unsent acts over in a file that only the registry can open. Nothing of the queue changes: the acts stay queued and may go by the link as
 * well; the registry knows them by their ids.
 */
export interface QueueExporter {
  count(): Unsent;
  /** EXPORT_KEY_UNKNOWN until the registry has once told its key for such files. */
  findStop(): Failure | null;
  /** Writes everything unsent, piece after piece. */
  write(
    out: (bytes: Uint8Array) => Promise<void>,
    onProgress: (doneBytes: number, totalBytes: number) => void,
  ): Promise<Result<WrittenQueue, Failure>>;
}

interface ActKey {
  readonly table: 'outbox' | 'intents';
  readonly seq: number;
  readonly sizeBytes: number;
}

export function createQueueExporter(exchange: Exchange, signer: CommandSigner): QueueExporter {
  const { db, identity } = exchange;
  const listAttachments = (): readonly PendingAttachment[] => exchange.attachments()?.listPending() ?? [];
  const findKey = (): string | null => {
    const info = exchange.knownInfo();
    const offered = info?.queue_file_key;
    return info === null || offered === undefined || !isKeyOfRegistry(offered, info.receipt_key) ? null : offered.key;
  };
  const summarise = (acts: number, attachments: readonly PendingAttachment[]): Unsent => ({
    acts,
    attachments: attachments.length,
    attachmentBytes: attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  });

  return {
    count: () => summarise(countUnsent(db), listAttachments()),
    findStop: () => (findKey() === null ? { code: 'EXPORT_KEY_UNKNOWN', params: {} } : null),
    async write(out, onProgress) {
      const key = findKey();
      if (key === null) return fail('EXPORT_KEY_UNKNOWN');
      const acts = await listUnsent(db);
      const attachments = listAttachments();
      const unsent = summarise(acts.length, attachments);
      const totalBytes = acts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) + unsent.attachmentBytes;
      let doneBytes = 0;
      let sizeBytes = 0;
      const about: Pick<QueueFileHeader, 'desk_id' | 'desk_epoch' | 'made_at_ms'> = {
        desk_id: identity.deskId,
        desk_epoch: exchange.deskEpoch(),
        made_at_ms: exchange.clock.nowMs(),
      };
      const sealer = createQueueFileSealer(about, key, signer);
      const put = async (bytes: Buffer): Promise<void> => {
        sizeBytes += bytes.length;
        await out(bytes);
      };
      const add = async (kind: number, payload: Uint8Array, counted: number): Promise<void> => {
        await put(sealer.add(kind, payload));
        doneBytes += counted;
        onProgress(doneBytes, totalBytes);
      };
      await put(sealer.begin());
      await add(recordKinds.start, textOf({ commands: acts.length, attachments: attachments.length }), 0);
      for (const act of acts) await add(recordKinds.command, readEnvelope(db, act), act.sizeBytes);
      for (const attachment of attachments) {
        const { sha256, sizeBytes: wholeBytes, mediaType } = attachment;
        await add(recordKinds.attachment, textOf({ sha256, sizeBytes: wholeBytes, mediaType }), 0);
        for (let at = 0; at < wholeBytes; at += attachmentPieceMaxBytes) {
          const piece = exchange.attachments()?.readPiece(sha256, at, Math.min(attachmentPieceMaxBytes, wholeBytes - at));
          if (piece === undefined) throw new Error('The attachments went away');
          await add(recordKinds.piece, piece, piece.length);
        }
      }
      await add(recordKinds.end, Buffer.alloc(0), 0);
      await put(sealer.finish());
      return succeed({ ...unsent, sizeBytes, sha256: sealer.sha256() });
    },
  };
}

function textOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

const unsentOutbox = `outbox WHERE state IN (0, 2, 3)
  AND (state <> 2 OR (conflict_rev = 0 AND epoch = (SELECT desk_epoch FROM sync_state WHERE id = 1)))`;
const keysAtOnce = 2000;

function countUnsent(db: Reader): number {
  const outbox = db.get(`SELECT count(*) AS n FROM ${unsentOutbox}`)?.['n'];
  return Number(outbox ?? 0) + Number(db.get('SELECT count(*) AS n FROM intents WHERE state IN (0, 3)')?.['n'] ?? 0);
}

/**
 * Every act without the registry's signed word, in the order they were made: what waits, what was set aside here, and online acts of unknown outcome, which the
 * desk would ask again by itself under the same id. A conflict is on record already, unless the registry only said so for the whole request. A long
 * queue is looked through with breaths in between; an act that is answered meanwhile may still be among them and is known at the registry.
 */
async function listUnsent(db: Reader): Promise<ActKey[]> {
  const keyed: (ActKey & { readonly at: number })[] = [];
  for (let after = 0; ;) {
    const rows = db.all(`SELECT seq, size_bytes FROM ${unsentOutbox} AND seq > @after ORDER BY seq LIMIT ${keysAtOnce}`, { after });
    for (const row of rows)
      keyed.push({ table: 'outbox', seq: Number(row['seq']), at: Number(row['seq']), sizeBytes: Number(row['size_bytes']) });
    if (rows.length < keysAtOnce) break;
    after = keyed.at(-1)?.seq ?? after;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  for (const row of db.all('SELECT seq, size_bytes, after_outbox_seq FROM intents WHERE state IN (0, 3) ORDER BY seq')) {
    // Made after that command of the outbox and before the next one.
    const at = Number(row['after_outbox_seq']) + 0.5;
    keyed.push({ table: 'intents', seq: Number(row['seq']), at, sizeBytes: Number(row['size_bytes']) });
  }
  return keyed.sort((left, right) => left.at - right.at || left.seq - right.seq);
}

function readEnvelope(db: Reader, { table, seq }: ActKey): Uint8Array {
  const row =
    table === 'outbox'
      ? db.get('SELECT envelope FROM outbox_envelopes WHERE seq = @seq', { seq })
      : db.get('SELECT envelope FROM intents WHERE seq = @seq', { seq });
  if (row === undefined) throw new Error('An act vanished from the queue');
  return row['envelope'] as Uint8Array;
}
