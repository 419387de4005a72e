import { z } from 'zod';
import { applicationDataSchema } from '../rules/application-data.ts';
import { stepCodes } from '../rules/case-steps.ts';
import {
  applicationStates,
  attendees,
  cardStates,
  carrierKinds,
  categories,
  certificateKinds,
  certificateStates,
  lookUpKinds,
  purposes,
  signablePapers,
  simServiceTypes,
  syncWords,
} from '../rules/vocabulary.ts';
import { commandIdSchema, errorParamsSchema, noticeSchema, operation } from './base.ts';

export const fieldProblemSchema = z.object({
  field: z.string(),
  code: z.string(),
  params: errorParamsSchema.default({}),
  suggestion: z.string().optional(),
});
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

export const lookUpViewSchema = z.object({
  kind: z.enum(lookUpKinds),
  /** 1…3 for counted attempts, 0 when it did not count (outage, or a SIM query). */
  attempt: z.number().int(),
  outcome: z.enum(['found', 'not_found', 'unavailable']),
  system: z.string(),
  atMs: z.number().int(),
  answerSha256: z.string(),
  /** What the register returned, beside what was typed. */
  comparison: z.array(
    z.object({
      field: z.string(),
      typed: z.string(),
      answered: z.string(),
      verdict: z.enum(['same', 'loosely_same', 'differs', 'missing']),
    }),
  ),
  /** The typed FİN/document/VÖEN/SIM changed since. */
  isStale: z.boolean(),
});
export const certificateViewSchema = z.object({
  serial: z.string(),
  kind: z.enum(certificateKinds),
  state: z.enum(certificateStates),
  notBeforeMs: z.number().int(),
  notAfterMs: z.number().int(),
  validityRule: z.enum(['three_years', 'sim_service_term']),
  voen: z.string(),
  organisationName: z.string(),
});
export const stepViewSchema = z.object({
  code: z.enum(stepCodes),
  status: z.enum(['done', 'current', 'possible', 'unavailable', 'not_needed']),
  reason: noticeSchema.nullable(),
});
export const timelineEntrySchema = z.object({
  commandId: z.string(),
  act: z.string(),
  atMs: z.number().int(),
  registryAtMs: z.number().int().nullable(),
  operatorName: z.string(),
  deskId: z.string(),
  sync: z.enum(syncWords),
  note: noticeSchema.nullable(),
});
export const applicationRowSchema = z.object({
  applicationId: z.string(),
  state: z.enum(applicationStates),
  /** Masked: initials and surname; the FİN masked. `reveal` shows it and is logged. */
  personName: z.string(),
  finMasked: z.string(),
  phoneMasked: z.string(),
  category: z.enum(categories),
  kinds: z.array(z.string()),
  contractNumber: z.string(),
  operatorName: z.string(),
  isMine: z.boolean(),
  filedAtMs: z.number().int(),
  dueAtMs: z.number().int().nullable(),
  /** Verb of what comes next, e.g. `send`, `print_contract`, `archive`. */
  nextAction: z.string(),
  sync: z.enum(syncWords),
  returnedReason: z.string(),
});
export type ApplicationRow = z.infer<typeof applicationRowSchema>;

export const applicationViewSchema = z.object({
  applicationId: z.uuid(),
  state: z.enum(applicationStates),
  purpose: z.enum(purposes),
  data: applicationDataSchema,
  /** Raised by every save; a save that names an older one is refused with DRAFT_STALE. */
  version: z.number().int(),
  rev: z.number().int().nullable(),
  bearerConfirmed: z.enum(['not_asked', 'is_bearer', 'not_bearer']),
  /** Who stands at the desk with his own document; empty until it was asked. */
  attendee: z.enum(['', ...attendees]),
  /** Which papers the one at the desk may sign; `stop` says why not. */
  signers: z.array(z.object({ form: z.enum(signablePapers), stop: noticeSchema.nullable() })),
  contractSignedBy: z.enum(['', ...attendees]),
  handedTo: z.enum(['', ...attendees]),
  hasSecretAnswer: z.boolean(),
  filedAtMs: z.number().int(),
  dueAtMs: z.number().int().nullable(),
  archiveDueAtMs: z.number().int().nullable(),
  operatorName: z.string(),
  lookUps: z.array(lookUpViewSchema),
  attempts: z.object({
    person: z.number().int(),
    representative: z.number().int(),
    organisation: z.number().int(),
    holder: z.number().int(),
    limit: z.literal(3),
  }),
  problems: z.array(fieldProblemSchema),
  kindsDecision: z
    .object({ issue: z.array(z.enum(certificateKinds)), notices: z.array(noticeSchema), refusals: z.array(noticeSchema) })
    .nullable(),
  /** The operator's service as it was answered for the SIM typed now, and when certificates issued now would end, by which rule. */
  simService: z
    .object({
      serviceType: z.enum(simServiceTypes),
      serviceActivatedOn: z.string(),
      serviceUntilOn: z.string(),
      certificatesUntilMs: z.number().int(),
      validityRule: z.enum(['three_years', 'sim_service_term']),
    })
    .nullable(),
  /** Of an Asan ID: the card as the registry tells of it, when it is due at the courier, and what its hand-over has done. Null for a SIM. */
  card: z
    .object({
      serial: z.string(),
      state: z.enum(cardStates).nullable(),
      envelopeNumber: z.string(),
      packageNumber: z.string(),
      hasPhoto: z.boolean(),
      isMatched: z.boolean(),
      test: z.enum(['passed', 'waived', 'failed']).nullable(),
      waiveReason: z.string(),
      /** What the card said against the case at its last test. */
      faults: z.array(z.string()),
    })
    .nullable(),
  missingDocuments: z.array(z.object({ code: z.string(), notice: noticeSchema })),
  /** Of this desk's valid paper or, at another desk, of the act of signing; signed means that an act of signing names this number. */
  contract: z.object({ number: z.string(), isSigned: z.boolean() }),
  certificates: z.array(certificateViewSchema),
  userId: z.string(),
  activationAttempts: z.number().int(),
  steps: z.array(stepViewSchema),
  nextAction: z.string(),
  sync: z.enum(syncWords),
  lease: z.object({ isMine: z.boolean(), deskId: z.string(), untilMs: z.number().int() }).nullable(),
  refusal: z
    .object({
      reasonCode: z.string(),
      note: z.string(),
      atMs: z.number().int(),
      returnedDocuments: z.array(z.object({ document: z.string(), note: z.string() })),
      invalidityNote: z.boolean(),
    })
    .nullable(),
  returnedForCorrection: z.object({ reason: z.string(), byName: z.string(), atMs: z.number().int(), actCommandId: z.string() }).nullable(),
  timeline: z.array(timelineEntrySchema),
});
export type ApplicationView = z.infer<typeof applicationViewSchema>;

const act = z.object({ commandId: commandIdSchema, applicationId: z.uuid() });
/** What an act did, and the case as it is now. */
const actAnswer = z.object({ application: applicationViewSchema, notices: z.array(noticeSchema) });
const returned = z.array(z.object({ document: z.string().max(40), note: z.string().max(200).default('') })).max(40);

export const applicationContract = {
  home: operation('application.view').output(
    z.object({
      due: z.array(applicationRowSchema),
      counts: z.object({
        mine: z.number().int(),
        office: z.number().int(),
        drafts: z.number().int(),
        dueToday: z.number().int(),
        breached: z.number().int(),
        returned: z.number().int(),
      }),
    }),
  ),
  list: operation('application.view')
    .input(
      z.object({
        scope: z.enum(['mine', 'office']),
        states: z.array(z.enum(applicationStates)).max(20).default([]),
        limit: z.number().int().min(1).max(500).default(200),
      }),
    )
    .output(z.object({ rows: z.array(applicationRowSchema), totalCount: z.number().int() })),
  /** FİN, name (folded), phone, ICCID, contract number, serial. */
  search: operation('application.view')
    .input(z.object({ text: z.string().min(2).max(120), limit: z.number().int().min(1).max(100).default(30) }))
    .output(z.array(applicationRowSchema)),
  get: operation('application.view')
    .input(z.object({ applicationId: z.uuid() }))
    .output(applicationViewSchema),
  /** Logged: who looked at whose data. */
  reveal: operation('person.reveal')
    .input(z.object({ applicationId: z.uuid(), field: z.enum(['fin', 'phone', 'document', 'name']) }))
    .output(z.object({ value: z.string() })),

  create: operation('application.edit')
    .input(
      z.object({
        commandId: commandIdSchema,
        category: z.enum(categories).default('K1'),
        carrier: z.enum(carrierKinds).default('sim'),
      }),
    )
    .output(applicationViewSchema),
  /** Within 300 ms of the key. Answers the new version and what is still wrong. In CHECKING or INVALID it first goes back to DRAFT. */
  saveDraft: operation('application.edit')
    .input(z.object({ applicationId: z.uuid(), version: z.number().int(), data: applicationDataSchema }))
    .output(z.object({ version: z.number().int(), application: applicationViewSchema })),
  /** COM-01, COM-16: who stands at the desk with his own document; a document of somebody else ends the case (M-01). */
  confirmBearer: operation('application.edit')
    .input(act.extend({ isBearer: z.boolean(), attendee: z.enum(attendees).default('applicant') }))
    .output(actAnswer),
  /** COM-16: from the contract to the hand-over another one of the applicant's side comes to sign, compared with his own document. */
  nameAttendee: operation('application.edit')
    .input(act.extend({ attendee: z.enum(attendees) }))
    .output(actAnswer),
  /** COM-04, COM-05 and the SIM service query; counts by the rule, answers M-05…M-08, M-43 as notices. */
  lookUp: operation('application.edit')
    .input(act.extend({ kind: z.enum(lookUpKinds) }))
    .output(actAnswer),
  /** Fills the official fields from the last answer and marks them as taken over. */
  adopt: operation('application.edit')
    .input(act.extend({ kind: z.enum(lookUpKinds) }))
    .output(actAnswer),
  giveConsent: operation('application.edit')
    .input(act.extend({ textVersion: z.string().max(20) }))
    .output(actAnswer),
  setSecretAnswer: operation('application.edit')
    .input(act.extend({ question: z.string().min(3).max(200), answer: z.string().min(1).max(200) }))
    .output(actAnswer),
  /** C-02: the centre officer lets a foreign passport pass that the category does not name. Another document or category asks again. */
  allowPassport: operation('activation.support')
    .input(act.extend({ reason: z.string().min(3).max(500) }))
    .output(actAnswer),
  /** DRAFT → CHECKING → SENT → CONTRACT or INVALID; online-only. OUTCOME_UNKNOWN: asked again by itself under the same id. */
  send: operation('application.edit').input(act).output(actAnswer),
  askOutcome: operation('application.edit')
    .input(z.object({ applicationId: z.uuid() }))
    .output(actAnswer),
  correct: operation('application.edit').input(act).output(actAnswer),
  /** M-44 unless both are true. */
  confirmContractSigned: operation('application.edit')
    .input(act.extend({ centreSigned: z.boolean(), applicantSigned: z.boolean() }))
    .output(actAnswer),
  activate: operation('application.edit').input(act).output(actAnswer),
  activateBySupport: operation('activation.support').input(act).output(actAnswer),
  /** HND-01..HND-06: READY → CONTRACT for the right holder; a document of somebody else answers M-01 and changes nothing. */
  confirmHolder: operation('application.edit')
    .input(act.extend({ isBearer: z.boolean(), attendee: z.enum(attendees).default('applicant') }))
    .output(actAnswer),
  /** HND-11, HND-12: both barcodes must be those of the case. */
  matchCard: operation('application.edit')
    .input(act.extend({ cardSerial: z.string().min(1).max(40), envelopeNumber: z.string().min(1).max(40) }))
    .output(actAnswer),
  /** Readers that the card host sees now; none when it does not run. */
  cardReaders: operation('application.edit').output(z.object({ readers: z.array(z.string()).max(32) })),
  /** The card is read on this reader and compared with the case; nothing is written to it. */
  testCard: operation('application.edit')
    .input(act.extend({ readerName: z.string().min(1).max(200) }))
    .output(actAnswer),
  waiveCardTest: operation('application.edit')
    .input(act.extend({ reason: z.string().min(3).max(300) }))
    .output(actAnswer),
  /** SIM-19: needs activation and the printed notice; the list of originals given back. */
  handOver: operation('application.edit')
    .input(act.extend({ returnedOriginals: returned }))
    .output(actAnswer),
  /** COM-10: R-06 sends, R-07 enters. */
  sendScans: operation('scan.send').input(act).output(actAnswer),
  enterScans: operation('scan.enter').input(act).output(actAnswer),
  archive: operation('application.edit')
    .input(act.extend({ receiver: z.string().min(2).max(200), listNumber: z.string().max(60).default('') }))
    .output(actAnswer),
  refuse: operation('application.edit')
    .input(act.extend({ reasonCode: z.string().min(1).max(40), note: z.string().max(500).default(''), returnedDocuments: returned }))
    .output(actAnswer),
  withdraw: operation('application.edit')
    .input(act.extend({ reason: z.string().min(3).max(500) }))
    .output(actAnswer),
  /** A sent case is edited by one desk at a time. */
  claim: operation('application.edit')
    .input(z.object({ applicationId: z.uuid() }))
    .output(actAnswer),
  release: operation('application.edit')
    .input(z.object({ applicationId: z.uuid() }))
    .output(actAnswer),
  /** Ends a supervisor's return for correction. */
  reportCorrected: operation('application.edit')
    .input(act.extend({ note: z.string().min(3).max(500) }))
    .output(actAnswer),
};
