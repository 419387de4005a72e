import { isGoodRow } from '../../audit/verify.ts';
import { chainStart } from '../../audit/chain.ts';
import type { Row } from '../database.ts';
import { sqliteCodeOf } from '../failures.ts';
import type { SqliteConnection } from '../native.ts';
import type { DamagedFile } from './damaged-file.ts';
import { salvageRows, type SalvageCounts, type SalvagedRow, type TableShape } from './salvage.ts';

/** `everything`: each row that can be believed is newer than the backup's. `acts`: only queue, receipts and audit, for a restore that was wanted. */
export type WhatToTake = 'everything' | 'acts';

export interface MergeCounts {
  readonly salvage: SalvageCounts;
  /** Commands that the backup did not have. */
  readonly actsRecovered: number;
  /** Commands that are known to have existed and of which nothing to send is left. */
  readonly actsLost: number;
  readonly auditJoined: number;
  /** Audit rows that were saved and do not join the chain: they are kept beside it. */
  readonly auditAside: number;
  /** The highest epoch that any row of the damaged file bears. */
  readonly lastEpoch: number;
}

/** What the restored desk has of its own or reads anew from the registry. Its seals too: it begins a series of its own, the former ones lie in the file set aside. */
const neverTaken = ['audit_seal', 'audit_seal_anchor', 'sync_state', 'run_mark', 'inbox_deferred', 'outbox_attempt', 'entity_revs'];
const ofActs = ['outbox', 'outbox_envelopes', 'intents', 'receipts', 'audit', 'audit_anchor', 'incident', 'incident_handling'];

/** Brings what the damaged file still says into the restored database. Runs inside one transaction of the caller, with foreign keys off. */
export function mergeSalvaged(
  connection: SqliteConnection,
  damaged: DamagedFile,
  options: { readonly take: WhatToTake; readonly deskId: string; readonly epochBefore: number },
): MergeCounts {
  const shapes = readShapes(connection);
  const before = countCommands(connection);
  let lastEpoch = options.epochBefore;
  const put = createWriter(connection);
  const salvage = salvageRows(damaged, shapes, (table, row) => {
    if (table === 'sync_state') lastEpoch = Math.max(lastEpoch, Number(row['desk_epoch'] ?? 1));
    if (table === 'outbox') lastEpoch = Math.max(lastEpoch, Number(row['epoch'] ?? 1));
    if (neverTaken.includes(table) || (options.take === 'acts' && !ofActs.includes(table))) return;
    if (table === 'audit') put('salvaged_audit', { desk_epoch: 0, ...row });
    else put(table, row);
  });
  const joined = joinAudit(connection, options.deskId);
  repairQueue(connection);
  return {
    salvage,
    actsRecovered: countCommands(connection) - before,
    actsLost: countLost(connection),
    ...joined,
    lastEpoch,
  };
}

/** A row of the damaged file replaces the backup's, but never an answered command by the same one unanswered. */
function createWriter(connection: SqliteConnection): (table: string, row: SalvagedRow) => void {
  const statements = new Map<string, ReturnType<SqliteConnection['prepare']>>();
  return (table, row) => {
    const columns = Object.keys(row);
    const key = `${table}:${columns.length}`;
    let statement = statements.get(key);
    if (statement === undefined) {
      statement = connection.prepare(insertText(table, columns));
      statements.set(key, statement);
    }
    try {
      statement.run(row);
    } catch (error) {
      // A row that the schema does not accept is no row of this table; the pages it came from stay in the file that was set aside.
      if (!sqliteCodeOf(error).startsWith('SQLITE_CONSTRAINT')) throw error;
    }
  };
}

/** Names come from the schema of our own migrations; values go by name. */
function insertText(table: string, columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((column) => `@${column}`).join(', ');
  if (table === 'outbox' || table === 'intents') {
    const changes = columns.map((column) => `"${column}" = excluded."${column}"`).join(', ');
    return `INSERT INTO "${table}"(${names}) VALUES (${values}) ON CONFLICT(seq) DO UPDATE SET ${changes} WHERE "${table}".state = 0`;
  }
  return `INSERT OR REPLACE INTO "${table}"(${names}) VALUES (${values})`;
}

/** Rows that follow the chain of the backup without a gap become its continuation; the others stay beside it as evidence. */
function joinAudit(connection: SqliteConnection, deskId: string): { readonly auditJoined: number; readonly auditAside: number } {
  const head = connection.prepare('SELECT seq, h FROM audit ORDER BY seq DESC LIMIT 1').get() as Row | undefined;
  connection.prepare('DELETE FROM salvaged_audit WHERE desk_epoch = 0 AND seq <= @seq').run({ seq: Number(head?.['seq'] ?? 0) });
  const find = connection.prepare(
    'SELECT seq, at_ms, act, operator_login, rec, prev, h FROM salvaged_audit WHERE desk_epoch = 0 AND seq = @seq',
  );
  const append = connection.prepare(
    'INSERT INTO audit(seq, at_ms, act, operator_login, rec, prev, h) VALUES (@seq, @at_ms, @act, @operator_login, @rec, @prev, @h)',
  );
  let prev = (head?.['h'] as Buffer | undefined) ?? chainStart;
  let seq = Number(head?.['seq'] ?? 0) + 1;
  let auditJoined = 0;
  for (
    let row = find.get({ seq }) as Row | undefined;
    row !== undefined && isGoodRow(row, deskId, prev);
    row = find.get({ seq }) as Row | undefined
  ) {
    append.run(row);
    prev = row['h'] as Buffer;
    seq += 1;
    auditJoined += 1;
  }
  connection.prepare('DELETE FROM salvaged_audit WHERE desk_epoch = 0 AND seq < @seq').run({ seq });
  const aside = connection.prepare('SELECT count(*) AS n FROM salvaged_audit WHERE desk_epoch = 0').get() as Row;
  return { auditJoined, auditAside: Number(aside['n']) };
}

/**
 * A command whose signed text was saved can be sent though its row is lost: the row is made anew, and the registry answers a command it already
 * has with the stored outcome. A row without its text waits for what the registry says of it.
 */
function repairQueue(connection: SqliteConnection): void {
  const bare = connection.prepare('SELECT seq, envelope FROM outbox_envelopes WHERE seq NOT IN (SELECT seq FROM outbox)').all() as Row[];
  const insert = connection.prepare(
    `INSERT INTO outbox(seq, epoch, desk_seq, command_id, aggregate, kind, lane, state, queued_at_ms, size_bytes, operator_name, audit_seq)
     VALUES (@seq, @epoch, @deskSeq, @commandId, @aggregate, @kind, 1, 0, @queuedAtMs, @sizeBytes, '', @auditSeq)`,
  );
  for (const row of bare) {
    const bytes = row['envelope'] as Buffer;
    const envelope = parseEnvelope(bytes);
    if (envelope === null) continue;
    insert.run({
      seq: row['seq'],
      epoch: envelope.desk_epoch,
      deskSeq: envelope.desk_seq,
      commandId: envelope.command_id,
      aggregate: `${envelope.aggregate.type}:${envelope.aggregate.key}`,
      kind: envelope.kind,
      queuedAtMs: envelope.occurred_at_ms,
      sizeBytes: bytes.length,
      auditSeq: envelope.audit_seq,
    });
  }
  connection.exec(
    `UPDATE outbox SET state = 3, last_answer = 'ENVELOPE_LOST' WHERE state = 0 AND seq NOT IN (SELECT seq FROM outbox_envelopes)`,
  );
  // What an act is chained to: its predecessor of this desk on the same case.
  connection.exec(`INSERT OR REPLACE INTO aggregate_heads(aggregate, command_id)
    SELECT aggregate, command_id FROM (
      SELECT aggregate, command_id, max(audit_seq) FROM (
        SELECT aggregate, command_id, audit_seq FROM outbox UNION ALL SELECT aggregate, command_id, audit_seq FROM intents
      ) GROUP BY aggregate)`);
}

interface KnownEnvelope {
  readonly command_id: string;
  readonly desk_epoch: number;
  readonly desk_seq: number;
  readonly aggregate: { readonly type: string; readonly key: string };
  readonly kind: string;
  readonly occurred_at_ms: number;
  readonly audit_seq: number;
}

/** Our own text from a page whose tag holds: it was checked when it was made. */
function parseEnvelope(bytes: Buffer): KnownEnvelope | null {
  try {
    const envelope = JSON.parse(bytes.toString('utf8')) as KnownEnvelope;
    return typeof envelope.command_id === 'string' && typeof envelope.desk_seq === 'number' ? envelope : null;
  } catch {
    return null;
  }
}

/**
 * Places of the outbox are given without a gap, so a gap in the last life is a command that is gone; earlier lives were counted when they ended.
 * One without its text cannot be sent either.
 */
function countLost(connection: SqliteConnection): number {
  const gaps = connection
    .prepare('SELECT coalesce(max(desk_seq) - count(*), 0) AS n FROM outbox WHERE epoch = (SELECT max(epoch) FROM outbox)')
    .get() as Row;
  const silent = connection.prepare("SELECT count(*) AS n FROM outbox WHERE state = 3 AND last_answer = 'ENVELOPE_LOST'").get() as Row;
  return Number(gaps['n']) + Number(silent['n']);
}

function countCommands(connection: SqliteConnection): number {
  return Number((connection.prepare('SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM intents) AS n').get() as Row)['n']);
}

/** Every table of the schema as its rows are stored: of a table kept in key order, the key comes first. */
function readShapes(connection: SqliteConnection): TableShape[] {
  const tables = connection.pragma('table_list') as { name: string; type: string; wr: number; schema: string }[];
  return tables
    .filter(({ type, name, schema }) => type === 'table' && schema === 'main' && !name.startsWith('sqlite_'))
    .map(({ name, wr }) => {
      const info = connection
        .prepare('SELECT name, type, "notnull" AS isNotNull, pk FROM pragma_table_info(@name) ORDER BY cid')
        .all({ name }) as {
        name: string;
        type: string;
        isNotNull: number;
        pk: number;
      }[];
      const keys = info.filter(({ pk }) => pk > 0).sort((left, right) => left.pk - right.pk);
      const isKeyed = wr === 1;
      const stored = isKeyed ? [...keys, ...info.filter(({ pk }) => pk === 0)] : info;
      return {
        name,
        isKeyed,
        columns: stored.map((column) => ({
          name: column.name,
          type: column.type,
          isNotNull: column.isNotNull === 1,
          isRowid: !isKeyed && column.pk === 1 && keys.length === 1 && column.type === 'INTEGER',
        })),
      };
    });
}
