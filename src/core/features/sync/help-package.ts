import os from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { syncContract } from '../../../shared/contract/sync.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { readAuditHead } from '../../audit/chain.ts';
import type { Call, Desk } from '../../desk.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { handOverName, keepNewest, writeHandOver } from '../../storage/hand-over-folder.ts';
import { readLogLine } from '../../platform/log-tail.ts';
import type { OperationOutput } from '../../rpc/handlers.ts';
import { migrations } from '../../storage/migrations/all.ts';
import { findNewestCareRun, findNewestRestoration } from '../../storage/repositories/storage-care-repository.ts';
import type { HandOverPort } from './ports-hand-over.ts';

type Packed = OperationOutput<typeof syncContract.helpPackage>;

/** Older ones of this desk say nothing that the newest do not. */
const keptPackages = 10;
const squeeze = promisify(gzip);

/**
 * A file for support: versions, settings, counts, codes, times. It is put together from numbers and words of this program only; no table that holds people,
 * papers, cards or certificates is read, and nothing that somebody typed or that another system said in words.
 */
export async function makeHelpPackage(desk: Desk, port: HandOverPort, { actor }: Call): Promise<Result<Packed, Failure>> {
  if (actor === null) return fail('NOT_SIGNED_IN');
  const text = JSON.stringify(collect(desk, port), null, 1);
  const bytes = await squeeze(text);
  const name = handOverName('help', desk.identity.deskId, desk.clock.nowMs(), '.json.gz');
  const sha256 = sha256Hex(bytes);
  const written = await writeHandOver(port.folder, name, async (out) => {
    await out(bytes);
    desk.acts.record(actor, () => ({
      value: null,
      audit: { act: 'sync.help_package', detail: { sizeBytes: bytes.length, sha256 } },
    }));
    return succeed(null);
  });
  if (!written.ok) return written;
  await keepNewest(port.folder, 'help', keptPackages);
  return succeed({ file: written.value.file, sizeBytes: bytes.length });
}

function collect(desk: Desk, port: HandOverPort) {
  const { db, identity, clock } = desk;
  const { sync, settings, freeBytes, logLines } = port.facts();
  const number = (sql: 'PRAGMA user_version' | 'PRAGMA page_count'): number => Number(Object.values(db.get(sql) ?? {})[0] ?? 0);
  const head = readAuditHead(db);
  const anchor = db.get('SELECT epoch, seq, at_ms FROM audit_anchor ORDER BY epoch DESC, seq DESC LIMIT 1');
  const restoration = findNewestRestoration(db);
  return {
    format: 'qeyd-help-1',
    madeAtMs: clock.nowMs(),
    program: {
      appVersion: identity.appVersion,
      mode: identity.mode,
      node: process.versions.node,
      sqlite: String(db.get('SELECT sqlite_version() AS version')?.['version'] ?? ''),
      platform: process.platform,
      arch: process.arch,
      release: os.release(),
      uptimeS: Math.round(process.uptime()),
      residentBytes: process.memoryUsage.rss(),
    },
    desk: { deskId: identity.deskId, deskCode: identity.deskCode, officeId: identity.officeId },
    settings,
    storage: {
      userVersion: number('PRAGMA user_version'),
      migrations: migrations.map(({ version, title }) => ({ version, title })),
      pages: number('PRAGMA page_count'),
      freeBytes,
      isSpaceShort: db.isSpaceShort,
      care: (['backup', 'check', 'drill', 'tail_dropped'] as const).map((kind) => {
        const run = findNewestCareRun(db, kind);
        return { kind, atMs: run?.atMs ?? null, code: run?.code ?? '' };
      }),
      restoration: restoration === undefined ? null : { atMs: restoration.atMs, cause: restoration.cause, counts: restoration.counts },
    },
    sync,
    audit: {
      seq: head.seq,
      head: head.h.toString('hex'),
      anchor: anchor === undefined ? null : { epoch: Number(anchor['epoch']), seq: Number(anchor['seq']), atMs: Number(anchor['at_ms']) },
    },
    log: logLines.map(readLogLine).filter((fact) => fact !== undefined),
  };
}
