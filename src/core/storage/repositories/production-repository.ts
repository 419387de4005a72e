import type { KeyAlgorithm } from '../../../shared/card-host/host-protocol.ts';
import type { JournalEntry, JournalStep, SpoilReason } from '../../../shared/rules/personalisation-journal.ts';
import type { Reader, Row, SqlValue, Tx } from '../database.ts';
import { nullableInt, textOf } from './columns.ts';

export type RunState = 'making' | 'made' | 'spoilt' | 'abandoned';

/** One card for one request, from its claim to its end. */
export interface StoredRun {
  readonly runId: string;
  readonly applicationId: string;
  readonly cardSerial: string;
  readonly chipSerial: string;
  readonly readerName: string;
  readonly algorithm: KeyAlgorithm;
  readonly state: RunState;
  readonly beganAtMs: number;
  readonly endedAtMs: number | null;
  /** Spent in the reader. */
  readonly workedMs: number;
  readonly operatorLogin: string;
  readonly envelopeNumber: string;
  /** SubjectPublicKeyInfo as the chip gave them. */
  readonly authKey: Uint8Array | null;
  readonly signKey: Uint8Array | null;
  readonly authCertificate: Uint8Array | null;
  readonly signCertificate: Uint8Array | null;
  readonly spoilReason: SpoilReason | '';
  /** Card and envelope were scanned and belong together. */
  readonly matchedAtMs: number | null;
  readonly faceAtMs: number | null;
  readonly packageNumber: string;
}

export function insertRun(
  tx: Tx,
  run: Pick<StoredRun, 'runId' | 'applicationId' | 'cardSerial' | 'chipSerial' | 'readerName' | 'algorithm' | 'operatorLogin'>,
  atMs: number,
): void {
  tx.run(
    `INSERT INTO card_run(run_id, application_id, card_serial, chip_serial, reader_name, algorithm, state, began_at_ms, worked_ms, operator_login,
       envelope_number, spoil_reason, package_number)
     VALUES (@runId, @applicationId, @cardSerial, @chipSerial, @readerName, @algorithm, 'making', @atMs, 0, @operatorLogin, '', '', '')`,
    { ...run, atMs },
  );
}

const columnOf = {
  readerName: 'reader_name',
  state: 'state',
  endedAtMs: 'ended_at_ms',
  workedMs: 'worked_ms',
  envelopeNumber: 'envelope_number',
  authKey: 'auth_key',
  signKey: 'sign_key',
  authCertificate: 'auth_certificate',
  signCertificate: 'sign_certificate',
  spoilReason: 'spoil_reason',
  matchedAtMs: 'matched_at_ms',
  faceAtMs: 'face_at_ms',
  packageNumber: 'package_number',
} as const satisfies Partial<Record<keyof StoredRun, string>>;

export function updateRun(tx: Tx, runId: string, change: Partial<Pick<StoredRun, keyof typeof columnOf>>): void {
  const names = Object.keys(change) as (keyof typeof columnOf)[];
  const values: Record<string, SqlValue> = Object.fromEntries(names.map((name) => [name, change[name] ?? null]));
  tx.run(`UPDATE card_run SET ${names.map((name) => `${columnOf[name]} = @${name}`).join(', ')} WHERE run_id = @runId`, {
    ...values,
    runId,
  });
}

export function findRun(db: Reader, runId: string): StoredRun | undefined {
  const row = db.get('SELECT * FROM card_run WHERE run_id = @runId', { runId });
  return row && runOf(row);
}

/** The card that a request has, made or in the making. */
export function findRunOfRequest(db: Reader, applicationId: string): StoredRun | undefined {
  const row = db.get("SELECT * FROM card_run WHERE application_id = @applicationId AND state IN ('making', 'made')", { applicationId });
  return row && runOf(row);
}

/** Whatever became of a serial or a chip; one that the registry did not give away does not count. */
export function findRunOfCard(db: Reader, card: { readonly cardSerial?: string; readonly chipSerial?: string }): StoredRun | undefined {
  const row =
    card.cardSerial !== undefined
      ? db.get("SELECT * FROM card_run WHERE card_serial = @value AND state <> 'abandoned'", { value: card.cardSerial })
      : db.get("SELECT * FROM card_run WHERE chip_serial = @value AND state <> 'abandoned'", { value: card.chipSerial ?? '' });
  return row && runOf(row);
}

export function listRuns(db: Reader, state: RunState): StoredRun[] {
  return db.all('SELECT * FROM card_run WHERE state = @state ORDER BY began_at_ms, run_id', { state }).map(runOf);
}

export function listRunsOfPackage(db: Reader, packageNumber: string): StoredRun[] {
  return db.all('SELECT * FROM card_run WHERE package_number = @packageNumber ORDER BY card_serial', { packageNumber }).map(runOf);
}

/** Cards that were made ready lately, for the remaining estimate. */
export function meanWorkedMs(db: Reader): number | null {
  const row = db.get(
    "SELECT avg(worked_ms) AS mean FROM (SELECT worked_ms FROM card_run WHERE state = 'made' AND worked_ms > 0 ORDER BY ended_at_ms DESC LIMIT 20)",
  );
  return row?.['mean'] === null || row?.['mean'] === undefined ? null : Number(row['mean']);
}

export interface StoredStep extends JournalEntry {
  readonly atMs: number;
  readonly commandId: string;
}

export function listSteps(db: Reader, runId: string): StoredStep[] {
  return db.all('SELECT * FROM personalisation_steps WHERE run_id = @runId ORDER BY seq', { runId }).map((row) => ({
    step: textOf(row, 'step') as JournalStep,
    outcome: textOf(row, 'outcome') as JournalEntry['outcome'],
    code: textOf(row, 'code'),
    atMs: Number(row['at_ms']),
    commandId: textOf(row, 'command_id'),
  }));
}

export function writeStep(tx: Tx, runId: string, entry: Omit<StoredStep, 'commandId'> & { readonly commandId?: string }): void {
  tx.run(
    `INSERT INTO personalisation_steps(run_id, step, outcome, code, at_ms, command_id) VALUES (@runId, @step, @outcome, @code, @atMs, @commandId)`,
    { runId, step: entry.step, outcome: entry.outcome, code: entry.code, atMs: entry.atMs, commandId: entry.commandId ?? '' },
  );
}

/** The step that asked the registry under this id. */
export function findRunOfCommand(db: Reader, commandId: string): { readonly runId: string; readonly step: JournalStep } | undefined {
  const row = db.get("SELECT run_id, step FROM personalisation_steps WHERE command_id = @commandId AND command_id <> '' LIMIT 1", {
    commandId,
  });
  return row && { runId: textOf(row, 'run_id'), step: textOf(row, 'step') as JournalStep };
}

export interface StoredEnvelope {
  readonly number: string;
  readonly state: 'taken' | 'printed' | 'spoilt';
  readonly atMs: number;
  readonly reason: string;
}

export function listEnvelopes(db: Reader, runId: string): StoredEnvelope[] {
  return db.all('SELECT * FROM pin_envelope WHERE run_id = @runId ORDER BY number', { runId }).map((row) => ({
    number: textOf(row, 'number'),
    state: textOf(row, 'state') as StoredEnvelope['state'],
    atMs: Number(row['at_ms']),
    reason: textOf(row, 'reason'),
  }));
}

export function takeEnvelope(tx: Tx, runId: string, number: string, atMs: number): void {
  tx.run("INSERT INTO pin_envelope(number, run_id, state, at_ms, reason) VALUES (@number, @runId, 'taken', @atMs, '')", {
    number,
    runId,
    atMs,
  });
}

export function markEnvelopePrinted(tx: Tx, number: string): void {
  tx.run("UPDATE pin_envelope SET state = 'printed' WHERE number = @number", { number });
}

/** Every envelope of the card that is not spoilt yet is: nobody may be given it. */
export function spoilEnvelopes(tx: Tx, runId: string, reason: string): number {
  return tx.run("UPDATE pin_envelope SET state = 'spoilt', reason = @reason WHERE run_id = @runId AND state <> 'spoilt'", {
    runId,
    reason,
  });
}

export function countEnvelopes(db: Reader): { printed: number; spoilt: number } {
  const row = db.get(
    "SELECT count(*) FILTER (WHERE state = 'printed') AS printed, count(*) FILTER (WHERE state = 'spoilt') AS spoilt FROM pin_envelope",
  );
  return { printed: Number(row?.['printed'] ?? 0), spoilt: Number(row?.['spoilt'] ?? 0) };
}

function runOf(row: Row): StoredRun {
  const bytes = (column: string): Uint8Array | null => (row[column] as Uint8Array | null | undefined) ?? null;
  return {
    runId: textOf(row, 'run_id'),
    applicationId: textOf(row, 'application_id'),
    cardSerial: textOf(row, 'card_serial'),
    chipSerial: textOf(row, 'chip_serial'),
    readerName: textOf(row, 'reader_name'),
    algorithm: textOf(row, 'algorithm') as KeyAlgorithm,
    state: textOf(row, 'state') as RunState,
    beganAtMs: Number(row['began_at_ms']),
    endedAtMs: nullableInt(row, 'ended_at_ms'),
    workedMs: Number(row['worked_ms']),
    operatorLogin: textOf(row, 'operator_login'),
    envelopeNumber: textOf(row, 'envelope_number'),
    authKey: bytes('auth_key'),
    signKey: bytes('sign_key'),
    authCertificate: bytes('auth_certificate'),
    signCertificate: bytes('sign_certificate'),
    spoilReason: textOf(row, 'spoil_reason') as StoredRun['spoilReason'],
    matchedAtMs: nullableInt(row, 'matched_at_ms'),
    faceAtMs: nullableInt(row, 'face_at_ms'),
    packageNumber: textOf(row, 'package_number'),
  };
}
