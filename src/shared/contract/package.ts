import { z } from 'zod';
import { countSides, scanVerdicts } from '../rules/package-counts.ts';
import { packagePurposes, packageSides } from '../rules/package-states.ts';
import { packageStates, syncWords } from '../rules/vocabulary.ts';
import { commandIdSchema, noticeSchema, operation } from './base.ts';
import { paperViewSchema } from './paper.ts';

const sideState = z.enum(['missing', 'seen', 'damaged']);
const count = z.number().int().nonnegative();
const number = z.string().trim().min(1).max(40);
const note = z.string().max(500).default('');

const packageLineSchema = z.object({
  id: z.string(),
  cardSerial: z.string(),
  envelopeNumber: z.string(),
  card: sideState,
  envelope: sideState,
  isGreen: z.boolean(),
  /** Why the line is red: M-18, M-19 or M-20; null on a green one. */
  stop: z.string().nullable(),
  decision: z.enum(['none', 'removed', 'returned']),
  note: z.string(),
});

/** What was read and does not belong to this package. */
const packageSurplusSchema = z.object({
  side: z.enum(countSides),
  code: z.string(),
  decision: z.enum(['none', 'removed', 'returned']),
  note: z.string(),
});

export const packageRowSchema = z.object({
  packageNumber: z.string(),
  state: z.enum(packageStates),
  purpose: z.enum(packagePurposes),
  side: z.enum(packageSides),
  fromOfficeId: z.string(),
  toOfficeId: z.string(),
  courierName: z.string(),
  items: count,
  dispatchedAtMs: z.number().int(),
  sync: z.enum(syncWords),
  updatedAtMs: z.number().int(),
});
export type PackageRow = z.infer<typeof packageRowSchema>;

/** Steps of the receipt in their order; each with the reason why it is not offered now, null when it is. */
export const packageSteps = ['arrive', 'answer_centre', 'return_all', 'sign_act', 'record', 'scan', 'check', 'confirm'] as const;
export type PackageStep = (typeof packageSteps)[number];

export const packageViewSchema = packageRowSchema.extend({
  registerNumber: z.string(),
  actNumber: z.string(),
  receivedCourierName: z.string(),
  isDamaged: z.boolean(),
  arrivedAtMs: z.number().int(),
  steps: z.array(z.object({ step: z.enum(packageSteps), state: z.enum(['done', 'open', 'later']), reason: z.string() })),
  lines: z.array(packageLineSchema).max(500),
  surplus: z.array(packageSurplusSchema),
  counts: z.object({
    expected: count,
    cards: count,
    envelopes: count,
    missingCards: z.array(z.string()),
    missingEnvelopes: z.array(z.string()),
    twiceCards: z.array(z.string()),
    twiceEnvelopes: z.array(z.string()),
    open: count,
    /** M-18, M-19 or M-20 while something is red. */
    stop: z.string().nullable(),
  }),
  papers: z.object({
    act: z.array(paperViewSchema),
    mismatch: z.array(paperViewSchema),
    unpaired: z.array(paperViewSchema),
    register: z.array(paperViewSchema),
  }),
  timeline: z.array(
    z.object({
      commandId: z.string(),
      act: z.string(),
      atMs: z.number().int(),
      registryAtMs: z.number().int().nullable(),
      operatorName: z.string(),
      deskId: z.string(),
      sync: z.enum(syncWords),
      note: noticeSchema.nullable(),
    }),
  ),
});
export type PackageView = z.infer<typeof packageViewSchema>;

const answer = z.object({ package: packageViewSchema, notices: z.array(noticeSchema) });
const acted = { commandId: commandIdSchema, packageNumber: number };

/**
 * Receipt of packages. The door asks for the sight of cards; who may take which step is decided by the rule of the package's states, because the office's
 * registrar and officer and the centre's operators receive alike: FORBIDDEN otherwise. Source: PKG-01..PKG-12, COU-02..COU-04, procedures.md §14.4, §16
 */
export const packageContract = {
  list: operation('card.view')
    .input(z.object({ limit: z.number().int().min(1).max(500).default(200) }))
    .output(z.object({ rows: z.array(packageRowSchema) })),
  /** What the barcode of the package says; PACKAGE_NOT_FOUND changes nothing. */
  find: operation('card.view')
    .input(z.object({ packageNumber: number }))
    .output(packageViewSchema),
  /** The FİN of the courier's own document against the dispatch record (M-16), and whether the package is damaged (M-17). */
  arrive: operation('card.view')
    .input(z.object({ ...acted, courierFin: z.string().trim().min(1).max(20), isDamaged: z.boolean(), note }))
    .output(answer),
  /** After M-16: what the centre said. */
  answerCentre: operation('card.view')
    .input(z.object({ ...acted, isAccepted: z.boolean(), note }))
    .output(answer),
  /** F-24; two copies, one for the courier. */
  prepareAct: operation('card.view').input(z.object(acted)).output(z.array(paperViewSchema)),
  /**
   * The authorised officer signs: whoever is signed in, if he is one, else the one who proves himself here with login and password without
   * ending the registrar's session. Source: PKG-06, R-06
   */
  signAct: operation('card.view')
    .input(z.object({ ...acted, login: z.string().max(60).default(''), password: z.string().max(200).default('') }))
    .output(answer),
  record: operation('card.view')
    .input(z.object({ ...acted, courierName: z.string().trim().max(120) }))
    .output(answer),
  /** One barcode, or a number typed by hand. The side follows from the number. */
  scan: operation('card.view')
    .input(z.object({ ...acted, code: z.string().trim().min(1).max(60), isDamaged: z.boolean().default(false) }))
    .output(answer.extend({ scan: z.object({ side: z.enum(countSides), code: z.string(), verdict: z.enum(scanVerdicts) }) })),
  /** On a red line, or on what does not belong here. */
  decide: operation('card.view')
    .input(
      z.object({
        ...acted,
        side: z.enum(['line', ...countSides]),
        subject: z.string().max(60),
        decision: z.enum(['none', 'removed', 'returned']),
        note,
      }),
    )
    .output(answer),
  /** F-26: serials that do not match; F-27: cards and envelopes without a pair. */
  prepareReturn: operation('card.view')
    .input(z.object({ ...acted, form: z.enum(['F-26', 'F-27']) }))
    .output(z.array(paperViewSchema)),
  check: operation('card.view').input(z.object(acted)).output(answer),
  confirm: operation('card.view').input(z.object(acted)).output(answer),
  /** A damaged package, or one whose courier was not identified, goes back whole. */
  returnAll: operation('card.view')
    .input(z.object({ ...acted, note }))
    .output(answer),
};
