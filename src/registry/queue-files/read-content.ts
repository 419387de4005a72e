import { createHash, type Hash } from 'node:crypto';
import type { z } from 'zod';
import { envelopeSchema, type Envelope } from '../../shared/registry-api/envelope.ts';
import { queueFileAttachmentSchema, queueFileStartSchema, recordKinds } from '../../shared/registry-api/queue-file.ts';
import { QueueFileError } from './queue-file-error.ts';
import type { QueueRecord } from './read-queue-file.ts';

export type Attachment = z.infer<typeof queueFileAttachmentSchema>;

export type ContentPart =
  | { readonly kind: 'command'; readonly envelope: Envelope }
  | { readonly kind: 'attachment'; readonly attachment: Attachment }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  /** All pieces of the attachment have come, and they are what its hash names. */
  | { readonly kind: 'attachment_end' };

interface Open {
  readonly attachment: Attachment;
  readonly hash: Hash;
  received: number;
}

/** The content of a file in its order; whatever breaks the rules of the format, or its own counts, is FILE_UNREADABLE. */
export async function* readContent(records: AsyncGenerator<QueueRecord>): AsyncGenerator<ContentPart> {
  let expected: z.infer<typeof queueFileStartSchema> | undefined;
  let commands = 0;
  let attachments = 0;
  let open: Open | undefined;
  for await (const { kind, payload } of records) {
    if (expected === undefined) {
      if (kind !== recordKinds.start) throw new QueueFileError('FILE_UNREADABLE');
      expected = parse(queueFileStartSchema, payload);
    } else if (kind === recordKinds.command && attachments === 0) {
      commands += 1;
      yield { kind: 'command', envelope: parse(envelopeSchema, payload) };
    } else if (kind === recordKinds.attachment && open === undefined) {
      attachments += 1;
      open = { attachment: parse(queueFileAttachmentSchema, payload), hash: createHash('sha256'), received: 0 };
      yield { kind: 'attachment', attachment: open.attachment };
    } else if (kind === recordKinds.piece && open !== undefined) {
      open.received += payload.length;
      open.hash.update(payload);
      if (open.received > open.attachment.sizeBytes) throw new QueueFileError('FILE_UNREADABLE');
      yield { kind: 'piece', bytes: payload };
      if (open.received < open.attachment.sizeBytes) continue;
      if (open.hash.digest('hex') !== open.attachment.sha256) throw new QueueFileError('FILE_UNREADABLE');
      open = undefined;
      yield { kind: 'attachment_end' };
    } else if (kind !== recordKinds.end || open !== undefined || commands !== expected.commands || attachments !== expected.attachments) {
      throw new QueueFileError('FILE_UNREADABLE');
    }
  }
}

function parse<T>(schema: z.ZodType<T>, payload: Buffer): T {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    throw new QueueFileError('FILE_UNREADABLE');
  }
  const read = schema.safeParse(value);
  if (!read.success) throw new QueueFileError('FILE_UNREADABLE');
  return read.data;
}
