import { formatPaperNumber, nextSequence } from '../../../shared/rules/paper-numbers.ts';
import type { PaperForm } from '../../../shared/rules/vocabulary.ts';
import type { DeskIdentity } from '../../desk.ts';
import type { PaperView } from '../../../shared/contract/paper.ts';
import type { Reader, Row, SqlValue, Tx } from '../../storage/database.ts';
import type { RenderedPaper } from '../../documents/ports.ts';

/** The print ledger's rows. Every function reads or writes one thing; what may happen is decided by the use cases. Source: ADR 0009 */
const viewSql = `SELECT p.paper_id, d.application_id, d.form, d.number, p.copy, d.copies, d.certificate_serial, p.state, p.sha256, p.page_count,
    p.size_bytes, d.prepared_at_ms, p.printed_at_ms, p.printer, p.reason, d.replaced_by
  FROM paper p JOIN paper_document d ON d.number = p.number`;

export function listPapersOfCase(db: Reader, applicationId: string): PaperView[] {
  return db.all(`${viewSql} WHERE d.application_id = @applicationId ORDER BY d.year, d.sequence, p.copy`, { applicationId }).map(viewOf);
}

export function findPaper(db: Reader, paperId: string): PaperView | undefined {
  const row = db.get(`${viewSql} WHERE p.paper_id = @paperId`, { paperId });
  return row && viewOf(row);
}

export function listPapersOfNumber(db: Reader, number: string): PaperView[] {
  return db.all(`${viewSql} WHERE d.number = @number ORDER BY p.copy`, { number }).map(viewOf);
}

export interface PaperKey {
  readonly form: PaperForm;
  readonly applicationId: string | null;
  readonly certificateSerial: string;
}

export interface OpenDocument {
  readonly number: string;
  readonly contentKey: string;
}

/** The valid document of this kind, if there is one: at most one at a time. */
export function findOpenDocument(db: Reader, key: PaperKey): OpenDocument | undefined {
  const row = db.get(
    `SELECT number, content_key FROM paper_document
     WHERE form = @form AND application_id IS @applicationId AND certificate_serial = @certificateSerial AND void_at_ms IS NULL
     ORDER BY year DESC, sequence DESC LIMIT 1`,
    valuesOfKey(key),
  );
  return row && { number: String(row['number']), contentKey: String(row['content_key']) };
}

/** Whether this desk ever made such a document, valid or void. */
export function hasDocument(db: Reader, key: PaperKey): boolean {
  const row = db.get(
    'SELECT 1 AS is_there FROM paper_document WHERE application_id IS @applicationId AND form = @form AND certificate_serial = @certificateSerial LIMIT 1',
    valuesOfKey(key),
  );
  return row !== undefined;
}

/** The next free number of the desk and year; it is taken by writing the document in the same transaction. */
export function nextNumber(db: Reader, identity: DeskIdentity, year: number): { number: string; sequence: number } {
  const row = db.get('SELECT max(sequence) AS last FROM paper_document WHERE office = @office AND desk = @desk AND year = @year', {
    office: identity.officeCode,
    desk: identity.deskCode,
    year,
  });
  const last = row?.['last'];
  const sequence = nextSequence(typeof last === 'number' ? last : undefined);
  return { number: formatPaperNumber({ office: identity.officeCode, desk: identity.deskCode, year, sequence }), sequence };
}

export interface NewDocument extends PaperKey {
  readonly number: string;
  readonly sequence: number;
  readonly year: number;
  readonly contentKey: string;
  readonly atMs: number;
  readonly operatorLogin: string;
  readonly copies: readonly { readonly paperId: string; readonly rendered: RenderedPaper }[];
}

/** Number, copies, bytes and their events in one go; what it replaces learns its successor. */
export function insertDocument(tx: Tx, identity: DeskIdentity, document: NewDocument): void {
  const { number, atMs, operatorLogin } = document;
  tx.run(
    `INSERT INTO paper_document (number, office, desk, year, sequence, form, application_id, certificate_serial, copies, content_key,
       prepared_at_ms, prepared_by, void_at_ms, void_reason, replaced_by)
     VALUES (@number, @office, @desk, @year, @sequence, @form, @applicationId, @certificateSerial, @copies, @contentKey, @atMs, @operatorLogin, NULL, '', NULL)`,
    {
      ...valuesOfKey(document),
      number,
      office: identity.officeCode,
      desk: identity.deskCode,
      year: document.year,
      sequence: document.sequence,
      copies: document.copies.length,
      contentKey: document.contentKey,
      atMs,
      operatorLogin,
    },
  );
  document.copies.forEach(({ paperId, rendered }, index) => {
    tx.run(
      `INSERT INTO paper (paper_id, number, copy, state, sha256, page_count, size_bytes, printer, printed_at_ms, reason)
       VALUES (@paperId, @number, @copy, 'prepared', @sha256, @pageCount, @sizeBytes, '', NULL, '')`,
      { paperId, number, copy: index + 1, sha256: rendered.sha256, pageCount: rendered.pageCount, sizeBytes: rendered.bytes.byteLength },
    );
    tx.run('INSERT INTO paper_bytes (paper_id, bytes) VALUES (@paperId, @bytes)', { paperId, bytes: rendered.bytes });
    insertEvent(tx, { paperId, atMs, event: 'prepared', printer: '', operatorLogin, reason: '' });
  });
  tx.run(
    `UPDATE paper_document SET replaced_by = @number
     WHERE form = @form AND application_id IS @applicationId AND certificate_serial = @certificateSerial AND void_at_ms IS NOT NULL
       AND replaced_by IS NULL AND number <> @number`,
    { ...valuesOfKey(document), number },
  );
}

/** The number is void and so is every copy of it. */
export function voidDocument(tx: Tx, number: string, reason: string, atMs: number, operatorLogin: string): void {
  tx.run('UPDATE paper_document SET void_at_ms = @atMs, void_reason = @reason WHERE number = @number AND void_at_ms IS NULL', {
    number,
    reason,
    atMs,
  });
  for (const paper of listPapersOfNumber(tx, number)) {
    if (paper.state === 'spoilt') continue;
    tx.run(`UPDATE paper SET state = 'spoilt', reason = @reason WHERE paper_id = @paperId`, { paperId: paper.paperId, reason });
    insertEvent(tx, { paperId: paper.paperId, atMs, event: 'spoilt', printer: paper.printer, operatorLogin, reason });
  }
}

export function setState(
  tx: Tx,
  paperId: string,
  change: { state: 'prepared' | 'printing' | 'printed'; printer: string; printedAtMs: number | null; reason: string },
): void {
  tx.run('UPDATE paper SET state = @state, printer = @printer, printed_at_ms = @printedAtMs, reason = @reason WHERE paper_id = @paperId', {
    paperId,
    ...change,
  });
}

export interface PaperEvent {
  readonly paperId: string;
  readonly atMs: number;
  readonly event: 'prepared' | 'sent' | 'refused' | 'queue_failed' | 'printed' | 'spoilt';
  readonly printer: string;
  readonly operatorLogin: string;
  readonly reason: string;
}

export function insertEvent(tx: Tx, event: PaperEvent): void {
  tx.run(
    `INSERT INTO paper_event (paper_id, at_ms, event, printer, operator_login, reason)
     VALUES (@paperId, @atMs, @event, @printer, @operatorLogin, @reason)`,
    { ...event },
  );
}

export function findBytes(db: Reader, paperId: string): Uint8Array | undefined {
  return db.get('SELECT bytes FROM paper_bytes WHERE paper_id = @paperId', { paperId })?.['bytes'] as Uint8Array | undefined;
}

export interface NumberGap {
  readonly number: string;
  readonly kind: 'void' | 'gap';
  readonly reason: string;
}

/** Every number of the year that is void, or below the last one and not in the ledger (which only a restored copy can bring about). */
export function listGaps(db: Reader, identity: DeskIdentity, year: number): NumberGap[] {
  const rows = db.all(
    `SELECT sequence, number, void_at_ms, void_reason FROM paper_document
     WHERE office = @office AND desk = @desk AND year = @year ORDER BY sequence`,
    { office: identity.officeCode, desk: identity.deskCode, year },
  );
  const gaps: NumberGap[] = [];
  let expected = 1;
  for (const row of rows) {
    const sequence = Number(row['sequence']);
    for (; expected < sequence; expected += 1) {
      gaps.push({
        number: formatPaperNumber({ office: identity.officeCode, desk: identity.deskCode, year, sequence: expected }),
        kind: 'gap',
        reason: '',
      });
    }
    expected = sequence + 1;
    if (row['void_at_ms'] !== null) gaps.push({ number: String(row['number']), kind: 'void', reason: String(row['void_reason']) });
  }
  return gaps;
}

function valuesOfKey({ form, applicationId, certificateSerial }: PaperKey): Record<string, SqlValue> {
  return { form, applicationId, certificateSerial };
}

function viewOf(row: Row): PaperView {
  const nullable = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  const text = (column: string): string => String(row[column]);
  return {
    paperId: text('paper_id'),
    applicationId: row['application_id'] === null ? null : text('application_id'),
    form: text('form') as PaperForm,
    number: text('number'),
    copy: Number(row['copy']),
    copies: Number(row['copies']),
    certificateSerial: text('certificate_serial'),
    state: text('state') as PaperView['state'],
    sha256: text('sha256'),
    pageCount: Number(row['page_count']),
    sizeBytes: Number(row['size_bytes']),
    preparedAtMs: Number(row['prepared_at_ms']),
    printedAtMs: nullable('printed_at_ms'),
    printer: text('printer'),
    reason: text('reason'),
    replacedBy: row['replaced_by'] === null ? null : text('replaced_by'),
  };
}
