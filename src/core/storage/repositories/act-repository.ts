import type { Notice } from '../../../shared/contract/base.ts';
import type { SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Row, Tx } from '../database.ts';
import { columnsOf, nullableInt, textOf } from './columns.ts';

/** One act on a case, of this desk or of another of the office. */
export interface StoredAct {
  readonly commandId: string;
  readonly applicationId: string;
  readonly act: string;
  readonly atMs: number;
  readonly registryAtMs: number | null;
  readonly operatorLogin: string;
  readonly operatorName: string;
  readonly deskId: string;
  readonly sync: SyncWord;
  readonly note: Notice | null;
}

/** By the desk's clock, oldest first. */
export function listActs(db: Reader, applicationId: string): StoredAct[] {
  return db
    .all('SELECT * FROM application_act WHERE application_id = @applicationId ORDER BY at_ms, command_id', { applicationId })
    .map(actOf);
}

/**
 * An act of whatever case. Acts are kept by case, so this walks the index of days, which names every act in few pages; only for what a person asks
 * now and then.
 */
export function findAct(db: Reader, commandId: string): StoredAct | undefined {
  const row = db.get(
    `SELECT application_act.* FROM (SELECT application_id FROM application_act INDEXED BY application_act_of_day WHERE command_id = @commandId) AS found
     JOIN application_act ON application_act.application_id = found.application_id AND application_act.command_id = @commandId`,
    { commandId },
  );
  return row && actOf(row);
}

export function listActsBetween(db: Reader, fromMs: number, untilMs: number): StoredAct[] {
  return db
    .all('SELECT * FROM application_act WHERE at_ms >= @fromMs AND at_ms < @untilMs ORDER BY at_ms, command_id', { fromMs, untilMs })
    .map(actOf);
}

/** What stands beside the act of signing: the number of the contract that both signed. */
export function signedNumberNote(number: string): Notice {
  return { code: 'CONTRACT_NUMBER', params: { number } };
}

/** The number of the contract that both signed last; an act that the registry refused names none. */
export function findSignedNumber(db: Reader, applicationId: string): string | undefined {
  const row = db.get(
    `SELECT note ->> '$.params.number' AS number FROM application_act
     WHERE application_id = @applicationId AND act = 'application.sign_contract' AND note ->> '$.code' = 'CONTRACT_NUMBER'
     ORDER BY at_ms DESC, command_id DESC LIMIT 1`,
    { applicationId },
  );
  return row && textOf(row, 'number');
}

/** Answers false when the act is known already; nothing is changed then. */
export function insertAct(tx: Tx, act: StoredAct): boolean {
  const changed = tx.run(
    `INSERT INTO application_act (command_id, application_id, act, at_ms, registry_at_ms, operator_login, operator_name, desk_id, sync, note)
     VALUES (@commandId, @applicationId, @act, @atMs, @registryAtMs, @operatorLogin, @operatorName, @deskId, @sync, @note)
     ON CONFLICT (application_id, command_id) DO NOTHING`,
    columnsOf(act),
  );
  return changed > 0;
}

export function settleAct(
  tx: Tx,
  { applicationId, commandId }: Pick<StoredAct, 'applicationId' | 'commandId'>,
  outcome: { sync: SyncWord; registryAtMs: number | null; note?: Notice | null },
): void {
  tx.run(
    `UPDATE application_act SET sync = @sync, registry_at_ms = coalesce(@registryAtMs, registry_at_ms), note = coalesce(@note, note)
     WHERE application_id = @applicationId AND command_id = @commandId`,
    {
      applicationId,
      commandId,
      sync: outcome.sync,
      registryAtMs: outcome.registryAtMs,
      note: outcome.note ? JSON.stringify(outcome.note) : null,
    },
  );
}

/**
 * The word that stands for the whole case: what needs a person first, then what is under way, then what is done. An act that never leaves
 * the desk says nothing about the registry.
 */
export function summariseSync(db: Reader, applicationId: string): SyncWord {
  const rows = db.all(
    'SELECT sync, count(*) AS n, max(at_ms) AS at_ms FROM application_act WHERE application_id = @applicationId GROUP BY sync',
    {
      applicationId,
    },
  );
  const present = new Map(rows.map((row) => [textOf(row, 'sync') as SyncWord, Number(row['at_ms'])]));
  const registeredAtMs = present.get('registered') ?? -1;
  const refusedAtMs = present.get('refused') ?? -1;
  if (present.has('unknown')) return 'unknown';
  // An act done anew and registered has settled what an older one met.
  if ((present.get('attention') ?? -1) > registeredAtMs) return 'attention';
  if (present.has('queued')) return 'queued';
  if (refusedAtMs < 0 && registeredAtMs < 0) return 'saved';
  return refusedAtMs > registeredAtMs ? 'refused' : 'registered';
}

function actOf(row: Row): StoredAct {
  const note = row['note'];
  return {
    commandId: textOf(row, 'command_id'),
    applicationId: textOf(row, 'application_id'),
    act: textOf(row, 'act'),
    atMs: Number(row['at_ms']),
    registryAtMs: nullableInt(row, 'registry_at_ms'),
    operatorLogin: textOf(row, 'operator_login'),
    operatorName: textOf(row, 'operator_name'),
    deskId: textOf(row, 'desk_id'),
    sync: textOf(row, 'sync') as SyncWord,
    note: note === null || note === undefined ? null : (JSON.parse(String(note)) as Notice),
  };
}
