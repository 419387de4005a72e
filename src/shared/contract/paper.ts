import { z } from 'zod';
import { paperForms } from '../rules/vocabulary.ts';
import { commandIdSchema, operation, pieceSchema } from './base.ts';

/** One copy of one numbered document; the ledger row is never deleted, the number never reused. */
export const paperViewSchema = z.object({
  paperId: z.uuid(),
  applicationId: z.string().nullable(),
  form: z.enum(paperForms),
  number: z.string(),
  copy: z.number().int().min(1),
  copies: z.number().int().min(1),
  certificateSerial: z.string(),
  /** prepared → printing → (asked) → printed | spoilt; a spoilt one names its successor. */
  state: z.enum(['prepared', 'printing', 'printed', 'spoilt']),
  sha256: z.string(),
  pageCount: z.number().int(),
  sizeBytes: z.number().int(),
  preparedAtMs: z.number().int(),
  printedAtMs: z.number().int().nullable(),
  printer: z.string(),
  reason: z.string(),
  replacedBy: z.string().nullable(),
});
export type PaperView = z.infer<typeof paperViewSchema>;

export const paperContract = {
  list: operation('application.view')
    .input(z.object({ applicationId: z.uuid() }))
    .output(z.array(paperViewSchema)),
  /** Allots the number and makes the PDF of every copy; answers the existing set when it is already there and not spoilt. */
  prepare: operation('paper.print')
    .input(
      z.object({
        commandId: commandIdSchema,
        applicationId: z.uuid(),
        form: z.enum(paperForms),
        certificateSerial: z.string().default(''),
      }),
    )
    .output(z.array(paperViewSchema)),
  /**
   * The stored bytes, hash checked; what is previewed is what is printed. A paper of a case names the person in full and needs
   * `person.reveal` or `paper.print`; others their own right: FORBIDDEN otherwise.
   */
  read: operation('signed_in')
    .input(z.object({ paperId: z.uuid(), offset: z.number().int().min(0) }))
    .output(z.object({ base64: pieceSchema, totalBytes: z.number().int() })),
  /** For whoever prints something: FORBIDDEN otherwise. */
  listPrinters: operation('signed_in').output(
    z.array(
      z.object({ name: z.string(), isDefault: z.boolean(), state: z.enum(['ready', 'busy', 'stopped', 'unknown']), isFile: z.boolean() }),
    ),
  ),
  /**
   * Sends to the spooler; returns when the spooler took it. PRINTER_FAILED changes nothing but the ledger's attempt.
   * PAPER_STATE with the reason DATA_CHANGED asks for `prepare`: the paper says what the case no longer says. Papers of a case need
   * `paper.print`, the day's register `register.view` and a right to do more than look, papers of packages a right about packages: FORBIDDEN otherwise.
   */
  print: operation('signed_in')
    .input(z.object({ commandId: commandIdSchema, paperIds: z.array(z.uuid()).min(1).max(20), printer: z.string().max(200) }))
    .output(z.array(paperViewSchema)),
  /** What came out, as the registrar saw it; the same rights as printing. */
  confirm: operation('signed_in')
    .input(
      z.object({
        commandId: commandIdSchema,
        paperIds: z.array(z.uuid()).min(1).max(20),
        verdict: z.enum(['good', 'spoilt']),
        reason: z.string().max(300).default(''),
      }),
    )
    .output(z.array(paperViewSchema)),
  /** Every number of the year that is void or missing, for the supervisor. */
  listGaps: operation('register.view')
    .input(z.object({ year: z.number().int() }))
    .output(z.array(z.object({ number: z.string(), kind: z.enum(['void', 'gap']), reason: z.string() }))),
};
