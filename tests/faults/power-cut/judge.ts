import { createHash } from 'node:crypto';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import { systemRandomness } from '../../../src/core/platform/randomness.ts';
import type { Database, Row } from '../../../src/core/storage/database.ts';
import { loadSqlite } from '../../../src/core/storage/native.ts';
import { checkBackup, listBackups } from '../../../src/core/storage/recovery/backups.ts';
import { tryOpenWorkedDesk, workedDeskId, workedKeyHex } from '../../support/worked-desk.ts';

/** Everything that one act wrote, as one hash: its row of the journal, its command for the registry, its remembered id. */
export interface WrittenAct {
  readonly commandId: string;
  readonly hash: string;
}

export interface Truth {
  /** In the order of the journal, as they were at the end. */
  readonly acts: readonly WrittenAct[];
  /** Some calls failed: then the one act that was under way may be one that was refused, and another took its place afterwards. */
  readonly hasRefusals: boolean;
}

export type Verdict =
  | { readonly violation: string }
  | { readonly violation: null; readonly acts: number; readonly isTailTold: boolean; readonly unacknowledgedKept: number };

/** In the order of the journal; throws when something of one act is there without the rest of it, or twice. */
export function listActs(db: Database): WrittenAct[] {
  const commands = new Map<string, string>();
  const add = (row: Row): void => {
    const commandId = String(row['command_id']);
    if (commands.has(commandId)) throw new Error(`${commandId} stands in the queue twice`);
    commands.set(commandId, hashOf(row));
  };
  db.all(
    `SELECT o.seq, o.epoch, o.desk_seq, o.command_id, o.aggregate, o.kind, o.lane, o.state, o.audit_seq, e.envelope
     FROM outbox o LEFT JOIN outbox_envelopes e ON e.seq = o.seq`,
  ).forEach(add);
  db.all('SELECT command_id, aggregate, kind, state, after_outbox_seq, audit_seq, envelope FROM intents').forEach(add);
  const remembered = new Map(
    db
      .all('SELECT command_id, operation, fingerprint, value FROM remembered_commands')
      .map((row) => [String(row['command_id']), hashOf(row)]),
  );
  const heads = Number(db.get('SELECT count(*) AS n FROM aggregate_heads')?.['n']);
  const acts = db.all('SELECT seq, act, rec, prev, h FROM audit ORDER BY seq').map((row) => {
    const { commandId } = JSON.parse(Buffer.from(row['rec'] as Uint8Array).toString('utf8')) as { commandId: string };
    const [command, memory] = [commands.get(commandId), remembered.get(commandId)];
    if (command === undefined || memory === undefined) throw new Error(`${commandId} stands in the journal and not everywhere`);
    return { commandId, hash: hashOf({ row: hashOf(row), command, memory }) };
  });
  const counts = [commands.size, remembered.size, heads, new Set(acts.map(({ commandId }) => commandId)).size];
  if (counts.some((count) => count !== acts.length))
    throw new Error(`${acts.length} rows of the journal; queue, memory, heads, ids: ${counts.join(', ')}`);
  return acts;
}

function hashOf(row: Readonly<Record<string, unknown>>): string {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(row)) hash.update(`${name}\0`).update(value instanceof Uint8Array ? value : String(value));
  return hash.digest('base64');
}

/**
 * Opens what lies there as the program does, and holds it against what was really done: every act that was answered as saved, byte for byte, at most
 * the one more that was under way, nothing half, the journal's chain whole, every copy that bears its name good; and the desk works on.
 */
export async function judge(
  file: string,
  truth: Truth,
  acked: readonly string[],
  { isAgain }: { readonly isAgain: boolean },
): Promise<Verdict> {
  let isTailTold = false;
  const open = () =>
    tryOpenWorkedDesk(file, {
      freeAfterBackupBytes: 0,
      onTailDropped: () => {
        isTailTold = true;
      },
    });
  const opened = await open();
  if (!opened.ok) return { violation: `refused: ${opened.failure.code} ${JSON.stringify(opened.failure.params ?? {})}` };
  let acts: readonly WrittenAct[];
  const { db } = opened.value;
  try {
    acts = listActs(db);
    const found = await violationOf(db, acts, truth, acked);
    if (found !== null) return { violation: found };
    if (!opened.value.attempt('outbox', systemRandomness.uuid()).ok) return { violation: 'the next act was refused' };
  } catch (error) {
    return { violation: error instanceof Error ? error.message : String(error) };
  } finally {
    db.close();
  }
  const copies = await badCopies(file);
  if (copies.length > 0) return { violation: `copies that do not hold: ${copies.join(', ')}` };
  if (isAgain) {
    const again = await open();
    if (!again.ok) return { violation: `refused at the second start: ${again.failure.code}` };
    const count = listActs(again.value.db).length;
    again.value.db.close();
    if (count !== acts.length + 1) return { violation: `${count} acts at the second start after ${acts.length + 1}` };
  }
  return { violation: null, acts: acts.length, isTailTold, unacknowledgedKept: acts.length - acked.length };
}

async function violationOf(db: Database, acts: readonly WrittenAct[], truth: Truth, acked: readonly string[]): Promise<string | null> {
  const there = new Set(acts.map(({ commandId }) => commandId));
  const lost = acked.filter((id) => !there.has(id));
  if (lost.length > 0) return `lost: ${lost.length} of ${acked.length} acts that were answered as saved`;
  const mustEqual = truth.hasRefusals ? acts.slice(0, acked.length) : acts;
  const strange = mustEqual.findIndex(({ hash }, index) => hash !== truth.acts[index]?.hash);
  if (strange >= 0) return `act ${strange + 1} is not what was written`;
  if (acts.length > acked.length + 1) return `${acts.length} acts where ${acked.length} were answered`;
  const { firstBadSeq } = await verifyAudit(db, workedDeskId);
  return firstBadSeq === null ? null : `the journal does not hold at row ${firstBadSeq}`;
}

async function badCopies(file: string): Promise<string[]> {
  const backups = listBackups(file);
  if (backups.length === 0) return [];
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  return backups
    .filter((backup) => !checkBackup(native.Sqlite, backup, { keyHex: workedKeyHex, deskId: workedDeskId }).ok)
    .map((backup) => backup.file);
}
