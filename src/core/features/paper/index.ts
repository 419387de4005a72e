import { createHash } from 'node:crypto';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { defaultPaperSettings, mayPrintForm, mayReadForm, type OwnPaperForm, type PaperSettings } from '../../../shared/rules/papers.ts';
import type { PaperForm, Permission } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { DayRegisterRow, PaperWorker, Spooler } from '../../documents/ports.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { Reader } from '../../storage/database.ts';
import { confirmPapers } from './confirm.ts';
import { findBytes, findOpenDocument, findPaper, listGaps, listPapersOfCase, listPapersOfNumber } from './ledger.ts';
import { planPaper, type PlannedPaper } from './models.ts';
import { createPreparation } from './prepare.ts';
import { printPapers } from './print.ts';

/** One message to the screen holds at most this much of a paper. Source: ARCHITECTURE.md, processes at run time */
const pieceBytes = 256 * 1024;

export interface PaperParts {
  readonly worker: PaperWorker;
  readonly spooler: Spooler;
  readonly settings?: PaperSettings;
}

/** The printed list of the day as the register feature has it. */
export interface DayRegisterContent {
  readonly on: string;
  readonly rows: readonly DayRegisterRow[];
  readonly counts: Readonly<Record<string, number>>;
}

/** A paper as the cases see it. */
export interface PaperOfCase {
  readonly form: PaperForm;
  readonly number: string;
  readonly certificateSerial: string;
  readonly copy: number;
  readonly copies: number;
  readonly state: PaperView['state'];
}

/** A numbered paper about a package or a request for new codes. `subject` says which: its number or its id. */
export interface OwnPaperRequest {
  readonly commandId: string;
  readonly operation: string;
  readonly actor: Actor;
  readonly form: Exclude<OwnPaperForm, 'day-register'>;
  readonly subject: string;
  /** Read again inside the transaction. */
  readonly plan: (db: Reader) => Result<PlannedPaper, Failure>;
}

export interface PaperFeature {
  readonly handlers: Handlers<'paper'>;
  /** For the case's own rules: which of its papers exist and came out. */
  readonly facts: { listOfApplication(db: Reader, applicationId: string): PaperOfCase[] };
  /** For the register: a numbered print of the day's list. `read` is called again inside the transaction. */
  readonly prepareOwn: (request: OwnPaperRequest) => Promise<Result<PaperView[], Failure>>;
  /** The copies of the valid paper of that subject, or none. */
  listOwn(db: Reader, form: OwnPaperRequest['form'], subject: string): PaperView[];
  prepareDayRegister(
    request: { readonly commandId: string; readonly actor: Actor; readonly on: string },
    read: (db: Reader) => DayRegisterContent,
  ): Promise<Result<PaperView, Failure>>;
}

export function createPaperFeature(desk: Desk, { worker, spooler, settings = defaultPaperSettings }: PaperParts): PaperFeature {
  const prepare = createPreparation(desk, worker);
  const todayOn = (): string => civilDateAt(desk.clock.nowMs());
  const handlers: Handlers<'paper'> = {
    list: (input) => succeed(listPapersOfCase(desk.db, input.applicationId)),
    async prepare(input, call) {
      if (call.actor === null) return fail('NOT_SIGNED_IN');
      const { commandId, applicationId, form } = input;
      // Only a certificate's paper belongs to a serial; on any other form it would hide the document that is already there.
      const certificateSerial = form === 'F-20' ? input.certificateSerial : '';
      const wanted = { applicationId, form, certificateSerial };
      return prepare({
        commandId,
        operation: 'paper.prepare',
        input: wanted,
        actor: call.actor,
        key: wanted,
        plan: (db) => planPaper(db, wanted, call.permissions, settings, todayOn()),
      });
    },
    read: (input, call) =>
      mayRead(desk, call.permissions, input.paperId)
        ? readPiece(desk, input.paperId, input.offset)
        : fail('FORBIDDEN', { permission: 'person.reveal' }),
    async listPrinters(_input, { permissions }) {
      if (!printingForms.some((form) => mayPrintForm(form, permissions))) return forbidden;
      return succeed(await spooler.listPrinters());
    },
    print(input, call) {
      if (call.actor === null) return fail('NOT_SIGNED_IN');
      if (!mayPrint(desk, call.permissions, input.paperIds)) return forbidden;
      return printPapers(desk, spooler, call.actor, input, (db, paper) => planPaper(db, paper, call.permissions, settings, todayOn()));
    },
    confirm(input, call) {
      if (call.actor === null) return fail('NOT_SIGNED_IN');
      return mayPrint(desk, call.permissions, input.paperIds) ? confirmPapers(desk, call.actor, input) : forbidden;
    },
    listGaps: (input) => succeed(listGaps(desk.db, desk.identity, input.year)),
  };
  return {
    handlers,
    facts: {
      listOfApplication: (db, applicationId) =>
        listPapersOfCase(db, applicationId).map(({ form, number, certificateSerial, copy, copies, state }) => ({
          form,
          number,
          certificateSerial,
          copy,
          copies,
          state,
        })),
    },
    prepareOwn: ({ commandId, operation, actor, form, subject, plan }) =>
      prepare({
        commandId,
        operation,
        input: { form, subject },
        actor,
        key: { form, applicationId: null, certificateSerial: subject },
        plan,
      }),
    listOwn(db, form, subject) {
      const open = findOpenDocument(db, { form, applicationId: null, certificateSerial: subject });
      return open === undefined ? [] : listPapersOfNumber(db, open.number);
    },
    async prepareDayRegister({ commandId, actor, on }, read) {
      const prepared = await prepare({
        commandId,
        operation: 'register.preparePaper',
        input: { on },
        actor,
        key: { form: 'day-register', applicationId: null, certificateSerial: on },
        plan: (db) =>
          succeed({
            content: { form: 'day-register', preparedBy: actor.role === 'supervisor' ? 'supervisor' : 'registrar', ...read(db) },
            copies: 1,
          }),
      });
      if (!prepared.ok) return prepared;
      const [paper] = prepared.value;
      return paper === undefined ? fail('NOT_FOUND') : succeed(paper);
    },
  };
}

/** One form of each kind of right. */
const printingForms: readonly PaperForm[] = ['appendix-1', 'day-register', 'F-21', 'F-24'];

const forbidden = fail('FORBIDDEN', { permission: 'paper.print' });

function mayPrint(desk: Desk, permissions: ReadonlySet<Permission>, paperIds: readonly string[]): boolean {
  return paperIds.every((paperId) => mayPrintForm(findPaper(desk.db, paperId)?.form ?? 'appendix-1', permissions));
}

function mayRead(desk: Desk, permissions: ReadonlySet<Permission>, paperId: string): boolean {
  const paper = findPaper(desk.db, paperId);
  return paper === undefined ? mayReadForm('day-register', permissions) : mayReadForm(paper.form, permissions);
}

/** The stored bytes; a file that no longer has its hash is not shown at all. */
function readPiece(desk: Desk, paperId: string, offset: number): Result<{ base64: string; totalBytes: number }, Failure> {
  const paper = findPaper(desk.db, paperId);
  const bytes = findBytes(desk.db, paperId);
  if (paper === undefined || bytes === undefined) return fail('NOT_FOUND');
  if (createHash('sha256').update(bytes).digest('hex') !== paper.sha256) return fail('STORAGE_FAILED');
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(offset, offset + pieceBytes);
  return succeed({ base64: piece.toString('base64'), totalBytes: bytes.byteLength });
}
