import { endpoints } from '../../shared/registry-api/endpoints.ts';
import type { RaiseEpoch } from '../../shared/registry-api/desk-epoch.ts';
import { readAuditHead } from '../audit/chain.ts';
import type { CommandSigner } from '../act/envelope.ts';
import { renewQueue } from '../act/renew.ts';
import type { Log } from '../desk.ts';
import type { Clock } from '../../shared/platform/ports.ts';
import type { Database, Reader } from '../storage/database.ts';
import { findUnbegunRestoration, saveBegunLife } from '../storage/repositories/storage-care-repository.ts';
import type { RegistryReply, RegistryRequest, RegistryTransport } from './transport.ts';

export interface RestoredLifeParts {
  readonly db: Database;
  readonly transport: RegistryTransport;
  readonly deskId: string;
  readonly signer: CommandSigner;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
}

const raiseTimeoutMs = 15_000;
const answerLimitBytes = 64 * 1024;
/** What changes something at the registry in the name of a life; reading does not. */
const lifePaths: readonly string[] = [endpoints.pushCommands.path, endpoints.submitIntent.path];

/**
 * The transport of a desk that was restored: before its first command the registry is told that a new life begins, and what waits is signed for that
 * life. A registry that knows of later lives than the desk gives a higher number; then the queue is signed once more and the request that was
 * about to leave is made anew by whoever asked. Any other desk gets its transport as it is. Source: sync-and-reliability (b8), F-25
 */
export function guardRestoredLife(parts: RestoredLifeParts): RegistryTransport {
  const { db, transport, signer } = parts;
  const restoration = findUnbegunRestoration(db);
  if (restoration === undefined) return transport;
  const renew = (deskEpoch: number): void => {
    const renewed = db.transact((tx) => {
      tx.run('UPDATE sync_state SET desk_epoch = @deskEpoch WHERE id = 1', { deskEpoch });
      return renewQueue(tx, { deskEpoch, audit: readAuditHead(tx) }, signer);
    });
    parts.log.info('sync.life_renewed', { deskEpoch, commands: renewed });
  };
  // Also without a link: the first command of a higher life begins that life.
  renew(restoration.deskEpoch);

  let isBegun = false;
  let underWay: Promise<RegistryReply | null> | null = null;
  /** Null: begun. A reply: why not. */
  const begin = async (): Promise<RegistryReply | null> => {
    const anchor = findNewestAnchor(db, parts.deskId);
    const body: RaiseEpoch = {
      raise_id: restoration.raiseId,
      from_epoch: restoration.deskEpoch - 1,
      audit_anchor: anchor,
      cause: anchor === null ? 'set_up_anew' : 'restored',
    };
    const { method, path, answer } = endpoints.raiseDeskEpoch;
    const reply = await transport.send({
      method,
      path,
      body: JSON.stringify(body),
      timeoutMs: raiseTimeoutMs,
      maxAnswerBytes: answerLimitBytes,
    });
    if (reply.kind === 'failed') return reply;
    // A registry without this question counts lives by the commands themselves.
    const isUnasked = reply.status === 404;
    const given = isUnasked ? null : reply.status === 200 ? answer.safeParse(readJson(reply.body)) : undefined;
    if (given === undefined) return reply;
    if (given?.success === false) return { kind: 'failed', reason: 'reset', detail: 'LIFE_UNREADABLE' };
    const deskEpoch = given?.data.epoch ?? restoration.deskEpoch;
    db.transact((tx) => saveBegunLife(tx, restoration.id, parts.clock.nowMs()));
    isBegun = true;
    if (deskEpoch === restoration.deskEpoch) return null;
    renew(deskEpoch);
    return { kind: 'failed', reason: 'reset', detail: 'LIFE_RENEWED' };
  };
  return {
    ...transport,
    async send(request: RegistryRequest): Promise<RegistryReply> {
      if (isBegun || !lifePaths.some((path) => request.path.startsWith(path))) return transport.send(request);
      underWay ??= begin().finally(() => {
        underWay = null;
      });
      return (await underWay) ?? transport.send(request);
    },
    probe: () => transport.probe(),
    close: () => transport.close(),
  };
}

/** The newest countersigned head that the restored chain still bears. */
function findNewestAnchor(db: Reader, deskId: string): RaiseEpoch['audit_anchor'] {
  const row = db.get(
    `SELECT a.epoch, a.seq, a.head, a.at_ms, a.sig FROM audit_anchor a JOIN audit r ON r.seq = a.seq AND lower(hex(r.h)) = a.head
     ORDER BY a.seq DESC LIMIT 1`,
  );
  if (row === undefined) return null;
  return {
    desk_id: deskId,
    epoch: Number(row['epoch']),
    seq: Number(row['seq']),
    head: String(row['head']),
    at_ms: Number(row['at_ms']),
    sig: String(row['sig']),
  };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
