import { createPublicKey } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { attachmentMaxBytes, beginWhole, isOfType, type WholeUpload } from '../attachments/attachments.ts';
import type { Order } from '../desks/admit.ts';
import { checkAdmission } from '../desks/check-admission.ts';
import { findDeskHead } from '../desks/desk-head.ts';
import { takeCommands } from '../intake/intake.ts';
import { fingerprintOf, verifyEnvelope } from '../intake/verify.ts';
import type { Desk, Registry } from '../registry.ts';
import { takeEnrolments } from '../server/desk-identity.ts';
import { RegistryError } from '../server/registry-error.ts';
import { partitionOf } from '../store/partition.ts';
import { QueueFileError, queueFileErrors, type QueueFileErrorCode } from './queue-file-error.ts';
import { readQueueFile, type QueueFileReader } from './read-queue-file.ts';
import { readContent, type Attachment } from './read-content.ts';

/** What an import came to; no personal data. */
export interface ImportReport {
  readonly deskId: string;
  readonly deskEpoch: number;
  readonly madeAtMs: number;
  /** Of the whole file, as it stands in the audit log of the desk. */
  readonly sha256: string;
  readonly acts: {
    readonly applied: number;
    /** On record before this import: by the link, or by the same file. */
    readonly known: number;
    readonly refused: number;
    /** On record; a person at the desk has to decide. */
    readonly conflict: number;
    /** Not answered yet: to be imported again, or sent by the desk. */
    readonly deferred: number;
  };
  /** Refused: not of the type it is declared to be, as by the link. */
  readonly attachments: { readonly stored: number; readonly known: number; readonly refused: number };
}

/** As many as one request of a desk brings. */
const actsAtOnce = 50;

/**
 * Takes what a desk without a link has handed over. The file is read twice: first to its end, with every check and without any effect, because the desk's
 * signature stands there; then each act goes through the same intake as if the desk had sent it, in its order, under its own id, so that it happens
 * once whichever way it comes first. Quotas are not asked: the desk does not run wild, a person brings its file.
 */
export async function importQueueFile(registry: Registry, file: string, options: { readonly deskId?: string } = {}): Promise<ImportReport> {
  const privateKey = registry.queueFileKey;
  if (privateKey === undefined) throw new QueueFileError('NO_REGISTRY');
  const handle = await open(file, 'r').catch(() => {
    throw new QueueFileError('FILE_MISSING');
  });
  try {
    const checked = await readQueueFile(handle, privateKey);
    if (options.deskId !== undefined && options.deskId !== checked.header.desk_id) throw new QueueFileError('OTHER_DESK');
    const desk = await findDesk(registry, checked.header.desk_id);
    await checkContent(registry, desk, checked);
    return await takeContent(registry, desk, handle, { privateKey, sha256: checked.sha256() });
  } catch (error) {
    // The codes of the intake's refusals that say something of the whole file.
    if (error instanceof RegistryError && error.message in queueFileErrors) throw new QueueFileError(error.message as QueueFileErrorCode);
    throw error;
  } finally {
    await handle.close();
  }
}

async function findDesk(registry: Registry, deskId: string): Promise<Desk> {
  await takeEnrolments(registry);
  const row = await registry.store.read(({ db }) => db.selectFrom('desk').selectAll().where('desk_id', '=', deskId).executeTakeFirst());
  if (row === undefined) throw new QueueFileError('DESK_UNKNOWN');
  const publicKey = createPublicKey({ key: Buffer.from(row.public_key, 'base64'), format: 'der', type: 'spki' });
  return { deskId, officeId: row.office_id, publicKey };
}

/** Everything that can be wrong with the file, found before anything happens. */
async function checkContent(registry: Registry, desk: Desk, reader: QueueFileReader): Promise<void> {
  const { header } = reader;
  const ids = new Set<string>();
  const places = new Set<string>();
  let waiting: Order[] = [];
  const orders: Order[][] = [];
  for await (const part of readContent(reader.records(desk.publicKey))) {
    if (part.kind === 'attachment') {
      if (part.attachment.sizeBytes > attachmentMaxBytes) throw new QueueFileError('FILE_UNREADABLE');
      continue;
    }
    if (part.kind !== 'command') continue;
    const { envelope } = part;
    try {
      verifyEnvelope(desk, envelope);
    } catch {
      throw new QueueFileError('OTHER_DESK');
    }
    const place = `${envelope.desk_epoch}/${envelope.desk_seq}`;
    if (envelope.desk_epoch > header.desk_epoch || ids.has(envelope.command_id)) throw new QueueFileError('FILE_UNREADABLE');
    if (envelope.desk_seq > 0 && places.has(place)) throw new QueueFileError('DESK_FORK');
    ids.add(envelope.command_id);
    places.add(place);
    waiting.push({ desk, envelope, fingerprint: fingerprintOf(envelope) });
    if (waiting.length < actsAtOnce) continue;
    orders.push(waiting);
    waiting = [];
  }
  if (waiting.length > 0) orders.push(waiting);
  // Only a file that its desk has signed is compared with what is on record.
  await registry.store.read(async (session) => {
    const head = await findDeskHead(session, desk.deskId);
    if (head.epoch > header.desk_epoch) throw new QueueFileError('EPOCH_OLD');
    for (const group of orders) await checkAdmission(registry, session, desk, group, header.desk_epoch);
  });
}

async function takeContent(
  registry: Registry,
  desk: Desk,
  handle: FileHandle,
  file: { readonly privateKey: NonNullable<Registry['queueFileKey']>; readonly sha256: string },
): Promise<ImportReport> {
  const reader = await readQueueFile(handle, file.privateKey);
  const acts = { applied: 0, known: 0, refused: 0, conflict: 0, deferred: 0 };
  const attachments = { stored: 0, known: 0, refused: 0 };
  let waiting: Order[] = [];
  let upload: WholeUpload | undefined;
  let declared: Attachment | undefined;
  const send = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    if (group.length > 0) await takeGroup(registry, desk, group, acts);
  };
  /** Its first bytes tell what an attachment is; only then it is begun. */
  const takePiece = async (bytes: Uint8Array): Promise<void> => {
    if (declared !== undefined) {
      const { sha256, mediaType } = declared;
      declared = undefined;
      const isRefused = !isOfType(mediaType, bytes);
      upload = isRefused ? undefined : await beginWhole(registry, sha256);
      attachments[isRefused ? 'refused' : upload === undefined ? 'known' : 'stored'] += 1;
    }
    await upload?.write(bytes);
  };
  try {
    for await (const part of readContent(reader.records(desk.publicKey))) {
      if (part.kind === 'command') {
        waiting.push({ desk, envelope: part.envelope, fingerprint: '' });
        if (waiting.length >= actsAtOnce) await send();
        continue;
      }
      await send();
      if (part.kind === 'attachment') declared = part.attachment;
      else if (part.kind === 'piece') await takePiece(part.bytes);
      else {
        await upload?.finish();
        upload = undefined;
      }
    }
    await send();
  } catch (error) {
    await upload?.drop();
    throw error;
  }
  const { desk_epoch: deskEpoch, made_at_ms: madeAtMs } = reader.header;
  return { deskId: desk.deskId, deskEpoch, madeAtMs, sha256: file.sha256, acts, attachments };
}

async function takeGroup(
  registry: Registry,
  desk: Desk,
  group: readonly Order[],
  counts: { -readonly [Name in keyof ImportReport['acts']]: ImportReport['acts'][Name] },
): Promise<void> {
  const envelopes = group.map((order) => order.envelope);
  const partitions = [...new Set(envelopes.map((envelope) => partitionOf(envelope.aggregate.key)))];
  const recorded = await registry.store.read(({ db }) =>
    db
      .selectFrom('command')
      .select('command_id')
      .where('partition', 'in', partitions)
      .where(
        'command_id',
        'in',
        envelopes.map((envelope) => envelope.command_id),
      )
      .execute(),
  );
  const before = new Set(recorded.map((row) => row.command_id));
  const { results } = await takeCommands(registry, desk, envelopes);
  for (const { command_id: commandId, result } of results) {
    if (before.has(commandId)) counts.known += 1;
    else if (result.outcome === 'applied') counts.applied += 1;
    else if (result.outcome === 'conflict') counts.conflict += 1;
    else if (result.outcome === 'rejected' || result.outcome === 'invalid') counts.refused += 1;
    else counts.deferred += 1;
  }
}
