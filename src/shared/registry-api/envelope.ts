import { z } from 'zod';
import { applicationDataSchema } from '../rules/application-data.ts';
import { attendees, certificateKinds, certificateStates, documentCodes, lookUpKinds, roles } from '../rules/vocabulary.ts';
import { auditAnchorSchema } from './audit-anchor.ts';
import { actorSignatureSchema } from './card-session.ts';
import { auditSealAnchorSchema, auditSealSchema, sealsPerBatch } from './audit-seal.ts';
import { certificateDerSchema } from './card-session.ts';
import { cardCommandPayloads, onlineOnlyCardKinds } from './card-commands.ts';
import { signedPolicySchema } from './policy.ts';

/**
 * One signed command of a desk. Canonical form is RFC 8785; `sig` is P-256/SHA-256 (IEEE P1363, base64url) over the canonical JSON of
 * everything else. `command_id` is the idempotency key and is kept as long as the record.
 * Source: sync-and-reliability (b1); ADR sync.
 */
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

export const attachmentRefSchema = z.object({
  sha256: hex64,
  sizeBytes: z.number().int().positive(),
  mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png']),
  /** `photo`: the applicant's, for the face of the card, where it does not come from the state register. */
  document: z.union([z.enum(documentCodes), z.enum(['contract', 'certificate', 'notice', 'other', 'photo'])]),
});
export type AttachmentRef = z.infer<typeof attachmentRefSchema>;

export const lookUpEvidenceSchema = z.object({
  kind: z.enum(lookUpKinds),
  system: z.enum(['İAMAS', 'VMMS', 'VÖEN', 'MO', 'X-06']),
  outcome: z.enum(['found', 'not_found']),
  atMs: z.number().int(),
  /** SHA-256 of the canonical answer as received; empty when nothing was found. */
  answerSha256: z.string(),
  queryId: z.string(),
});

/** Everything the registry needs to check an application by the shared rules and to issue. Source: SIM-11 */
export const applicationSubmissionSchema = z.object({
  applicationId: z.uuid(),
  data: applicationDataSchema,
  filedAtMs: z.number().int(),
  lookUps: z.array(lookUpEvidenceSchema).max(20),
  /** argon2id PHC string of the folded secret answer; the registry compares, nobody reads. */
  secretAnswerHash: z.string().max(200),
});
export type ApplicationSubmission = z.infer<typeof applicationSubmissionSchema>;

export const returnedDocumentsSchema = z.array(z.object({ document: z.string().max(40), note: z.string().max(200).default('') })).max(40);

/** argon2id PHC string: a password is hashed at the desk, because commands are kept as long as the record. */
const passwordHashSchema = z
  .string()
  .regex(/^\$argon2id\$v=19\$/)
  .max(200);

/** How whoever acts came in. */
export const authMethods = ['password_online', 'password_offline', 'card_online', 'card_offline'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** Payload of every command kind. Online-only kinds (issuance, activation) are intents; the others may wait in the outbox. */
export const commandPayloads = {
  'application.send': applicationSubmissionSchema,
  'application.activate': z.object({ applicationId: z.uuid(), attempt: z.number().int().min(1).max(3), bySupport: z.boolean() }),
  'application.sign_contract': z.object({
    applicationId: z.uuid(),
    paperNumber: z.string(),
    centreSignedBy: z.string(),
    signedAtMs: z.number().int(),
    /** Whose side's hand is on the paper; absent from a desk that does not tell: the applicant's. Source: COM-16 */
    signedBy: z.enum(attendees).optional(),
  }),
  /** Of an Asan ID that lies ready: its holder was compared with his document and found again. READY → CONTRACT. Source: HND-01..HND-06 */
  'application.begin_hand_over': z.object({
    applicationId: z.uuid(),
    attendee: z.enum(attendees),
    confirmedAtMs: z.number().int(),
    lookUps: z.array(lookUpEvidenceSchema).max(20),
  }),
  'application.hand_over': z.object({
    applicationId: z.uuid(),
    noticeNumber: z.string(),
    returnedOriginals: returnedDocumentsSchema,
    handedAtMs: z.number().int(),
    /** Who received and signed for it. Source: COM-16 */
    receivedBy: z.enum(attendees).optional(),
    /** Which card in which envelope was given, and whether it proved itself on a reader first. Source: HND-11, HND-12 */
    card: z
      .object({
        cardSerial: z.string().max(20),
        envelopeNumber: z.string().max(20),
        test: z.enum(['passed', 'waived']),
        waiveReason: z.string().max(300),
      })
      .optional(),
  }),
  'application.send_scans': z.object({ applicationId: z.uuid(), attachments: z.array(attachmentRefSchema).max(60) }),
  'application.enter_scans': z.object({ applicationId: z.uuid(), attachments: z.array(attachmentRefSchema).max(60) }),
  'application.archive': z.object({ applicationId: z.uuid(), receiver: z.string().max(200), listNumber: z.string().max(60) }),
  'application.refuse': z.object({
    applicationId: z.uuid(),
    reasonCode: z.string().max(40),
    note: z.string().max(500),
    /** M-06/M-08: a note of invalidity for journal J-05. */
    invalidityNote: z.boolean(),
    returnedDocuments: returnedDocumentsSchema,
    /** A refused case that was never sent still reaches the registry: category, masked person and attempts. */
    summary: z.object({ category: z.string(), fin: z.string(), surname: z.string(), givenName: z.string() }),
    lookUps: z.array(lookUpEvidenceSchema).max(20),
  }),
  'application.withdraw': z.object({ applicationId: z.uuid(), reason: z.string().max(500) }),
  'register.review': z.object({
    applicationId: z.uuid(),
    actCommandId: z.string(),
    verdict: z.enum(['reviewed', 'returned']),
    reason: z.string().max(500),
  }),
  'register.correct': z.object({ applicationId: z.uuid(), actCommandId: z.string(), note: z.string().max(500) }),
  /** A supervisor's word on an incident that the registry tells of. Source: ADR-0025 */
  'incident.handle': z.object({ incidentId: z.string().min(1).max(80), note: z.string().min(1).max(500), byName: z.string().max(120) }),
  'operator.create': z.object({
    operatorId: z.uuid(),
    login: z.string().min(2).max(60),
    fullName: z.string().min(1).max(120),
    passwordHash: passwordHashSchema,
    roles: z.array(z.enum(roles)).max(4),
  }),
  'operator.appoint': z.object({ operatorId: z.uuid(), roles: z.array(z.enum(roles)).max(4) }),
  'operator.disable': z.object({ operatorId: z.uuid(), reason: z.string().max(300) }),
  'operator.enable': z.object({ operatorId: z.uuid() }),
  'operator.reset_password': z.object({ operatorId: z.uuid(), passwordHash: passwordHashSchema }),
  'operator.unlock': z.object({ operatorId: z.uuid() }),
  /** The card he signs in and signs acts with from now on; null takes it away. Its certificates as they were read from the card. */
  'operator.bind_card': z.object({
    operatorId: z.uuid(),
    card: z
      .object({
        cardSerial: z.string().min(1).max(40),
        chipSerial: z.string().regex(/^[0-9A-F]{20}$/),
        authCertificate: certificateDerSchema,
        signCertificate: certificateDerSchema.nullable(),
      })
      .nullable(),
  }),
  /** By the operator himself, whose current password the desk had the registry check just before. */
  'operator.change_password': z.object({ operatorId: z.uuid(), passwordHash: passwordHashSchema }),
  ...cardCommandPayloads,
} as const;
export type CommandKind = keyof typeof commandPayloads;
export type CommandPayload<K extends CommandKind> = z.infer<(typeof commandPayloads)[K]>;
export const commandKinds = Object.keys(commandPayloads) as [CommandKind, ...CommandKind[]];

/** Kinds that must be answered by the registry before they have any effect. Source: sync-and-reliability (b6) */
export const onlineOnlyKinds: readonly CommandKind[] = [
  'application.send',
  'application.activate',
  'operator.create',
  'operator.appoint',
  'operator.disable',
  'operator.enable',
  'operator.reset_password',
  'operator.unlock',
  'operator.bind_card',
  'operator.change_password',
  ...onlineOnlyCardKinds,
];

/** What a command changes. Its key is the payload's id of that thing (`keyOfAggregate`). Source: ADR-0010, ADR-0027 */
export const aggregateTypes = ['application', 'operator', 'incident', 'card_stock', 'package', 'pin_request'] as const;
export type AggregateType = (typeof aggregateTypes)[number];

const typeOfFamily: Readonly<Record<string, AggregateType>> = {
  application: 'application',
  register: 'application',
  card: 'application',
  operator: 'operator',
  incident: 'incident',
  stock: 'card_stock',
  package: 'package',
  pin: 'pin_request',
};

/** The kind of thing that a kind of command changes: the card is part of its case. Source: ADR-0027 */
export function aggregateTypeOf(kind: CommandKind): AggregateType {
  const type = typeOfFamily[kind.slice(0, kind.indexOf('.'))];
  if (type === undefined) throw new Error(`No aggregate for ${kind}`);
  return type;
}

/** The word of the payload that is the aggregate's key. */
export const keyOfAggregate: Readonly<Record<AggregateType, string>> = {
  application: 'applicationId',
  operator: 'operatorId',
  incident: 'incidentId',
  card_stock: 'deliveryId',
  package: 'packageNumber',
  pin_request: 'requestId',
};

const envelopeFields = {
  v: z.literal(1),
  command_id: z.uuid(),
  desk_id: z.string().min(1).max(60),
  desk_epoch: z.number().int().positive(),
  /** Gapless per epoch for outbox commands; 0 for intents, which have no place in the queue. */
  desk_seq: z.number().int().nonnegative(),
  aggregate: z.object({ type: z.enum(aggregateTypes), key: z.string().min(1).max(80) }),
  /** The previous command of this desk on this aggregate, or empty. */
  after: z.string(),
  /** The command whose conflict a person answered with this one. */
  supersedes: z.uuid().optional(),
  /** Revision the operator saw; null when the registry does not know the aggregate yet. */
  base_rev: z.number().int().nonnegative().nullable(),
  /** Fencing token of the lease under which the desk edits a sent case; 0 when there is none. */
  lease_token: z.number().int().nonnegative(),
  kind: z.enum(commandKinds),
  kind_v: z.literal(1),
  payload: z.unknown(),
  payload_sha256: hex64,
  attachments: z.array(attachmentRefSchema).max(60),
  actor: z.object({
    operator_id: z.string(),
    login: z.string(),
    role: z.enum(roles),
    auth_method: z.enum(authMethods),
    session_id: z.string(),
  }),
  occurred_at_ms: z.number().int(),
  boot_id: z.string(),
  mono_ms: z.number().nonnegative(),
  clock_offset_ms: z.number().int().nullable(),
  /** The truth lies within so much of the offset; null when nothing was measured since the start, absent in commands of older programs. */
  clock_error_ms: z.number().int().nonnegative().nullable().optional(),
  audit_seq: z.number().int().nonnegative(),
  audit_head: hex64,
  app_version: z.string(),
  schema_version: z.number().int(),
  /** The signature of whoever gives the order, where his kind of order asks for one. */
  actor_signature: actorSignatureSchema.optional(),
  sig: z.string().min(40).max(200),
};
export type Envelope = z.infer<z.ZodObject<typeof envelopeFields>>;

/** Words that a later version adds stay in place: the signature and the stored command are over everything that was signed. */
export const envelopeSchema: z.ZodType<Envelope, unknown> = z.looseObject({
  ...envelopeFields,
  aggregate: z.looseObject(envelopeFields.aggregate.shape),
  attachments: z.array(z.looseObject(attachmentRefSchema.shape)).max(60),
  actor: z.looseObject(envelopeFields.actor.shape),
});

/** A certificate as the registry reports it. `der` is base64. */
export const issuedCertificateSchema = z.object({
  serial: z.string().regex(/^[0-9A-F]{8,40}$/),
  kind: z.enum(certificateKinds),
  state: z.enum(certificateStates),
  notBeforeMs: z.number().int(),
  notAfterMs: z.number().int(),
  /** Which of the two bounds of C-37 decided the end. */
  validityRule: z.enum(['three_years', 'sim_service_term']),
  voen: z.string(),
  organisationName: z.string(),
  der: z.string(),
});
export type IssuedCertificate = z.infer<typeof issuedCertificateSchema>;

export const commandOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('applied'),
    rev: z.number().int(),
    /** Present after issuance and activation. */
    certificates: z.array(issuedCertificateSchema).optional(),
    userId: z
      .string()
      .regex(/^\d{6}$/)
      .optional(),
    state: z.string(),
    lease_token: z.number().int().optional(),
    lease_until_ms: z.number().int().optional(),
  }),
  z.object({ outcome: z.literal('conflict'), rev: z.number().int(), current: z.unknown(), fields: z.array(z.string()) }),
  /** Terminal. `code` is an M-id or a contract error code, `params` its values. */
  z.object({
    outcome: z.literal('rejected'),
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    state: z.string().optional(),
    rev: z.number().int().optional(),
  }),
  z.object({ outcome: z.literal('deferred'), retry_after_ms: z.number().int().nonnegative() }),
  z.object({ outcome: z.literal('blocked'), by: z.string() }),
  z.object({ outcome: z.literal('invalid'), code: z.string() }),
]);
export type CommandOutcome = z.infer<typeof commandOutcomeSchema>;

/**
 * Signed proof that the registry recorded the outcome. `sig` is Ed25519 (base64url) over the canonical JSON of
 * `{command_id, desk_id, result_sha256, pos, at_ms, registry_epoch}`, with the key of `GET /v1/registry`.
 */
export const receiptSchema = z.object({
  command_id: z.uuid(),
  desk_id: z.string(),
  result_sha256: hex64,
  pos: z.number().int().nonnegative(),
  at_ms: z.number().int(),
  registry_epoch: z.string(),
  sig: z.string(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const commandResultSchema = z.object({ command_id: z.uuid(), result: commandOutcomeSchema, receipt: receiptSchema.nullable() });
export type CommandResult = z.infer<typeof commandResultSchema>;

export const commandBatchSchema = z.object({
  commands: z.array(envelopeSchema).min(1).max(50),
  /** The newest seals of the desk's audit chain; a desk without seals sends none. */
  audit_seals: z.array(auditSealSchema).max(sealsPerBatch).optional(),
});
/** `batch_sig` is one signature over all receipts (`batchReceiptsText`): a desk that knows it need not check each; it may be left out. */
export const commandBatchResultSchema = z.object({
  results: z.array(commandResultSchema),
  batch_sig: z.string().max(200).optional(),
  /** The countersigned head of the desk's audit chain; older registries give none. */
  audit_anchor: auditAnchorSchema.optional(),
  /** The countersigned newest seal, when it was new. */
  audit_seal_anchor: auditSealAnchorSchema.optional(),
  /** From which seal on the registry wants to see them. */
  audit_seal_wanted: z.number().int().positive().optional(),
  policy: signedPolicySchema.optional(),
  server_time_ms: z.number().int(),
});
